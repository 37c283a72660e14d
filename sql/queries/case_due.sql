-- case_due: the acts of a request that still stand, the oldest first, with the notices that were issued of each; now, or as they
--   stood on a day as known at a moment.
-- in:  id text, valid_on date?, known_at timestamptz?
-- out: one? version int, authority_id text, acts jsonb
select r.version, r.authority_id::text,
       (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'event', e.event, 'on', e.happened_on, 'state_from', e.state_from,
			'state_to', e.state_to, 'level_to', e.level_to, 'prohibits', r.prohibits, 'bar_exemption', r.bar_exemption,
			'terms_differ', e.payload -> 'terms_differ', 'issued', (select string_agg(n.code, ' ') from notice as n
				where n.event_id = e.id and n.state = 'ISSUED')) order by ledger_place(e)), '[]')
	  from request_event as e where e.request_id = r.id and e.superseded_by is null) as acts
  from request as r where r.id = $1 and $2::date is null
union all
select version, authority_id, acts from case_acts_at($1, $2, known_by($3)) where $2 is not null
