/* Photographs seen large, one at a time: by swiping, by the arrow keys, by buttons. Escape or Close
   leaves it. It only ever shows what is already open on the page. */

const viewer = document.querySelector('dialog[data-viewer]');
const strip = viewer?.querySelector('ol');
const said = viewer?.querySelector('[role=status]');
const figures = [...document.querySelectorAll('.prints .print')];
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const place = () => Math.round(Math.abs(strip.scrollLeft) / strip.clientWidth);

function go(to, behavior = still ? 'auto' : 'smooth') {
  strip.children[to]?.scrollIntoView({ behavior, block: 'nearest', inline: 'center' });
}

function page(figure) {
  const item = document.createElement('li');
  item.append(figure.cloneNode(true));
  item.querySelectorAll('[data-look],form').forEach(part => part.remove());
  item.querySelectorAll('source,img').forEach(source => { source.sizes = '100vw'; });
  item.querySelectorAll('[id]').forEach(part => part.removeAttribute('id'));
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
  const now = place();
  [...strip.children].forEach((item, i) => { item.inert = i !== now; });
  viewer.querySelector('[data-step="-1"]').ariaDisabled = String(now === 0);
  viewer.querySelector('[data-step="1"]').ariaDisabled = String(now === figures.length - 1);
  const words = strip.children[now]?.querySelector('img').alt ?? '';
  if (said.textContent !== words) said.textContent = words;
}

function keys(event) {
  const turn = getComputedStyle(viewer).direction === 'rtl' ? -1 : 1;
  const step = { ArrowRight: turn, ArrowLeft: -turn }[event.key];
  if (!step) return;
  event.preventDefault();
  go(place() + step);
}

if (viewer && figures.length) {
  document.addEventListener('click', event => {
    const part = event.target.closest('.prints :is(picture,[data-look])');
    const step = event.target.closest('[data-step]')?.dataset.step;
    if (part) look(part.closest('.print'));
    if (step) go(place() + Number(step));
  });
  strip.addEventListener('scroll', mark);
  viewer.addEventListener('keydown', keys);
  viewer.addEventListener('close', () => strip.replaceChildren());
}
