-- parameter_put: the next version of the model's parameters, or of an authority's own rows; the error given
--   when there is one already.
-- in:  authority_id text?, seen int, fields jsonb, note text, stale int
-- out: one done bool
with model as (
	insert into model_parameter (version, params, note)
	select $2 + 1, $3, $4 where $1 is null
	    on conflict do nothing
	returning version
), partner as (
	insert into partner_setting (authority_id, version, settings, note)
	select $1, $2 + 1, $3, $4 where $1 is not null
	    on conflict do nothing
	returning version
)
select must(exists (select from model) or exists (select from partner), $5) as done
