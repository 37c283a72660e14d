// Each requirement of webhooks has a test that names it: a title that begins with its W-number, or in C a
// comment or a test that has it; a figure (W-P…), and what is shown by two arms of one load, has a bench whose head names
// it. A number without one fails here, and so does one that the table does not know, or whose tests are not where the table
// says.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {TREE} from '../harness/index.mjs';

const rows = fs.readFileSync(path.join(TREE, 'tests/data/webhook_requirements.csv'), 'utf8').trim().split('\n').slice(1).map(line => line.split(','));
const numbers = rows.map(([number]) => number);

/** → Map: number → names of the tests that have it, "file: title". */
function named() {
	const found = new Map();
	for (const folder of ['unit', 'integration', 'fault', 'browser']) {
		for (const file of fs.readdirSync(path.join(TREE, 'tests', folder)).filter(name => /\.(c|test\.mjs)$/.test(name))) {
			const text = fs.readFileSync(path.join(TREE, 'tests', folder, file), 'utf8');
			const titles = file.endsWith('.c') ? [...text.matchAll(/\/\*(?:(?!\*\/)[^])*?W-\d\d(?:(?!\*\/)[^])*?\*\/\s*Test\([^)]*\)/g)] : [...text.matchAll(/^test\(['`].*?W-\d\d.*?['`],/gm)];
			for (const [title] of titles) {
				for (const [number] of title.matchAll(/W-\d\d/g))
					found.set(number, [...found.get(number) ?? [], `${file}: ${title.split('\n').at(-1)}`]);
			}
		}
	}
	const benches = path.join(TREE, 'tools/benches');
	for (const file of fs.readdirSync(benches).filter(name => name.endsWith('.mjs'))) {
		const text = fs.readFileSync(path.join(benches, file), 'utf8'), head = text.slice(0, text.indexOf('\nimport '));
		for (const [number] of head.matchAll(/W-(?:P\d|\d\d)/g))
			found.set(number, [...found.get(number) ?? [], `${file}: its head`]);
	}
	return found;
}

test('each W-number of webhooks has a test that names it', () => {
	const found = named();
	assert.deepEqual(numbers.filter(number => !found.has(number)), [], 'these have none');
	assert.deepEqual([...found.keys()].filter(number => !numbers.includes(number)), [], 'these are not in the table');
	for (const [number, , files] of rows) {
		for (const file of files.split(' '))
			assert.ok(found.get(number).some(name => name.startsWith(`${file}: `)), `${number} is not shown by ${file}`);
	}
});
