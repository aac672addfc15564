/* Photographs that were picked or dropped: three at a time, a row for each that says truly where it is. */

import * as notCome from './not_come.js';
import { AlreadyHere, Refused, TurnedAway, Unread, forget, forgetAll, send, unlink } from './tus.js';

const place = document.querySelector('[data-uploads]');
const inputs = place?.querySelectorAll('input[type=file]');
const rows = place?.querySelector('[data-upload-rows]');
const all = place?.querySelector('[data-upload-all]');
const list = document.querySelector(place?.dataset.list);
// A name from right to left is isolated, so that it doesn't turn the sentence around it, and every name on a page from right to left.
const isolated = name => (document.documentElement.dir || /[\u0590-\u08ff\ufb1d-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name);
const says = (what, row) => (place.dataset[`says${what}`] ?? place.dataset.saysNot).replace('{name}', () => isolated(row.name)).replace('{time}', row.time);
const left = place?.querySelector('[data-left]');
const shown = [], queue = [], waiting = new Map();
let running = 0, last = Promise.resolve(), watching = false;

function turn(act) {
  last = last.catch(() => null).then(act);
  return last;
}

function inWords(seconds) {
  const [few, some, minute, minutes] = place.dataset.times.split('|');
  if (seconds < 8) return few;
  if (seconds < 55) return some.replace('{n}', Math.ceil(seconds / 10) * 10);
  return seconds < 90 ? minute : minutes.replace('{n}', Math.ceil(seconds / 60));
}

class Row {
  constructor(file, number) {
    Object.assign(this, { file, number, here: 0, name: file.name.replace(/\.\w+$|[\u202a-\u202e\u2066-\u2069]/g, ''), control: new AbortController() });
    this.to = { create: place.dataset.create, post: place.dataset.post, turn, closed: place.querySelector('[name=closed]')?.checked, recognise: 'recognise' in place.dataset };
    this.part = place.querySelector('template').content.firstElementChild.cloneNode(true);
    this.line = this.part.querySelector('p');
    this.bar = this.part.querySelector('progress');
    this.line.id = `upload-${number}`;
    this.bar.setAttribute('aria-labelledby', this.line.id);
    this.part.addEventListener('click', event => this[event.target.dataset.do]?.());
    this.say('Waiting');
    rows.append(this.part);
    notCome.add(place.dataset.post, file, this.name);
  }

  say(what) { this.line.textContent = says(what, this); }

  at(offset) {
    this.since ??= { time: performance.now(), offset };
    this.here = offset;
    this.bar.value = offset / this.file.size;
    const speed = (offset - this.since.offset) / (performance.now() - this.since.time);
    this.time = inWords(speed > 0 ? (this.file.size - offset) / speed / 1000 : 30);
    this.say('Coming');
    this.part.querySelector('[data-why]').textContent = '';
    overall();
  }

  /* Two files of this page that are the same one would otherwise be sent to the same place by turns. */
  goesTo(url) {
    if (shown.some(row => row !== this && row.url === url)) throw new AlreadyHere('');
    this.url = url;
  }

  /* `where` it failed: the line, between, or the server, whose own sentence is `words`. It's tried again by itself. */
  waits(where, words) {
    this.since = null;
    this.say({ line: 'Dropped', between: 'Between', server: 'Busy' }[where]);
    this.part.querySelector('[data-why]').textContent = words;
  }

  async run() {
    try {
      waiting.set(await send(this.file, this.to, this.control.signal, this), this);
      this.bar.remove();
      this.part.querySelector('.row').remove();
      this.say('Here');
      this.settle();
      watch();
    } catch (wrong) {
      if (this.control.signal.aborted) return;
      this.failed = true;
      if (wrong instanceof AlreadyHere) return this.already(wrong.message);
      if (wrong instanceof Unread) this.say('Unread');
      else this.say(wrong instanceof TurnedAway ? 'Away' : wrong.message ? 'Not' : 'Out');
      // There is nothing in an empty file to go on with.
      const act = wrong instanceof Unread ? 'pick' : this.file.size && 'again';
      this.why(wrong instanceof Refused ? wrong.message : '', act, 'away');
    }
  }

  already(words) {
    this.settle();
    this.at(this.file.size);
    this.say('Already');
    this.why(words, 'anyway', 'away');
  }

  settle() {
    this.settled = true;
    notCome.settle(place.dataset.post, this.file);
    if (left && (!left.hidden || shown.every(row => row.settled))) tellLeft();
  }

  why(words, ...acts) {
    this.part.querySelector('[data-why]').textContent = words;
    this.part.querySelectorAll('[data-do]').forEach(button => { button.hidden = !acts.includes(button.dataset.do); });
  }

  again() { this.failed = false; this.why('', 'stop'); this.say('Waiting'); queue.push(this); next(); }

  anyway() { unlink(this.file, this.to); this.to.again = true; this.url = null; this.again(); }

  pick() { pickAgain(); }

  stop() { this.control.abort(); forget(this.file, this.to); this.away(); }

  away() {
    this.settle();
    shown.splice(shown.indexOf(this), 1);
    this.part.remove();
    overall();
  }

  async lay(id) {
    const answer = await fetch(`${place.dataset.cards}${id}/`);
    if (answer.status === 404) return this.away();
    if (!answer.ok) throw new TypeError('again');
    const card = new DOMParser().parseFromString(await answer.text(), 'text/html').body.firstElementChild;
    card.dataset.picked = this.number;
    const sign = 'newest' in place.dataset ? -1 : 1;
    const after = [...list.children].find(one => sign * (one.dataset.picked ?? -1) > sign * this.number);
    document.querySelector('[data-none]')?.remove();
    document.getElementById(card.id)?.remove();
    if (this.part.parentNode === list) this.part.replaceWith(card);
    else list.insertBefore(card, after?.isConnected ? after : null);
    this.part.remove();
    list.dispatchEvent(new Event('laid'));
  }
}

function overall() {
  let total = 0, here = 0;
  shown.forEach(row => { total += row.file.size; here += row.here; });
  all.hidden = shown.length < 2 || here === total;
  all.querySelector('progress').value = here / (total || 1);
  if (total && here === total) place.querySelector('[data-said]').textContent = place.dataset.saysAll;
}

async function watch() {
  if (watching) return;
  watching = true;
  while (waiting.size) {
    const asked = [...waiting.keys()].slice(0, 100).map(id => `id=${id}`).join('&');
    const told = await fetch(`${place.dataset.create}?${asked}`).then(answer => answer.json()).catch(() => null);
    for (const one of told?.photographs ?? []) {
      if (one.state !== 'ready' && one.state !== 'refused') continue;
      await waiting.get(one.id).lay(one.id).then(() => waiting.delete(one.id), () => null);
    }
    await new Promise(go => setTimeout(go, 1500));
  }
  watching = false;
}

function next() {
  while (running < 3 && queue.length) {
    running += 1;
    queue.shift().run().finally(() => { running -= 1; next(); });
  }
}

function take(files) {
  if (files.length) notCome.stay(place.dataset.post);
  for (const file of files) {
    const before = shown.find(row => ['name', 'size'].every(one => row.file[one] === file[one])
      && (row.failed || row.file.lastModified === file.lastModified));
    if (before?.failed) Object.assign(before, { file }).again();
    if (before) continue;
    const row = new Row(file, shown.length);
    shown.push(row);
    queue.push(row);
  }
  next();
}

/* From the library: the camera would only make new ones. */
function pickAgain() { place.querySelector('input[type=file][multiple]').click(); }

function tellLeft() {
  notCome.tell(left, place.dataset.post, place.dataset.saysLeft);
}

async function leaveOut() {
  const { names } = notCome.picked(place.dataset.post);
  notCome.clear(place.dataset.post);
  tellLeft();
  await forgetAll(place.dataset.post, Object.keys(names));
}

if (place) {
  if (left) {
    notCome.whenLeft(place.dataset.post, () => { if (!shown.length) tellLeft(); });
    left.querySelector('[data-left-do=pick]').addEventListener('click', pickAgain);
    left.querySelector('[data-left-do=out]').addEventListener('click', leaveOut);
  }
  place.querySelectorAll('[data-plain]').forEach(part => part.remove());
  inputs.forEach(input => {
    const picked = () => { take([...input.files]); input.value = ''; };
    input.addEventListener('change', picked);
    // On a slow line they were picked before this came.
    picked();
  });
  addEventListener('dragover', event => event.preventDefault());
  addEventListener('drop', event => { event.preventDefault(); take([...event.dataTransfer.files]); });
}
