/*
 * What script adds to pages that work without it: the design system's behaviours, the print
 * view that opens what is folded away, and a form that takes a file dropped anywhere on it.
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

document.querySelectorAll('form[data-drop]').forEach((form) => {
	const field = document.getElementById(form.dataset.drop);
	const over = (isOver) => form.classList.toggle('is-dropped-on', isOver);

	form.addEventListener('dragover', (event) => {
		if (!event.dataTransfer.types.includes('Files'))
			return;
		event.preventDefault();
		over(true);
	});
	form.addEventListener('dragleave', (event) => {
		if (!form.contains(event.relatedTarget))
			over(false);
	});
	form.addEventListener('drop', (event) => {
		if (!event.dataTransfer.files.length)
			return;
		event.preventDefault();
		over(false);
		field.files = event.dataTransfer.files;
		field.dispatchEvent(new Event('change', {bubbles: true}));
	});
});
