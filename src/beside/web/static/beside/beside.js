/* Beside works without any of this. Each module is one behaviour, attached by data- attributes. */
document.documentElement.classList.add('js');

import './step_away.js';
import './fold_away.js';
import './zone.js';

if (document.querySelector('[data-light-form]')) import('./appearance.js');
if (document.querySelector('[data-turning]')) import('./turning.js');
if (document.querySelector('[data-copy]')) import('./copying.js');
