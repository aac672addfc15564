/* While photographs are open: they are gone from the glass at once when folded, and from the
   browser's memory when the page is left. Back asks the server again. */

import { cutShort } from './away.js';

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
  /* Words that are being written stay; everything else is asked for anew. */
  if (open || !document.querySelector('form[data-keep]')) location.reload();
});
