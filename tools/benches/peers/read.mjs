// What a team would write today for GET /v1/assets/{id}: Fastify and pg, prepared, with a pool
// and a check of the key. `columns` maps a row to JSON in JavaScript; `passthrough` lets PostgreSQL
// render it and sends that on, the best we know of for Node.
import {createHash, timingSafeEqual} from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const [kind, port, host, database, keyHash] = process.argv.slice(2);
const pool = new pg.Pool({host, user: 'assetd_api', database, max: 8});
const app = Fastify({logger: false});

const COLUMNS = `id, version, created_at, updated_at, authority_id, reference, name, class, tenure, lifecycle, cpp_id,
	locality_id, decile, address, postcode, uprn, easting, northing`;
const statement = {
	columns: {name: 'read', text: `select ${COLUMNS} from assetd.asset where id = $1 and published`},
	passthrough: {name: 'read', text: `select row_to_json(x)::text as body from (select ${COLUMNS} from assetd.asset
		where id = $1 and published) as x`},
}[kind];

app.addHook('onRequest', async (request, reply) => {
	const key = (request.headers.authorization ?? '').replace(/^Bearer /, '');
	const hash = createHash('sha256').update(key).digest();
	if (!timingSafeEqual(hash, Buffer.from(keyHash, 'hex')))
		return reply.code(401).send({title: 'A valid key is needed here'});
});

app.get('/v1/assets/:id', async (request, reply) => {
	const {rows} = await pool.query({...statement, values: [request.params.id]});
	if (!rows.length)
		return reply.code(404).send({title: 'There is nothing here'});
	if (kind === 'columns')
		return rows[0];
	return reply.type('application/json').send(rows[0].body);
});

await app.listen({port: Number(port), host: '127.0.0.1'});
process.stdout.write('ready\n');
