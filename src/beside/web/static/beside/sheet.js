/* One photograph's page, over the letter: the same page and the same buttons as without this. What the server
   answers is shown in place, and the tray under it is kept true. */

import { autosave } from './autosave.js';
import { back, put, where } from './among.js';
import { letter, read, refresh, showTurned } from './tray.js';
import { forget } from './unsent.js';

const over = document.querySelector('[data-over]');
let keep, at = '';

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
  showTurned();
}

/* Follows an answer: to another photograph, to the letter under this, or to wherever else it leads.
   Returns whether what was sent is safe. */
async function follow(request) {
  const answer = await request;
  const page = await read(answer);
  if (page.getElementById('one')) {
    show(page);
    return !over.querySelector('[aria-invalid=true]');
  }
  const others = page.getElementById('others');
  if (!answer.ok || others || !refresh(page)) {
    location.assign(others ? `${letter.dataset.page}?both#others` : answer.url);
    return Boolean(others);
  }
  over.close();
  const tile = document.querySelector(`li [data-sheet="${at}"]`);
  (tile ?? document.getElementById('photographs')).focus({ preventScroll: true });
  return true;
}

export const open = button => follow(fetch(button.dataset.sheet));

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
    if (await follow(fetch(form.action, { method: 'POST', body }))) forget(form);
    if (button.value === 'insert') back();
  } catch {
    form.querySelector('[data-kept]').textContent = form.dataset.saysDevice;
  }
}

over.addEventListener('submit', submit);
/* Escape and the phone's own "back" are "Done". */
over.addEventListener('cancel', event => {
  event.preventDefault();
  over.querySelector('button[value=done]').click();
});
over.addEventListener('close', () => over.replaceChildren());
