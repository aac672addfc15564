/* Words that the server doesn't have yet, in this browser's own storage, for one account and letter. */

const OWN = ['csrfmiddlewaretoken', 'page', 'version', 'over'];
const key = form => `keep/${form.dataset.keep}`;

const fields = form => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !OWN.includes(name));
export const words = form => JSON.stringify(fields(form));
export const remembers = form => localStorage.getItem(key(form)) !== null;
export const forget = form => localStorage.removeItem(key(form));

export function remember(form) {
  const { page, version, over } = form.elements;
  const kept = { fields: fields(form), page: page.value, version: version.value, over: over.value, isNew: 'new' in form.dataset };
  try {
    localStorage.setItem(key(form), JSON.stringify(kept));
  } catch { /* The device is full; the server isn't. */ }
}

/* Puts back what never reached the server. Says whether there was anything. */
export function recall(form) {
  const found = 'new' in form.dataset ? neverSent(form) : key(form);
  const text = found && localStorage.getItem(found);
  if (!text) return false;
  localStorage.removeItem(found);
  const kept = JSON.parse(text);
  if (JSON.stringify(kept.fields) === words(form)) return false;
  put(form, kept.fields);
  /* Where the server's words are this page's own, these go on from them; otherwise it must know on what they stand. */
  if (!kept.isNew && kept.page !== form.dataset.keptFrom) {
    form.elements.version.value = kept.version;
    form.elements.over.value = kept.over;
  }
  remember(form);
  return true;
}

/* An empty page takes up a letter that was begun, and closed, without a line to the server. */
function neverSent(form) {
  const mine = `keep/${form.dataset.keep.split('/')[0]}/`;
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
