/* Saves what is typed at each pause: on this device at once, and on the server when it answers.
   The device forgets it only when the server has confirmed it (unsent.js). */

import { forget, recall, remember, remembers, words } from './unsent.js';

const answers = (form, answer) => {
  const beside = form.querySelector('[data-kept-beside]');
  if (beside) beside.hidden = !answer.beside;
  if (!answer.summary) return;
  document.querySelectorAll('[data-summary]').forEach(part => { part.textContent = answer.summary[part.dataset.summary]; });
  if ('new' in form.dataset) history.replaceState(null, '', answer.page);
  delete form.dataset.new;
};

/* Saves `form` until it is taken off the page. Returns what puts the rest on this device, before it is sent whole. */
export function autosave(form) {
  const line = form.querySelector('[data-kept]');
  const needs = form.querySelector('[data-kept-needs]');
  let typed = false, sending = false, safe = words(form), pause;

  async function send() {
    if (sending || !form.isConnected) return;
    sending = true;
    typed = false;
    const sent = words(form);
    const body = new FormData(form);
    [...body].forEach(([name, value]) => { if (typeof value !== 'string') body.delete(name); });
    try {
      const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual', headers: { Accept: 'application/json' } });
      if (answer.headers.get('Content-Type') === 'application/json') show(await answer.json(), answer.ok, sent);
      else line.textContent = form.dataset[answer.type === 'opaqueredirect' ? 'saysSignedOut' : 'saysDevice'];
    } catch {
      line.textContent = form.dataset.saysDevice;
    }
    sending = false;
    if (typed) soon();
  }

  function show(answer, isKept, sent) {
    needs.textContent = answer.says;
    needs.hidden = !answer.says;
    if (!isKept) return;
    safe = sent;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hour12: false });
    line.textContent = `${form.dataset.saysKept.replace('{time}', time)} ${answer.kept}`;
    form.elements.version.value = answer.version;
    if (words(form) === sent) forget(form);
    answers(form, answer);
  }

  function soon() {
    typed = true;
    clearTimeout(pause);
    pause = setTimeout(() => { if (form.isConnected) remember(form); send(); }, 1000);
  }

  /* Leaving a field fires "change" even if its words were saved long ago. */
  const hears = event => { if (event.type === 'input' || words(form) !== safe) soon(); };

  if (recall(form)) soon();
  form.addEventListener('input', hears);
  form.addEventListener('change', hears);
  addEventListener('online', () => { if (remembers(form)) send(); });
  addEventListener('pagehide', () => { if (typed && form.isConnected) remember(form); });
  const beat = setInterval(() => {
    if (!form.isConnected) clearInterval(beat);
    else if (remembers(form)) send();
  }, 15000);
  return () => {
    clearTimeout(pause);
    if (words(form) !== safe) remember(form);
  };
}

document.querySelectorAll('form[data-autosave]').forEach(autosave);
