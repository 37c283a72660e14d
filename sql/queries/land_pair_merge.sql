-- land_pair_merge: two entries of one authority are about the same land, because the one was merged into the other.
-- in:  id text, gone text, kept text
insert into land_pair (id, authority_id, asset_id, other_id, state, source, reason, decided_on, decided_by)
select $1, a.authority_id, least($2, $3), greatest($2, $3), 'CONFIRMED', 'OFFICER', 'Merged: two entries of the same thing', clock_day(), actor_id()
  from asset as a where a.id = $3
on conflict (asset_id, other_id) do update
	set version = land_pair.version + 1, state = 'CONFIRMED', reason = excluded.reason, decided_on = excluded.decided_on,
	    decided_by = excluded.decided_by, was_rejected = false
	where land_pair.state <> 'CONFIRMED'
