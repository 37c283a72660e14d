/*
 * A disposal that was recorded by hand and wrongly: another takes its place (PUT), or it did not
 * happen (DELETE). As with a completion (completion.c) nothing is rewritten: the old one is undone
 * and stays to be asked for as it was known; the frozen baseline goes along but for another day.
 * One that a request's completion made follows the ledger of that request, and is corrected there.
 */
#include "daemon/route/h.h"
#include "disposal_undo.h"
#include "h_disposal.h"
#include "q.h"

enum { REASON_MAX = 2000 };

/* What f->state holds. now: only of a PUT. */
struct mend {
	struct disposal was, now;
	struct str id, reason;
};

/* The page's address names the asset alone; its form says which disposal. */
static struct str disposal_id(struct flow *f)
{
	return f->param[1].len ? f->param[1] : flow_form(f, "disposal_id");
}

/* Of the query, or of a page's form. */
static void take_reason(struct flow *f, struct mend *m)
{
	m->reason = flow_query(f, "reason");
	if (!m->reason.len)
		m->reason = flow_form(f, "reason");
	if (!str_trim(m->reason).len)
		h_flaw(f, "reason", "REQUIRED", STR("It is not said why."),
		       STR("Say in a sentence what was wrong."));
	else if (m->reason.len > REASON_MAX)
		h_flaw(f, "reason", "WRONG_LENGTH", STR("This is longer than 2000 bytes."),
		       STR("Say it in fewer words."));
}

/* A query's fault is one of the request, a form's is shown beside it. */
static int reason_err(struct flow *f, const struct mend *m)
{
	bool is_there = str_trim(m->reason).len && m->reason.len <= REASON_MAX;

	return !is_there && f->param[1].len ? ERR_QUERY : flaws_err(&f->flaws);
}

static enum step_result load(struct flow *f, struct mend *m, struct day as_of)
{
	m->id = disposal_id(f);
	q_disposal_stands_add(flow_batch(f),
			      &(struct q_disposal_stands){.asset_id = f->param[0], .id = m->id});
	q_baseline_input_add(flow_batch(f), &(struct q_baseline_input){
						    .asset_id = f->param[0],
						    .as_of = shape_day_text(as_of, f->arena),
					    });
	return flow_send(f);
}

enum step_result disposal_correct_load(struct flow *f)
{
	struct mend *m = f->state = ARENA_NEW(f->arena, struct mend);
	int r = m ? h_decode(f, &disposal_shape, SHAPE_CREATE, &m->now) : ERR_NOMEM;

	if (m)
		take_reason(f, m);
	if (r == 0)
		r = disposal_settle(&m->now, f->today, &f->flaws);
	if (r == 0 && f->flaws.count)
		r = reason_err(f, m);
	return r < 0 ? flow_fail(f, r) : load(f, m, m->now.completed_on);
}

enum step_result disposal_undo_load(struct flow *f)
{
	struct mend *m = f->state = ARENA_NEW(f->arena, struct mend);

	if (!m)
		return flow_fail(f, ERR_NOMEM);
	take_reason(f, m);
	return f->flaws.count ? flow_fail(f, reason_err(f, m)) : load(f, m, f->today);
}

/* Rights first, then whether it is this one that can be corrected here, and as it was seen. */
static int check(struct flow *f, const struct q_disposal_stands_row *row)
{
	int r = row->gone || row->undone ? ERR_GONE
					 : h_may(f, PERM_DISPOSAL_WRITE, row->authority_id);

	if (r == 0)
		r = flow_if_match(f, row->version);
	if (r < 0 || str_is_null(row->request_id))
		return r;
	flow_detail(
		f,
		arena_fmt(f->arena,
			  "The completion of request %.*s made it: correct the entry COMPLETE of "
			  "its ledger, and the disposal follows.",
			  (int)row->request_id.len, row->request_id.at));
	return ERR_TRANSITION;
}

static void undo(struct flow *f, const struct mend *m, const struct q_disposal_stands_row *row)
{
	disposal_undo(f, &(struct disposal_undo){
				 .id = m->id,
				 .asset_id = f->param[0],
				 .authority_id = arena_str(f->arena, row->authority_id),
				 .was = &m->was,
				 .lifecycle = row->lifecycle,
				 .rests = row->rests_count,
				 .reason = m->reason,
			 });
}

static int load_row(struct flow *f, struct mend *m, struct q_disposal_stands_row *row)
{
	int r = q_disposal_stands_one(f->got, 0, row);

	if (r == 0)
		r = check(f, row);
	if (r == 0)
		r = h_stored(f, row->fields, &disposal_shape, &m->was);
	return r;
}

enum step_result disposal_correct_store(struct flow *f)
{
	struct mend *m = f->state;
	struct q_disposal_stands_row row;
	struct q_baseline_input_row input;
	struct str id = {NULL, 0};
	int r = load_row(f, m, &row);

	if (r == 0)
		r = disposal_undo_check(f, row.rests, row.rests_on, &m->now.completed_on);
	if (r == 0)
		r = q_baseline_input_one(f->got, 1, &input);
	if (r < 0)
		return flow_fail(f, r);
	undo(f, m, &row);
	r = disposal_store(
		f,
		&(struct disposal_of){
			.asset_id = f->param[0],
			.authority_id = arena_str(f->arena, row.authority_id),
			.disposal = &m->now,
			.input = input.input,
			.baseline = day_cmp(m->was.completed_on, m->now.completed_on) == 0
					    ? arena_str(f->arena, row.baseline)
					    : (struct str){NULL, 0},
			.other_requests = STR("[]"),
		},
		&id);
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "dsp", id, 200);
}

enum step_result disposal_undo_store(struct flow *f)
{
	struct mend *m = f->state;
	struct q_disposal_stands_row row;
	int r = load_row(f, m, &row);

	if (r == 0)
		r = disposal_undo_check(f, row.rests, row.rests_on, NULL);
	if (r < 0)
		return flow_fail(f, r);
	undo(f, m, &row);
	r = disposal_undo_tell(f, f->param[0], STR(""), row.told);
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "ast", f->param[0], 204);
}

const struct flow_step flow_disposal_correct[] = {
	{"load", disposal_correct_load},
	{"store", disposal_correct_store},
	{"answer", flow_store_answer},
	{0},
};

const struct flow_step flow_disposal_undo[] = {
	{"load", disposal_undo_load},
	{"store", disposal_undo_store},
	{"answer", flow_store_answer},
	{0},
};
