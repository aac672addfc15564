/* A photograph on the page "Write" can be dragged by its grip, by finger or mouse: what the buttons do, in one go. */

import { keep, list, tell } from './order.js';

function drag(event) {
  const grip = event.target.closest('[data-grip]');
  if (!grip || event.button) return;
  event.preventDefault();
  const card = grip.closest('.shot'), from = [...list.children].indexOf(card);
  const over = ({ clientY }) => {
    const edge = clientY < 90 ? -1 : clientY > innerHeight - 90 ? 1 : 0;
    scrollBy({ top: edge * 18, behavior: 'instant' });
    const [above, below] = [card.previousElementSibling, card.nextElementSibling].map(one => one?.getBoundingClientRect());
    if (above && clientY < above.top + above.height / 2) card.previousElementSibling.before(card);
    else if (below && clientY > below.top + below.height / 2) card.nextElementSibling.after(card);
  };
  const held = new AbortController();
  const put = async () => {
    held.abort();
    card.classList.remove('held');
    const steps = [...list.children].indexOf(card) - from;
    const button = card.querySelector(`[data-move=${steps < 0 ? 'up' : 'down'}]`);
    if (steps) await keep(button, `${button.value}:${Math.abs(steps)}`);
    tell(card);
  };
  card.classList.add('held');
  addEventListener('pointermove', over, held);
  ['pointerup', 'pointercancel'].forEach(end => addEventListener(end, put, held));
}

list?.addEventListener('pointerdown', drag);
