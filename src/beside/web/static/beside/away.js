/* The way out, at one key: Escape leaves whatever is innermost, one layer a press.
   A photograph seen large → the page (the browser does that one). A field → the page.
   Photographs that are open → folded. Nothing open → away, in place of this page. */

const TYPING = 'input:not([type=checkbox],[type=radio],[type=submit],[type=button]),textarea,select,[contenteditable]';

/* The page that is left doesn't linger in a cross-fade. */
export function cutShort({ viewTransition }) {
  viewTransition?.ready.catch(() => {});
  viewTransition?.skipTransition();
}

export function stepAway(href) {
  document.body.hidden = true;
  addEventListener('pageswap', cutShort);
  location.replace(href);
}

/* Words typed into a form that isn't kept as it is written would be lost; one stray press mustn't do that. */
function holdsWords() {
  return [...document.querySelectorAll('form:not([data-keep]) :is(input[type=text],input:not([type]),textarea)')]
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
