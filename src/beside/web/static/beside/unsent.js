/* Words that the server hasn't confirmed yet, in this browser's storage, by account and letter. */

const OWN = ['csrfmiddlewaretoken', 'page', 'version', 'over', 'place', 'closed'];
const key = form => `unsent/${form.dataset.autosave}`;

const fields = form => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !OWN.includes(name));
export const words = form => JSON.stringify(fields(form));
export const remembers = form => localStorage.getItem(key(form)) !== null;
export const forget = form => localStorage.removeItem(key(form));

export function remember(form) {
  const { page, version, over } = form.elements;
  const kept = { fields: fields(form), page: page.value, version: version.value, over: over?.value, isNew: 'new' in form.dataset };
  try {
    localStorage.setItem(key(form), JSON.stringify(kept));
  } catch { /* The browser's storage is full; the server's isn't. */ }
}

/* Puts back what never reached the server. Returns whether there was anything. */
export function recall(form) {
  const found = 'new' in form.dataset ? neverSent(form) : key(form);
  const text = found && localStorage.getItem(found);
  if (!text) return false;
  localStorage.removeItem(found);
  const kept = JSON.parse(text);
  if (JSON.stringify(kept.fields) === words(form)) return false;
  put(form, kept.fields);
  /* If this page saved last, these words continue from that; otherwise the server must know which version they were based on. */
  if (!kept.isNew && kept.page !== form.dataset.keptFrom) {
    form.elements.version.value = kept.version;
    if (form.elements.over) form.elements.over.value = kept.over;
  }
  remember(form);
  return true;
}

/* An empty page takes up a letter that was begun offline and never sent. */
function neverSent(form) {
  const mine = `unsent/${form.dataset.autosave.split('/')[0]}/`;
  return Object.keys(localStorage).find(name => name.startsWith(mine) && JSON.parse(localStorage[name]).isNew);
}

function put(form, kept) {
  const ticked = new Set(kept.map(([name, value]) => `${name}=${value}`));
  const typed = new Map(kept);
  for (const field of form.elements) {
    if (!field.name || OWN.includes(field.name) || ['submit', 'file', 'hidden'].includes(field.type)) continue;
    if (['checkbox', 'radio'].includes(field.type)) field.checked = ticked.has(`${field.name}=${field.value}`);
    else if (typed.has(field.name)) field.value = typed.get(field.name);
  }
}
