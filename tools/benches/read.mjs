// bench `read`: a keyed GET of one asset out of 200,000 from the database, with authentication,
// 64 connections, against Fastify + pg on the same rows, against the best we know of for Node,
// and against the limit, our own HTTP layer answering from memory. Registers of a hundredth and a
// tenth of the size stand beside it, since a read must not cost more in a larger one.
//
// Each line of output is one JSON object. Rate limits are off. BENCH_ASSETS (200,000), and those
// of common.mjs.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say, TIMES, wrk, wrkScript} from './common.mjs';
import {assetId} from './register.mjs';
import {startFilled, startPeer, startSizes} from './sides.mjs';

const {discard, request, scratch} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const CONNECTIONS = 64;
// What our HTTP layer holds in memory: the file nearest in size to an item.
const FROM_MEMORY = /"(\/a\/init\.[0-9a-f]+\.js)"/;

/* wrk's request: a random asset each time, with a key. */
function anyAsset(key, assets) {
	return `function request()
	return wrk.format("GET", "/v1/assets/ast_" .. string.format("%026d", math.random(1, ${assets})), {["Authorization"] = "Bearer ${key}"})
end`;
}

/* Every field that a peer sends is ours too, and the same. → bytes of a body by arm */
async function compareBodies(arms, key) {
	const bytes = {};
	for (const n of [1, Math.ceil(ASSETS / 2), ASSETS]) {
		const read = async name => (await request(`${arms[name].url}/v1/assets/${assetId(n)}`, {key, agent: false}));
		const ours = await read('assetd');
		bytes.assetd = ours.bytes.length;
		for (const name of ['columns', 'passthrough']) {
			const theirs = await read(name);
			bytes[name] = theirs.bytes.length;
			assert.ok(Object.keys(theirs.json).length >= 18);
			for (const [field, value] of Object.entries(theirs.json)) {
				const same = field.endsWith('_at') ? Date.parse(value) === Date.parse(ours.json[field]) : value === ours.json[field];
				assert.ok(same, `${field} of ${name}: ${value}, ours ${ours.json[field]}`);
			}
		}
	}
	return bytes;
}

function report(rounds, bytes) {
	for (const name of Object.keys(rounds))
		say({bench: 'read', arm: name, rps: Math.round(middle(rounds, name, 'rps')), p50_ms: middle(rounds, name, 'p50_ms'),
			p99_ms: middle(rounds, name, 'p99_ms'), body_bytes: bytes[name], rounds: ROUNDS});
	const against = (name, least) => goal({ratio: ratio(rounds, 'rps', 'assetd', name), least});
	say({bench: 'read', against: 'Fastify + pg', ...against('columns', 8)});
	say({bench: 'read', against: 'Fastify passing row_to_json on', ...against('passthrough', 5)});
	say({bench: 'read', against: 'p99 of Fastify + pg', ...goal({ratio: ratio(rounds, 'p99_ms', 'assetd', 'columns'), most: 0.167})});
	say({bench: 'read', limit: 'our HTTP layer answering from memory', ...against('memory', 0.5)});
	say({bench: 'read', against: 'a register of a hundredth', growth: growth(rounds, 'seconds', 'hundredth', 'assetd', 100), goal: '<= 0.1',
		met: growth(rounds, 'seconds', 'hundredth', 'assetd', 100) <= 0.1});
	say({bench: 'read', assets: TIMES.map(t => ASSETS * t / 100), connections: CONNECTIONS, limits: 'off', bodies: 'compared', machine: machine()});
}

async function main() {
	const folder = scratch();
	const children = [];
	const {hundredth, tenth, whole, stop} = await startSizes(ASSETS, startFilled);
	try {
		const arms = {assetd: {url: whole.url}};
		const keyHash = createHash('sha256').update(whole.adminKey).digest('hex');
		for (const kind of ['columns', 'passthrough']) {
			arms[kind] = await startPeer({program: 'read.mjs', args: [kind, keyHash], reg: whole, target: `/v1/assets/${assetId(1)}`, key: whole.adminKey, folder});
			children.push(arms[kind].child);
		}
		const bytes = await compareBodies(arms, whole.adminKey);
		const [, memory] = FROM_MEMORY.exec((await whole.anyone.get('/')).text);
		bytes.memory = (await whole.anyone.get(memory)).bytes.length;
		for (const arm of Object.values(arms))
			arm.script = wrkScript(folder, 'any', anyAsset(whole.adminKey, ASSETS));
		arms.memory = {url: whole.url + memory, script: wrkScript(folder, 'memory')};
		for (const [name, reg, times] of [['tenth', tenth, 10], ['hundredth', hundredth, 1]])
			arms[name] = {url: reg.url, script: wrkScript(folder, name, anyAsset(reg.adminKey, Math.ceil(ASSETS * times / 100)))};
		const rounds = await interleave(arms, async arm => {
			const got = await wrk(arm.url, arm.script, CONNECTIONS);
			return {...got, seconds: 1 / got.rps};
		});
		report(rounds, bytes);
	} finally {
		for (const child of children)
			await child.stop('SIGTERM', 5_000);
		await stop();
		discard(folder);
	}
}

await main();
