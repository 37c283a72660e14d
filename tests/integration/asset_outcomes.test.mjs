// The outcome tree of an asset over HTTP: weighed by their chances its leaves are the figures of the forecast, in every
// scenario and track; what is sold has none, and nobody sees them who may not read the money.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, openSession, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg), {write} = forecast;
const made = {};
const projection = async asset => ok(await reg.admin.get(`/v1/assets/${asset.id}/projection`), 200);

/* Sums of chance times amount by quarter, in pence, of the leaves of a kind. */
function weighed(outcomes, scenario, track, branch, amount) {
	const sums = {};
	for (const one of outcomes) {
		if (one.scenario !== scenario || one.track !== track || one.branch !== branch)
			continue;
		for (const leaf of one.leaves)
			sums[leaf.quarter] = (sums[leaf.quarter] ?? 0) + leaf.probability_ppb * leaf[amount] / 1e9;
	}
	return sums;
}

before(async () => {
	made.council = await write(reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
	made.hall = await forecast.asset({authority_id: made.council.id, name: 'Hall'}, {amount: 20000001, plan: {planned_on: '2027-06-15'}});
	const body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	for (const n of [1, 2])
		await write(reg.admin.post('/v1/requests', {asset_id: made.hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: `2026-10-0${n}`,
			offer_pence: 5000000 * n}, {idempotency: `outcomes-${n}`}));
});

test('weighed, the leaves are the cells', async () => {
	const {asset, outcomes} = await projection(made.hall);
	let looked = 0;
	for (const [scenario, {baseline, adjusted, p_market_ppb, p_transfer_ppb}] of Object.entries(asset.scenarios)) {
		for (const [track, cells] of [['BASELINE', baseline], ['ADJUSTED', adjusted]]) {
			for (const [branch, amount, line] of [['MARKET', 'gross_pence', 'GM'], ['MARKET', 'cost_pence', 'CM'], ['REQUEST', 'gross_pence', 'GT'],
				['REQUEST', 'cost_pence', 'CT']]) {
				const sums = weighed(outcomes, scenario, track, branch, amount);
				for (const [quarter, cell] of Object.entries(cells)) {
					assert.ok(Math.abs((sums[quarter] ?? 0) - cell[line]) <= 0.51, `${scenario} ${track} ${quarter} ${line}: ${sums[quarter]} ${cell[line]}`);
					looked++;
				}
			}
		}
		const chance = branch => outcomes.filter(o => o.scenario === scenario && o.track === 'ADJUSTED' && o.branch === branch)
			.reduce((sum, o) => sum + o.probability_ppb, 0);
		assert.deepEqual([chance('MARKET'), chance('REQUEST')], [p_market_ppb, p_transfer_ppb]);
	}
	assert.ok(looked > 50);
	for (const one of outcomes) {
		assert.equal(one.leaves.reduce((sum, leaf) => sum + leaf.probability_ppb, 0), one.probability_ppb);
		assert.equal(one.request === null, one.branch === 'MARKET');
	}
});

test('what nothing is expected of has none, nor has what is sold', async () => {
	const plain = await forecast.asset({authority_id: made.council.id, name: 'Depot'}, {amount: 1});
	assert.deepEqual((await projection(plain)).outcomes, []);
	const sold = await forecast.asset({authority_id: made.council.id, name: 'Lodge'}, {amount: 100, plan: {planned_on: '2027-06-15'}});
	await write(reg.admin.post(`/v1/assets/${sold.id}/disposals`, {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1}));
	assert.deepEqual((await projection(sold)).outcomes, []);
	const officer = await openSession(reg.url, reg.adminKey);
	assert.match((await officer.get(`/assets/${sold.id}/projection`)).text, /Nothing is expected to become of it/);
	assert.equal((await officer.get(`/assets/ast_${'0'.repeat(26)}/projection`)).status, 404);
});

test('nobody else sees them', async () => {
	for (const roles of [['VIEWER'], ['ESTATES'], ['ADMIN']]) {
		const {key} = await makeKey(reg, {roles: {[made.council.id]: roles}});
		problem(await reg.admin.as(key).get(`/v1/assets/${made.hall.id}/projection`), 403, 'forbidden');
		const page = await (await openSession(reg.url, key)).get(`/assets/${made.hall.id}/projection`);
		assert.equal(page.status, 403);
		assert.doesNotMatch(page.text, /£200,000/);
	}
});
