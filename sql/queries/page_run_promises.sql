-- page_run_promises: forecasts that are being frozen, or were to be and are not, as far as the actor may know of them, the newest
--   first: one of them, or those of the list of an authority. Not heard of for half a minute: what worked at it has ended.
-- in:  id text?, authority_id text?
-- out: many body text
select json_build_object('id', p.run_id, 'name', p.name, 'run_tag', p.tag, 'begun_at', utc(p.begun_at), 'body_name', a.name, 'maker', m.name,
		'run_step', p.step, 'done', p.done, 'of', p.of_all, 'failed', p.title, 'detail', p.detail,
		'may_again', exists (select from run_ask as k where k.run_id = p.run_id and k.principal_id = actor_id()),
		'is_cut', p.failed_at is null and p.said_at < clock_at() - interval '30 seconds')::text as body
  from run_promise as p
  left join authority as a on a.id = p.authority_id
  left join principal as m on m.id = p.principal_id
 where ($1 is null or p.run_id = $1) and ($2 is null or p.authority_id = $2 or p.authority_id is null)
   and p.begun_at > clock_at() - interval '7 days'
 order by p.run_id desc
 limit 20
