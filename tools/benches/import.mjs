// bench `import`: a list of 200,000 assets by `assetctl import`: previewed, applied, and the same once more when
// nothing has changed, against a Node importer that puts row after row (no preview, no history, no undo), and
// against the limit, COPY of the same rows into a table with the same indexes. Each round loads for a council of
// its own. Lists of a hundredth and a tenth stand beside it, since a line must not cost more in a longer one.
//
// `apply` is what assetctl takes for the whole of it, preview included. The last lines but one are where the
// time goes. BENCH_ASSETS (200,000), and those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {goal, growth, interleave, machine, middle, peers, ratio, ROUNDS, say, short, TIMES} from './common.mjs';
import {profile, settle} from './sides.mjs';

const {ASSETCTL, discard, run, scratch, startRegister} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const SETTINGS = {shared_buffers: '1GB', max_wal_size: '4GB'};
const CONF = {http: {workers: 1}, log: {level: 'warn'}};
const DEADLINE = {deadline_ms: 1_800_000};
const COLUMNS = 'reference,name,class,tenure,address,postcode,uprn,easting,northing';

/* Line n of a list, no cell of which needs quotes. */
const line = n => [`R${n}`, `Community hall number ${n}`, 'HALL', 'OWNED', `${n % 140 + 1} Station Road`, 'AB10 1AB', 100_000_000 + n,
	390_000 + n % 9000, 800_000 + n % 9000].join(',');

function writeList(folder, assets) {
	const file = path.join(folder, `list-${assets}.csv`);
	fs.writeFileSync(file, `${COLUMNS}\n${Array.from({length: assets}, (_, n) => `${line(n)}\n`).join('')}`);
	return file;
}

const timed = async call => {
	const began = performance.now();
	await call();
	return (performance.now() - began) / 1000;
};

/** A register that lists are loaded into, each for another council, and a table beside it for the others. */
class Scene {
	#council = 0;

	static async start(folder) {
		const scene = new Scene();
		scene.folder = folder;
		scene.reg = await startRegister({durable: true, settings: SETTINGS, conf: CONF});
		fs.writeFileSync(path.join(folder, 'key'), `${scene.reg.adminKey}\n`, {mode: 0o600});
		scene.councils = await scene.reg.sql(`select a.id, min(p.cpp_id) as cpp_id from assetd.authority as a
			join assetd.cpp_partner as p on p.authority_id = a.id where a.kind = 'COUNCIL' group by a.id order by a.id`);
		// The columns, their rules and the indexes, and none of the triggers.
		await scene.reg.sql(`create table bench_list (like assetd.asset including defaults including generated including identity
			including constraints including indexes)`);
		await scene.reg.sql(`alter table bench_list alter column rendered set default '',
			alter column created_at set default now(), alter column updated_at set default now(), alter column effective_on set default current_date`);
		return scene;
	}

	async #load(file, council, ...words) {
		const {stdout} = await run(ASSETCTL, ['import', file, council.id, ...words], {...DEADLINE,
			env: {...process.env, ASSETD_URL: this.reg.url, ASSETD_KEY_FILE: path.join(this.folder, 'key')}});
		return JSON.parse(stdout).counts;
	}

	/* One round: what is not there yet, then what is. */
	async load(file, assets) {
		const council = this.councils[this.#council++ % this.councils.length];
		const preview = await timed(async () => assert.equal((await this.#load(file, council, 'apply=no')).create, assets));
		const apply = await timed(async () => assert.equal((await this.#load(file, council)).create, assets));
		const unchanged = await timed(async () => assert.equal((await this.#load(file, council)).same, assets));
		await settle(this.reg);
		return {preview, apply, unchanged};
	}

	async #emptied(assets, call) {
		await this.reg.sql('truncate bench_list');
		const seconds = await timed(call);
		const [{n}] = await this.reg.sql('select count(*)::int as n from bench_list');
		assert.equal(n, assets);
		return {seconds};
	}

	rowByRow(file, assets, packages) {
		const [{id, cpp_id}] = this.councils;
		return this.#emptied(assets, () => run('node', [path.join(packages, 'import.mjs'), file, this.reg.cluster.socketDir, this.reg.database,
			'bench_list', id, cpp_id], DEADLINE));
	}

	copy(file, assets) {
		const [{id, cpp_id}] = this.councils;
		const rows = `awk -F, -v OFS=, 'NR > 1 {printf "ast_%026d,${id},${cpp_id},", NR; print}' '${file}'`;
		return this.#emptied(assets, () => run('psql', ['-qX', '-h', this.reg.cluster.socketDir, '-U', 'postgres', '-d', this.reg.database,
			'-c', `\\copy bench_list (id, authority_id, cpp_id, ${COLUMNS}) from program '${rows.replaceAll('\'', '\'\'')}' with (format csv)`], DEADLINE));
	}
}

function report(rounds) {
	for (const [name, list] of Object.entries(rounds)) {
		for (const figure of Object.keys(list[0]))
			say({bench: 'import', arm: name, ...(figure !== 'seconds' && {what: figure}), seconds: short(middle(rounds, name, figure)), rounds: ROUNDS});
	}
	/* How many times ours goes into another's: over the rounds, as ratio() has it. */
	const against = (name, figure) => ratio({ours: rounds.whole.map(r => ({s: r[figure]})), [name]: rounds[name].map(r => ({s: r.seconds}))}, 's', name, 'ours');
	for (const figure of ['preview', 'apply', 'unchanged'])
		say({bench: 'import', what: figure, against: 'Node, row by row', ...goal({ratio: against('row by row', figure), least: 10})});
	say({bench: 'import', what: 'apply', limit: 'COPY with the same indexes', ...goal({ratio: against('copy', 'apply'), least: 0.7})});
	say({bench: 'import', what: 'unchanged', limit: 'COPY with the same indexes', ...goal({ratio: against('copy', 'unchanged'), least: 1.3})});
	for (const figure of ['preview', 'apply', 'unchanged']) {
		const grown = growth(rounds, figure, 'hundredth', 'whole', 100);
		say({bench: 'import', what: figure, against: 'a list of a hundredth', growth: grown, goal: '<= 1.1', met: grown <= 1.1});
	}
}

async function main() {
	const folder = scratch();
	const scene = await Scene.start(folder);
	try {
		const packages = await peers();
		const lists = Object.fromEntries(TIMES.map(times => [times, writeList(folder, Math.ceil(ASSETS * times / 100))]));
		const loaded = times => () => scene.load(lists[times], Math.ceil(ASSETS * times / 100));
		report(await interleave({
			whole: loaded(100), 'row by row': () => scene.rowByRow(lists[100], ASSETS, packages), copy: () => scene.copy(lists[100], ASSETS),
			tenth: loaded(10), hundredth: loaded(1),
		}, arm => arm()));
		const {daemon_us, postgres_us, functions} = await profile(scene.reg, async () => {
			await loaded(10)();
			return {requests: Math.ceil(ASSETS / 10)};
		});
		say({bench: 'import', profile: {of: 'a line, previewed, applied and unchanged', daemon_us, postgres_us, functions}});
		say({bench: 'import', assets: TIMES.map(t => ASSETS * t / 100), limits: 'off', durable: true, machine: machine()});
	} finally {
		await scene.reg.stop();
		discard(folder);
	}
}

await main();
