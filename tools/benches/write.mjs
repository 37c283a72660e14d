// bench `write`: one valuation of one asset of 200,000, any of them: POST with an Idempotency-Key, 64
// connections, each answered when it is on the disk with its change, its history and its kept answer; against
// pgbench with 8 connections that sends the very statements that the daemon sends (sql/queries), each of the two
// batches in one pipeline. Registers of a hundredth and a tenth of the size stand beside it.
//
// The feed and the projector run meanwhile, on both sides, as they would. The last line but one is where the time
// goes. Rate limits are off. BENCH_ASSETS (200,000), and those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say, TIMES, wrk, wrkScript} from './common.mjs';
import {pgbench, profile, settle, startFilled, startSizes} from './sides.mjs';

const {discard, scratch, TREE} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const VALUATION = {basis: 'MV', valued_on: '2026-11-20', restricted: true, amount_pence: 12_500_000};
let scripts = 0;

/* wrk's request: another key each time, for any of the assets. */
const anyValuation = (key, assets) => `local n = 0
wrk.method = "POST"
wrk.body = ${JSON.stringify(JSON.stringify(VALUATION))}
wrk.headers["Authorization"] = "Bearer ${key}"
wrk.headers["Content-Type"] = "application/json"
math.randomseed(${++scripts})
function request()
	n = n + 1
	wrk.headers["Idempotency-Key"] = "bench-${process.pid}-${scripts}-" .. os.time() .. "-" .. n
	return wrk.format("POST", "/v1/assets/ast_" .. string.format("%026d", math.random(1, ${assets})) .. "/valuations")
end`;

/* A statement of the daemon's with expressions for its parameters, as pgbench takes it. */
function statement(name, ...values) {
	const text = fs.readFileSync(path.join(TREE, `sql/queries/${name}.sql`), 'utf8').replace(/^--.*$/gm, '').trim();
	return `${text.replace(/\$(\d+)/g, (_, n) => values[n - 1])};`;
}

/* What POST /v1/assets/{id}/valuations sends, in its order. */
function valuationScript(folder, who) {
	const id = `lpad((:n)::text, 26, '0')`, fresh = `lpad((:k)::text, 26, '0')`, key = `'pgbench-' || (:k)::text`;
	// A blank behind each colon, or it would be a variable of pgbench's.
	const body = `'${JSON.stringify({...VALUATION, valuer: null, effective_on: '2026-11-20'}).replaceAll(':', ': ')}'::jsonb`;
	const actor = statement('actor_set', `'${who.principal_id}'`, `'${who.id}'`, `'req_' || ${fresh}`, 'clock_timestamp()', 'current_date', '10000', `''`, 'true');
	const read = [actor, statement('idempotency_find', key), statement('asset_owner_show', `'ast_' || ${id}`)];
	const write = [actor, statement('idempotency_begin', key, `sha256((${key})::bytea)`),
		statement('asset_move', `'ast_' || ${id}`, 'null::text', 'current_date'),
		statement('valuation_insert', `'val_' || ${fresh}`, `'ast_' || ${id}`, body),
		statement('change_write', `'evt_' || ${fresh}`, `'asset.valued'`, `'ast_' || ${id}`, 'null::int',
			`(select authority_id::text from asset where id = 'ast_' || ${id})`, `'ast_' || ${id}`,
			`${body} || jsonb_build_object('valuation_id', 'val_' || ${fresh})`, 'null::jsonb', body, `'{amount_pence}'::text[]`, 'null::text', 'null::text'),
		statement('store_end', `'val'`, `'val_' || ${fresh}`, '201', key)];
	const file = path.join(folder, 'write.sql');
	fs.writeFileSync(file, [`\\set n random(1, ${ASSETS})`, '\\set k random(1, 1000000000000000)', '\\startpipeline', ...read, '\\endpipeline',
		'\\startpipeline', ...write, '\\endpipeline', ''].join('\n'));
	return file;
}

/* Each answer is a valuation, its change and its kept answer; pgbench's as well. */
async function counts(reg) {
	const [row] = await reg.sql(`select (select count(*)::int from assetd.valuation) as valuations,
		(select count(*)::int from assetd.change where type = 'asset.valued') as changes,
		(select count(*)::int from assetd.idempotency_key where status = 201) as keys`);
	return row;
}

async function assertWhole(reg, requests, call) {
	const before = await counts(reg), got = await call(), after = await counts(reg);
	const made = after.valuations - before.valuations;
	// When wrk stops counting, each of its 64 connections has one under way, and may have begun another.
	assert.ok(made >= requests(got) && made <= requests(got) + 128, `${made} valuations of ${requests(got)} requests`);
	assert.equal(after.changes - before.changes, made);
	assert.equal(after.keys - before.keys, made);
	return got;
}

function report(rounds) {
	for (const name of Object.keys(rounds))
		say({bench: 'write', arm: name, rps: Math.round(middle(rounds, name, 'rps')), p50_ms: middle(rounds, name, 'p50_ms'),
			p99_ms: middle(rounds, name, 'p99_ms'), rounds: ROUNDS});
	say({bench: 'write', against: 'pgbench sending the same statements', ...goal({ratio: ratio(rounds, 'rps', 'assetd', 'pgbench'), least: 1})});
	const grown = growth(rounds, 'seconds', 'hundredth', 'assetd', 100);
	say({bench: 'write', against: 'a register of a hundredth', growth: grown, goal: '<= 0.1', met: grown <= 0.1});
}

async function main() {
	const folder = scratch();
	const sizes = await startSizes(ASSETS, assets => startFilled(assets, {durable: true}));
	try {
		const {whole} = sizes;
		const [who] = await whole.sql('select id, principal_id from assetd.api_key');
		const ourArm = (reg, assets) => ({reg, measure: () => wrk(reg.url, wrkScript(folder, 'write', anyValuation(reg.adminKey, assets), {isTold: true}))});
		const arms = {
			assetd: ourArm(whole, ASSETS),
			pgbench: {reg: whole, measure: () => pgbench(whole, valuationScript(folder, who), {user: 'assetd_api'})},
			tenth: ourArm(sizes.tenth, Math.ceil(ASSETS / 10)), hundredth: ourArm(sizes.hundredth, Math.ceil(ASSETS / 100)),
		};
		const rounds = await interleave(arms, async ({reg, measure}) => {
			const got = await assertWhole(reg, r => r.requests, measure);
			await settle(reg);
			return {...got, seconds: 1 / got.rps};
		});
		report(rounds);
		const {daemon_us, postgres_us, functions} = await profile(whole, arms.assetd.measure);
		say({bench: 'write', profile: {daemon_us, postgres_us, functions}});
		say({bench: 'write', assets: TIMES.map(t => ASSETS * t / 100), connections: 64, limits: 'off', durable: true, machine: machine()});
	} finally {
		await sizes.stop();
		discard(folder);
	}
}

await main();
