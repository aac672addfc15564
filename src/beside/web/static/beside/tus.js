/* One photograph's way to the server, by tus: in small pieces, from where it was, for as long as it takes. */

const MOST = 1 << 20;
const TUS = { 'Tus-Resumable': '1.0.0' };
const AGAIN = [409, 423, 429, 500, 502, 503, 504];

/* The server's own sentence why this one can't come, or goes no further for now. */
export class Refused extends Error {}

const key = (file, post) => `upload/${post ?? ''}/${file.name}/${file.size}/${file.lastModified}`;
const coded = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function pause(tries) {
  return new Promise(go => {
    setTimeout(go, Math.min(500 * 2 ** tries, 30000));
    addEventListener('online', go, { once: true });
  });
}

async function ask(url, method, signal, headers, body) {
  const answer = await fetch(url, { method, signal, headers: { ...TUS, ...headers }, body, redirect: 'manual' });
  if (answer.type === 'opaqueredirect') throw new Refused('');
  if (AGAIN.includes(answer.status)) throw new TypeError('again');
  if (method !== 'POST' && [404, 410].includes(answer.status)) return null;
  if (!answer.ok) throw new Refused(await answer.text());
  return answer;
}

async function begin(file, to, signal) {
  const meta = [`filename ${coded(file.name)}`];
  if (to.post) meta.push(`post ${coded(to.post)}`);
  if (to.closed) meta.push('closed');
  const answer = await ask(to.create, 'POST', signal, { 'Upload-Length': file.size, 'Upload-Metadata': meta.join() });
  localStorage.setItem(key(file, to.post), answer.headers.get('Location'));
  return answer;
}

/* Returns the photograph's id when all of it is safe. `to.turn` lets them begin in the order they were picked. */
export async function send(file, to, signal, told) {
  let url = localStorage.getItem(key(file, to.post)), offset = null, size = MOST / 4, tries = 0;
  while (offset !== file.size) {
    try {
      if (!url) url = (await to.turn(() => begin(file, to, signal))).headers.get('Location');
      const from = performance.now();
      let answer;
      if (offset === null) answer = await ask(url, 'HEAD', signal);
      else {
        const body = await file.slice(offset, offset + size).arrayBuffer();
        const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset };
        answer = await ask(url, 'PATCH', signal, headers, body);
        size = performance.now() - from < 1000 ? Math.min(size * 2, MOST) : Math.max(size / 2, MOST / 16);
      }
      if (!answer) localStorage.removeItem(key(file, to.post));
      url = answer && url;
      offset = answer && Number(answer.headers.get('Upload-Offset'));
      tries = 0;
      told.at(offset ?? 0);
    } catch (wrong) {
      if (wrong instanceof Refused || wrong.name === 'NotReadableError' || signal.aborted) throw wrong;
      offset = null;
      told.dropped();
      await pause(tries++);
    }
  }
  localStorage.removeItem(key(file, to.post));
  return url.split('/').at(-2);
}

/* Leave nothing of it on the server, nor of its address here. */
export async function forget(file, to) {
  const url = localStorage.getItem(key(file, to.post));
  localStorage.removeItem(key(file, to.post));
  if (url) await ask(url, 'DELETE').catch(() => null);
}
