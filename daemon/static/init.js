/*
 * What script adds to pages that work without it: the design system's behaviours, and the
 * print view that opens what is folded away.
 */
import design from './design-system.js';

document.documentElement.classList.add('js-enabled');
design.initAll();

addEventListener('beforeprint', () => {
	document.querySelectorAll('details:not([open])').forEach((details) => {
		details.open = true;
		details.dataset.openedForPrint = '';
	});
});

addEventListener('afterprint', () => {
	document.querySelectorAll('details[data-opened-for-print]').forEach((details) => {
		details.open = false;
		delete details.dataset.openedForPrint;
	});
});
