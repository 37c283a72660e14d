/*
 * See completion.h. On the worker's thread, inside a step.
 *
 * A disposal is never rewritten. What a correction makes of it is worked out from the ledger before
 * and after: only what the ledger says otherwise is otherwise.
 */
#include "completion.h"

#include <inttypes.h>

#include "daemon/register/disposal_undo.h"
#include "daemon/route/h.h"
#include "h_request_act.h"
#include "libassets/base/member.h"
#include "q.h"

/* What the register gets for the land: as sent, else as agreed, else as offered. */
static struct disposal disposal_by(const struct request_act *act, const struct request *r)
{
	struct shape_number price = act->price_pence;
	struct disposal d;

	if (!price.is_set)
		price = r->agreed_price_pence.is_set ? r->agreed_price_pence : r->offer_pence;
	shape_clear(&disposal_shape, &d);
	d.kind = STR("TRANSFER");
	d.completed_on = act->on;
	d.gross_pence = (struct shape_number){price.value, true};
	d.cost_pence = (struct shape_number){act->cost_pence.value, true};
	return d;
}

void completion_ask(struct flow *f, struct day on)
{
	q_baseline_input_add(flow_batch(f),
			     &(struct q_baseline_input){.request_id = f->param[0],
							.as_of = shape_day_text(on, f->arena)});
}

int completion_store(struct flow *f, const struct act_flow *s, const struct q_request_load_row *row,
		     const struct request *r, int at)
{
	struct disposal d = disposal_by(&s->act, r);
	struct q_baseline_input_row input;
	struct str id;
	int err = q_baseline_input_one(f->got, at, &input);

	if (err < 0)
		return err;
	d.to = arena_str(f->arena, row->body_name);
	return disposal_store(f,
			      &(struct disposal_of){
				      .asset_id = arena_str(f->arena, row->asset_id),
				      .authority_id = arena_str(f->arena, row->authority_id),
				      .request_id = f->param[0],
				      .disposal = &d,
				      .input = input.input,
				      .other_requests = row->other_live_requests,
			      },
			      &id);
}

/* --- A correction ------------------------------------------------------------------------ */

void completion_mend_ask(struct flow *f, struct day on)
{
	q_completion_load_add(flow_batch(f),
			      &(struct q_completion_load){.request_id = f->param[0]});
	completion_ask(f, on);
}

/* What was said of the completion before the correction, or is with it; NULL: there is none. */
static const struct request_act *completing(const struct correction *c, bool is_corrected)
{
	for (size_t i = 0; i < c->now->ledger.count; i++) {
		bool is_target = i == c->target;
		const struct request_act *act = is_target && !is_corrected ? &c->was : &c->said[i];

		if (str_eq(act->event, STR("COMPLETE")) &&
		    !(is_target && is_corrected && c->is_struck))
			return act;
	}
	return NULL;
}

/* Of what stood, what the ledger says otherwise than before. */
static void follow(struct completion_mend *mend, const struct disposal *had,
		   const struct disposal *has)
{
	mend->now = mend->was;
	if (day_cmp(had->completed_on, has->completed_on) != 0)
		mend->now.completed_on = has->completed_on;
	if (had->gross_pence.value != has->gross_pence.value)
		mend->now.gross_pence = has->gross_pence;
	if (had->cost_pence.value != has->cost_pence.value)
		mend->now.cost_pence = has->cost_pence;
	mend->is_owed = day_cmp(mend->now.completed_on, mend->was.completed_on) != 0 ||
			mend->now.gross_pence.value != mend->was.gross_pence.value ||
			mend->now.cost_pence.value != mend->was.cost_pence.value;
}

int completion_mend_decide(struct flow *f, const struct correction *c, const struct request *now,
			   int at, struct completion_mend *ret_mend)
{
	const struct request_act *before = completing(c, false), *after = completing(c, true);
	struct completion_mend *mend = ret_mend;
	struct q_completion_load_row row;
	int err = q_completion_load_one(f->got, at, &row);

	*mend = (struct completion_mend){0};
	if (err == ERR_NOT_FOUND || !before)
		return 0; /* land that is not listed, or not completed at all */
	if (err == 0)
		err = h_stored(f, row.fields, &disposal_shape, &mend->was);
	if (err < 0)
		return err;
	mend->is_undone = mend->is_owed = !after;
	if (after) {
		struct disposal had = disposal_by(before, c->now), has = disposal_by(after, now);

		follow(mend, &had, &has);
	}
	if (!mend->is_owed)
		return 0;
	mend->id = arena_str(f->arena, row.id);
	mend->asset_id = arena_str(f->arena, row.asset_id);
	mend->rests = row.rests_count;
	mend->baseline = arena_str(f->arena, row.baseline);
	mend->lifecycle = arena_str(f->arena, row.lifecycle);
	mend->told = row.told;
	if (row.gone) {
		flow_detail(f, STR("The asset has been taken out of the register."));
		return ERR_TRANSITION;
	}
	return disposal_undo_check(f, row.rests, row.rests_on,
				   mend->is_undone ? NULL : &mend->now.completed_on);
}

int completion_mend_store(struct flow *f, const struct completion_mend *mend,
			  const struct act_flow *s, int at)
{
	bool is_of_day = day_cmp(mend->was.completed_on, mend->now.completed_on) == 0;
	struct q_baseline_input_row input;
	struct str id;
	int err;

	if (!mend->is_owed)
		return 0;
	disposal_undo(f, &(struct disposal_undo){
				 .id = mend->id,
				 .asset_id = mend->asset_id,
				 .authority_id = s->passing.authority_id,
				 .was = &mend->was,
				 .lifecycle = mend->lifecycle,
				 .rests = mend->rests,
				 .reason = s->act.reasons,
			 });
	if (mend->is_undone)
		return disposal_undo_tell(f, mend->asset_id, f->param[0], mend->told);
	err = q_baseline_input_one(f->got, at + 1, &input);
	if (err < 0)
		return err;
	return disposal_store(
		f,
		&(struct disposal_of){
			.asset_id = mend->asset_id,
			.authority_id = s->passing.authority_id,
			.request_id = f->param[0],
			.disposal = &mend->now,
			.input = input.input,
			.baseline = is_of_day ? mend->baseline : (struct str){NULL, 0},
			.other_requests = STR("[]"),
		},
		&id);
}

static void tell_one(const char *before, const struct disposal *d, struct buf *out)
{
	char name[32];

	snprintf(name, sizeof(name), "%scompleted_on", before);
	member_day(out, name, d->completed_on);
	snprintf(name, sizeof(name), "%sgross_pence", before);
	member_begin(out, name);
	buf_fmt(out, "%" PRId64, d->gross_pence.value);
	snprintf(name, sizeof(name), "%scost_pence", before);
	member_begin(out, name);
	buf_fmt(out, "%" PRId64, d->cost_pence.value);
}

void completion_mend_tell(const struct completion_mend *mend, struct buf *out)
{
	if (!mend->is_owed)
		return;
	member_begin(out, "disposal");
	buf_char(out, '{');
	tell_one("was_", &mend->was, out);
	if (!mend->is_undone)
		tell_one("", &mend->now, out);
	member_text(out, "lifecycle", mend->is_undone ? mend->lifecycle : STR("DISPOSED"));
	buf_char(out, '}');
}
