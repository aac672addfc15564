/* A press on a small print opens its page over the letter, by what comes with the first press. */

import { letter } from './tray.js';

letter?.addEventListener('click', event => {
  const button = event.target.closest('button[data-sheet]');
  if (!button) return;
  event.preventDefault();
  import('./sheet.js').then(sheet => sheet.open(button)).catch(() => letter.requestSubmit(button));
});
