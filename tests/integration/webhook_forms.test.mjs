// In which forms an event is sent: each payload in each envelope, as it is, and too large to be sent whole.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startHooks, startRegister, verify} from '../harness/index.mjs';

const WHOLE = 20_480; // bytes of the largest event that is sent whole

const reg = await startRegister();
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Formed Council', kind: 'COUNCIL', code: 'FC'}));

async function asset(notes) {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED', notes});
	return ok(reply) && reply.headers['event-id'];
}
const told = async event => (await reg.admin.get(`/v1/events/${event}`)).text;
const bytes = async event => Buffer.byteLength(await told(event));

test('W-50 W-51: whole up to 20 KiB, to the byte, and thin beyond, in either envelope', async () => {
	const forms = [];
	for (const payload of ['FULL', 'THIN']) {
		for (const envelope of ['STANDARD', 'CLOUDEVENTS'])
			forms.push({payload, envelope, ...await hooks.receiver({payload, envelope})});
	}
	const least = await bytes(await asset('x'));
	const small = await asset('a short note'), most = await asset('€'.repeat(6000) + 'x'.repeat(WHOLE - least + 1 - 18_000));
	assert.equal(await bytes(most), WHOLE, 'as large as may be');
	const large = await asset('€'.repeat(6000) + 'x'.repeat(WHOLE - least + 2 - 18_000));
	assert.equal(await bytes(large), WHOLE + 1);
	for (const {payload, envelope, ...r} of forms) {
		await r.came([small, most, large]);
		for (const event of [small, most, large]) {
			const [d] = r.of(event), feed = JSON.parse(await told(event));
			const what = `${payload} ${envelope} ${event === small ? 'small' : event === most ? 'most' : 'large'}`;
			const isWhole = payload === 'FULL' && event !== large, self = `/v1/events/${event}`;
			verify(r.hook.secret, d);
			assert.equal(d.headers['content-type'], envelope === 'STANDARD' ? 'application/json' : 'application/cloudevents+json', what);
			assert.ok(d.body.length <= WHOLE + 512, what);
			if (envelope === 'CLOUDEVENTS')
				assert.deepEqual([d.json.id, d.json.sequence, d.json.time, d.json.data], [event, String(feed.position), feed.occurred_at, isWhole ? feed.data : {self}], what);
			else if (isWhole)
				assert.equal(d.text, await told(event), what);
			else
				assert.deepEqual([d.json.id, d.json.subject_seq, d.json.data, d.json.links], [event, feed.subject_seq, undefined, {self}], what);
			assert.deepEqual(JSON.parse((await reg.admin.get(self)).text), feed, 'where a thin one leads');
		}
	}
	for (const {remove} of forms)
		await remove();
});
