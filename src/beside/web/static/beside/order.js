/* "Move up" and "Move down" in place: the same buttons as without this, and the same request. */

export const list = document.querySelector('[data-order]');
const said = document.querySelector('[data-order-says]');

function ends() {
  [...list.children].forEach((card, place, all) => {
    card.querySelector('[data-move=up]').hidden = place === 0;
    card.querySelector('[data-move=down]').hidden = place === all.length - 1;
  });
}

export async function keep(button, value) {
  const body = new FormData(button.form);
  [...body].forEach(([name, data]) => { if (typeof data !== 'string') body.delete(name); });
  body.set('do', value);
  const answer = await fetch(button.form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => null);
  if (answer?.type !== 'opaqueredirect') return button.form.requestSubmit(button);
}

export function tell(card) {
  ends();
  card.scrollIntoView({ block: 'nearest' });
  said.textContent = `${card.querySelector('h3').textContent}: ${[...list.children].indexOf(card) + 1} / ${list.children.length}`;
}

async function move(event) {
  const button = event.target.closest('[data-move]');
  if (!button) return;
  event.preventDefault();
  const card = button.closest('.shot');
  const up = button.dataset.move === 'up';
  const other = up ? card.previousElementSibling : card.nextElementSibling;
  if (!other) return;
  await keep(button, button.value);
  if (up) other.before(card); else other.after(card);
  tell(card);
  (button.hidden ? card.querySelector('[data-move]:not([hidden])') : button).focus();
}

list?.addEventListener('click', move);
list?.addEventListener('laid', ends);
