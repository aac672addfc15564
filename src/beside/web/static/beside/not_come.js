/* The names of photographs that were picked and haven't come, in this browser's storage, to be told when the page is
   opened again. */

const key = post => `picked/${post ?? ''}`;
const about = file => `${file.name}/${file.size}`;
const nothing = { all: 0, names: {} };

export const picked = post => JSON.parse(localStorage.getItem(key(post))) ?? nothing;

function keep(post, { all, names }) {
  localStorage.removeItem(key(post));
  try {
    if (Object.keys(names).length) localStorage.setItem(key(post), JSON.stringify({ all, names }));
  } catch { /* The browser's storage is full: the photographs come all the same. */ }
}

/* `name` is the file's as the page shows it. */
export function add(post, file, name) {
  const { all, names } = picked(post);
  keep(post, { all: all + !(about(file) in names), names: { ...names, [about(file)]: name } });
}

/* It has come, or is given up. */
export function settle(post, file) {
  const { all, names } = picked(post);
  delete names[about(file)];
  keep(post, { all, names });
}

/* The server's list of them lacks those that were never begun. It's hidden while they're told of here, or sent. */
const listed = isShown => document.querySelector('[data-live=waiting]')?.toggleAttribute('hidden', !isShown);

/* A page on which some were picked holds this lock until it is left. */
let staying;
export function stay(post) {
  listed(false);
  staying ??= navigator.locks?.request(key(post), { mode: 'shared' }, () => new Promise(() => {})) ?? true;
}

/* Calls `act` once no page of this browser holds it. */
export const whenLeft = (post, act) => (navigator.locks ? navigator.locks.request(key(post), act) : act());

export const clear = post => localStorage.removeItem(key(post));

/* Fill the note in `part`, unless all have come. */
export function tell(part, post, says) {
  const { all, names } = picked(post), left = Object.values(names);
  part.hidden = !left.length;
  listed(part.hidden);
  part.querySelector('strong').textContent = says.replace('{n}', left.length).replace('{all}', all);
  part.querySelector('ul').replaceChildren(...left.map(name => Object.assign(document.createElement('li'), { textContent: name, dir: 'auto' })));
}
