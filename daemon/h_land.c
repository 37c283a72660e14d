/*
 * Land that several assets and requests have in common. The lists are numbered in the order in
 * which they are shown, and a page goes on after a number, as with a ledger.
 */
#include "h_land.h"

#include "h.h"
#include "list.h"
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

/* Where the page begins: after which number. */
static int page_begin(struct flow *f, struct list **ret_list, int32_t *ret_after)
{
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	int64_t after = 0;
	int r = l ? list_read(f, NULL, l) : ERR_NOMEM;

	if (r == 0 && !l->is_first && (str_to_i64(l->key[0], &after) < 0 || after > INT32_MAX))
		r = ERR_CURSOR;
	*ret_list = l;
	*ret_after = (int32_t)after;
	return r;
}

static enum step_result competing_load(struct flow *f)
{
	struct list *l;
	int32_t after;
	int r = page_begin(f, &l, &after);

	if (r < 0)
		return flow_fail(f, r);
	q_request_competing_add(
		flow_batch(f), &(struct q_request_competing){
				       .request_id = f->param[0], .after = after, .take = l->rows});
	q_request_exists_add(flow_batch(f), &(struct q_request_exists){.id = f->param[0]});
	return flow_send(f);
}

static enum step_result earlier_load(struct flow *f)
{
	struct list *l;
	int32_t after;
	int r = page_begin(f, &l, &after);

	if (r < 0)
		return flow_fail(f, r);
	q_request_earlier_add(flow_batch(f), &(struct q_request_earlier){.request_id = f->param[0],
									 .after = after,
									 .take = l->rows});
	q_request_exists_add(flow_batch(f), &(struct q_request_exists){.id = f->param[0]});
	return flow_send(f);
}

static enum step_result beside_answer(struct flow *f)
{
	struct q_request_exists_row row;
	int r = q_request_exists_one(f->got, 1, &row);

	return r < 0 ? flow_fail(f, r) : list_answer(f, f->state, 0);
}

const struct flow_step flow_request_competing[] = {
	{"load", competing_load},
	{"answer", beside_answer},
	{0},
};

const struct flow_step flow_request_earlier[] = {
	{"load", earlier_load},
	{"answer", beside_answer},
	{0},
};
