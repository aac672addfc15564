/* "Put a photograph here": the next one that is pressed goes among the words, where the cursor was. */

import { back, put, where } from './among.js';
import { letter, tray } from './tray.js';

const link = document.querySelector('[data-among]');
const said = document.querySelector('[data-tray-says]');
let before = '';

const isOn = () => tray.classList.contains('choosing');

function turn(on) {
  tray.classList.toggle('choosing', on);
  link.setAttribute('aria-pressed', on);
  if (on) before = said.textContent;
  said.textContent = on ? `${link.dataset.saysChoose} ${where()}` : before;
  if (on) tray.scrollIntoView({ block: 'center' });
}

function choose(event) {
  const number = isOn() && event.target.closest('[data-number]')?.dataset.number;
  if (!number) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  turn(false);
  put(number);
  back();
}

function keys(event) {
  if (event.key === 'Escape' && isOn()) {
    event.preventDefault();
    turn(false);
    back();
  }
  if (event.key === ' ' && event.target === link) {
    event.preventDefault();
    link.click();
  }
}

if (link) {
  link.setAttribute('role', 'button');
  link.addEventListener('click', event => {
    event.preventDefault();
    turn(!isOn());
  });
  letter.addEventListener('click', choose, true);
  addEventListener('keydown', keys, true);
}
