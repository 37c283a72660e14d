-- page_assets_hits: how many assets such a list has, counted to 10,001 and no further.
-- in:  patterns text?, authority_id text?, class text?, lifecycle text?
-- out: one hits bigint
select count(*) as hits
  from (select from asset as a
	 where a.removed_at is null
	   and ($1 is null or a.search like all (fold($1)::text[]))
	   and ($2 is null or a.authority_id = $2)
	   and ($3 is null or a.class = $3)
	   and ($4 is null or a.lifecycle = $4)
	 limit 10001) as n
