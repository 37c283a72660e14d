// An officer at the browser: validates a request and sends the notice in at most five clicks, and a
// decision is proposed, approved by another, and its notice issued; each page without a violation.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {MATTERS, makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Case Council', kind: 'COUNCIL', code: 'CASE'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
const officer = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'DECIDER']}});
const other = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'DECIDER']}});

let n = 0;
async function ask() {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Case Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	return ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		reasons: 'To keep it open.'}, {idempotency: `b${n}`})).id;
}

test('a request is validated and its notice sent in at most five clicks', async () => {
	const id = await ask();
	const {page, context, complaints} = await signIn(officer.key);
	let clicks = 0;
	const click = async what => {
		clicks++;
		await Promise.all([page.waitForNavigation(), what.click({timeout: 8000})]);
	};
	await page.goto(`${reg.url}/requests/${id}`);
	await click(page.getByRole('link', {name: /The case, for officers/}));
	await assertAccessible(page, 'case');
	await click(page.getByRole('button', {name: 'Validate the request'}));
	await click(page.getByRole('button', {name: /Draft it ?: Acknowledgement/}));
	assert.ok(await page.getByText('Draft: not issued.').isVisible());
	assert.ok(await page.getByText(/by 1 April 2027/).first().isVisible());
	assert.ok(await page.getByText('This register sends no notice: serve it yourself').isVisible());
	await page.getByText('Discard this draft').click();
	assert.ok(await page.getByRole('button', {name: 'Draft it again as things stand now'}).isVisible(), 'where there is nothing to fill in');
	await assertAccessible(page, 'draft');
	await page.getByText('Discard this draft').click();
	await page.emulateMedia({media: 'print'});
	assert.ok(await page.locator('.watermark').isVisible(), 'paper says that it is a draft');
	assert.ok(!await page.getByRole('button', {name: 'Issue the notice'}).isVisible(), 'and has no form');
	await page.emulateMedia({media: 'screen'});
	await click(page.getByRole('button', {name: 'Issue the notice'}));
	assert.ok(clicks <= 5, `${clicks} clicks`);
	assert.ok(await page.getByText('Dated 21 November 2026.').isVisible());
	assert.ok(await page.getByText(/The community body\. By e-mail, not served yet/).isVisible());
	await assertAccessible(page, 'issued');
	await page.getByRole('button', {name: 'Record it'}).click();
	await page.getByText(/served on 21 November 2026/).waitFor();
	const [notice] = ok(await admin.get(`/v1/requests/${id}/notices`), 200).items;
	assert.deepEqual([notice.code, notice.state, notice.recipients[0].served_on], ['N2', 'ISSUED', '2026-11-21']);
	await page.goto(`${reg.url}/requests/${id}`);
	assert.ok(await page.locator('.timeline li', {hasText: '21 November 2026'}).getByText('Acknowledged').isVisible(), 'issuing it is what the law wants done');
	const open = await newPage();
	for (const path of [`/requests/${id}/case`, `/requests/${id}/notices/${notice.id}`])
		assert.equal((await open.page.goto(reg.url + path)).status(), 404, path);
	assert.deepEqual(complaints, []);
	await open.context.close();
	await context.close();
});

test('what is missing arrives one by one, and time is given for comments', async () => {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Case Hall in parts', class: 'HALL', tenure: 'OWNED'}));
	const {id} = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		items: 'WRITING PART5 NAME ADDRESS BODY LAND TYPE REASONS BENEFITS PRICE TERMS USE OBLIGATIONS NEGATIVES ABILITY SUPPORT'.split(' ')
			.map(code => ({code, received_on: '2026-10-01'}))}, {idempotency: 'parts'}));
	const {page, complaints, context} = await signIn(officer.key);
	await page.goto(`${reg.url}/requests/${id}/case`);
	assert.ok(!await page.getByRole('button', {name: 'Validate the request'}).isVisible());
	assert.deepEqual((await page.locator('.checklist li .sentence').allInnerTexts()).slice(0, 3).map(text => text.toLowerCase()),
		['how it will pay for the transfer and for running it', 'the request in writing', 'words saying that it is an asset transfer request under part 5 of the act'],
		'what is missing, then the rest as the law lists it');
	await page.getByRole('checkbox', {name: /how it will pay/i}).check({force: true});
	await page.getByLabel('It arrived on').fill('2026-10-05');
	await assertAccessible(page, 'an item is missing');
	await send(page.getByRole('button', {name: 'Record what arrived'}));
	await send(page.getByRole('button', {name: 'Validate the request'}));
	await page.getByText('The authority gave notice and asked for comments.').first().click();
	const notices = page.getByRole('form', {name: 'The authority gave notice'});
	await notices.getByLabel('On which day').fill('2026-10-06');
	await notices.getByLabel('Last day for representations').fill('2026-11-27');
	await assertAccessible(page, 'a step');
	await send(notices.getByRole('button', {name: /Record it/}));
	assert.ok(await page.getByText('Open for comments').isVisible());
	assert.deepEqual(complaints, []);
	await context.close();
});

test('every event of the table has its form, with its own fields and no others, without script', async () => {
	const table = await readFile(new URL('../../libassets/request/request_event.def', import.meta.url), 'utf8');
	const events = [...table.matchAll(/^EVENT\((\w+), +"[^"]*", +\w+, +(?:"([^"]*)"|(\w+)), +"[^"]*"\)/gm)]
		.map(([, name, takes]) => ({name, takes: takes?.split(' ').filter(Boolean)}));
	assert.equal(events.length, table.match(/^EVENT\(/gm).length);
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Case Hall of all acts', class: 'HALL', tenure: 'OWNED'}));
	const {id} = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		items: [{code: 'WRITING', received_on: '2026-10-01'}]}, {idempotency: 'all-acts'}));
	await reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		await db.query(`select set_config('assetd.now', '2026-11-21T10:00:00Z', false), set_config('assetd.today', '2026-11-21', false)`);
		await db.query('update request set allowed = $2, version = version + 1 where id = $1', [id, events.map(e => e.name)]);
	}, {database: reg.database});
	const {page, context} = await signIn(officer.key, {javaScriptEnabled: false});
	const forms = async path => {
		await page.goto(`${reg.url}/requests/${id}${path}`);
		return page.locator('form[method=post]').evaluateAll(all => all.map(form => ({event: form.elements.event?.value,
			names: [...new Set([...form.elements].map(e => e.name).filter(name => name && !/^(csrf|event|on)$/.test(name)))]})));
	};
	const found = await forms('/case');
	const correct = new URL(await page.getByRole('link', {name: 'Correct this'}).first().getAttribute('href'), reg.url).pathname;
	// What pages ask otherwise than the API does: pounds, a box or a text for each of a list, the parts of the bar.
	const written = {price_pence: ['price_pounds'], cost_pence: ['cost_pounds'], bar: ['bar_free', 'bar_exemption', 'bar_dated_on'],
		code: ['arrived'], items: ['items', 'items_as', 'missing'], grounds: ['ground'], matters: ['matter']};
	const has = (form, takes, name) => assert.deepEqual([...new Set(form.names.map(n => n.replace(/^(arrived|missing|ground|matter)_.*/, '$1')))].sort(),
		takes.flatMap(t => written[t] ?? [t]).sort(), name);
	for (const {name, takes} of events.filter(e => !/^(VALIDATE|REPRESENTATION_RECEIVED|CORRECT)$/.test(e.name))) {
		const form = found.find(f => f.event === name);
		assert.ok(form, `${name} has no form`);
		has(form, takes, name);
	}
	// Those that have a page of their own, or wait until all has arrived.
	assert.ok((await forms(correct.slice(`/requests/${id}`.length))).some(f => f.names.includes('reasons')), 'CORRECT');
	for (const {code} of ok(await admin.get(`/v1/requests/${id}`), 200).items.filter(i => !i.received_on))
		ok(await admin.post(`/v1/requests/${id}/events`, {event: 'ITEM_RECEIVED', on: '2026-10-02', code}));
	has((await forms('/case')).find(f => f.event === 'VALIDATE'), events.find(e => e.name === 'VALIDATE').takes, 'VALIDATE');
	ok(await admin.post(`/v1/requests/${id}/events`, {event: 'VALIDATE', on: '2026-10-02'}));
	ok(await admin.post(`/v1/requests/${id}/events`, {event: 'NOTICES_ISSUED', on: '2026-11-02', representations_close_on: '2026-12-10'}));
	assert.ok((await forms('/representations')).some(f => f.names.includes('text')), 'REPRESENTATION_RECEIVED');
	await context.close();
});

test('an enquiry becomes a request, one is not under the Act, a repeat is declined, an appeal is decided, without script', async () => {
	const agency = ok(await admin.post('/v1/authorities', {name: 'Agency of cases', kind: 'ENTERPRISE', code: 'CASES'}));
	const decider = await makeKey(reg, {roles: {[agency.id]: ['ESTATES', 'DECIDER']}});
	const {page, context} = await signIn(decider.key, {javaScriptEnabled: false});
	const show = async id => ok(await admin.get(`/v1/requests/${id}`), 200);
	const made = async (more = {}) => {
		const land = more.asset_id ?? ok(await admin.post('/v1/assets', {authority_id: agency.id, name: `Lodge ${++n}`, class: 'LODGE', tenure: 'OWNED'})).id;
		return ok(await admin.post('/v1/requests', {asset_id: land, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-08-03', ...more},
			{idempotency: `acts-${++n}`}));
	};
	const record = async (id, event, on, fill = async () => {}) => {
		await page.goto(`${reg.url}/requests/${id}/case`);
		await page.locator(`#step-${event} > summary`).click();
		const form = page.locator(`#step-${event} form`);
		await form.locator('input[name=on]').fill(on);
		await fill(form);
		await Promise.all([page.waitForNavigation({timeout: 8000}), form.getByRole('button', {name: /Record it|Decide it/}).press('Enter')]);
		return show(id);
	};

	const enquiry = await made({stage: 'ENQUIRY'});
	const came = await record(enquiry.id, 'SUBMIT', '2026-08-10', form => form.getByLabel('a contact address').check({force: true}));
	assert.deepEqual([came.state, came.received_on, came.items.filter(i => !i.received_on).map(i => i.code)], ['RECEIVED', '2026-08-10', ['ADDRESS']]);
	await record(enquiry.id, 'MISSING_ITEMS', '2026-08-11');
	const outside = await record(enquiry.id, 'INELIGIBLE', '2026-08-12', form => form.getByLabel('Reasons').fill('No constitution.'));
	assert.equal(outside.state, 'INELIGIBLE');

	const first = await made();
	ok(await admin.post(`/v1/requests/${first.id}/events`, {event: 'VALIDATE', on: '2026-08-03'}));
	ok(await admin.post(`/v1/requests/${first.id}/events`, {event: 'NOTICES_ISSUED', on: '2026-08-03', representations_close_on: '2026-09-01'}));
	const refused = await record(first.id, 'REFUSE', '2026-11-02', async form => {
		await form.getByText('Grounds of a refusal').click();
		await form.locator('#ground-REFUSE-H').fill('Needed.');
	});
	assert.equal(refused.state, 'REFUSED', 'one person decides where no second is asked for');
	const again = await made({asset_id: first.asset_id, received_on: '2026-11-16'});
	const declined = await record(again.id, 'DECLINE_REPEAT', '2026-11-17', async form => {
		await form.getByLabel('The earlier request', {exact: true}).selectOption(first.id);
		await form.getByLabel('Reasons').fill('Refused this month.');
	});
	assert.equal(declined.state, 'DECLINED_REPEAT');

	await record(first.id, 'APPEAL_LODGED', '2026-11-04');
	const allowed = await record(first.id, 'APPEAL_DECIDED', '2026-11-18', async form => {
		assert.deepEqual(await form.getByLabel('Outcome of the review or appeal').locator('option').evaluateAll(all => all.map(o => o.value)), ['', 'ALLOW', 'DISMISS']);
		await form.getByLabel('Outcome of the review or appeal').selectOption('ALLOW');
		await form.getByLabel('Terms and conditions').fill('As asked.');
	});
	assert.deepEqual([allowed.state, allowed.level], ['AGREED', 'LAST']);
	await context.close();
});

test('a decision is proposed, approved by another, its matters weighed and its notice published', async () => {
	const id = await ask();
	ok(await admin.put(`/v1/authorities/${council.id}/settings`, {second_person: true}, {headers: {'If-None-Match': '*'}}));
	for (const [event, more] of [['VALIDATE', {}], ['NOTICES_ISSUED', {representations_close_on: '2026-10-29'}]])
		ok(await admin.post(`/v1/requests/${id}/events`, {event, on: '2026-10-01', ...more}));
	const one = await signIn(officer.key), two = await signIn(other.key);
	await one.page.goto(`${reg.url}/requests/${id}/case`);
	await one.page.getByText('The authority refused the request.').first().click();
	const refusal = one.page.getByRole('form', {name: 'The authority refused the request.'});
	assert.ok(!await refusal.getByRole('button', {name: /without a second person/}).count(), 'two are needed here');
	await refusal.getByLabel('Date of the decision notice').fill('2026-10-30');
	await refusal.getByText('Grounds of a refusal').click();
	await one.page.locator('#ground-REFUSE-H').fill('The school needs it.');
	await one.page.locator('#ground-REFUSE-I').fill('The title forbids it.');
	await assertAccessible(one.page, 'a decision with its grounds');
	await refusal.getByRole('button', {name: 'Propose it'}).click();
	await one.page.getByText('Somebody else has to approve it.').waitFor();
	await one.page.getByLabel('A note').fill('Told the <b>school</b>.');
	await one.page.getByRole('button', {name: 'Note it'}).click();
	await one.page.getByText('Told the <b>school</b>.').waitFor();
	assert.equal(await one.page.getByLabel('From now on').inputValue(), officer.principal, 'who looks at what nobody has takes it');
	await one.page.getByLabel('From now on').selectOption(other.principal);
	await send(one.page.getByRole('button', {name: 'Assign'}));
	assert.equal(await one.page.getByLabel('From now on').inputValue(), other.principal, 'who has it keeps it');
	await two.page.goto(`${reg.url}/requests/${id}/case`);
	await assertAccessible(two.page, 'case with a proposal');
	assert.ok(await two.page.getByText('(h) how those sit with other matters, our functions in particular: The school needs it.').isVisible(), 'a ground in words');
	await two.page.getByRole('button', {name: /Approve/}).click();
	await two.page.getByText('It was approved.').waitFor();
	await two.page.getByRole('button', {name: /Draft it ?: Decision notice/}).click();
	await two.page.getByText('It cannot be issued yet.').waitFor();
	await assertAccessible(two.page, 'decision notice in draft');
	assert.equal(await two.page.getByText('Say of each matter of section 82(3)').count(), 1, 'what fills twelve gaps is said once');
	for (const box of await two.page.locator('input[type=checkbox][name^=none_]').all())
		await box.check({force: true});
	await two.page.getByRole('button', {name: 'Draft it again with this'}).click();
	await two.page.getByRole('heading', {name: 'Issue it'}).waitFor();
	const path = new URL(two.page.url()).pathname;
	await one.page.goto(reg.url + path);
	await one.page.getByRole('button', {name: 'Issue the notice'}).click();
	await one.page.getByText('Dated 30 October 2026.', {exact: true}).waitFor();
	const open = await newPage();
	assert.equal((await open.page.goto(reg.url + path)).status(), 200, 'everybody reads it');
	assert.ok(await open.page.getByText('The school needs it.').first().isVisible());
	assert.ok(await open.page.getByText('The title forbids it.').first().isVisible());
	await assertAccessible(open.page, 'published notice');
	await open.page.goto(`${reg.url}/requests/${id}`);
	assert.ok(await open.page.getByRole('link', {name: /Decision notice: request refused/}).isVisible());
	assert.deepEqual([...one.complaints, ...two.complaints, ...open.complaints], []);
	for (const view of [one, two, open])
		await view.context.close();
});

test('a draft is discarded when that is confirmed, without script and by keyboard', async () => {
	const id = await ask();
	ok(await admin.post(`/v1/requests/${id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	const notices = `/v1/requests/${id}/notices`;
	const drafts = [ok(await admin.post(notices, {code: 'N2'})), ok(await admin.post(notices, {code: 'N2'}))];
	const {page, context} = await signIn(officer.key, {javaScriptEnabled: false});
	await page.goto(`${reg.url}/requests/${id}/notices/${drafts[0].id}`);
	await page.getByText('Discard this draft').focus();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	assert.equal(ok(await admin.get(notices), 200).items.length, 2, 'not without the box');
	await page.getByLabel('Yes, discard it for good').focus();
	await page.keyboard.press('Space');
	await page.keyboard.press('Tab');
	await Promise.all([page.waitForURL(`${reg.url}/requests/${id}/case`), page.keyboard.press('Enter')]);
	assert.deepEqual(ok(await admin.get(notices), 200).items.map(n => n.id), [drafts[1].id]);
	await page.goto(`${reg.url}/requests/${id}/notices/${drafts[1].id}`);
	ok(await admin.post(`${notices}/${drafts[1].id}/issue`, {}), 200);
	await page.getByText('Discard this draft').click();
	await page.getByLabel('Yes, discard it for good').check({force: true});
	await page.getByRole('button', {name: 'Discard the draft'}).click();
	await page.getByText('What was issued stays as it is').first().waitFor();
	await page.goto(`${reg.url}/requests/${id}/notices/${drafts[1].id}`);
	assert.equal(await page.getByText('Discard this draft').count(), 0, 'what was issued has no such form');
	await context.close();
});

test('what was recorded wrongly is looked at, then corrected, without script; a decision by two', async () => {
	const id = await ask();
	for (const [event, on, more] of [['VALIDATE', '2026-10-01', {}], ['NOTICES_ISSUED', '2026-10-05', {representations_close_on: '2026-11-02'}]])
		ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
	const one = await signIn(officer.key, {script: false}), two = await signIn(other.key);
	const {page} = one;
	await page.goto(`${reg.url}/requests/${id}/case`);
	await page.getByRole('link', {name: /Correct this ?: The authority gave notice/}).press('Enter');
	await page.getByLabel('The day on which it happened').fill('2026-10-06');
	await page.getByLabel('Last day for representations').fill('2026-11-10');
	await page.getByLabel('Why it is corrected').fill('A <b>slip</b> of the pen');
	await page.getByRole('button', {name: 'See what it would change'}).press('Enter');
	const row = page.getByRole('row', {name: /^Representations \(K4\)/});
	await row.waitFor();
	assert.match(await row.innerText(), /2 November 2026\s+10 November 2026/);
	assert.equal(await page.getByLabel('Last day for representations').inputValue(), '2026-11-10', 'nothing typed is lost');
	await two.page.goto(page.url());
	await two.page.getByLabel('Why it is corrected').fill('Only looked');
	await two.page.getByRole('button', {name: 'See what it would change'}).click();
	await two.page.getByText('No date would move.').waitFor();
	await assertAccessible(two.page, 'a correction, looked at');
	await page.getByRole('button', {name: 'Correct it'}).press('Enter');
	await page.waitForURL(/\/case$/);
	assert.equal(ok(await admin.get(`/v1/requests/${id}`), 200).state, 'UNDER_ASSESSMENT', 'and nothing is struck out');
	ok(await admin.post(`/v1/requests/${id}/proposals`, {event: 'REFUSE', on: '2026-11-20', grounds: [{matter: 'H', text: 'The school needs it.'}]}));
	const approve = async () => {
		await two.page.goto(`${reg.url}/requests/${id}/case`);
		await Promise.all([two.page.waitForNavigation(), two.page.getByRole('button', {name: /Approve/}).click()]);
	};
	await approve();
	await page.goto(`${reg.url}/requests/${id}/case`);
	await page.getByRole('link', {name: /Correct this ?: The authority refused/}).press('Enter');
	await page.getByLabel('What happened was').selectOption('AGREE');
	await page.getByRole('button', {name: 'Show its fields'}).press('Enter');
	await page.getByLabel('Terms and conditions').fill('As asked for.');
	await page.getByText('How each matter was weighed').click();
	for (const {matter, text} of MATTERS)
		await page.locator(`textarea[id^=weighed-][name=matter_${matter}]`).fill(text);
	await page.getByLabel('Why it is corrected').fill('The other decision was meant');
	await page.getByRole('button', {name: 'See what it would change'}).press('Enter');
	await page.getByRole('row', {name: /^Offer \(K18\) none 20 May 2027/}).waitFor();
	await page.getByRole('button', {name: 'Propose the correction'}).press('Enter');
	await page.getByText('To correct a decision').waitFor();
	assert.equal(ok(await admin.get(`/v1/requests/${id}`), 200).state, 'REFUSED');
	await approve();
	assert.equal(ok(await admin.get(`/v1/requests/${id}`), 200).state, 'AGREED');
	await two.page.goto(`${reg.url}/requests/${id}/case`);
	await two.page.getByRole('link', {name: /Correct this ?: The authority agreed/}).click();
	await assertAccessible(two.page, 'a correction');
	const open = await newPage();
	assert.equal((await open.page.goto(two.page.url())).status(), 403, 'the officers alone');
	assert.deepEqual([...one.complaints, ...two.complaints], []);
	for (const view of [one, two, open])
		await view.context.close();
});

test('an act that is refused comes back as it was filled in, its faults at their fields, without script too', async () => {
	const id = await ask();
	for (const [event, more] of [['VALIDATE', {}], ['NOTICES_ISSUED', {representations_close_on: '2026-10-29'}]])
		ok(await admin.post(`/v1/requests/${id}/events`, {event, on: '2026-10-01', ...more}));
	const view = await signIn(officer.key), {page, context} = view;
	await page.goto(`${reg.url}/requests/${id}/case`);
	const step = page.locator('#step-AGREE'), form = step.getByRole('form');
	await step.locator('summary').first().click();
	await form.getByLabel('Terms and conditions').fill('To keep it <open>.');
	await form.getByLabel('Price in pounds').fill('a song');
	await form.getByLabel('Date of the decision notice').fill('2026-11-02');
	await form.getByText('How each matter was weighed').click();
	await form.locator('#weighed-AGREE-A').fill('It weighs much.');
	await send(form.getByRole('button', {name: /^Propose it/}));
	assert.equal(await form.getByLabel('Terms and conditions').inputValue(), 'To keep it <open>.');
	assert.equal(await form.getByLabel('Date of the decision notice').inputValue(), '2026-11-02');
	assert.equal(await form.locator('#weighed-AGREE-A').inputValue(), 'It weighs much.');
	assert.equal(await form.getByLabel('Price in pounds').getAttribute('aria-invalid'), 'true');
	assert.match(await form.locator('#in-AGREE-price_pounds-error').innerText(), /This is no amount/);
	await page.getByRole('alert').getByRole('link', {name: /^Price in pounds: This is no amount/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'in-AGREE-price_pounds');
	await assertAccessible(page, 'an act that was refused');
	assert.deepEqual(ok(await admin.get(`/v1/requests/${id}/case`), 200).proposals, []);

	// Somebody else is faster: it can happen no more, and what was typed is still there.
	const longer = page.locator('#step-EXTEND');
	await longer.locator('summary').first().click();
	await longer.getByLabel('The day until which').fill('2027-08-02');
	ok(await admin.post(`/v1/requests/${id}/events`, {event: 'WITHDRAW', on: '2026-11-20'}));
	await send(longer.getByRole('button', {name: /^Record it/}));
	assert.match(await page.getByRole('alert').innerText(), /state does not allow this event/);
	assert.ok(await page.locator('main .ds_tag', {hasText: 'Withdrawn'}).isVisible());
	assert.equal(await longer.getByLabel('The day until which').inputValue(), '2027-08-02');
	await assertAccessible(page, 'an act that can happen no more');
	assert.deepEqual(view.complaints.filter(c => !/status of 4(09|22)/.test(c)), []);
	await context.close();

	const other_id = await ask();
	const wrong = await signIn(officer.key);
	await wrong.page.goto(`${reg.url}/requests/${id}/case`);
	await send(wrong.page.getByRole('link', {name: /^Correct this ?: The authority validated/}));
	await wrong.page.locator('#on').fill('2027-01-04');
	await wrong.page.locator('#reasons').fill('Typed in <wrongly>.');
	await send(wrong.page.getByRole('button', {name: 'See what it would change'}));
	assert.ok(await wrong.page.getByRole('alert').isVisible());
	assert.equal(await wrong.page.locator('#on').inputValue(), '2027-01-04');
	assert.equal(await wrong.page.locator('#reasons').inputValue(), 'Typed in <wrongly>.');
	await assertAccessible(wrong.page, 'a correction that was refused');
	await wrong.context.close();

	const plain = await signIn(officer.key, {script: false});
	await plain.page.goto(`${reg.url}/requests/${other_id}/case`);
	await plain.page.locator('#note').fill('  \u202e ');
	await send(plain.page.getByRole('button', {name: 'Note it'}));
	assert.ok(await plain.page.getByRole('alert').isVisible());
	assert.match(await plain.page.getByRole('alert').getByRole('link').first().getAttribute('href'), /#note$/);
	assert.match(await plain.page.locator('#note').inputValue(), /\u202e/);
	await plain.context.close();
});
