/* A photograph that is being turned: its new print takes the place of the old one as soon as it is made.
   `data-print` is the photograph, and `data-turning` where its print can be asked for. */

const FIRST_MS = 600, LONGER = 1.3, TRIES = 15;
const watched = new WeakSet();

async function ask(print) {
  const answer = await fetch(print.dataset.turning);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = page.querySelector(`[data-print="${print.dataset.print}"]`);
  if (!now || 'turning' in now.dataset) return;
  // Two pages of the same second have the same address for it, at which the browser keeps the old print.
  if (now.getAttribute('src') === print.getAttribute('src')) return;
  print.parentElement.className = now.parentElement.className;
  print.replaceWith(now);
}

async function follow(print) {
  for (let tries = 0, pause = FIRST_MS; tries < TRIES; tries += 1, pause *= LONGER) {
    await new Promise(go => setTimeout(go, pause));
    if (!print.isConnected) return;
    await ask(print).catch(() => null);
  }
}

export function watch() {
  document.querySelectorAll('[data-turning]').forEach(print => {
    if (watched.has(print)) return;
    watched.add(print);
    follow(print);
  });
}

watch();
