/* One photograph's page, over the letter: the same page and the same buttons as without this. What the server
   answers is shown in place, and the tray under it is kept true. */

import { autosave } from './autosave.js';
import { back, put, where } from './among.js';

const over = document.querySelector('[data-over]');
const letter = document.getElementById('letter');
const tray = document.querySelector('[data-order]');
const link = document.querySelector('[data-among]');
const said = document.querySelector('[data-tray-says]');
let keep, at = '', before = '', soon;

const read = async answer => new DOMParser().parseFromString(await answer.text(), 'text/html');

/* The tray and what is said about it, as on a page that has just been read. Those on their way stay. */
export function refresh(page) {
  const now = page.querySelector('[data-order]');
  if (!now) return false;
  tray.className = now.className;
  tray.replaceChildren(...now.children, ...tray.querySelectorAll('.coming'));
  document.querySelectorAll('[data-live]').forEach(part => {
    part.innerHTML = page.querySelector(`[data-live=${part.dataset.live}]`).innerHTML;
  });
  return true;
}

function show(page) {
  const inside = document.createElement('div');
  inside.className = 'sheet-page';
  inside.append(...page.querySelector('main').childNodes);
  inside.querySelectorAll('script').forEach(script => script.remove());
  over.replaceChildren(page.querySelector('.top'), inside, page.querySelector('.exit'));
  if (!over.open) over.showModal();
  over.scrollTop = 0;
  over.querySelector('h1').focus();
  const form = over.querySelector('form');
  at = new URL(form.action).pathname;
  keep = 'autosave' in form.dataset ? autosave(form) : null;
  const says = over.querySelector('[data-insert-says]');
  if (says) says.textContent = where();
  over.querySelector('[data-move-in-words]')?.removeAttribute('hidden');
}

/* Follows an answer: to another photograph, to the letter under this, or to wherever else it leads. */
async function follow(request) {
  const answer = await request;
  const page = await read(answer);
  if (page.getElementById('one')) return show(page);
  if (!answer.ok || !refresh(page)) return location.assign(answer.url);
  over.close();
  document.querySelector(`li [data-sheet="${at}"]`)?.focus({ preventScroll: true });
}

async function open(event) {
  const button = event.target.closest('button[data-sheet]');
  if (!button) return;
  event.preventDefault();
  const number = button.closest('[data-number]')?.dataset.number;
  if (number && tray.classList.contains('choosing')) return choose(number);
  await follow(fetch(button.dataset.sheet)).catch(() => letter.requestSubmit(button));
}

async function submit(event) {
  const form = event.target, button = event.submitter;
  event.preventDefault();
  const body = new FormData(form, button);
  if (button.value === 'insert') {
    put(button.dataset.number);
    body.set('do', 'done');
  }
  keep?.();
  try {
    await follow(fetch(form.action, { method: 'POST', body }));
    const left = Object.keys(localStorage).filter(name => name === `unsent/${form.dataset.autosave}`);
    left.forEach(name => localStorage.removeItem(name));
    if (button.value === 'insert') back();
  } catch {
    form.querySelector('[data-kept]').textContent = form.dataset.saysDevice;
  }
}

/* "Put a photograph here": the next one that is pressed goes among the words. */
function choosing(is) {
  tray.classList.toggle('choosing', is);
  link.setAttribute('aria-pressed', is);
  if (is) before = said.textContent;
  said.textContent = is ? `${link.dataset.saysChoose} ${where()}` : before;
}

function choose(number) {
  choosing(false);
  put(number);
  back();
}

function escape(event) {
  if (event.key !== 'Escape' || !tray.classList.contains('choosing')) return;
  event.preventDefault();
  choosing(false);
  back();
}

if (over) {
  letter.addEventListener('click', open);
  over.addEventListener('submit', submit);
  /* Escape and the phone's own "back" are "Done". */
  over.addEventListener('cancel', event => {
    event.preventDefault();
    over.querySelector('button[value=done]').click();
  });
  over.addEventListener('close', () => over.replaceChildren());
  link.setAttribute('role', 'button');
  link.addEventListener('click', event => {
    event.preventDefault();
    choosing(!tray.classList.contains('choosing'));
    if (tray.classList.contains('choosing')) tray.scrollIntoView({ block: 'center' });
  });
  link.addEventListener('keydown', event => {
    if (event.key !== ' ') return;
    event.preventDefault();
    link.click();
  });
  addEventListener('keydown', escape, true);
  tray.addEventListener('laid', () => {
    clearTimeout(soon);
    soon = setTimeout(async () => {
      history.replaceState(null, '', letter.dataset.page);
      if (!tray.querySelector('.coming,.held') && !over.open) refresh(await read(await fetch(letter.dataset.page)));
    }, 500);
  });
}
