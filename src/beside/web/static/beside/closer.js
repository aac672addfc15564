/* Looking closer at the photograph that is seen large: twice as large, and again, up to as large as it is. Pinching is
   the browser's own; for both, the rendition that has enough detail is loaded when it's needed. */

export const STEP = 2;
const image = item => item.querySelector('img');
const whole = item => image(item).clientWidth / times(item);

/* How many times larger than the whole of it a photograph is shown, and how many times it can be. */
export const times = item => Number(item.dataset.closer ?? 1);
export const most = item => Math.max(STEP, image(item).getAttribute('width') / whole(item));

/* As much closer as a wide photograph needs to fill the height. */
export const filled = item => Math.max(STEP, 0.9 * item.clientHeight / image(item).clientHeight);

export function need(item, width) {
  item.querySelectorAll('source,img').forEach(one => { one.sizes = width; });
}

/* `x` and `y` say which point of the photograph comes to the middle, from 0 to 1; without them it's the one there now. */
export function show(item, wanted, x, y) {
  const now = Math.min(Math.max(wanted, 1), most(item)), fit = whole(item);
  x ??= (item.scrollLeft + item.clientWidth / 2) / item.scrollWidth;
  y ??= (item.scrollTop + item.clientHeight / 2) / item.scrollHeight;
  if (now === 1) ['data-closer', 'tabindex'].forEach(one => item.removeAttribute(one));
  else Object.assign(item, { tabIndex: 0 }).dataset.closer = now;
  image(item).style.inlineSize = now === 1 ? '' : `${fit * now}px`;
  need(item, now === 1 ? '100vw' : `${Math.ceil(fit * now)}px`);
  item.scrollTo({ left: x * item.scrollWidth - item.clientWidth / 2, top: y * item.scrollHeight - item.clientHeight / 2, behavior: 'instant' });
}

/* Two taps go close to where they were, and two more back. */
export function tapped(event) {
  const item = event.target.closest('li');
  if (event.target.localName !== 'img' || !item) return;
  const box = event.target.getBoundingClientRect();
  if (times(item) > 1) show(item, 1);
  else show(item, filled(item), (event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height);
}
