// What a team would write today to send webhooks: a queue in PostgreSQL with a job a delivery, signed in both ways and posted
// by undici with kept connections. graphile-worker and pg-boss, as their authors advise for many short jobs: batches put in,
// taken and finished. They keep no order.
//
// usage: hooks.mjs graphile|pgboss SOCKET_DIR DATABASE URL PATHS POSTS BODY_FILE [CA_FILE]
import {createHmac, generateKeyPairSync, randomBytes, sign} from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import {Pool} from 'undici';

const [kind, host, database, url, paths, posts, bodyFile, ca] = process.argv.slice(2);
const POSTS = Number(posts), PATHS = Number(paths), AT_ONCE = 32, LINES = 8, BATCH = 500;
const body = fs.readFileSync(bodyFile, 'utf8');
const secret = randomBytes(32), {privateKey} = generateKeyPairSync('ed25519');
const receiver = new Pool(url, {connections: AT_ONCE, ...(ca && {connect: {ca: fs.readFileSync(ca)}})});
const jobs = Array.from({length: POSTS}, (_, n) => ({id: `evt_${String(n).padStart(26, '0')}`, path: `/e/${n % PATHS}`, body}));
let done = 0, finish;
const finished = new Promise(resolve => { finish = resolve; });

async function deliver(job) {
	const at = Math.floor(Date.now() / 1000), text = `${job.id}.${at}.${job.body}`;
	const v1 = createHmac('sha256', secret).update(text).digest('base64'), v1a = sign(null, Buffer.from(text), privateKey).toString('base64');
	const reply = await receiver.request({method: 'POST', path: job.path, body: job.body, headers: {'content-type': 'application/json',
		'webhook-id': job.id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${v1} v1a,${v1a}`}});
	await reply.body.dump();
	if (reply.statusCode !== 200)
		throw new Error(`${job.id}: ${reply.statusCode}`);
	if (++done === POSTS)
		finish();
}

/* SQL on a connection of its own. */
async function put(text, each) {
	const client = new pg.Client({host, user: 'postgres', database});
	await client.connect();
	for (let i = 0; i < jobs.length; i += BATCH)
		await client.query(text, [JSON.stringify(jobs.slice(i, i + BATCH).map(each))]);
	await client.end();
}

async function graphile() {
	const {makeWorkerUtils, run, Logger} = await import('graphile-worker');
	const pgPool = new pg.Pool({host, user: 'postgres', database, max: LINES + AT_ONCE});
	const logger = new Logger(() => () => {});
	const utils = await makeWorkerUtils({pgPool, logger});
	await utils.migrate();
	await put(`select graphile_worker.add_jobs(array(select row('deliver', j, null, null, null, null, null, null)::graphile_worker.job_spec
		from json_array_elements($1::json) as j), false)`, job => job);
	const runner = await run({pgPool, logger, concurrency: AT_ONCE, noHandleSignals: true, pollInterval: 100, taskList: {deliver}});
	await finished;
	await runner.stop();
	await utils.release();
}

async function pgboss() {
	const {default: Boss} = await import('pg-boss');
	const boss = new Boss({host, user: 'postgres', database, max: LINES + 2, noSupervisor: true, noScheduling: true});
	await boss.start();
	for (let i = 0; i < jobs.length; i += BATCH)
		await boss.insert(jobs.slice(i, i + BATCH).map(data => ({name: 'deliver', data})));
	const workers = [];
	for (let i = 0; i < LINES / 2; i++) {
		workers.push((async () => {
			while (done < POSTS) {
				const batch = await boss.fetch('deliver', BATCH);
				if (!batch)
					break;
				let next = 0;
				await Promise.all(Array.from({length: AT_ONCE * 2 / LINES}, async () => {
					while (next < batch.length)
						await deliver(batch[next++].data);
				}));
				await boss.complete(batch.map(job => job.id));
			}
		})());
	}
	await Promise.all(workers);
	await finished;
	await boss.stop({graceful: false});
}

await {graphile, pgboss}[kind]();
process.exit(0);
