// What a team would write today to tell others of changes: look into the table every 100 ms, and
// post what is new. Looks back some seconds and remembers what it has posted, since rows become
// visible in another order than they were written.
import http from 'node:http';
import pg from 'pg';

const [host, database, url] = process.argv.slice(2);
const EVERY_MS = 100, BACK_MS = 5000;
const client = new pg.Client({host, user: 'postgres', database});
const agent = new http.Agent({keepAlive: true, maxSockets: 16});
const posted = new Set();

function post(row) {
	const body = JSON.stringify(row);
	const call = http.request(url, {method: 'POST', agent, headers: {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}});
	call.on('response', reply => reply.resume());
	call.on('error', () => {});
	call.end(body);
}

async function look() {
	const {rows} = await client.query({name: 'look', values: [[...posted]], text: `select id, type, subject, subject_seq, data
		from assetd.change where at > now() - interval '${BACK_MS} ms' and type = 'request.updated' and id <> all ($1)`});
	for (const row of rows) {
		posted.add(row.id);
		setTimeout(() => posted.delete(row.id), 2 * BACK_MS);
		post(row);
	}
}

await client.connect();
await look();
process.stdout.write('ready\n');
setInterval(() => look().catch(error => {
	process.stderr.write(`${error.stack}\n`);
	process.exit(1);
}), EVERY_MS);
