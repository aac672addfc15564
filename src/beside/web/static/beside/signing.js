/* Puts the author’s name under the line with the cursor; without JavaScript it goes at the end. */

const button = document.querySelector('[data-sign]');
const words = button?.form.elements.words;
let at = null;

words?.addEventListener('blur', () => { at = words.selectionEnd; });
button?.addEventListener('click', event => {
  if (at === null) return;
  event.preventDefault();
  const end = (words.value + '\n').indexOf('\n', at);
  words.setRangeText(`\n\n${button.dataset.sign}\n`, end, end, 'end');
  words.dispatchEvent(new Event('input', { bubbles: true }));
  words.focus();
});
