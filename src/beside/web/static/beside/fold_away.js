/* Open photographs disappear from the screen at once when they are folded, and from the browser's
   memory when the page is left: Back asks the server again. */

import { cutShort } from './step_away.js';

const open = document.body.hasAttribute('data-open');

addEventListener('submit', event => {
  if (event.submitter?.matches('[data-fold-away]')) document.body.hidden = true;
});
if (open) addEventListener('pageswap', cutShort);
addEventListener('pagehide', () => {
  if (open) document.body.replaceChildren();
});
addEventListener('pageshow', event => {
  if (!event.persisted) return;
  /* A letter that is being written stays; every other page is loaded again. */
  if (open || !document.querySelector('form[data-autosave]')) location.reload();
});
