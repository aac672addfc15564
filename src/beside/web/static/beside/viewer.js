/* Photographs seen large, one at a time: by swiping, by the arrow keys, by buttons. Escape or Close
   leaves it. It only ever shows what is already open on the page. */

import { STEP, most, need, show, tapped, times } from './closer.js';

const viewer = document.querySelector('dialog[data-viewer]');
const strip = viewer?.querySelector('ol');
const said = viewer?.querySelector('[role=status]');
const figures = [...document.querySelectorAll('.prints .print')];
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const place = () => Math.round(Math.abs(strip.scrollLeft) / strip.clientWidth);
const current = () => strip.children[place()];
const button = (name, value) => viewer.querySelector(`[data-${name}="${value}"]`);

function go(to, behavior = still ? 'auto' : 'smooth') {
  strip.children[to]?.scrollIntoView({ behavior, block: 'nearest', inline: 'center' });
}

function page(figure) {
  const item = document.createElement('li');
  item.append(figure.cloneNode(true));
  item.querySelectorAll('[data-look],form').forEach(part => part.remove());
  item.querySelectorAll('[id]').forEach(part => part.removeAttribute('id'));
  item.firstElementChild.removeAttribute('id');
  need(item, '100vw');
  return item;
}

function look(figure) {
  strip.replaceChildren(...figures.map(page));
  viewer.showModal();
  strip.focus();
  go(figures.indexOf(figure), 'instant');
  mark();
}

/* Only the photograph in view can be reached, and what can be seen in it is said. */
function mark() {
  const now = place(), item = current();
  if (!item) return;
  [...strip.children].forEach((one, i) => {
    one.inert = i !== now;
    if (one.inert && times(one) > 1) show(one, 1);
  });
  button('step', -1).ariaDisabled = String(now === 0);
  button('step', 1).ariaDisabled = String(now === figures.length - 1);
  button('zoom', -1).ariaDisabled = String(times(item) === 1);
  button('zoom', 1).ariaDisabled = String(times(item) >= most(item));
  const words = item.querySelector('img').alt;
  if (said.textContent !== words) said.textContent = words;
}

function closer(way) {
  show(current(), times(current()) * STEP ** way);
  mark();
}

/* Close to a photograph, the arrow keys move over it; otherwise they turn to the next. */
function keys(event) {
  const x = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0, y = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
  const way = { '+': 1, '=': 1, '-': -1 }[event.key], item = current();
  if (event.ctrlKey || event.metaKey || event.altKey || !item || !(way || x || y)) return;
  if (!way && !x && times(item) === 1) return;
  event.preventDefault();
  if (way) closer(way);
  else if (times(item) > 1) item.scrollBy({ left: x * item.clientWidth / 3, top: y * item.clientHeight / 3 });
  else go(place() + (getComputedStyle(viewer).direction === 'rtl' ? -x : x));
}

if (viewer && figures.length) {
  document.addEventListener('click', event => {
    const part = event.target.closest('.prints :is(picture,[data-look])');
    const { step, zoom } = event.target.closest('[data-step],[data-zoom]')?.dataset ?? {};
    if (part) look(part.closest('.print'));
    if (step) go(place() + Number(step));
    if (zoom) closer(Number(zoom));
  });
  strip.addEventListener('scroll', mark);
  strip.addEventListener('dblclick', event => { tapped(event); mark(); });
  viewer.addEventListener('keydown', keys);
  viewer.addEventListener('close', () => strip.replaceChildren());
  visualViewport?.addEventListener('resize', () => {
    const { scale } = visualViewport, item = current();
    if (viewer.open && item && scale > 1 && times(item) === 1) need(item, `${Math.ceil(100 * scale)}vw`);
  });
}
