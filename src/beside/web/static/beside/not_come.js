/* Which of the photographs that were picked haven't come yet, by name, in this browser's storage: so that the page can
   say so when it is opened again. */

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

export const clear = post => localStorage.removeItem(key(post));

/* Fill the note in `part`, unless all have come. */
export function tell(part, post, says) {
  const { all, names } = picked(post), left = Object.values(names);
  part.hidden = !left.length;
  part.querySelector('strong').textContent = says.replace('{n}', left.length).replace('{all}', all);
  part.querySelector('ul').replaceChildren(...left.map(name => Object.assign(document.createElement('li'), { textContent: name, dir: 'auto' })));
}
