-- item_count: how many items item_list gives in all, of these kinds together, by that filter.
-- in:  kinds text[], filter jsonb
-- out: one items bigint
select coalesce(sum(item_count(k, $2)), 0)::bigint as items from unnest($1) as k
