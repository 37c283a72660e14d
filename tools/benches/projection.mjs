// What the benches `project` and `project-delta` share: programs that answer each command on
// their standard input with a JSON object on a line, so that rounds can take turns with peers.
import {spawn} from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

import {TIMES} from './common.mjs';

const {BUILD, within} = await import('../../tests/harness/index.mjs');

const MOST = Number(process.env.BENCH_ASSETS ?? 1_000_000);
/** Assets, the base and ten and a hundred times as many. */
export const SIZES = TIMES.map(times => Math.ceil(MOST * times / 100));

/** → {ask(command): its answer, end()} */
export function converse(program, args, options = {}) {
	const child = spawn(program, args, {stdio: ['pipe', 'pipe', 'inherit'], ...options});
	const waiting = [];
	const ended = new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', code => (code ? reject(new Error(`${program} ended with ${code}`)) : resolve()));
	});
	ended.catch(error => waiting.forEach(w => w.reject(error)));
	child.stdin.on('error', () => {});
	readline.createInterface({input: child.stdout}).on('line', line => waiting.shift().resolve(JSON.parse(line)));
	return {
		ask(command) {
			const answer = new Promise((resolve, reject) => waiting.push({resolve, reject}));
			child.stdin.write(`${command}\n`);
			return within(Promise.race([answer, ended]), 300_000, command);
		},
		async end() {
			child.stdin.end();
			await ended;
		},
	};
}

/** The engine under its stopwatch, with the bench's register in memory. file: for its command `write`. */
export const stopwatch = file => converse(path.join(BUILD, 'tools/benches/bench_projection'), [String(SIZES.at(-1)), ...(file ? [file] : [])]);
