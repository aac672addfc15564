/* The small prints can be dragged to another place: by mouse at once, by finger after a moment's hold.
   The buttons on each photograph's own page do the same. */

import { letter, tray as list } from './tray.js';

const HOLD = 350;
let held = null;

async function keep() {
  const body = new FormData(letter);
  [...body].forEach(([name, value]) => { if (typeof value !== 'string') body.delete(name); });
  body.set('do', `order:${[...list.querySelectorAll('[data-photo]')].map(one => one.dataset.photo).join()}`);
  const answer = await fetch(letter.action, { method: 'POST', body, redirect: 'manual' }).catch(() => null);
  if (answer?.type !== 'opaqueredirect') letter.requestSubmit();
}

function over({ clientX, clientY }) {
  const edge = clientY < 90 ? -1 : clientY > innerHeight - 90 ? 1 : 0;
  scrollBy({ top: edge * 18, behavior: 'instant' });
  const other = document.elementFromPoint(clientX, clientY)?.closest('[data-order]>li');
  if (!other || other === held) return;
  const all = [...list.children];
  if (all.indexOf(other) < all.indexOf(held)) other.before(held); else other.after(held);
}

function take(event) {
  const tile = event.target.closest('[data-order]>[data-number]');
  if (!tile || event.button || list.classList.contains('choosing')) return;
  const from = [...list.children].indexOf(tile), end = new AbortController();
  const lift = () => { held = tile; tile.classList.add('held'); };
  const waits = event.pointerType === 'mouse' ? 0 : setTimeout(lift, HOLD);
  const move = now => {
    const far = Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > 8;
    if (!held && far) waits ? put() : lift();
    if (held) over(now);
  };
  const put = () => {
    clearTimeout(waits);
    end.abort();
    if (!held) return;
    tile.classList.remove('held');
    held = null;
    /* The press that ends a drag opens nothing. */
    addEventListener('click', stop, { capture: true });
    setTimeout(() => removeEventListener('click', stop, { capture: true }));
    if ([...list.children].indexOf(tile) !== from) keep();
  };
  addEventListener('pointermove', move, end);
  ['pointerup', 'pointercancel'].forEach(name => addEventListener(name, put, end));
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

const hold = event => { if (held) event.preventDefault(); };
list?.addEventListener('pointerdown', take);
list?.addEventListener('touchmove', hold, { passive: false });
list?.addEventListener('contextmenu', hold);
