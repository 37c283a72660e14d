// bench `export`: 200,000 assets as CSV through HTTP, against psql's \copy of the same rows, which
// nothing checks or renders. The bodies are the same but for the ends of lines. Beside them lists of a
// hundredth and a tenth, since a row must not cost more in a longer one, and what memory it took.
//
// BENCH_ASSETS (200,000), and those of common.mjs.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say, short, TIMES} from './common.mjs';
import {startFilled, startSizes} from './sides.mjs';

const {discard, run, scratch} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const DEADLINE = {deadline_ms: 120_000};

/* What format=csv&guard=no gives, as one statement of somebody who may see everything. */
const ROWS = `select x.id, x.reference, x.name, x.class, x.tenure, x.lifecycle, x.authority_id, u.name as authority,
	export_owners(x.rendered, x.authority_id) as owners, x.cpp_id, x.locality_id, x.part_of, x.data_zone, x.decile, x.address, x.postcode,
	x.uprn, x.title_number, x.easting, x.northing, trim_scale(x.lat) as lat, trim_scale(x.lon) as lon, x.boundary, x.area_m2,
	x.common_good::text, x.in_trust::text, x.restrictions, x.lease_starts_on, x.lease_ends_on, x.checked_on, x.exempt_reason,
	x.published::text, x.notes, x.effective_on, x.version, utc(x.updated_at) as updated_at
	from asset as x join authority as u on u.id = x.authority_id where x.removed_at is null order by x.id`.replace(/\s+/g, ' ');

const timed = async call => {
	const from = process.hrtime.bigint();
	await call();
	return {seconds: Number(process.hrtime.bigint() - from) / 1e9};
};

const curl = (reg, key, file) => run('curl', ['-sSf', '-o', file, '-H', `Authorization: Bearer ${key}`, `${reg.url}/v1/assets?format=csv&guard=no`], DEADLINE);
const copy = (reg, file) => run('psql', ['-qX', '-h', reg.cluster.socketDir, '-U', 'postgres', '-d', reg.database, '-c', 'set search_path = assetd, public',
	'-c', `\\copy (${ROWS}) to '${file}' with (format csv, header)`], DEADLINE);

const hash = file => createHash('sha256').update(fs.readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).digest('hex');
const residentMiB = pid => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function main() {
	const folder = scratch();
	const {hundredth, tenth, whole, stop} = await startSizes(ASSETS, startFilled);
	try {
		const before = residentMiB(whole.daemon.process.pid);
		const [ours, theirs] = ['ours.csv', 'theirs.csv'].map(name => path.join(folder, name));
		await curl(whole, whole.adminKey, ours);
		await copy(whole, theirs);
		assert.equal(hash(ours), hash(theirs), 'the same rows in the same words');
		const bytes = fs.statSync(ours).size;
		const arms = {assetd: () => curl(whole, whole.adminKey, '/dev/null'), copy: () => copy(whole, '/dev/null'),
			tenth: () => curl(tenth, tenth.adminKey, '/dev/null'), hundredth: () => curl(hundredth, hundredth.adminKey, '/dev/null')};
		const rounds = await interleave(arms, arm => timed(arm));
		for (const name of Object.keys(arms))
			say({bench: 'export', arm: name, seconds: short(middle(rounds, name, 'seconds')), rounds: ROUNDS});
		say({bench: 'export', limit: 'psql \\copy of the same rows', ...goal({ratio: ratio(rounds, 'seconds', 'copy', 'assetd'), least: 0.8})});
		say({bench: 'export', against: 'a list of a tenth', growth: growth(rounds, 'seconds', 'tenth', 'assetd', 10), goal: '<= 1.1',
			met: growth(rounds, 'seconds', 'tenth', 'assetd', 10) <= 1.1});
		const grown = residentMiB(whole.daemon.process.pid) - before;
		say({bench: 'export', limit: 'MiB that the daemon grew by', figure: short(grown), goal: '<= 32', met: grown <= 32});
		say({bench: 'export', assets: ASSETS, bytes, bodies: 'compared', limits: 'off', load: fs.readFileSync('/proc/loadavg', 'utf8').split(' ')[0],
			machine: machine()});
	} finally {
		await stop();
		discard(folder);
	}
}

await main();
