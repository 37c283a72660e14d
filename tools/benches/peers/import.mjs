// What a team would write today to load a list: read the CSV and put one row after another, by its
// reference, in one transaction with a prepared statement. No preview, no history, no undo. The list has no
// quotes, so that splitting at commas reads it.
import fs from 'node:fs';
import pg from 'pg';

const [file, host, database, table, authority, cpp] = process.argv.slice(2);
const client = new pg.Client({host, user: 'postgres', database});
const [head, ...lines] = fs.readFileSync(file, 'utf8').trim().split('\n');
const columns = ['id', 'authority_id', 'cpp_id', ...head.split(',')];
const PUT = `insert into ${table} (${columns}) values (${columns.map((_, i) => `$${i + 1}`)})
	on conflict (lower(reference collate "C"), authority_id) where removed_at is null
	do update set ${columns.slice(1).map(c => `${c} = excluded.${c}`)}, version = ${table}.version + 1`;

await client.connect();
await client.query('begin');
for (const [n, line] of lines.entries())
	await client.query({name: 'put', text: PUT, values: [`ast_${String(n).padStart(26, '0')}`, authority, cpp, ...line.split(',')]});
await client.query('commit');
await client.end();
