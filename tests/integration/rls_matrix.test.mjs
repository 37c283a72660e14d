// Row-level security, all of it: every table × who acts × {select, insert, update, delete,
// truncate, references} × whose row it is, tried on a real database and compared with
// tests/data/rls_matrix.csv, which is written from the rules and reviewed, never from what
// the code does. A table without a line fails.
//
// A line says for a table (a word after its name picks other rows of it) and for some actors
// which of SIUD (and T, R, which nobody has) they may do to
//   own    a row of the actor's own authority, or its own row where rows are people's
//   other  a hidden row of another authority, or of somebody at home there
//   near   a row of a partner authority, published and on an asset in which the actor's
//          authority owns a share; or a row of somebody else at home in the actor's authority
// VIEWER … ADMIN hold that role on one authority, OPERATOR none, WORKER is assetd_worker acting
// for nobody, WORKER_NAMED is it in somebody's name (ADMIN's), which it has no business to use,
// ANONYMOUS names nobody, UNSET never said who acts at all.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, startMigratedCluster} from '../harness/index.mjs';

const ACTORS = {VIEWER: 11, ESTATES: 12, DECIDER: 13, FINANCE: 14, ADMIN: 15, OPERATOR: 16, WORKER: 0, WORKER_NAMED: 15, ANONYMOUS: 0, UNSET: 0};
const WHOSE = ['own', 'other', 'near'];
const id = (prefix, n) => `${prefix}_${String(n).padStart(26, '0')}`;

// Which row it is: by the tenant's number 1, 2, 3, or by the person's.
const by = (column, prefix) => n => `${column} = '${id(prefix, n)}'`;
const same = where => () => where;
const hash = n => `hash = decode(lpad('${n}', 64, '0'), 'hex')`;
const TENANT_ROWS = {
	authority: by('id', 'aut'), authority_duty: by('authority_id', 'aut'),
	cpp: n => by('id', 'cpp')(n === 2 ? 2 : 1), cpp_partner: by('authority_id', 'aut'),
	locality: n => by('id', 'loc')(n === 2 ? 2 : 1), calendar: by('id', 'cal'),
	sign_in_try: same('tries = 1'), cpp_partner_kind: same(`code = 'COLLEGE'`), data_zone: same(`code = 'S01006506'`),
	asset_class: same(`code = 'HALL'`), request_state: same(`code = 'VALIDATED'`), migration: same('number = 1'),
	model_parameter: same('version = 1'), feed_state: same('only_one'), lease: same(`name = 'test'`),
	projection_public: same('is_only'), projection_public_mark: same('family = 0'),
	asset: by('id', 'ast'), 'asset hidden': n => by('id', 'ast')(n === 3 ? 4 : n), asset_owner: by('asset_id', 'ast'),
	land_turn: by('authority_id', 'aut'), land_pair: by('id', 'lpr'),
	valuation: by('id', 'val'), valuation_money: by('valuation_id', 'val'),
	'valuation_money open': n => by('valuation_id', 'val')(n + 10),
	disposal_plan: by('id', 'pln'), disposal_plan_money: by('plan_id', 'pln'),
	disposal: by('id', 'dsp'), disposal_money: by('disposal_id', 'dsp'),
	community_body: by('id', 'cbo'), community_body_contact: by('authority_id', 'aut'),
	request: by('id', 'atr'), request_money: by('request_id', 'atr'), request_item: by('request_id', 'atr'),
	representation: by('id', 'rep'), 'representation shown': n => by('id', 'rep')(n + 10),
	representation_draft: by('id', 'rpd'), answer_link: by('id', 'anl'), mail: by('id', 'mal'), 'mail answer': n => by('id', 'mal')(n + 10),
	'mail follow': n => by('id', 'mal')(n + 20), follow: by('id', 'fol'), follow_state: same('only_one'),
	representation_original: by('representation_id', 'rep'), request_draft: by('id', 'rqd'), request_sent: by('request_id', 'atr'), extension_offer: by('request_id', 'atr'),
	request_event: by('request_id', 'atr'), request_event_money: by('request_id', 'atr'),
	notice: by('id', 'ntc'), notice_recipient: by('notice_id', 'ntc'), notice_recipient_contact: by('notice_id', 'ntc'),
	decision_matter: by('notice_id', 'ntc'), case_officer: by('request_id', 'atr'), case_note: by('request_id', 'atr'),
	proposal: by('id', 'prp'), authority_setting: by('authority_id', 'aut'),
	request_reminder: by('request_id', 'atr'), request_trouble: by('request_id', 'atr'),
	request_reference_counter: by('authority_id', 'aut'),
	report_reminder: by('authority_id', 'aut'),
	report: by('id', 'rpt'), report_version: by('report_id', 'rpt'), report_case: by('report_id', 'rpt'), report_line: same(`code = 'A'`),
	document: by('id', 'doc'), 'document begun': n => by('id', 'doc')(n + 10), document_part: by('document_id', 'doc'),
	'document_part held': n => by('document_id', 'doc')(n + 20),
	change: by('id', 'evt'), change_money: by('change_id', 'evt'), feed: n => `position = ${n}`,
	fact: n => `subject = '${id('ast', n)}' and part = 'asset'`,
	'fact money': n => `subject = '${id('ast', n)}' and part = 'valuation_money:MV'`,
	import: by('id', 'imp'), import_line: by('import_id', 'imp'), import_promise: by('import_id', 'imp'), mapping: by('id', 'map'),
	receipt_budget: by('authority_id', 'aut'), partner_setting: by('authority_id', 'aut'), projection: by('authority_id', 'aut'), projection_run: by('id', 'run'),
	'projection_run closing': n => by('id', 'run')(n + 10), 'projection_run_receipt closing': n => by('run_id', 'run')(n + 10),
	run_ask: by('run_id', 'run'), run_promise: by('run_id', 'run'), projection_run_receipt: by('run_id', 'run'), projection_run_input: by('run_id', 'run'),
};
const PEOPLES_ROWS = {
	principal: by('id', 'prn'), principal_role: by('principal_id', 'prn'), api_key: by('id', 'key'), 'api_key behind': n => by('id', 'key')(1000 + n), key_act: by('key_id', 'key'), page_session: hash, account: by('principal_id', 'prn'), account_act: by('principal_id', 'prn'), 'mail account': by('account_id', 'prn'), account_recovery: by('principal_id', 'prn'),
	forecast_address: by('id', 'fca'), idempotency_key: by('principal_id', 'prn'), webhook: by('id', 'whk'), webhook_secret: n => `${by('webhook_id', 'whk')(n)} and kind = 'HMAC'`, 'webhook_secret client': n => `${by('webhook_id', 'whk')(n)} and kind = 'TLS'`,
	webhook_cursor: by('webhook_id', 'whk'), webhook_attempt: by('webhook_id', 'whk'), webhook_retry: by('webhook_id', 'whk'),
};

// Tried as the actor itself: each attempt is undone. An attempt that the policies let through and
// a constraint then stops (inserting a copy meets its original) was allowed.
const PROBE = `
create function pg_temp.probe(target text, which text, copy jsonb) returns text language plpgsql as $$
declare
	may     text := '';
	columns text;
	one     text;
	n       bigint;
	said    text;
begin
	begin
		execute format('select count(*) from %s where %s', target, which) into n;
		if n > 0 then may := 'S'; end if;
	exception when insufficient_privilege then null;
	end;
	select string_agg(quote_ident(attname), ', '),
	       min(quote_ident(attname)) filter (where has_column_privilege(attrelid, attnum, 'UPDATE') and has_column_privilege(attrelid, attnum, 'SELECT'))
	  into columns, one from pg_attribute
	 where attrelid = target::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '';
	begin
		execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1)', target, columns) using copy;
		raise sqlstate 'ZZ001';
	exception
		when sqlstate 'ZZ001' or integrity_constraint_violation then may := may || 'I';
		when insufficient_privilege then null;
	end;
	begin
		execute format('update %1$s set %2$s = %2$s where %3$s', target, coalesce(one, split_part(columns, ', ', 1)), which);
		get diagnostics n = row_count;
		raise sqlstate 'ZZ001' using detail = n;
	exception
		when sqlstate 'ZZ001' then
			get stacked diagnostics said = pg_exception_detail;
			if said <> '0' then may := may || 'U'; end if;
		when insufficient_privilege then null;
	end;
	begin
		execute format('delete from %s where %s', target, which);
		get diagnostics n = row_count;
		raise sqlstate 'ZZ001' using detail = n;
	exception
		when sqlstate 'ZZ001' then
			get stacked diagnostics said = pg_exception_detail;
			if said <> '0' then may := may || 'D'; end if;
		when foreign_key_violation then may := may || 'D';
		when insufficient_privilege then null;
	end;
	if has_table_privilege(target, 'TRUNCATE') then may := may || 'T'; end if;
	if has_any_column_privilege(target, 'REFERENCES') then may := may || 'R'; end if;
	return coalesce(nullif(may, ''), '-');
end
$$`;

/* table → actor → {own, other, near}; throws on what is said twice or of nobody. */
function readExpected() {
	const [head, ...lines] = fs.readFileSync(path.join(TREE, 'tests/data/rls_matrix.csv'), 'utf8').trim().split('\n');
	assert.equal(head, 'table,actors,own,other,near');
	const expected = {};
	for (const line of lines) {
		const [table, actors, ...may] = line.split(',');
		assert.equal(may.length, 3, line);
		for (const actor of actors.split(' ')) {
			assert.ok(actor in ACTORS, line);
			expected[table] ??= {};
			assert.ok(!(actor in expected[table]), `said twice: ${table} ${actor}`);
			expected[table][actor] = Object.fromEntries(WHOSE.map((w, i) => [w, may[i]]));
		}
	}
	return expected;
}

/* The row that `whose` means for this actor, as a condition. */
function rowOf(table, actor, whose) {
	if (table in TENANT_ROWS)
		return TENANT_ROWS[table]({own: 1, other: 2, near: 3}[whose]);
	// An operator holds no role of its own: a colleague's stands for it.
	const self = table === 'principal_role' && actor === 'OPERATOR' ? 93 : ACTORS[actor] || 11;
	return PEOPLES_ROWS[table]({own: self, other: 92, near: 93}[whose]);
}

/* Try every cell on this connection; `sabotage` is SQL run first, undone at the end. → deviations */
async function deviations(connect, expected, sabotage = 'select') {
	const found = [];
	for (const actor of Object.keys(ACTORS)) {
		await connect(async db => {
			await db.query(`set search_path = assetd, public`);
			await db.query(PROBE);
			const copies = {};
			for (const table of Object.keys(expected)) {
				for (const whose of WHOSE) {
					const which = rowOf(table, actor, whose);
					const {rows} = await db.query(`select to_jsonb(t) as row from ${table.split(' ')[0]} as t where ${which}`);
					assert.ok(rows.length > 0, `no row for ${table} ${actor} ${whose}: ${which}`);
					copies[`${table} ${whose}`] = {which, row: rows[0].row};
				}
			}
			await db.query('begin');
			await db.query(sabotage);
			await db.query(`set local role ${actor.startsWith('WORKER') ? 'assetd_worker' : 'assetd_api'}`);
			const me = ACTORS[actor] ? id('prn', ACTORS[actor]) : '';
			if (actor !== 'UNSET')
				await db.query(`select actor_set($1, '', 'test', '2026-11-21T10:00:00Z', '2026-11-21')`, [me]);
			for (const [table, actors] of Object.entries(expected)) {
				for (const whose of WHOSE) {
					const {which, row} = copies[`${table} ${whose}`];
					// A change, an act and an entry of a ledger say themselves who made them.
					const copy = table === 'change' || table === 'request_event' || table === 'account_act' || table === 'key_act'
						? {...row, actor: me || null, actor_kind: me ? 'AUTHORITY' : 'SYSTEM'} : row;
					const {rows} = await db.query('select pg_temp.probe($1, $2, $3) as may', [table.split(' ')[0], which, copy]);
					const want = actors[actor]?.[whose] ?? 'no line';
					if (rows[0].may !== want)
						found.push(`${table} ${actor} ${whose}: may ${rows[0].may}, expected ${want}`);
				}
			}
			await db.query('rollback');
		});
	}
	return found;
}

const expected = readExpected();
let cluster;
let connect;

before(async () => {
	cluster = await startMigratedCluster();
	connect = fn => cluster.session(fn);
	await connect(async db => {
		await db.query(`begin; set local search_path = assetd, public;
			select actor_set('', '', 'fixture', '2026-11-21T10:00:00Z', '2026-11-21');
			${fs.readFileSync(path.join(TREE, 'tests/data/rls_fixture.sql'), 'utf8')}; commit`);
	});
});
after(() => cluster?.end());

test('every table has lines, every line a table, every actor a value', async () => {
	const tables = (await cluster.sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace
		and relkind in ('r', 'p') and not relispartition order by relname`)).map(r => r.relname);
	const named = [...new Set(Object.keys(expected).map(t => t.split(' ')[0]))].sort();
	assert.deepEqual(named, tables);
	for (const [table, actors] of Object.entries(expected))
		assert.deepEqual(Object.keys(actors).sort(), Object.keys(ACTORS).sort(), table);
});

test('nobody may do more or less than the matrix says', async () => {
	assert.deepEqual(await deviations(connect, expected), []);
});

test('the matrix notices a policy that is gone, one that is too wide, and a right too many', async () => {
	const only = (...tables) => Object.fromEntries(tables.map(t => [t, expected[t]]));
	for (const [sabotage, tables] of [
		['drop policy "select" on asset', ['asset']],
		['create policy wide on valuation_money for select to assetd_api using (true)', ['valuation_money']],
		['alter table request_money disable row level security', ['request_money']],
		['grant delete on change to assetd_api; create policy wide on change for delete using (true);'
		 + ' drop trigger append_only on change', ['change']],
		['grant truncate on feed to assetd_worker', ['feed']],
		[`alter policy "select" on community_body_contact using (true)`, ['community_body_contact']],
	])
		assert.notDeepEqual(await deviations(connect, only(...tables), sabotage), [], sabotage);
});
