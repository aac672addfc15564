/* The way out, at one key: each press of Escape leaves the innermost layer.
   First the large view (the browser itself closes it), then a text field, then open photographs,
   which are folded; with nothing open it replaces this page by "You've stepped away". */

const TYPING = 'input:not([type=checkbox],[type=radio],[type=submit],[type=button]),textarea,select,[contenteditable]';

/* The page that is left must not linger in a cross-fade. */
export function cutShort({ viewTransition }) {
  viewTransition?.ready.catch(() => {});
  viewTransition?.skipTransition();
}

export function stepAway(href) {
  document.body.hidden = true;
  addEventListener('pageswap', cutShort);
  location.replace(href);
}

/* Text in a form that isn't autosaved would be lost; one stray press must not do that. */
function holdsWords() {
  return [...document.querySelectorAll('form:not([data-autosave]) :is(input[type=text],input:not([type]),textarea)')]
    .some(field => field.value !== field.defaultValue);
}

function escape(event) {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || event.repeat) return;
  if (document.querySelector('dialog[open],:popover-open')) return;
  if (event.target.matches?.(TYPING)) return event.target.blur();
  const fold = document.querySelector('[data-fold-away]');
  if (fold) return fold.click();
  const away = document.querySelector('[data-away]');
  if (away && !holdsWords()) stepAway(away.href);
}

addEventListener('keydown', escape);
addEventListener('click', event => {
  const away = event.target.closest?.('[data-away]');
  if (!away || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  stepAway(away.href);
});
