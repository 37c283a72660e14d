// Every file of sql/queries against the migrated schema: it can be prepared by the role that
// sends it, and its columns are what it declares. tools/sqlgen --list says what it declares.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {TREE, scratch, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const sqlgen = path.join(TREE, 'tools/sqlgen');
const queries = JSON.parse(execFileSync(sqlgen, ['--list', path.join(TREE, 'sql/queries')]));

/** Parse and describe, without running: what pg's Client calls a submittable. */
class Describe {
	constructor(text, types) {
		Object.assign(this, {text, types, fields: []});
		this.promise = new Promise((resolve, reject) => Object.assign(this, {resolve, reject}));
	}

	submit(connection) {
		connection.parse({name: '', text: this.text, types: this.types});
		connection.describe({type: 'S', name: ''});
		connection.sync();
	}

	handleRowDescription({fields}) { this.fields = fields; }
	handleError(error) { this.reject(error); }
	handleReadyForQuery() { this.resolve(this.fields); }
}

const names = [...new Set(queries.flatMap(q => [...q.params, ...q.columns]).map(([, type]) => type))];
const oids = Object.fromEntries((await reg.sql(
	`select name, (case name when 'bytes' then 'bytea' else name end)::regtype::oid::int as oid from unnest($1::text[]) as name`,
	[names])).map(r => [r.name, r.oid]));

for (const user of ['assetd_api', 'postgres']) {
	test(`every statement of ${user} prepares and gives what it declares`, async t => {
		await reg.cluster.session(async client => {
			await client.query('set search_path = assetd, public');
			for (const query of queries.filter(q => q.is_command === (user === 'postgres'))) {
				await t.test(query.name, async () => {
					const describe = new Describe(query.sql, query.params.map(([, type]) => oids[type]));
					client.query(describe);
					const fields = await describe.promise;
					assert.deepEqual(fields.map(f => [f.name, f.dataTypeID]),
						query.columns.map(([name, type]) => [name, oids[type]]));
				});
			}
		}, {user});
	});
}

test('a file that says nonsense is named with its line', () => {
	for (const [text, fault] of [
		['select 1', /x\.sql:1: begin with/],
		['-- x: why\n-- in:  a teXt\nselect $1', /x\.sql:2: "a teXt" is not "name type"/],
		['-- x: why\n-- in:  a texxt\nselect $1', /x\.sql:2: type "texxt" of a is none of/],
		['-- x: why\n-- in:  int int\nselect $1', /x\.sql:2: "int" is a word of C/],
		['-- x: why\n-- in:  a int, a int\nselect $1, $2', /x\.sql:2: "a" stands here twice/],
		['-- x: why\n-- out: some a int\nselect 1', /x\.sql:2: "out: some": say one, one\? or many/],
		['-- x: why\n-- in:  a int\nselect 1', /x\.sql:3: the statement uses \$\[\], but 1 parameters/],
		['-- x: why\nselect 1; select 2', /x\.sql:2: more than one statement/],
		['-- x: why\n-- as:  king\nselect 1', /x\.sql:2: "as: king"/],
		['-- x: why\n', /x\.sql:\d+: no statement/],
	]) {
		const folder = scratch();
		fs.writeFileSync(path.join(folder, 'x.sql'), text);
		assert.throws(() => execFileSync(sqlgen, ['--list', folder], {stdio: 'pipe'}), error => fault.test(error.stderr), text);
	}
});
