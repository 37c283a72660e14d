-- Any item by its kind: what a write answers with, rendered inside its own transaction.
set local role assetd_owner;
set local search_path = assetd, public;

-- The view of a kind, by the prefix of its ids ('ast', 'atr' …).
create or replace function item_view(kind text) returns text
	language plpgsql immutable
as $$
declare
	view_of constant jsonb := '{"doc": "document", "aut": "authority", "cpp": "cpp", "loc": "locality", "ast": "asset", "val": "valuation",
		"pln": "plan", "rpt": "report", "dsp": "disposal", "cbo": "body", "atr": "request", "whk": "webhook", "evt": "event",
		"imp": "import", "map": "mapping", "run": "run", "cal": "calendar", "lpr": "pair", "rep": "representation", "ntc": "notice",
		"cas": "case", "set": "setting", "fca": "forecast_address", "prn": "account", "key": "key"}';
begin
	if not view_of ? kind then
		raise exception 'no item of kind %', kind using errcode = 'invalid_parameter_value';
	end if;
	return 'item_' || (view_of ->> kind);
end
$$;

-- A plan ('pln') also by its asset's id. No row: not there, or not for this reader. One statement
-- a kind, because a plan that is made anew for each call costs more than what it does.
create or replace function item(kind text, id text)
	returns table (version int, view text, gone boolean, body text)
	language plpgsql stable
	set plan_cache_mode = force_generic_plan
as $$
begin
	case kind
	when 'aut' then return query select i.version, i.view, i.gone, i.body from item_authority as i where i.id = item.id;
	when 'cpp' then return query select i.version, i.view, i.gone, i.body from item_cpp as i where i.id = item.id;
	when 'loc' then return query select i.version, i.view, i.gone, i.body from item_locality as i where i.id = item.id;
	when 'ast' then return query select i.version, i.view, i.gone, i.body from item_asset_live as i where i.id = item.id;
	when 'doc' then return query select i.version, i.view, i.gone, i.body from item_document as i where i.id = item.id;
	when 'val' then return query select i.version, i.view, i.gone, i.body from item_valuation as i where i.id = item.id;
	when 'pln' then
		if item.id like 'ast\_%' then
			return query select i.version, i.view, i.gone, i.body from item_plan as i where i.asset_id = item.id;
		else
			return query select i.version, i.view, i.gone, i.body from item_plan as i where i.id = item.id;
		end if;
	when 'dsp' then return query select i.version, i.view, i.gone, i.body from item_disposal as i where i.id = item.id;
	when 'cbo' then return query select i.version, i.view, i.gone, i.body from item_body as i where i.id = item.id;
	when 'atr' then return query select i.version, i.view, i.gone, i.body from item_request as i where i.id = item.id;
	when 'rep' then return query select i.version, i.view, i.gone, i.body from item_representation as i where i.id = item.id;
	when 'whk' then return query select i.version, i.view, i.gone, i.body from item_webhook as i where i.id = item.id;
	when 'evt' then return query select i.version, i.view, i.gone, i.body from item_event as i where i.id = item.id;
	when 'imp' then return query select i.version, i.view, i.gone, i.body from item_import as i where i.id = item.id;
	when 'cas' then return query select i.version, i.view, i.gone, i.body from item_case as i where i.id = item.id;
	when 'set' then return query select i.version, i.view, i.gone, i.body from item_setting as i where i.id = item.id;
	when 'ntc' then return query select i.version, i.view, i.gone, i.body from item_notice as i where i.id = item.id;
	when 'map' then return query select i.version, i.view, i.gone, i.body from item_mapping as i where i.id = item.id;
	when 'fca' then return query select i.version, i.view, i.gone, i.body from item_forecast_address as i where i.id = item.id;
	when 'prn' then return query select i.version, i.view, i.gone, i.body from item_account as i where i.id = item.id;
	when 'key' then return query select i.version, i.view, i.gone, i.body from item_key as i where i.id = item.id;
	when 'lpr' then return query select i.version, i.view, i.gone, i.body from item_pair as i where i.id = item.id;
	when 'cal' then return query select i.version, i.view, i.gone, i.body from item_calendar as i where i.id = item.id;
	when 'rpt' then return query select i.version, i.view, i.gone, i.body from item_report as i where i.id = item.id;
	when 'run' then return query select i.version, i.view, i.gone, i.body from item_run as i where i.id = item.id;
	end case; -- any other kind is a mistake of ours and raises case_not_found
end
$$;
