/*
 * An officer says of two assets whether their land overlaps. The statement that stores it moves
 * whatever shows another bar for it; land that a bar reaches by such a word is let go only by
 * whoever may decide on requests, which the database asks for as well (0065_guard.sql).
 */
#include "daemon/route/h.h"
#include "h_land.h"
#include "libassets/register/land_pair.h"
#include "q.h"

enum step_result land_pair_load(struct flow *f)
{
	struct land_pair *p = f->state = ARENA_NEW(f->arena, struct land_pair);
	int r = p ? h_decode(f, &land_pair_shape, SHAPE_CREATE, p) : ERR_NOMEM;

	if (r == 0 && str_eq(p->state, STR("PROPOSED"))) {
		h_flaw(f, "state", "NOT_IN_LIST", STR("Boundaries propose; an officer decides."),
		       STR("Write CONFIRMED or REJECTED."));
		r = flaws_err(&f->flaws);
	}
	if (r < 0)
		return flow_fail(f, r);
	q_land_pair_load_add(flow_batch(f), &(struct q_land_pair_load){.asset_id = p->asset_id,
								       .other_id = p->other_id});
	return flow_send(f);
}

/*
 * Over two authorities an officer of either decides on what their boundaries have proposed, and
 * nobody says of himself that somebody else's land overlaps his.
 */
static int check_may(struct flow *f, const struct q_land_pair_load_row *row)
{
	bool is_foreign = !str_eq(row->authority_id, row->other_authority_id);
	int r = h_may(f, PERM_ASSET_WRITE, row->authority_id);

	if (r < 0 && is_foreign && !str_is_null(row->pair_id))
		r = h_may(f, PERM_ASSET_WRITE, row->other_authority_id);
	if (r < 0)
		return r;
	if (row->is_gone || (is_foreign && str_is_null(row->pair_id))) {
		h_unknown(f, "other_id");
		return flaws_err(&f->flaws);
	}
	return 0;
}

static int check(struct flow *f, const struct land_pair *p, const struct q_land_pair_load_row *row)
{
	bool frees = row->is_barring && str_eq(p->state, STR("REJECTED"));
	int r = check_may(f, row);

	if (r == 0 && frees && str_eq(row->authority_id, row->other_authority_id))
		r = h_may(f, PERM_REQUEST_DECIDE, row->authority_id);
	if (r < 0)
		return r;
	if (row->is_line)
		return ERR_LAND_PAIR;
	return row->others > LAND_OTHERS_MAX ? ERR_LIMIT : 0;
}

enum step_result land_pair_store(struct flow *f)
{
	const struct land_pair *p = f->state;
	struct q_land_pair_load_row row;
	struct str id;
	int r = q_land_pair_load_one(f->got, 0, &row);

	if (r == ERR_NOT_FOUND) {
		h_unknown(f, "other_id");
		r = flaws_err(&f->flaws);
	}
	if (r == 0)
		r = check(f, p, &row);
	if (r < 0)
		return flow_fail(f, r);
	id = str_is_null(row.pair_id) ? h_id(f, "lpr_") : arena_str(f->arena, row.pair_id);
	q_land_pair_put_add(flow_batch(f),
			    &(struct q_land_pair_put){.id = id,
						      .asset_id = p->asset_id,
						      .other_id = p->other_id,
						      .state = p->state,
						      .reason = p->reason,
						      .event_ids = h_land_ids(f, row.others + 6)});
	return flow_store_end(f, "lpr", id, 201);
}

const struct flow_step flow_land_pair_put[] = {
	{"load", land_pair_load},
	{"store", land_pair_store},
	{"answer", flow_store_answer},
	{0},
};
