/* The small prints of a letter, and what is said about them, kept as on a page that has just been read. */

export const letter = document.getElementById('letter');
export const tray = document.querySelector('[data-order]');

export const read = async answer => new DOMParser().parseFromString(await answer.text(), 'text/html');

export const showTurned = () => document.querySelector('[data-turning]')
  && import('./turning.js').then(({ watch }) => watch()).catch(() => null);

/* Returns whether `page` is the letter's. Photographs on their way stay. */
export function refresh(page) {
  const now = page.querySelector('[data-order]');
  if (!now) return false;
  tray.className = now.className;
  tray.replaceChildren(...now.children, ...tray.querySelectorAll('.coming'));
  document.querySelectorAll('[data-live]').forEach(part => {
    part.replaceChildren(...page.querySelector(`[data-live=${part.dataset.live}]`).childNodes);
  });
  showTurned();
  return true;
}

/* Once all that were picked have come, with the words on their page not asked for before. */
async function reload() {
  history.replaceState(null, '', letter.dataset.page);
  if (!tray.querySelector('.coming,.held')) refresh(await read(await fetch(letter.dataset.page)));
}

let soon;
tray?.addEventListener('laid', () => {
  clearTimeout(soon);
  soon = setTimeout(reload, 500);
});
