/* The photographs are never for more people than the words: what would be wider can't be chosen. */

const WIDTH = ['us', 'people', 'let_in', 'here', 'anyone'];
const part = document.querySelector('[data-audience]');

function narrow() {
  const form = part.closest('form');
  const widest = WIDTH.indexOf(form.elements.words_for.value);
  const photographs = [...form.elements.photographs_for];
  for (const choice of photographs) {
    choice.disabled = WIDTH.indexOf(choice.value) > widest;
    choice.closest('.choice').querySelector('[data-too-wide]').hidden = !choice.disabled;
  }
  const chosen = photographs.find(choice => choice.checked);
  if (chosen?.disabled) photographs[widest].checked = true;
}

if (part) {
  part.addEventListener('change', narrow);
  narrow();
}
