// What many webhooks want alike is found out once: how often an event is held against a filter, and that nothing of a filter
// that is gone is remembered for the one that comes after it. A filter is held against what is read.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startHooks, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
const hooks = startHooks(reg);
const held = []; // answers that somebody waits for
after(async () => {
	held.forEach(answer => answer());
	await reg.stop();
	await hooks.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Choosy Council', kind: 'COUNCIL', code: 'CC'}));
let made = 0;
async function asset(more) {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED', ...more});
	return ok(reply) && reply.headers['event-id'];
}
const filtered = async () => (await reg.daemon.metrics()).assetd_webhook_filtered_total ?? 0;

test('W-53: an event is held against each filter once, however many webhooks have it and in whatever order they say it', async () => {
	const alike = [
		[{filter: {where: ['/class=HALL', '/tenure=OWNED']}}, {filter: {where: ['/tenure=OWNED', '/class=HALL']}}],
		[{types: ['asset.created', 'asset.valued'], filter: {where: ['/tenure=OWNED']}}, {types: ['asset.valued', 'asset.created'], filter: {where: ['/tenure=OWNED']}}],
		[{filter: {authority_id: council.id, where: ['/tenure=OWNED']}}],
	];
	const all = [];
	for (let n = 0; n < 12; n++) {
		const which = alike[n % alike.length];
		all.push(await hooks.receiver(which[Math.floor(n / alike.length) % which.length], undefined, all[0]?.sink));
	}
	// The first and the last of them are wanted by all, so that whoever has got them has looked at all before.
	const told = async more => {
		const event = await asset(more);
		await until(() => all[0].of(event).length >= all.length, {what: 'it to come to all'});
	};
	await told();
	const before = await filtered();
	const events = 20;
	for (let n = 1; n < events; n++)
		await asset({class: n % 2 ? 'DEPOT' : 'HALL', tenure: n % 3 ? 'OWNED' : 'LEASED_IN'});
	await told();
	assert.equal(await filtered() - before, events * alike.length);
	for (const r of all)
		await r.remove();
});

test('W-53: a filter that takes the place of another knows nothing of what that one wanted', async () => {
	const quick = await hooks.receiver({types: ['asset.created'], filter: {where: ['/class=HALL']}});
	const slow = await hooks.receiver({types: ['asset.created'], mode: 'STRICT', filter: {where: ['/tenure=OWNED']}}, () => new Promise(answer => held.push(answer)));
	const halls = [await asset(), await asset(), await asset()];
	await quick.came(halls);
	await until(() => held.length === 1, {what: 'the first to be on its way'});
	// Its first filter is nobody's any more; the one that takes its place is both their filter, and the halls are still in memory.
	await quick.patch({filter: {where: ['/class=DEPOT']}});
	const depot = await asset({class: 'DEPOT'});
	await quick.came(depot);
	await slow.patch({filter: {where: ['/class=DEPOT']}});
	slow.respond = () => undefined;
	held.splice(0).forEach(answer => answer());
	await slow.came(depot);
	assert.deepEqual([...new Set(slow.ids())], [halls[0], depot]);
	await quick.remove();
	await slow.remove();
});

test('W-53: a filter fits what reads the same, however the letters of either are composed', async () => {
	const name = 'Talla Ghrèideig', composed = name.normalize('NFC'), apart = name.normalize('NFD');
	assert.notEqual(composed, apart);
	let all = 0;
	for (const typed of [composed, apart]) {
		const r = await hooks.receiver({types: ['asset.created'], filter: {where: [`/name=${typed}`]}});
		const wanted = [await asset({name: composed}), await asset({name: apart})];
		await asset({name: 'Talla Ghreideig'});
		wanted.push(await asset({name: composed}));
		await r.came(wanted);
		assert.deepEqual(r.ids().sort(), wanted.sort(), 'and no other');
		assert.deepEqual((await r.show()).filter.where, [`/name=${typed}`], 'it stands as it was typed');
		all += wanted.length;
		await until(async () => ok(await reg.admin.post(`/v1/webhooks/${r.id}/recoverable`, {only: 'ALL'}), 200).count === all, {what: `${all} that could be sent again`});
		await r.remove();
	}
});

test('W-53: a mark behind a line break, as anybody may write one, takes no event from anybody', async () => {
	const r = await hooks.receiver({types: ['asset.created'], filter: {where: ['/class=DEPOT']}});
	const marked = ['\u0303', '\u0308'].map(mark => `Talla Ghrèideig\n${mark}"${mark}\\${mark}\\n${mark}`);
	const wanted = [];
	for (const address of marked)
		wanted.push(await asset({class: 'DEPOT', address}));
	wanted.push(await asset({class: 'DEPOT'}));
	await r.came(wanted);
	assert.deepEqual(wanted.slice(0, 2).map(event => r.of(event)[0].json.data.address), marked, 'and each is sent as it was written');
	await r.remove();
});
