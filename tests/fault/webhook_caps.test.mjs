// How much may be under way at one time, to receivers that take what they are sent and do not answer: to one webhook, to one
// machine and in all. What is beyond that waits, and comes once they answer.

import assert from 'node:assert/strict';
import net from 'node:net';
import {after, test} from 'node:test';
import {ok, startRegister, until} from '../harness/index.mjs';

const WEBHOOK = 16, MACHINE = 32, ALL = 1024; // the most under way
const EVENTS = WEBHOOK + 4;

/** A receiver at every address of this machine. While it holds, calls get the beginning of an answer: more time is left for the rest than for that. */
async function startReceiver() {
	const r = {isHolding: true, isSilent: false, held: [], came: new Map()}, sockets = new Set();
	const answer = (socket, body = '') => socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
	const take = (socket, path, json) => {
		socket.write('HTTP/1.1 200 OK\r\n');
		if (json.type === 'endpoint.ping')
			return r.isSilent ? r.held.push({path, answer: () => answer(socket, json.data.nonce)}) : answer(socket, json.data.nonce);
		r.came.set(path, [...r.came.get(path) ?? [], json.id]);
		return r.isHolding ? r.held.push({path, answer: () => answer(socket)}) : answer(socket);
	};
	const server = net.createServer(socket => {
		let text = '';
		sockets.add(socket.on('error', () => {}).on('data', part => {
			text += part;
			const head = text.indexOf('\r\n\r\n'), length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
			if (head < 0 || Buffer.byteLength(text.slice(head + 4)) < length)
				return;
			const path = /^POST (\S+)/.exec(text)[1], json = JSON.parse(text.slice(head + 4));
			text = '';
			take(socket, path, json);
		}));
	});
	await new Promise(resolve => server.listen({port: 0, host: '0.0.0.0', backlog: 4096}, resolve));
	return Object.assign(r, {
		port: server.address().port,
		hold() {
			Object.assign(r, {isHolding: true, held: [], came: new Map()});
		},
		release() {
			r.isHolding = r.isSilent = false;
			r.held.splice(0).forEach(one => one.answer());
		},
		stop() {
			sockets.forEach(socket => socket.destroy());
			return new Promise(resolve => server.close(resolve));
		},
	});
}

const reg = await startRegister();
const receiver = await startReceiver();
after(async () => {
	receiver.release();
	await reg.stop();
	await receiver.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Patient Council', kind: 'COUNCIL', code: 'PC'}));
let set = 0, ahead_h = 0;

async function tell() {
	const body = `AssetCode,PropertyName\n${Array.from({length: EVENTS}, (_, i) => `E${set}-${i},Hall ${set}-${i}\n`).join('')}`;
	const list = ok(await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${council.id}`, {headers: {'content-type': 'text/csv'}, body}));
	ok(await reg.admin.post(list.links.apply), 200);
}

/** So many are under way, and after another look at what there is to send not one more. */
async function fills(most) {
	await until(() => receiver.held.length >= most, {what: `${most} to be under way`});
	const metric = async name => (await reg.daemon.metrics())[`assetd_webhook_${name}`];
	reg.daemon.setClock(new Date(Date.now() + (ahead_h += set) * 3_600_000).toISOString()); // further than the last time, of which the gauge may still tell
	await until(async () => await metric('oldest_seconds') >= set * 3600, {what: 'another look'});
	assert.deepEqual([await metric('in_flight'), receiver.held.length], [most, most]);
}

/** `webhooks` of each of so many machines are told of so many events that they take no more than `most` at one time. */
async function assertCapped({machines, webhooks, most}) {
	const paths = [], ids = [];
	set++;
	receiver.hold();
	for (let machine = 1; machine <= machines; machine++) {
		for (let n = 0; n < webhooks; n++) {
			paths.push(`/${set}/${machine}/${n}`);
			ids.push(ok(await reg.admin.post('/v1/webhooks', {url: `http://127.0.1.${machine}:${receiver.port}${paths.at(-1)}`, types: ['asset.created'], timeout_s: 30})).id);
		}
	}
	await until(async () => (await reg.sql(`select from assetd.webhook where state <> 'ACTIVE' and removed_at is null`)).length === 0, {what: 'all to be active'});
	await tell();
	await fills(most);
	receiver.release();
	await until(() => paths.every(path => receiver.came.get(path)?.length === EVENTS), {what: 'all to come', deadline_ms: 60_000});
	assert.ok(paths.every(path => new Set(receiver.came.get(path)).size === EVENTS), 'each once');
	for (const id of ids)
		assert.equal((await reg.admin.delete(`/v1/webhooks/${id}`, {match: (await reg.admin.get(`/v1/webhooks/${id}`)).headers.etag})).status, 204);
}

test('W-32: sixteen to one webhook', () => assertCapped({machines: 1, webhooks: 1, most: WEBHOOK}));

test('W-32: thirty-two to one machine, however many webhooks lead there', () => assertCapped({machines: 1, webhooks: 3, most: MACHINE}));

test('W-32: a thousand and twenty-four in all', () => assertCapped({machines: ALL / MACHINE + 1, webhooks: MACHINE / WEBHOOK, most: ALL}));

test('W-32 W-35: those that are asked whether they want to be called have half the places of a machine, and events the other', async () => {
	const made = [], at = async path => made.push(ok(await reg.admin.post('/v1/webhooks', {url: `http://127.0.2.1:${receiver.port}${path}`, types: ['asset.created'], timeout_s: 30})).id);
	const active = n => until(async () => (await reg.sql(`select from assetd.webhook where state = 'ACTIVE' and removed_at is null`)).length === n, {what: `${n} to be active`});
	receiver.release();
	await at('/well');
	await active(1);
	receiver.hold();
	Object.assign(receiver, {isHolding: false, isSilent: true});
	for (let n = 0; n < 2 * MACHINE; n++)
		await at(`/silent/${n}`);
	await until(() => receiver.held.length >= WEBHOOK, {what: 'half the places to be taken'});
	set++;
	await tell();
	await until(() => receiver.came.get('/well')?.length === EVENTS, {what: 'events to come', deadline_ms: 20_000});
	assert.equal(receiver.held.length, WEBHOOK);
	receiver.release();
	await active(made.length);
});
