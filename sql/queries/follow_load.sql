-- follow_load: a follow for whoever bears its link, without its address.
-- in:  id text
-- out: one? kind text, rhythm text, question text, is_confirmed bool, body text
select kind, rhythm, question, confirmed_at is not null as is_confirmed,
       json_build_object('id', id, 'created_at', utc(created_at), 'kind', kind, 'rhythm', rhythm, 'question', question,
		'authority_id', authority_id, 'confirmed_at', utc(confirmed_at))::text as body
  from follow where id = $1 and (confirmed_at is not null or expires_at > clock_at())
