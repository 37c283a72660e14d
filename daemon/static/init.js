/*
 * What script adds to pages that work without it: the menu of a small screen as a button, the print view that opens what
 * is folded away, a form that takes a file dropped anywhere on it, and one that is not sent twice while its answer is awaited.
 */
document.documentElement.classList.add('js-enabled');

/* The design system's mobile menu: its label, which works a checkbox, becomes a button that says what it has opened. */
document.querySelectorAll('label.js-toggle-menu').forEach((label) => {
	const menu = document.getElementById(label.getAttribute('aria-controls'));
	const button = document.createElement('button');

	button.append(...[...label.childNodes].map((node) => node.cloneNode(true)));
	button.className = `${label.className} ds_link`;
	button.setAttribute('aria-controls', menu.id);
	button.setAttribute('aria-expanded', 'false');
	button.addEventListener('click', () => {
		const isOpen = menu.classList.toggle('ds_site-navigation--open');

		button.classList.toggle('ds_site-header__control--active', isOpen);
		button.setAttribute('aria-expanded', String(isOpen));
	});
	label.after(button);
	label.classList.add('fully-hidden');
});

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

/*
 * Sent twice a form is stored once; but what the first answer alone shows, a secret, would be gone.
 * Only for as long as a second click is one: whoever stops a page may send it again.
 */
document.querySelectorAll('form[method=post]').forEach((form) => {
	form.addEventListener('submit', (event) => {
		if ('isSent' in form.dataset)
			event.preventDefault();
		form.dataset.isSent = '';
		setTimeout(() => delete form.dataset.isSent, 2000);
	});
});

addEventListener('pageshow', () => {
	document.querySelectorAll('form[data-is-sent]').forEach((form) => delete form.dataset.isSent);
});
