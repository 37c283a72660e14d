/*
 * Land that several assets and requests have in common. The lists are numbered in the order in
 * which they are shown, and a page goes on after a number, as with a ledger.
 */
#include "h_land.h"

#include "daemon/route/as_at.h"
#include "daemon/route/h.h"
#include "daemon/route/h_read.h"
#include "daemon/route/list.h"
#include "q.h"

struct str h_land_ids(struct flow *f, int64_t n)
{
	struct shape_words ids = {ARENA_ARRAY(f->arena, (size_t)n + 1, struct str), 0};

	while (ids.at && ids.count < (size_t)n)
		ids.at[ids.count++] = h_id(f, "evt_");
	return ids.at ? h_words(f, ids) : (struct str){NULL, 0};
}

void h_land_bar_shown(struct flow *f, struct str asset_id, struct str authority_id, int64_t others,
		      bool is_barred)
{
	struct str data = arena_fmt(f->arena, "{\"request_id\":\"%s\",\"is_barred\":%s}",
				    f->param[0].at, is_barred ? "true" : "false");

	q_asset_move_add(flow_batch(f), &(struct q_asset_move){.id = asset_id,
							       .effective_on = shape_day_text(
								       f->today, f->arena)});
	h_change(f, &(struct h_change){.type = "asset.updated",
				       .subject = asset_id,
				       .authority_id = authority_id,
				       .asset_id = asset_id,
				       .data = data});
	if (others)
		q_land_move_add(flow_batch(f),
				&(struct q_land_move){.asset_id = asset_id,
						      .event_ids = h_land_ids(f, others),
						      .data = data});
}

void h_land_shown(struct flow *f, struct str other, int64_t reach)
{
	struct str land[] = {f->param[0], other};

	if (!str_is_null(other))
		q_land_show_add(
			flow_batch(f),
			&(struct q_land_show){
				.assets = h_words(f, (struct shape_words){land, COUNT(land)}),
				.event_ids = h_land_ids(f, reach)});
}

static enum step_result others_load(struct flow *f, bool is_earlier)
{
	struct as_at at;
	struct list *l;
	int32_t after;
	int r = list_read_numbered(f, &l, &after);

	if (r == 0)
		r = as_at_read(f, &at);
	if (r < 0)
		return flow_fail(f, r);
	q_request_others_add(flow_batch(f), &(struct q_request_others){.request_id = f->param[0],
								       .earlier = is_earlier,
								       .after = after,
								       .take = l->rows,
								       .valid_on = at.valid_on,
								       .known_at = at.known_at});
	return request_list_send(f, &at);
}

static enum step_result competing_load(struct flow *f)
{
	return others_load(f, false);
}

static enum step_result earlier_load(struct flow *f)
{
	return others_load(f, true);
}

const struct flow_step flow_request_competing[] = {
	{"load", competing_load},
	{"answer", request_list_answer},
	{0},
};

const struct flow_step flow_request_earlier[] = {
	{"load", earlier_load},
	{"answer", request_list_answer},
	{0},
};
