-- item_named: what people mean by a name or a reference, three of each at most. kinds: aut, ast, loc; '' is whatever an event may
--   be of. An asset by its reference or its whole name, a request by its reference, an authority by its name or code, a locality by its name.
-- in:  kinds text[], words text[]
-- out: many number int, id text, name text
select w.n::int as number, x.id, x.name
  from unnest($1, $2) with ordinality as w (kind, words, n)
 cross join lateral (
	select a.id::text as id, a.name || coalesce(', ' || a.reference, '') || ', ' || o.name as name
	  from asset as a join authority as o on o.id = a.authority_id
	 where w.kind in ('ast', '') and a.id in (
		select f.id from asset_found(jsonb_build_object('own_reference', jsonb_build_array(w.words)), 'id', null, 3) as f
		 union
		select f.id from asset_found(jsonb_build_object('q', jsonb_build_array(w.words)), 'name', null, 1000) as f join asset as b on b.id = f.id
		 where plain(b.name) = plain(w.words))
	 union
	select r.id::text, r.reference || ', ' || o.name
	  from request as r join authority as o on o.id = r.authority_id
	 where w.kind = '' and upper(r.reference) = upper(w.words)
	 union
	select o.id::text, o.name
	  from authority as o
	 where w.kind in ('aut', '') and (plain(o.name) = plain(w.words) or lower(o.code) = lower(w.words))
	 union
	select l.id::text, l.name || ', ' || c.name
	  from locality as l join cpp as c on c.id = l.cpp_id
	 where w.kind = 'loc' and plain(l.name) = plain(w.words)
	 order by 2, 1
	 limit 3) as x
 order by w.n, x.name, x.id
