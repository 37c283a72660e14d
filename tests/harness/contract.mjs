// Every reply that a test gets from the API is held against the API's own description
// its status must be declared for the operation, its media type and
// body must be as declared. What was got is also noted, so that the last step of the
// integration suite can ask whether each declared status was met (tests/integration/README.md).

import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {BUILD} from './process.mjs';
import {eventFaults} from './events.mjs';
import {faults, resolve} from './json_schema.mjs';

// Answered before it is known which operation was meant, so described by `default` alone; 500 is
// no operation's promise and only met where a fault is injected.
const ANY_TIME = [405, 408, 411, 414, 417, 431, 500, 501];

let description;

/* What the program says of its API: asked once of each program built, and kept beside it, since each test file needs it. */
function described() {
	const program = path.join(BUILD, 'daemon/assetd');
	const {mtimeMs, size} = fs.statSync(program);
	const kept = path.join(BUILD, `openapi-${mtimeMs}-${size}.json`);
	if (fs.existsSync(kept))
		return fs.readFileSync(kept, 'utf8');
	const text = execFileSync(program, ['--dump-openapi'], {encoding: 'utf8', maxBuffer: 1 << 24});
	fs.writeFileSync(`${kept}.${process.pid}`, text);
	fs.renameSync(`${kept}.${process.pid}`, kept); // whole, or not there: other test files begin now too
	for (const other of fs.readdirSync(BUILD).filter(name => /^openapi-.*\.json$/.test(name) && name !== path.basename(kept)))
		fs.rmSync(path.join(BUILD, other), {force: true});
	return text;
}

/** The description of the daemon under test, and its paths as patterns, the plainest first. */
export function contract() {
	if (!description) {
		const api = JSON.parse(described());
		const paths = Object.keys(api.paths).map(template => ({
			template, pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
		}));
		const holes = ({template}) => template.split('{').length;
		description = {api, paths: paths.sort((a, b) => holes(a) - holes(b))};
	}
	return description;
}

const noted = new Set();

process.on('exit', () => {
	const folder = process.env.ASSETD_CONTRACT;
	if (folder && noted.size)
		fs.appendFileSync(path.join(folder, path.basename(process.argv[1])), [...noted].map(line => `${line}\n`).join(''));
});

/** What is sent to be looked at, and writes nothing. */
const ASKING = new Set(['post_v1_requests_id_corrections', 'post_v1_projections_parameters',
	'post_v1_webhooks_id_recoverable']);

/** Whose address follows what stands in no event. */
const isOfFollower = (operation, json) => operation.operationId === 'post_v1_follows_end' || json?.id?.startsWith('fol_');

/* What is wrong with a reply of this operation, as sentences. */
function wrong(api, method, operation, {status, headers, bytes, json}) {
	const declared = operation.responses[status] ?? (ANY_TIME.includes(status) ? operation.responses.default : undefined);
	if (!declared)
		return [`${status} is not declared`];
	if (headers['x-content-type-options'] !== 'nosniff' || !headers['content-security-policy']?.startsWith("default-src 'none'"))
		return [`${status} does not say what a browser must not do`];
	const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(method);
	// 202 is what has not happened yet: somebody has to confirm it first.
	if (isWrite && !ASKING.has(operation.operationId) && status < 300 && status !== 202 && !isOfFollower(operation, json) && !/^evt_[0-9a-z]{26}$/.test(headers['event-id'] ?? ''))
		return [`${status} does not name the last event of what was written`];
	const type = headers['content-type'];
	if (type === 'application/problem+json' && json && (json.instance !== headers['x-request-id'] || json.status !== status))
		return [`${status} is the problem of another reply`];
	const {content = {}} = declared.$ref ? resolve(api, declared.$ref) : declared;
	if (!bytes.length) // HEAD, not modified, Prefer: return=minimal
		return [];
	if (content['*/*'])
		return []; // a file, of whatever type
	const described = content[type] ?? content[type?.split(';')[0]]; // a range without parameters holds for all of them
	if (!described)
		return [`${status} comes as ${type}, not ${Object.keys(content).join(', ') || 'without a body'}`];
	if (json === undefined)
		return [];
	const events = status !== 200 ? [] : {get_v1_events: json.items, get_v1_events_id: [json]}[operation.operationId] ?? [];
	return [...faults(api, described.schema, json).map(fault => `${status} ${fault}`), ...events.flatMap(event => eventFaults(api, event))];
}

/** Throw when a reply, as request() gives it, is not as the API says of itself; note it. */
export function checkReply(method, url, reply) {
	const {pathname} = url;
	if (!reply.headers['x-request-id'])
		return; // somebody else's: a proxy's, a receiver's
	const {api, paths} = contract();
	const template = paths.find(({pattern}) => pattern.test(pathname))?.template;
	if (!template && !pathname.startsWith('/v1/'))
		return; // a page
	const operation = api.paths[template]?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
	if (!operation) {
		const may = method === 'OPTIONS' ? [204, 404] : [400, 404, 405, 411, 413, 414, 417, 431, 501, 503];
		if (!may.includes(reply.status))
			throw new Error(`${method} ${pathname}: ${reply.status}, but there is no such operation`);
		return;
	}
	const name = `${method} ${template}`;
	const found = wrong(api, method, operation, reply);
	if (found.length)
		throw new Error(`${name} is not answered as /v1/openapi.json says:\n${found.join('\n')}\n${reply.text.slice(0, 500)}`);
	if (method !== 'HEAD')
		noted.add(`${name} ${reply.status}`);
}
