/*
 * See disposal_undo.h. On the worker's thread, inside a step.
 */
#include "disposal_undo.h"

#include "daemon/request/passing.h"
#include "daemon/route/h.h"
#include "q.h"

/* Ids for requests that were told of the disposal after they were counted. */
enum { TOLD_MEANWHILE = 4 };

int disposal_undo_check(struct flow *f, struct str words, struct str on, const struct day *becomes)
{
	struct day since;

	if (str_is_null(words))
		return 0;
	if (day_parse(on, &since) < 0)
		return ERR_BUG;
	if (becomes && day_cmp(*becomes, since) <= 0)
		return 0; /* that was later all the same */
	flow_detail(f,
		    arena_fmt(f->arena, "What happened to the land since stands in the way: %.*s.",
			      (int)words.len, words.at));
	return ERR_TRANSITION;
}

void disposal_undo(struct flow *f, const struct disposal_undo *u)
{
	q_disposal_undo_add(flow_batch(f),
			    &(struct q_disposal_undo){.id = u->id, .rests = u->rests});
	h_change(f,
		 &(struct h_change){
			 .type = "asset.updated",
			 .subject = u->asset_id,
			 .authority_id = u->authority_id,
			 .asset_id = u->asset_id,
			 .data = arena_fmt(
				 f->arena,
				 "{\"undone_disposal_id\":\"%.*s\",\"lifecycle\":\"%.*s\"}",
				 (int)u->id.len, u->id.at, (int)u->lifecycle.len, u->lifecycle.at),
			 .was = h_json(f, &disposal_shape, u->was),
			 .is_now = STR("{}"),
			 .reason = u->reason,
		 });
}

int disposal_undo_tell(struct flow *f, struct str asset_id, struct str own, int64_t told)
{
	struct shape_words ids = {NULL, (size_t)told + TOLD_MEANWHILE};

	if (told > PASSING_OTHERS_MAX)
		return ERR_LIMIT;
	ids.at = ARENA_ARRAY(f->arena, ids.count, struct str);
	if (!ids.at)
		return ERR_NOMEM;
	for (size_t i = 0; i < ids.count; i++)
		ids.at[i] = h_id(f, "evt_");
	q_land_regain_add(flow_batch(f), &(struct q_land_regain){.asset_id = asset_id,
								 .own = own,
								 .event_ids = h_words(f, ids)});
	return 0;
}
