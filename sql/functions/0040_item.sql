-- Any item by its kind: what a write answers with, rendered inside its own transaction.
set local role assetd_owner;
set local search_path = assetd, public;

-- The view of a kind, by the prefix of its ids ('ast', 'atr' …).
create or replace function item_view(kind text) returns text
	language plpgsql immutable
as $$
declare
	view_of constant jsonb := '{"aut": "authority", "cpp": "cpp", "loc": "locality", "ast": "asset", "val": "valuation",
		"pln": "plan", "dsp": "disposal", "cbo": "body", "atr": "request", "whk": "webhook", "evt": "event",
		"imp": "import", "run": "run"}';
begin
	if not view_of ? kind then
		raise exception 'no item of kind %', kind using errcode = 'invalid_parameter_value';
	end if;
	return 'item_' || (view_of ->> kind);
end
$$;

-- 'pln' also by its asset's id. No row: not there, or not for this reader. The views are made
-- after the functions, hence execute.
create or replace function item(kind text, id text)
	returns table (version int, view text, gone boolean, body text)
	language plpgsql stable
as $$
begin
	return query execute format('select version, view, gone, body from %I where %I = $1',
		item_view(kind), case when kind = 'pln' and id like 'ast\_%' then 'asset_id' else 'id' end)
		using id;
end
$$;
