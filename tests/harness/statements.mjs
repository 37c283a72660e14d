// How often statements of ours were sent, as PostgreSQL counts them: a register started with COUNTED in its settings, and
// `create extension pg_stat_statements` in its database. And statements by their names, to be planned as the daemon has them planned.

import fs from 'node:fs';
import path from 'node:path';
import {TREE} from './process.mjs';

/** Settings of a cluster that counts, statements within functions and triggers included. */
export const COUNTED = {shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all'};

/* PostgreSQL keeps a text with its constants replaced. */
const shape = text => text.replace(/--.*$/gm, '').replace(/'[^']*'|\$\d+|\b(\d+|true|false|null|epoch)\b/g, '?').replace(/\s+/g, ' ').trim();

/** How often the statements in sql/queries whose file's name fits were sent since it began to count. */
export async function timesSent(reg, name) {
	const folder = path.join(TREE, 'sql/queries');
	const ours = new Set(fs.readdirSync(folder).filter(file => name.test(file)).map(file => shape(fs.readFileSync(path.join(folder, file), 'utf8'))));
	const rows = await reg.sql('select query, calls::int from pg_stat_statements');
	return rows.filter(row => ours.has(shape(row.query))).reduce((sum, row) => sum + row.calls, 0);
}

/** `prepare NAME (…) as …` of a statement as it stands in sql/queries. */
export function prepared(name) {
	const source = fs.readFileSync(path.join(TREE, `sql/queries/${name}.sql`), 'utf8');
	const types = source.match(/^-- in: +(.*)$/m)[1].split(', ').map(p => p.split(' ')[1].replace('?', ''));
	return `prepare ${name} (${types}) as ${source.replace(/^\s*--.*\n/gm, '')}`;
}
