// What the benches share: rounds that are interleaved, so that whatever disturbs the machine
// disturbs every side; ratios taken within a round; the load generator; the peers from npm.
//
// A goal that was not met is said, and is no failure: the exit code tells only whether the bench ran.
// BENCH_ROUNDS (5), BENCH_SECONDS (3) of load for each arm in a round.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const HERE = path.dirname(fileURLToPath(import.meta.url));
process.env.ASSETD_BUILD ??= path.join(HERE, '../../build/release');
process.env.ASSETD_PROJECTION_PATHS ??= '10000'; // as it is without a setting; the tests' daemons take fewer
const {TREE, run} = await import('../../tests/harness/index.mjs');

export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
/** Sizes of the thing that is meant to grow, or not to, in units of the smallest. */
export const TIMES = [1, 10, 100];

export const say = line => process.stdout.write(`${JSON.stringify(line)}\n`);
export const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
export const short = (n, digits = 3) => Number(n.toPrecision(digits));

/** What it ran on, for the last line of a bench. */
export const machine = () => ({cpus: os.cpus().length, model: os.cpus()[0].model, node: process.version});

/** measure(arm, name) of every arm in turn, ROUNDS times → {name: [figures of each round]}. */
export async function interleave(arms, measure) {
	const rounds = Object.fromEntries(Object.keys(arms).map(name => [name, []]));
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, arm] of Object.entries(arms))
			rounds[name].push(await measure(arm, name));
	}
	return rounds;
}

/** The median of a figure over the rounds. */
export const middle = (rounds, arm, figure) => median(rounds[arm].map(r => r[figure]));

/** The median over the rounds of one arm's figure divided by another's in the same round. */
export const ratio = (rounds, figure, arm, other) => median(rounds[arm].map((r, i) => r[figure] / rounds[other][i][figure]));

/** The end of a line with a goal: goal({ratio, least}) or goal({ratio, most}). */
export function goal({ratio: got, least, most}) {
	return {ratio: short(got), goal: least !== undefined ? `>= ${least}` : `<= ${most}`, met: least !== undefined ? got >= least : got <= most};
}

/** How a cost grows with size, `times` apart: 0 not at all, 1 in proportion; by the median of the rounds. */
export function growth(rounds, figure, smallest, largest, times) {
	return Number((Math.log(ratio(rounds, figure, largest, smallest)) / Math.log(times)).toFixed(2));
}

/** Processor seconds that a process and its threads have used. */
export function processorSeconds(pid) {
	const TICKS_PER_SECOND = 100;
	const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
	return (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
}

/* wrk calls a reply that took longer failed; a machine with much to do makes many late, and what a percentile says of them is enough. */
const PATIENCE_S = 20;

/**
 * A script for wrk: `request` is Lua that makes a request (default: wrk's own). → its path. isTold: the statuses are counted
 * too, and where a request fails it is said which there were; that costs wrk what it costs to take each head apart.
 */
export function wrkScript(folder, name, request = '', {isTold = false} = {}) {
	const file = path.join(folder, `${name}.lua`);
	fs.writeFileSync(file, `${request}
met = ""
${isTold ? TELL : ''}
function setup(thread)
	one = thread
end
function done(summary, latency)
	local e = summary.errors
	io.write(string.format('{"requests":%d,"rps":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"bad":{"status":%d,"read":%d,"write":%d,"timeout":%d,"connect":%d},"met":"%s"}\\n',
		summary.requests, summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
		e.status, e.read, e.write, e.timeout, e.connect, one:get("met")))
end
`);
	return file;
}

/* Once one is no success: what it says it is, and each status with how often it was met until the last such. */
const TELL = `local times, first = {}
function response(status, headers, body)
	times[status] = (times[status] or 0) + 1
	if status > 299 then
		first = first or string.match(body, '"type":%s*"([^"]*)"') or "no problem"
		met = "the first of " .. first
		for s, n in pairs(times) do
			met = met .. ", " .. n .. " of " .. s
		end
	end
end`;

/** Load for SECONDS, once more for ten times that where nothing was answered → {requests, rps, p50_ms, p99_ms}. A request that fails ends the bench. */
export async function wrk(url, script, connections = 64, seconds = SECONDS) {
	const {stdout} = await run('wrk', ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', `${PATIENCE_S}s`, '-s', script, url],
		{deadline_ms: 120_000});
	const {bad, met, ...got} = JSON.parse(stdout.trim().split('\n').at(-1));
	assert.deepEqual(Object.entries(bad).filter(([, n]) => n), [], `requests to ${url} failed; statuses: ${met || 'not counted'}`);
	if (got.requests > 0)
		return got;
	assert.equal(seconds, SECONDS, `nothing was answered by ${url} in ${seconds} s`);
	return wrk(url, script, connections, SECONDS * 10);
}

/* Made beside and moved, since benches that run at once share the folder. */
async function installPeers(own, kept) {
	const made = fs.mkdtempSync(`${kept}.`);
	for (const name of fs.readdirSync(own).filter(n => /\.(mjs|json)$/.test(n)))
		fs.copyFileSync(path.join(own, name), path.join(made, name));
	await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {cwd: made, deadline_ms: 300_000});
	try {
		fs.renameSync(made, kept);
	} catch (error) {
		if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST')
			throw error;
		fs.rmSync(made, {recursive: true}); // another was quicker
	}
}

/** The peers' folder with their npm packages as peers/package-lock.json pins them; kept under build/. */
export async function peers() {
	const own = path.join(HERE, 'peers');
	const names = fs.readdirSync(own).filter(n => /\.mjs$|^package-lock\.json$/.test(n)).sort();
	const hash = createHash('sha256');
	names.forEach(name => hash.update(fs.readFileSync(path.join(own, name))));
	const kept = path.join(TREE, 'build/bench-peers', hash.digest('hex').slice(0, 16));
	if (!fs.existsSync(kept)) {
		fs.mkdirSync(path.dirname(kept), {recursive: true});
		await installPeers(own, kept);
	}
	return kept;
}
