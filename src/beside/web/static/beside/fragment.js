/* A secret that stands behind the "#" goes into its form, and out of the address bar. */

const form = document.querySelector('form[data-fragment]');

function take() {
  if (location.hash.length < 40) return;
  form.elements.secret.value = location.hash.slice(1);
  form.querySelector('.field').hidden = true;
  history.replaceState(null, '', location.pathname);
  /* On the page of a link that is open already, whoever comes with another has tapped that one. */
  if (form.closest('details')) form.requestSubmit();
}

if (form) {
  addEventListener('hashchange', take);
  take();
}
