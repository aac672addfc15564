/* Beside works without any of this. Each module is one behaviour, attached by data- attributes. */
document.documentElement.classList.add('js');

import './away.js';
import './open.js';
import './light.js';
import './viewer.js';
import './zone.js';
