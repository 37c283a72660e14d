// What the scopes of a key take away from what its principal may see by its roles.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const made = async (path, json, options) => {
	const reply = await reg.admin.post(path, json, options);
	assert.equal(reply.status, 201, reply.text);
	return {...reply.json, event: reply.headers['event-id']};
};

test('a key without money:read is shown no money, and one without contacts:read nobody\'s address', async () => {
	const council = await made('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'});
	const asset = await made('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'});
	const valuation = await made(`/v1/assets/${asset.id}/valuations`, {amount_pence: 7654321, basis: 'MV', valued_on: '2026-04-01'});
	const body = await made(`/v1/community-bodies?authority_id=${council.id}`,
		{name: 'Trust', legal_form: 'SCIO', members: 40, contact: {name: 'Jane', email: 'jane@example.org'}});
	const request = await made('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 7654321},
		{idempotency: 'scopes'});
	const money = [`/v1/assets/${asset.id}/valuations`, `/v1/assets/${asset.id}/valuations/${valuation.id}`, `/v1/requests/${request.id}`,
		`/v1/events/${valuation.event}`, `/v1/events/${request.event}`, `/v1/assets/${asset.id}/history`, `/v1/requests/${request.id}/history`];
	const contact = `/v1/community-bodies/${body.id}`;
	const roles = {[council.id]: ['FINANCE', 'ESTATES']};
	const client = async scopes => reg.admin.as((await makeKey(reg, {roles, scopes})).key);
	const wide = await client(['money:read', 'contacts:read']), narrow = await client(['assets:read']);
	await until(async () => (await reg.admin.get(`/v1/events/${request.event}`)).status === 200, {what: 'the feed to have it'});
	for (const path of money) {
		assert.match((await wide.get(path)).text, /7654321/, path);
		const reply = await narrow.get(path);
		assert.equal(reply.status, 200, path);
		assert.doesNotMatch(reply.text, /7654321/, path);
	}
	assert.match((await wide.get(contact)).text, /jane@/);
	assert.doesNotMatch((await narrow.get(contact)).text, /jane@/);
});
