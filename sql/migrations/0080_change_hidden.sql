-- What an event of before migration 0044 hides. It was never said of them, so everybody was told in which list an asset had come, or
-- of which unpublished whole it was part. It is said now, by the rule by which new ones are written: the rule stands here and
-- nowhere else, since this needs it before functions/ are read.
set local role assetd_owner;
set local search_path = assetd, public;

-- The kinds of ids that everybody may look up, whatever they are of.
create or replace function id_kinds_public() returns text
	language sql immutable parallel safe
	return 'aut|cpp|loc|cbo|cal|rpt|val|pln|dsp|evt';

-- May everybody look up what has this id? Of what is not of this list nobody but members may. A statement a
-- kind: whoever acts by himself, as time does, has no right to all of these tables, and need not.
create or replace function id_is_public(id text) returns boolean
	language plpgsql stable
as $$
begin
	case left(id_is_public.id, 3)
	when 'ast' then return exists (select from asset as a where a.id = id_is_public.id and a.published);
	when 'atr' then return exists (select from request as r where r.id = id_is_public.id and r.published);
	when 'doc' then return exists (select from document as d where d.id = id_is_public.id and d.published and d.parent_published);
	when 'ntc' then return exists (select from notice as n where n.id = id_is_public.id and n.published and n.is_public and n.state = 'ISSUED');
	when 'rep' then return exists (select from representation as r where r.id = id_is_public.id and r.published and r.shown);
	else return left(id_is_public.id, 3) = any (string_to_array(id_kinds_public(), '|'));
	end case;
end
$$;

-- The members of these objects that are the id of something that is not everybody's to look up. Most have no id but of what is:
-- their text tells that at once, of all of them together, while asking about each member took longer than the change itself.
create or replace function change_hidden(variadic told jsonb[]) returns text[]
	language plpgsql stable
as $$
begin
	if array_to_string(told, ' ') !~ ('"(?!(' || id_kinds_public() || ')_)[a-z]{3}_[0-9a-z]{26}"') then
		return '{}';
	end if;
	return array(select distinct m.key from unnest(told) as t (o) cross join lateral jsonb_each_text(t.o) as m
		where length(m.value) = 30 and m.value ~ '^[a-z]{3}_[0-9a-z]{26}$' and not id_is_public(m.value) order by m.key);
end
$$;

-- Partition by partition: those of today, which are written to, are not held, and only rows that hide something are written. The
-- rule reads past the policies here; nothing else that could be told of is in what it answers.
alter table asset no force row level security;
alter table request no force row level security;
alter table document no force row level security;
alter table notice no force row level security;
alter table representation no force row level security;
do $$
declare
	until constant timestamptz := (select applied_at from migration where number = 44);
	part  text;
begin
	for part in select c.oid::regclass from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
		     where i.inhparent = 'change'::regclass
		       and coalesce((regexp_match(pg_get_expr(c.relpartbound, c.oid), $q$FROM \('([^']+)'$q$))[1]::timestamptz <= until, true)
		     order by 1 loop
		execute format('alter table %s no force row level security, disable trigger append_only', part);
		execute format('update %1$s as c set hidden = it.hides
			  from (select id, at, change_hidden(data, before, after) as hides from %1$s
				 where is_public and hidden = ''{}'' and at <= $1 offset 0) as it
			 where c.id = it.id and c.at = it.at and it.hides <> ''{}''', part) using until;
		execute format('alter table %s force row level security, enable trigger append_only', part);
	end loop;
end
$$;
alter table asset force row level security;
alter table request force row level security;
alter table document force row level security;
alter table notice force row level security;
alter table representation force row level security;
