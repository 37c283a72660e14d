/*
 * See h_read.h. To add a kind: a view item_… in sql/views, a row in the table below and in that
 * of h_list.c, rows in routes.c.
 */
#include "h_read.h"

#include "as_at.h"
#include "daemon/flow/flow_item.h"
#include "daemon/register/asset_gone.h"
#include "h.h"
#include "q.h"
#include "router.h"

/* id: which parameter of the path; owner: 0 or 1 more than that of what it hangs on. */
static const struct show_row {
	const char *path;
	const char *kind;
	int id;
	int owner;
} show_table[] = {
	{"/v1/authorities/{id}", "aut", 0, 0},
	{"/v1/cpps/{id}", "cpp", 0, 0},
	{"/v1/localities/{id}", "loc", 0, 0},
	{"/v1/assets/{id}", "ast", 0, 0},
	{"/v1/assets/{id}/valuations/{valuation_id}", "val", 1, 1},
	{"/v1/assets/{id}/disposal-plan", "pln", 0, 0},
	{"/v1/documents/{id}", "doc", 0, 0},
	{"/v1/assets/{id}/disposals/{disposal_id}", "dsp", 1, 1},
	{"/v1/community-bodies/{id}", "cbo", 0, 0},
	{"/v1/requests/{id}", "atr", 0, 0},
	{"/v1/representations/{id}", "rep", 0, 0},
	{"/v1/requests/{id}/notices/{notice_id}", "ntc", 1, 1},
	{"/v1/requests/{id}/case", "cas", 0, 0},
	{"/v1/authorities/{id}/settings", "set", 0, 0},
	{"/v1/projections/runs/{id}", "run", 0, 0},
	{"/v1/projections/addresses/{id}", "fca", 0, 0},
	{"/v1/accounts/{id}", "prn", 0, 0},
	{"/v1/keys/{id}", "key", 0, 0},
	{"/v1/import-mappings/{id}", "map", 0, 0},
	{"/v1/webhooks/{id}", "whk", 0, 0},
	{"/v1/land-pairs/{id}", "lpr", 0, 0},
	{"/v1/calendars/{id}", "cal", 0, 0},
};

static const struct show_row *show_row_of(const struct flow *f)
{
	for (size_t i = 0; i < COUNT(show_table); i++) {
		if (strcmp(show_table[i].path, f->route->path) == 0)
			return &show_table[i];
	}
	return NULL;
}

static enum step_result show_load(struct flow *f)
{
	const struct show_row *row = show_row_of(f);

	if (!row)
		return flow_fail(f, ERR_BUG);
	if (!row->owner)
		return flow_send_item(f, row->kind, f->param[row->id]);
	q_item_part_show_add(flow_batch(f), &(struct q_item_part_show){
						    .kind = str_of(row->kind),
						    .id = f->param[row->id],
						    .owner_id = f->param[row->owner - 1],
					    });
	return flow_send(f);
}

static bool is_of_kind(const struct flow *f, const char *kind)
{
	const struct show_row *row = show_row_of(f);

	return row && strcmp(row->kind, kind) == 0;
}

static enum step_result show_answer(struct flow *f)
{
	struct q_item_show_row row;
	int r = q_item_show_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		return is_of_kind(f, "ast") ? asset_gone(f) : flow_fail(f, ERR_GONE);
	/* There is no plan of what was removed, and whoever asks is told that it was. */
	if (r == ERR_NOT_FOUND && is_of_kind(f, "pln"))
		return asset_gone(f);
	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag(f, row.version, arena_str(f->arena, row.view).at))
		return STEP_DONE;
	return flow_answer(f, 200, row.body);
}

const struct flow_step flow_item_show[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

static enum step_result at_load(struct flow *f)
{
	const struct show_row *row = show_row_of(f);
	struct as_at at;
	int r = row ? as_at_read(f, &at) : ERR_BUG;

	if (r < 0)
		return flow_fail(f, r);
	q_item_as_at_add(flow_batch(f), &(struct q_item_as_at){.kind = str_of(row->kind),
							       .id = f->param[row->id],
							       .owner_id = f->param[0],
							       .valid_on = at.valid_on,
							       .known_at = at.known_at});
	return flow_send(f);
}

static enum step_result at_answer(struct flow *f)
{
	struct q_item_as_at_row row;
	int r = q_item_as_at_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		return is_of_kind(f, "ast") ? asset_gone(f) : flow_fail(f, ERR_GONE);
	/* The same to whoever may not know of it. */
	if (r == ERR_NOT_FOUND)
		flow_detail(f, STR("Nothing that you may read was known of it, as of then. A "
				   "notice has a past from its issue on: a draft is asked for "
				   "without valid_on and known_at."));
	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, row.body);
}

static const struct flow_step item_at[] = {
	{"load as at", at_load},
	{"answer", at_answer},
	{0},
};

static enum step_result at_choose(struct flow *f)
{
	return flow_become(f, as_at_is_given(f) ? item_at : flow_item_show);
}

const struct flow_step flow_item_show_at[] = {
	{"choose", at_choose},
	{0},
};
