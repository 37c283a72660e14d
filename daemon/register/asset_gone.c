/*
 * See asset_gone.h. On the worker's thread, inside a step.
 *
 * What goes in a merge keeps its requests, valuations and history: lists of the entry that stays
 * show them too (asset_with_merged of sql/functions/0064_twin.sql), and the two are a confirmed
 * pair of the same land. So nothing is rewritten, and the past of both can still be asked for.
 * What must not go under a live request or a bar is the database's to say (asset_guard).
 */
#include "asset_gone.h"

#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_asset.h"
#include "h_land.h"
#include "libassets/register/asset.h"
#include "q.h"

/* Characters of a reason, as asset_merge.def has it. */
enum { REASON_MOST = 1000 };

int asset_gone_reason(struct flow *f, struct str *ret_reason)
{
	struct str said = flow_form(f, "reason"); /* a page's form has it there */

	*ret_reason = str_trim(str_is_null(said) ? flow_query(f, "reason") : said);
	if (!ret_reason->len)
		*ret_reason = (struct str){NULL, 0};
	if (str_code_points(*ret_reason) <= REASON_MOST)
		return 0;
	flaw_add(&f->flaws, said.at ? STR("/reason") : STR("?reason"), STR("TOO_LONG"),
		 STR("This is longer than 1,000 characters."), STR("Say it in fewer words."));
	return said.at ? ERR_INVALID : ERR_QUERY;
}

static enum step_result tell_load(struct flow *f)
{
	q_asset_tombstone_add(flow_batch(f), &(struct q_asset_tombstone){.id = f->param[0]});
	return flow_send(f);
}

/* The same address of the entry that stays: what stands behind the id in the path comes along. */
static enum step_result moved(struct flow *f, struct str into)
{
	struct str path = f->request->path, id = f->param[0];
	const char *at = memmem(path.at, path.len, id.at, id.len);
	struct str place;

	if (!at)
		return flow_fail(f, ERR_GONE);
	place = arena_fmt(f->arena, "%.*s%.*s%.*s", (int)(at - path.at), path.at, (int)into.len,
			  into.at, (int)(path.len - (size_t)(at - path.at) - id.len), at + id.len);
	if (str_is_null(place))
		return flow_fail(f, ERR_NOMEM);
	http_reply_field(f->reply, STR("Location"), place);
	return flow_answer_empty(f, 301);
}

static void add_member(struct flow *f, const char *name, struct str text)
{
	CLEANUP(buf_done) struct buf out = BUF(16 * 1024);

	if (str_is_null(text))
		return;
	buf_json(&out, text);
	flow_problem(f, name, buf_view(&out));
}

static enum step_result tell(struct flow *f)
{
	struct q_asset_tombstone_row row;
	int r = q_asset_tombstone_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	if (!str_is_null(row.merged_into))
		return moved(f, row.merged_into);
	add_member(f, "removed_at", row.removed_at);
	add_member(f, "removed_by", row.removed_by);
	add_member(f, "reason", row.reason);
	flow_detail(f, arena_fmt(f->arena, "It was taken out of the register on %.*s%s%.*s",
				 (int)row.removed_on.len, row.removed_on.at,
				 str_is_null(row.reason) ? "." : ": ", (int)row.reason.len,
				 row.reason.at ? row.reason.at : ""));
	return flow_fail(f, ERR_GONE);
}

static const struct flow_step gone_flow[] = {
	{"load tombstone", tell_load},
	{"tell", tell},
	{0},
};

enum step_result asset_gone(struct flow *f)
{
	return flow_become(f, gone_flow);
}

enum step_result asset_merge_load(struct flow *f)
{
	struct asset_merge *m = f->state = ARENA_NEW(f->arena, struct asset_merge);
	int r = m ? h_decode(f, &asset_merge_shape, SHAPE_CREATE, m) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_asset_load_add(
		flow_batch(f),
		&(struct q_asset_load){.id = f->param[0], .owners = STR("{}"), .part_of = m->into});
	q_asset_merge_load_add(flow_batch(f), &(struct q_asset_merge_load){.id = m->into});
	return flow_send(f);
}

/* Of one authority, both there, and nothing on the one that goes that only it can carry. */
static int check_merge(struct flow *f, const struct q_asset_load_row *row)
{
	const struct asset_merge *m = f->state;
	struct q_asset_merge_load_row kept;
	int r = q_asset_merge_load_one(f->got, 1, &kept);

	if (r == ERR_NOT_FOUND || (r == 0 && kept.gone)) {
		h_unknown(f, "into");
		return flaws_err(&f->flaws);
	}
	if (r < 0)
		return r;
	if (str_eq(m->into, f->param[0]) || !str_eq(kept.authority_id, row->authority_id)) {
		h_flaw(f, "into", "CONFLICT", STR("These cannot be the same thing."),
		       STR("Name another entry of the same authority."));
		return flaws_err(&f->flaws);
	}
	if (row->live_requests)
		return ERR_UNDER_REQUEST;
	if (row->is_disposed)
		return ERR_LAND_DISPOSED;
	if (!str_is_null(row->method)) {
		flow_detail(f, STR("The entry that would go has a disposal plan. Give it up first, "
				   "or merge the other way round."));
		return ERR_CONFLICT;
	}
	return 0;
}

static void store(struct flow *f, struct str was, struct str authority_id,
		  const struct q_asset_load_row *row)
{
	const struct asset_merge *m = f->state;
	struct db_batch *b = flow_batch(f);

	q_land_hold_add(b, &(struct q_land_hold){.asset_id = f->param[0]});
	q_asset_remove_add(b, &(struct q_asset_remove){.id = f->param[0],
						       .seen = row->version,
						       .stale = h_stale(f),
						       .reason = m->reason,
						       .merged_into = m->into});
	q_land_pair_merge_add(b, &(struct q_land_pair_merge){.id = h_id(f, "lpr_"),
							     .gone = f->param[0],
							     .kept = m->into});
	h_change(f, &(struct h_change){
			    .type = "asset.removed",
			    .subject = f->param[0],
			    .seq = row->version + 1,
			    .authority_id = authority_id,
			    .asset_id = f->param[0],
			    .data = arena_fmt(f->arena, "{\"merged_into\":\"%s\"}", m->into.at),
			    .was = was,
			    .is_now = STR("{}"),
			    .reason = m->reason});
	q_asset_move_add(
		b, &(struct q_asset_move){.id = m->into,
					  .effective_on = shape_day_text(f->today, f->arena)});
	h_change(f, &(struct h_change){
			    .type = "asset.updated",
			    .subject = m->into,
			    .authority_id = authority_id,
			    .asset_id = m->into,
			    .data = arena_fmt(f->arena, "{\"merged_id\":\"%s\"}", f->param[0].at),
			    .reason = m->reason});
	h_land_shown(f, m->into, row->reach);
}

enum step_result asset_merge_store(struct flow *f)
{
	const struct asset_merge *m = f->state;
	struct q_asset_load_row row;
	struct asset before;
	int r = q_asset_load_one(f->got, 0, &row);

	if (r == 0)
		r = row.gone ? ERR_GONE : h_may(f, PERM_ASSET_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = check_merge(f, &row);
	if (r == 0)
		r = h_stored(f, row.fields, &asset_shape, &before);
	if (r < 0)
		return flow_fail(f, r);
	store(f, h_json(f, &asset_shape, &before), arena_str(f->arena, row.authority_id), &row);
	return flow_store_end(f, "ast", m->into, 200);
}

const struct flow_step flow_asset_merge[] = {
	{"load", asset_merge_load},
	{"store", asset_merge_store},
	{"answer", flow_store_answer},
	{0},
};
