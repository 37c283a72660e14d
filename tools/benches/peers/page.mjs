// What a team would write today for GET /v1/assets?authority_id=…&limit=50: Fastify and pg. `columns` maps
// rows to JSON in JavaScript; `aggregate` lets PostgreSQL make the whole page with json_agg; `item` is one
// asset, for what is measured against a read by key.
import Fastify from 'fastify';
import pg from 'pg';

const [kind, port, host, database] = process.argv.slice(2);
const pool = new pg.Pool({host, user: 'assetd_api', database, max: 8});
const app = Fastify({logger: false});

const COLUMNS = `id, version, created_at, updated_at, authority_id, reference, name, class, tenure, lifecycle, cpp_id,
	locality_id, decile, address, postcode, uprn, easting, northing`;
const PAGE = `select ${COLUMNS} from assetd.asset where authority_id = $1 and published and removed_at is null and id > $2 order by id limit 50`;

app.get('/v1/assets', async (request, reply) => {
	const values = [request.query.authority_id, request.query.after ?? ''];
	if (kind === 'columns') {
		const {rows} = await pool.query({name: 'page', text: PAGE, values});
		return {items: rows, next: rows.at(-1)?.id ?? null};
	}
	const {rows} = await pool.query({name: 'page', text: `select json_build_object('items', json_agg(x), 'next', max(x.id))::text as body from (${PAGE}) as x`, values});
	return reply.type('application/json').send(rows[0].body);
});

app.get('/v1/assets/:id', async (request, reply) => {
	const {rows} = await pool.query({name: 'item', text: `select ${COLUMNS} from assetd.asset where id = $1 and published`, values: [request.params.id]});
	return rows.length ? rows[0] : reply.code(404).send({title: 'There is nothing here'});
});

await app.listen({port: Number(port), host: '127.0.0.1'});
process.stdout.write('ready\n');
