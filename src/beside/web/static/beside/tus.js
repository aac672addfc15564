/* One photograph's way to the server, by tus: in small pieces, from where it was, for as long as it takes.
   What goes wrong is told apart: the line, the file, something in between, and the server with its own sentence. */

import { contentHash } from './content_hash.js';

const MOST = 1 << 20, LEAST = 1 << 16;
const TUS = { 'Tus-Resumable': '1.0.0' };
const PASSING = [408, 409, 423, 425, 429, 500, 502, 503, 504];

/* The server's own sentence why this one can't come, or goes no further for now; empty where one is signed out. */
export class Refused extends Error {}
/* This phone can't read the file any more. */
export class Unread extends Error {}
/* The same person has put the same file here before; the server says where it is. */
export class AlreadyHere extends Error {}
/* Something between the phone and the server turned it away. */
export class TurnedAway extends Error {}

/* What may pass by itself. `where` is the line, between, or the server, whose own sentence is the message. */
class Passing extends Error {
  constructor(where, says = '', answer = null) {
    super(says);
    this.where = where;
    this.tooLong = answer?.status === 413;
    this.seconds = Math.min(Number(answer?.headers.get('Retry-After')) || 0, 300);
  }
}

const key = (file, post) => `upload/${post ?? ''}/${file.name}/${file.size}/${file.lastModified}`;
const coded = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/* Twice as long each time, up to a minute, and never for all phones at the same moment. */
function pause(tries, wrong, signal) {
  const seconds = Math.max(Math.min(2 ** tries, 60) * (0.5 + Math.random() / 2), wrong.seconds);
  return new Promise(go => {
    setTimeout(go, 1000 * seconds);
    signal.addEventListener('abort', go, { once: true });
    if (wrong.where === 'line') addEventListener('online', go, { once: true });
  });
}

/* Answers null for what is no longer there. */
async function ask(url, method, signal, headers, body) {
  const answer = await fetch(url, { method, signal, headers: { ...TUS, ...headers }, body, redirect: 'manual' })
    .catch(() => { throw new Passing('line'); });
  if (answer.type === 'opaqueredirect') throw new Refused('');
  const isOurs = answer.headers.has('Tus-Resumable');
  if (isOurs && answer.ok) return answer;
  if (isOurs && method !== 'POST' && [404, 410].includes(answer.status)) return null;
  const says = isOurs && answer.headers.get('Content-Type')?.startsWith('text/plain') ? await answer.text() : '';
  const mayPass = PASSING.includes(answer.status) && !(isOurs && method === 'POST' && answer.status === 409);
  if (mayPass || (!isOurs && answer.ok)) throw new Passing(isOurs ? 'server' : 'between', says, answer);
  if (!isOurs && answer.status === 413 && body?.byteLength > LEAST) throw new Passing('between', '', answer);
  if (isOurs && answer.headers.has('Beside-Already-Here')) throw new AlreadyHere(says);
  throw isOurs ? new Refused(says) : new TurnedAway();
}

async function begin(file, to, signal, hash) {
  const meta = [`filename ${coded(file.name)}`];
  if (to.post) meta.push(`post ${coded(to.post)}`);
  if (to.closed) meta.push('closed');
  if (hash) meta.push(`hash ${coded(hash)}`);
  if (to.again) meta.push('again');
  const answer = await ask(to.create, 'POST', signal, { 'Upload-Length': file.size, 'Upload-Metadata': meta.join() });
  localStorage.setItem(key(file, to.post), answer.headers.get('Location'));
  return answer;
}

async function sendPiece(file, url, offset, size, signal) {
  const body = await file.slice(offset, offset + size).arrayBuffer().catch(() => null);
  if (!body?.byteLength) throw new Unread();
  const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset };
  return ask(url, 'PATCH', signal, headers, body);
}

/* Returns the photograph's id when all of it is safe. `to.turn` lets them begin in the order they were picked. */
export async function send(file, to, signal, told) {
  let url = localStorage.getItem(key(file, to.post)), offset = null, known = 0, size = MOST / 4, most = MOST, tries = 0;
  const hash = to.recognise && !url ? await contentHash(file) : '';
  while (offset !== file.size) {
    try {
      const from = performance.now(), isPiece = url && offset !== null;
      const answer = !url ? await to.turn(() => begin(file, to, signal, hash))
        : isPiece ? await sendPiece(file, url, offset, size, signal) : await ask(url, 'HEAD', signal);
      if (!answer) {
        unlink(file, to);
        [url, known] = [null, 0];
        throw new Passing('server');
      }
      url ??= answer.headers.get('Location');
      told.goesTo(url);
      offset = Number(answer.headers.get('Upload-Offset'));
      if (isPiece && offset <= known) throw new Passing('server');
      if (isPiece) size = performance.now() - from < 1000 ? Math.min(size * 2, most) : Math.max(size / 2, LEAST);
      if (offset > known) [known, tries] = [offset, 0];
      told.at(offset);
    } catch (wrong) {
      if (!(wrong instanceof Passing) || signal.aborted) throw wrong;
      offset = null;
      size = Math.max(size / 2, LEAST);
      if (wrong.tooLong) most = size;
      told.waits(wrong.where, wrong.message);
      await pause(tries++, wrong, signal);
      if (signal.aborted) throw wrong;
    }
  }
  unlink(file, to);
  return url.split('/').at(-2);
}

/* Begin it anew next time. What there is of it on the server goes on elsewhere, or expires. */
export const unlink = (file, to) => localStorage.removeItem(key(file, to.post));

/* Leave nothing on the server of those that were begun for `post` and are among `files` ("name/size"). */
export async function forgetAll(post, files) {
  const begun = files.map(file => `upload/${post ?? ''}/${file}/`);
  for (const one of Object.keys(localStorage).filter(name => begun.some(start => name.startsWith(start)))) {
    await ask(localStorage.getItem(one), 'DELETE').catch(() => null);
    localStorage.removeItem(one);
  }
}

/* Leave nothing of it on the server, nor of its address here. */
export async function forget(file, to) {
  const url = localStorage.getItem(key(file, to.post));
  unlink(file, to);
  if (url) await ask(url, 'DELETE').catch(() => null);
}
