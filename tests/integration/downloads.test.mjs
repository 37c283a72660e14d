// How far a file is, on the page of whoever is being sent it: rows sent of rows there are, true at each moment, to its end or to
// where it was cut off; nobody else's business.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, multiply, openSession, readSlowly, startRegister, until} from '../harness/index.mjs';

// More than the buffers between the daemon and a client that does not read can hold, which is some 10 MB.
const ASSETS = 12000, ITEM_BYTES = 4000;

const reg = await startRegister();
after(() => reg.stop());

let own, other, council;
before(async () => {
	council = (await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'S12999908'})).json.id;
	const {id} = (await reg.admin.post('/v1/assets', {authority_id: council, name: 'Hall', class: 'HALL', tenure: 'OWNED', notes: 'n'.repeat(ITEM_BYTES)})).json;
	await multiply(reg, id, ASSETS);
	const session = async () => openSession(reg.url, (await makeKey(reg, {roles: {[council]: ['ESTATES']}})).key);
	[own, other] = [await session(), await session()];
});

const openSlowly = (path = '/downloads/assets?format=ndjson', field = `Cookie: ${own.cookie}`) => readSlowly(reg, path, field);

const number = text => Number(text.replaceAll(',', ''));

/* What the page tells of files, the newest first. */
async function files(session = own) {
	const reply = await session.get('/downloads');
	assert.equal(reply.status, 200, reply.text);
	const all = reply.text.split('<li><strong>').slice(1).map(li => {
		const [, rows, of] = /<p>([\d,]+)(?: of ([\d,]+))? lines/.exec(li), bar = /<progress [^>]*max="(\d+)" value="(\d+)"/.exec(li);
		return {name: li.split('<')[0], state: /ds_tag--\w+">([^<]+)</.exec(li)[1], rows: number(rows), of: of === undefined ? null : number(of),
			bar: bar && [Number(bar[2]), Number(bar[1])]};
	});
	assert.equal(reply.headers.refresh, all.some(f => f.state === 'being sent') ? '2' : undefined);
	return all;
}
const newest = async session => (await files(session))[0];
const ended = () => until(async () => {
	const file = await newest();
	return file?.state !== 'being sent' && file;
}, {what: 'its end'});

test('who has downloaded nothing is told what would stand here, and who has not signed in is asked to', async () => {
	assert.deepEqual(await files(), []);
	assert.match((await own.get('/downloads')).text, /sent you none in the last hour/);
	const [here, keys] = [await reg.anyone.get('/downloads'), await reg.anyone.get('/keys')];
	assert.deepEqual([here.status, here.status === 200], [keys.status, false]);
});

test('the bar of a file that is read slowly is what was sent of what there is, and ends full', async () => {
	const client = await openSlowly();
	const read = async () => {
		const rows = client.rows + 1000;
		client.socket.resume();
		await until(() => client.rows >= rows, {what: 'rows received'});
		client.socket.pause();
	};
	let last = 0;
	for (let i = 0; i < 5; i++) {
		// Nothing moves any more once all buffers are full; they may take more than is read at a time.
		const file = await until(async () => {
			const [one, two] = [await newest(), await newest()];
			if (last && one.rows === last)
				await read();
			return one.rows > last && one.rows === two.rows && two;
		}, {what: 'more rows'});
		assert.deepEqual({...file, name: file.name.replace(/\d{4}-\d\d-\d\d/, 'DAY')},
			{name: 'assets-DAY.ndjson', state: 'being sent', rows: file.rows, of: ASSETS, bar: [file.rows, ASSETS]});
		assert.ok(client.rows <= file.rows && file.rows < ASSETS, `${client.rows} received, ${file.rows} sent`);
		last = file.rows;
	}
	client.socket.resume();
	await until(() => client.isOver, {what: 'the end of the file'});
	assert.equal(client.rows, ASSETS);
	assert.match(client.end, /\r\n0\r\n\r\n$/);
	const {state, rows, of, bar} = await ended();
	assert.deepEqual([state, rows, of, bar], ['sent whole', ASSETS, ASSETS, null]);
});

test('a file whose client goes away was cut off, where it was', async () => {
	const client = await openSlowly();
	await until(async () => (await newest()).state === 'being sent', {what: 'it is told of'});
	client.socket.destroy();
	const {state, rows, of, bar} = await ended();
	assert.deepEqual([state, of, bar], ['was cut off', ASSETS, null]);
	assert.ok(rows > 0 && rows < ASSETS, String(rows));
});

test('nobody is told of another\'s file, nor anybody of what nobody asked for', async () => {
	assert.deepEqual(await files(other), []);
	const before = (await files()).length;
	assert.equal((await reg.anyone.get(`/v1/assets?format=csv&q=nothing`)).status, 200);
	assert.equal((await own.get('/downloads/assets?format=pdf')).status, 400);
	assert.equal((await files()).length, before);
});

test('each form, filter and list is counted as it is sent', async () => {
	for (const format of ['csv', 'ndjson', 'xlsx', 'geojson']) {
		assert.equal((await own.get(`/downloads/assets?format=${format}`)).status, 200);
		assert.deepEqual(Object.values(await ended()).slice(1, 4), ['sent whole', ASSETS, ASSETS], format);
	}
	// How many there are is known from the start by each filter, and of then by nobody.
	for (const [query, of] of [['q=hall', ASSETS], [`authority_id=${council}`, ASSETS], ['valid_on=2026-11-01', null]]) {
		const key = (await makeKey(reg, {roles: {[council]: ['ESTATES']}})).key, session = await openSession(reg.url, key);
		const client = await openSlowly(`/downloads/assets?format=ndjson&${query}`, `Cookie: ${session.cookie}`);
		if (of) {
			const file = await newest(session);
			assert.deepEqual([file.state, file.of, file.bar?.[1]], ['being sent', of, of], query);
		}
		client.socket.destroy();
	}
	const key = (await makeKey(reg, {roles: {[council]: ['ESTATES']}})).key, session = await openSession(reg.url, key);
	const whole = await openSlowly('/v1/exports/register.ndjson', `Authorization: Bearer ${key}`), file = await newest(session);
	whole.socket.resume();
	await until(() => whole.isOver, {what: 'the whole register'});
	assert.match(whole.end, new RegExp(`\\{"kind":"end","items":${file.of}\\}`));
	assert.deepEqual(await until(async () => {
		const {state, rows} = await newest(session);
		return state === 'sent whole' && rows;
	}, {what: 'its end'}), file.of);
});

test('the forecast as a file is told of, too', async () => {
	const finance = await openSession(reg.url, (await makeKey(reg, {roles: {[council]: ['FINANCE']}})).key);
	await until(async () => (await finance.get('/downloads/forecast?format=csv')).status === 200, {what: 'the forecast'});
	for (const format of ['csv', 'xlsx']) {
		assert.equal((await finance.get(`/downloads/forecast?format=${format}`)).status, 200);
		const {name, state, rows, of} = await newest(finance);
		assert.match(name, new RegExp(`^forecast-\\d{4}-\\d\\d-\\d\\d\\.${format}$`));
		assert.ok(state === 'sent whole' && rows > 0 && rows === of, `${state} ${rows} ${of}`);
	}
});

test('a page has the newest of one person', async () => {
	for (let i = 0; i < 34; i++)
		assert.equal((await own.get('/downloads/requests?format=csv')).status, 200);
	const all = await until(async () => {
		const shown = await files();
		return shown.every(f => f.state !== 'being sent') && shown;
	}, {what: 'the ends'});
	assert.equal(all.length, 32);
	assert.ok(all.every(f => f.name.startsWith('requests-') && f.rows === 0 && f.of === 0));
});

test('a file whose database goes away was cut off', async () => {
	const client = await openSlowly();
	await until(async () => (await newest()).state === 'being sent', {what: 'it is told of'});
	await reg.cluster.stop('SIGKILL');
	client.socket.resume();
	await until(() => client.isOver, {what: 'the cut'});
	assert.doesNotMatch(client.end, /\r\n0\r\n\r\n$/);
	await reg.cluster.start();
	await until(async () => (await own.get('/downloads')).status === 200, {what: 'the database'});
	const {state, rows, of} = await ended();
	assert.deepEqual([state, of], ['was cut off', ASSETS]);
	assert.ok(rows >= client.rows && rows < ASSETS, `${client.rows} received, ${rows} sent`);
});
