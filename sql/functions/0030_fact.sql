-- Both time axes: what was true on a day, as known at a moment.
set local role assetd_owner;
set local search_path = assetd, public;

-- From effective_on on, these fields of a part are so, as far as we now know.
--
-- Each field holds until the first later day for which another value of it is already known:
-- a correction of the past does not undo what is known of the time since. Before the first day
-- of which anything is known the rest was as on that day; but a patch with another `id` than
-- that day's is another thing (an older valuation) and ends there. patch null: the part is
-- no more. Nothing known is rewritten: rows are closed on the axis of knowledge and new ones
-- begin there, so that a question "as known at" an earlier moment is answered as it was then.
-- A moment of knowledge is the batch's time, or just after the last one if the clock stood
-- still. Returns how many rows were closed or begun.
create or replace function fact_put(subject text, part text, authority_id text, asset_id text,
	published boolean, is_money boolean, effective_on date, patch jsonb) returns int
	language plpgsql
as $$
#variable_conflict use_variable
declare
	r       record;
	moment  timestamptz := clock_at();
	earlier jsonb;            -- body of the segment before r, as known until now
	is_new  boolean := true;  -- nothing is known of effective_on yet
	live    jsonb := patch;   -- fields still to be laid over r
	body    jsonb;
	until   date;             -- first day of which something is known, when effective_on is before
	wrote   int := 0;
begin
	for r in select f.id, f.valid, f.body, max(lower(f.known)) over () as last from fact as f
		  where f.subject = fact_put.subject and f.part = fact_put.part and upper_inf(f.known)
		  order by f.valid loop
		moment := greatest(moment, r.last + interval '1 microsecond');
		continue when upper(r.valid) <= effective_on;
		if is_new and lower(r.valid) > effective_on then
			until := lower(r.valid);
			exit when patch is null or patch -> 'id' is distinct from coalesce(r.body, patch) -> 'id' and patch ? 'id';
			insert into fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
			values (subject, part, authority_id, asset_id, published, is_money, daterange(effective_on, until),
				tstzrange(moment, null), coalesce(r.body, '{}') || patch);
			wrote := 1;
			is_new := false;
			earlier := r.body;
		end if;
		if not is_new and r.body is distinct from earlier then
			-- Keep only the fields that did not change anyway on the day r begins.
			exit when patch is null or r.body is null;
			live := (select jsonb_object_agg(p.key, p.value) from jsonb_each(live) as p
				  where r.body -> p.key is not distinct from earlier -> p.key);
			exit when live is null;
		end if;
		is_new := false;
		earlier := r.body;
		body := case when patch is not null then coalesce(r.body, '{}') || live end;
		continue when body is not distinct from r.body;
		update fact as f set known = tstzrange(lower(f.known), moment) where f.id = r.id and upper_inf(f.known);
		if not found then
			raise exception 'facts of % were put by two at once', subject using errcode = 'serialization_failure';
		end if;
		insert into fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
		select subject, part, authority_id, asset_id, published, is_money, v.valid, tstzrange(moment, null), v.body
		  from (values (r.valid * daterange(null, effective_on), r.body),
			       (r.valid * daterange(effective_on, null), body)) as v (valid, body)
		 where not isempty(v.valid);
		wrote := wrote + 1;
	end loop;

	if is_new and patch is not null then
		insert into fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
		values (subject, part, authority_id, asset_id, published, is_money,
			daterange(effective_on, until), tstzrange(moment, null), patch);
		wrote := 1;
	end if;
	return wrote;
end
$$;

-- A row of the register changed: so it is from effective_on on, and so it is today in any case,
-- whatever else is known of the days between.
create or replace function fact_move(subject text, part text, authority_id text, asset_id text,
	published boolean, is_money boolean, effective_on date, patch jsonb) returns void
	language plpgsql
as $$
begin
	perform fact_put(subject, part, authority_id, asset_id, published, is_money, effective_on, patch);
	if effective_on < clock_day() then
		perform fact_put(subject, part, authority_id, asset_id, published, is_money, clock_day(), patch);
	end if;
end
$$;

-- What differs: the members of `new` that `old` has otherwise or not at all; null if none do.
create or replace function jsonb_changed(old jsonb, new jsonb) returns jsonb
	language plpgsql immutable parallel safe
as $$
begin
	return (select jsonb_object_agg(n.key, n.value) from jsonb_each(new) as n
		 where old is null or old -> n.key is distinct from n.value);
end
$$;

-- Keepers: each writes the facts of its table by itself, so that no statement can forget to.
-- TG_ARGV: the part's name. The rows' own effective_on says from which day on it is so.
-- With their owner's rights: what fires them was let through by the policies of its table, and under those of
-- everything they look at PostgreSQL planned each statement anew for each row, which took longer than all else of it.
-- Those of assets look at all rows of a statement at once, so that an import costs no statement for each (DECISIONS 65).
-- A new asset has no facts yet, and most often belongs to its authority alone.
create or replace function fact_begin_asset() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	insert into fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
	select m.id, p.part, m.authority_id, m.id, m.published, false, daterange(m.effective_on, null),
	       tstzrange(clock_at(), null), p.body
	  from made as m
	 cross join lateral (values ('asset', to_jsonb(m)
			- '{id,model_id,version,created_at,updated_at,effective_on,search,rendered}'::text[]),
		       ('owners', jsonb_build_object('owners', json_build_array(jsonb_build_object('authority_id',
			m.authority_id, 'units', 1))))) as p (part, body);
	return null;
end
$$;

-- What of an asset has changed goes where fact_move would put it. Where nothing is known yet of any later day, which is
-- nearly always, that is one row closed and one or two begun, for all assets of the statement together.
-- A plan kept for one row must not meet thousands, nor the other way round: rows are paired by grouping, and facts are
-- looked up by index alone.
create or replace function fact_keep_asset() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
	set enable_hashjoin = off
	set enable_mergejoin = off
as $$
declare
	no_fact constant text[] := '{id,model_id,version,created_at,updated_at,effective_on,search,rendered}';
	put record;
	one record;
begin
	-- A version never falls: where the sums agree, none has moved, and a text was rendered again.
	if (select sum(version) from became) = (select sum(version) from was) then
		return null;
	end if;
	if (select count(*) filter (where published) from became) <> (select count(*) filter (where published) from was)
	   or exists (select id from became where published except select id from was where published) then
		update fact as f set published = n.published from became as n where f.asset_id = n.id and f.published <> n.published;
	end if;

	with both_rows as (
		select id, true as is_new, authority_id, published, effective_on, version, to_jsonb(n) - no_fact as body from became as n
		 union all
		select id, false, null, null, null, version, to_jsonb(o) - no_fact from was as o
	), pair as (
		select id, max(authority_id) as authority_id, bool_or(published) as published, max(effective_on) as effective_on,
		       (array_agg(body) filter (where is_new))[1] as is_now, (array_agg(body) filter (where not is_new))[1] as before
		  from both_rows group by id having min(version) <> max(version)
	), moved as materialized (
		select p.*, f.fact_id, f.valid, f.body, f.moment, upper_inf(f.valid) and f.valid @> p.effective_on as is_last
		  from (select p.id, p.authority_id, p.published, p.effective_on, (select jsonb_object_agg(n.key, n.value)
				from jsonb_each(p.is_now) as n where p.before -> n.key is distinct from n.value) as patch
			  from pair as p) as p
		  left join lateral (
			select f.id as fact_id, f.valid, f.body,
			       greatest(clock_at(), max(lower(f.known)) over () + interval '1 microsecond') as moment
			  from fact as f where f.subject = p.id and f.part = 'asset' and upper_inf(f.known)
			 order by f.valid desc limit 1) as f on true
		 where p.patch is not null
	), closed as (
		update fact as f set known = tstzrange(lower(f.known), m.moment)
		  from moved as m where m.is_last and f.id = m.fact_id and upper_inf(f.known)
		   and coalesce(m.body, '{}') || m.patch is distinct from m.body
		returning m.id, m.authority_id, m.published, m.effective_on, m.valid, m.moment, m.body as before, coalesce(m.body, '{}') || m.patch as body
	), begun as (
		insert into fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
		select c.id, 'asset', c.authority_id, c.id, c.published, false, v.valid, tstzrange(c.moment, null), v.body
		  from closed as c
		 cross join lateral (values (c.valid * daterange(null, c.effective_on), c.before),
			(c.valid * daterange(c.effective_on, null), c.body)) as v (valid, body)
		 where not isempty(v.valid)
	)
	select count(*) filter (where is_last and coalesce(body, '{}') || patch is distinct from body) as due,
	       (select count(*) from closed) as done,
	       jsonb_agg(jsonb_build_object('id', id, 'authority_id', authority_id, 'published', published, 'effective_on', effective_on,
			'patch', patch) order by id) filter (where is_last is not true) as rest
	  into put from moved;
	if put.due <> put.done then
		raise exception 'facts of an asset were put by two at once' using errcode = 'serialization_failure';
	end if;
	for one in select * from jsonb_to_recordset(put.rest) as r (id text, authority_id text, published boolean,
		  effective_on date, patch jsonb) loop
		perform fact_move(one.id, 'asset', one.authority_id, one.id, one.published, false, one.effective_on, one.patch);
	end loop;
	return null;
end
$$;

-- Deferred to the end of the transaction, when all shares are in their places.
create or replace function fact_keep_owners() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	a asset;
begin
	-- As fact_begin_asset and asset_render have it of a new asset: whoever changes owners later moves the version.
	if tg_op = 'INSERT' and new.owner_id = new.authority_id and new.units = 1 then
		perform from asset as s where s.id = new.asset_id and s.version = 1
			and not exists (select from asset_owner as o where o.asset_id = s.id and o.owner_id <> s.authority_id);
		if found then
			return null;
		end if;
	end if;
	select * into a from asset where id = coalesce(new.asset_id, old.asset_id);
	perform fact_move(a.id, 'owners', a.authority_id, a.id, a.published, false, a.effective_on,
		jsonb_build_object('owners', (select jsonb_agg(jsonb_build_object('authority_id', owner_id,
			'units', units) order by owner_id) from asset_owner where asset_id = a.id)));
	return null;
end
$$;

create or replace function fact_keep_valuation() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	v valuation;
begin
	if tg_table_name = 'valuation' then
		perform fact_put(new.asset_id, 'valuation:' || new.basis, new.authority_id, new.asset_id, new.published,
			false, new.effective_on, to_jsonb(new) - '{version,created_at,updated_at,effective_on,published}'::text[]);
	else
		select * into v from valuation where id = new.valuation_id;
		perform fact_put(v.asset_id, 'valuation_money:' || v.basis, v.authority_id, v.asset_id, v.published,
			v.restricted, v.effective_on, jsonb_build_object('id', v.id, 'amount_pence', new.amount_pence));
	end if;
	return null;
end
$$;

-- Plans and their money; a plan taken away is no more from today on.
create or replace function fact_keep_plan() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	no_fact constant text[] := '{version,created_at,updated_at,effective_on,published}';
	a       asset;
	from_on date;
	fresh   jsonb;
begin
	select * into a from asset where id = coalesce(new.asset_id, old.asset_id);
	if tg_op = 'DELETE' then
		from_on := clock_day();
	else
		fresh := to_jsonb(new) - no_fact;
		if tg_op = 'UPDATE' then
			fresh := jsonb_changed(to_jsonb(old) - no_fact, fresh);
			if fresh is null then
				return null;
			end if;
		end if;
		select effective_on into from_on from disposal_plan where asset_id = a.id;
	end if;
	perform fact_move(a.id, tg_argv[0], a.authority_id, a.id, a.published, tg_argv[0] = 'plan_money', from_on, fresh);
	return null;
end
$$;

create or replace function fact_keep_disposal() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	d disposal;
begin
	if tg_table_name = 'disposal' then
		perform fact_put(new.asset_id, 'disposal', new.authority_id, new.asset_id, new.published, false,
			new.completed_on, to_jsonb(new) - '{version,created_at,updated_at,published}'::text[]);
	else
		select * into d from disposal where id = new.disposal_id;
		perform fact_put(d.asset_id, 'disposal_money', d.authority_id, d.asset_id, d.published, true,
			d.completed_on, jsonb_build_object('baseline', new.baseline));
	end if;
	return null;
end
$$;

create or replace function fact_keep_request() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	no_fact constant text[] := '{version,created_at,updated_at,effective_on,published,calendar_version,look_on}';
	r       request;
	from_on date;
	fresh   jsonb := to_jsonb(new) - no_fact;
begin
	if tg_op = 'UPDATE' then
		fresh := jsonb_changed(to_jsonb(old) - no_fact, fresh);
		if fresh is null then
			return null;
		end if;
	end if;
	if tg_table_name = 'request' then
		-- A day that is moved by another calendar, or has passed, moved today; nobody acted.
		from_on := case when tg_op = 'UPDATE' and fresh - '{deadlines,allowed,flags}'::text[] = '{}' and new.effective_on = old.effective_on
			then clock_day() else new.effective_on end;
		perform fact_move(new.id, 'request', new.authority_id, new.asset_id, new.published, false, from_on, fresh);
	else
		select * into r from request where id = new.request_id;
		perform fact_move(r.id, 'request_money', r.authority_id, r.asset_id, r.published, true,
			r.effective_on, fresh);
	end if;
	return null;
end
$$;

-- What a request came with, each thing and its day. Deferred, when all of them are in their places.
create or replace function fact_keep_items() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	r request;
begin
	select * into r from request where id = new.request_id;
	perform fact_move(r.id, 'items', r.authority_id, r.asset_id, r.published, false, r.effective_on,
		jsonb_build_object('items', (select jsonb_agg(jsonb_build_object('code', code, 'received_on', received_on) order by code)
			from request_item where request_id = r.id)));
	return null;
end
$$;

create or replace trigger fact_begin after insert on asset referencing new table as made
	for each statement execute function fact_begin_asset();
create or replace trigger fact_keep after update on asset referencing old table as was new table as became
	for each statement execute function fact_keep_asset();
create or replace trigger fact_keep after insert on valuation
	for each row execute function fact_keep_valuation();
create or replace trigger fact_keep after insert on valuation_money
	for each row execute function fact_keep_valuation();
create or replace trigger fact_keep after insert or update or delete on disposal_plan
	for each row execute function fact_keep_plan('plan');
create or replace trigger fact_keep after insert or update or delete on disposal_plan_money
	for each row execute function fact_keep_plan('plan_money');
create or replace trigger fact_keep after insert on disposal
	for each row execute function fact_keep_disposal();
create or replace trigger fact_keep after insert on disposal_money
	for each row execute function fact_keep_disposal();
create or replace trigger fact_keep after insert or update on request
	for each row execute function fact_keep_request();
create or replace trigger fact_keep after insert or update on request_money
	for each row execute function fact_keep_request();
-- `or replace` is not for constraint triggers.
drop trigger if exists fact_keep on asset_owner;
create constraint trigger fact_keep after insert or update or delete on asset_owner
	deferrable initially deferred for each row execute function fact_keep_owners();
drop trigger if exists fact_keep on request_item;
create constraint trigger fact_keep after insert or update on request_item
	deferrable initially deferred for each row execute function fact_keep_items();
