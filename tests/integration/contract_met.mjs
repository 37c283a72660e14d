// The last step of the integration suite: every status that /v1/openapi.json declares for an
// operation has been met by a test, or stands with its reason in tests/data/contract_unmet.csv
// . What was met is what the harness noted in the folder named by ASSETD_CONTRACT.

import fs from 'node:fs';
import path from 'node:path';
import {contract} from '../harness/contract.mjs';
import {TREE} from '../harness/process.mjs';

const folder = process.env.ASSETD_CONTRACT;
const {api} = contract();
const declared = Object.entries(api.paths).flatMap(([template, item]) => Object.entries(item).flatMap(([method, {responses}]) =>
	Object.keys(responses).filter(status => status !== 'default').map(status => `${method.toUpperCase()} ${template} ${status}`)));
const met = new Set(fs.readdirSync(folder).flatMap(file => fs.readFileSync(path.join(folder, file), 'utf8').trim().split('\n')));
const reasons = new Map(fs.readFileSync(path.join(TREE, 'tests/data/contract_unmet.csv'), 'utf8').trim().split('\n').slice(1).map(line => {
	const [method, template, status, ...reason] = line.split(',');
	return [`${method} ${template} ${status}`, reason.join(',')];
}));

const unmet = declared.filter(line => !met.has(line));
const wrong = [
	...unmet.filter(line => !reasons.get(line)).map(line => `${line} is declared and was never met`),
	...[...reasons.keys()].filter(line => !unmet.includes(line)).map(line => `${line} is excused, but was met or is not declared`),
];
const name = `each of ${declared.length} declared statuses was met, but for ${reasons.size} with a reason`;
console.log(`${wrong.length ? 'not ok' : 'ok'} - contract: ${name}`);
wrong.forEach(line => console.log(`#   ${line}`));
