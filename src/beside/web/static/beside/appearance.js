/* Daylight, lamplight and larger letters, at once. The cookie that the server sets is the truth. */

const form = document.querySelector('form[data-light-form]');

function show() {
  const page = document.documentElement;
  const chosen = form.elements.light.value;
  if (chosen !== 'phone') page.dataset.light = chosen;
  else delete page.dataset.light;
  page.classList.toggle('large', form.elements.large.checked);
}

async function keep() {
  const said = form.querySelector('[data-said]');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
    said.hidden = answer.type !== 'opaqueredirect';
  } catch {
    said.hidden = true;
  }
}

form?.addEventListener('change', () => {
  show();
  keep();
});
