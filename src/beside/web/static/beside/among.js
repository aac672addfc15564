/* A photograph's line, [photograph 3], put among the words where the cursor is or last was: after the line that it
   stands in, so that no sentence is cut in two. */

const field = document.querySelector('textarea[name=words]');
const link = document.querySelector('[data-among]');
let touched = false;

const sign = number => `[photograph ${number}]`;

/* Where the line would go: after the cursor's line, or before it if the cursor is at its beginning. */
function place() {
  const { value } = field;
  if (!touched) return value.length;
  const at = field.selectionEnd;
  if (at === 0 || value[at - 1] === '\n') return at;
  const end = value.indexOf('\n', at);
  return end < 0 ? value.length : end;
}

/* Where that is, in words. */
export function where() {
  const before = field.value.slice(0, place()).trimEnd();
  if (!before) return link.dataset.saysBegin;
  return link.dataset.saysAfter.replace('{words}', before.slice(-40).replace(/\s+/g, ' ').replace(/^\S*\s/, ''));
}

export function put(number) {
  const line = sign(number);
  const old = field.value.split('\n').findIndex(one => one.trim() === line);
  let at = place();
  const before = field.value.slice(0, at).trimEnd(), after = field.value.slice(at).trimStart();
  field.value = `${before}${before && '\n\n'}${line}\n\n${after}`;
  at = before.length + (before ? 2 : 0) + line.length + 2;
  if (old >= 0) at = withoutOther(line, at - line.length - 2, at);
  field.setSelectionRange(at, at);
  touched = true;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/* It stands in one place only: the line that was there before goes. Returns where the cursor is then. */
function withoutOther(line, kept, at) {
  let found = field.value.indexOf(line);
  if (found === kept) found = field.value.indexOf(line, kept + 1);
  if (found < 0) return at;
  const head = field.value.slice(0, found).trimEnd(), tail = field.value.slice(found + line.length).trimStart();
  const gap = head && tail ? '\n\n' : '';
  const length = field.value.length;
  field.value = head + gap + tail;
  return found < kept ? at - (length - field.value.length) : Math.min(at, field.value.length);
}

export function back() {
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: 'center' });
}

if (field) ['focus', 'keyup', 'pointerup', 'input'].forEach(name => field.addEventListener(name, () => { touched = true; }));
