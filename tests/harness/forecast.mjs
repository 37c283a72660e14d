// What tests of the forecast do over and over by the API: land that is valued and for sale, and what is read behind it.

import {ok} from './replies.mjs';

const VALUED = {basis: 'MV', valued_on: '2026-04-01'};
const PLANNED = {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'};

/**
 * For one register, as its administrator; each gives the document of the reply:
 *   write(reply, status = 201): of any write, whose event is from then on the last();
 *   add(path, fields), patch(path, fields), the latter with the tag of what there is, tagOf(path);
 *   value(asset, amount_pence, more), plan(asset, more): a market value, a sale; asset: {id};
 *   asset(fields, {amount, plan}): a hall that is owned, valued where there is an amount, for sale where there is a plan;
 *   seen(path, who): what includes the last write; receipts(query, who): the same of the forecast.
 */
export function openForecast(reg) {
	let event, keys = 0;

	async function write(reply, status = 201) {
		const got = await reply;
		const document = ok(got, status);
		event = got.headers['event-id'] ?? event;
		return document;
	}
	const add = (path, fields) => write(reg.admin.post(path, fields, {idempotency: `forecast-${++keys}`}));
	const tagOf = async path => (await reg.admin.get(path)).headers.etag;
	const patch = async (path, fields) => write(reg.admin.patch(path, fields, {match: await tagOf(path)}), 200);
	const value = (asset, amount_pence, more) => add(`/v1/assets/${asset.id}/valuations`, {...VALUED, amount_pence, ...more});
	async function plan(asset, more) {
		const path = `/v1/assets/${asset.id}/disposal-plan`, etag = await tagOf(path);
		return write(reg.admin.put(path, {...PLANNED, ...more}, etag ? {match: etag} : {headers: {'If-None-Match': '*'}}), etag ? 200 : 201);
	}

	async function asset(fields, {amount, plan: planned} = {}) {
		const made = await add('/v1/assets', {class: 'HALL', tenure: 'OWNED', ...fields});
		if (amount !== undefined)
			await value(made, amount);
		if (planned)
			await plan(made, planned);
		return made;
	}
	const seen = async (path, who = reg.admin) => ok(await who.seen(`${path}${path.includes('?') ? '&' : '?'}min_event=${event}`), 200);
	const receipts = (query = '', who = reg.admin) => seen(`/v1/projections/receipts?${query}`, who);

	return {write, add, tagOf, patch, value, plan, asset, seen, receipts, last: () => event};
}

/**
 * So many assets for sale next year, straight into the tables: each of all these owners, in the proportions 1, 2, 3 …, of which
 * they take turns to be the lead; of class CLASS_<n>, n modulo `classes`. A daemon sees them once it is started anew.
 */
export const fillForecast = (reg, {count, owners, classes = count}) => reg.sql(`begin; set local session_replication_role = replica;
	set local search_path = assetd, public; set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
	alter table asset enable always trigger write_first;
	create temporary table body on commit drop as select number, id from unnest('{${owners}}'::text[]) with ordinality as o (id, number);
	create temporary table one on commit drop as select n, lpad(n::text, 26, '0') as tail, id
		from generate_series(1, ${count}) as n join body on number = n % ${owners.length} + 1;
	insert into asset (id, authority_id, reference, name, class, tenure)
		select 'ast_' || tail, id, 'R' || n, 'Land', 'CLASS_' || n % ${classes}, 'OWNED' from one;
	insert into asset_owner (asset_id, authority_id, published, owner_id, units)
		select 'ast_' || tail, one.id, false, body.id, body.number from one cross join body;
	insert into valuation (id, effective_on, authority_id, asset_id, published, basis, valued_on)
		select 'val_' || tail, '2026-04-01', id, 'ast_' || tail, false, 'MV', '2026-04-01' from one;
	insert into valuation_money (valuation_id, authority_id, asset_id, published, restricted, amount_pence)
		select 'val_' || tail, id, 'ast_' || tail, false, true, 5000000 + n * 1009 from one;
	insert into disposal_plan (id, authority_id, asset_id, published, method, stage, planned_on)
		select 'pln_' || tail, id, 'ast_' || tail, false, 'SALE', 'MISSIVES', '2027-06-15' from one;
	insert into disposal_plan_money (plan_id, authority_id, asset_id) select 'pln_' || tail, id, 'ast_' || tail from one;
	alter table asset enable trigger write_first;
	commit`);
