/*
 * An act that met another one. Nothing of it was stored, so it is begun anew from what the other
 * left: allowed still, it happens behind it; allowed no more, its refusal says in which state the
 * other left things, as if it had come a moment later. Whoever meets others time after time is
 * told of the last of them.
 */
#include "flow_again.h"

#include "daemon/base/clock.h"
#include "flow_apart.h"
#include "flow_private.h"
#include "q.h"

/* Each time somebody else got on; more in a row than this are no chance. */
enum { AGAIN_MOST = 3 };

void flow_again(struct flow *f, struct str subject)
{
	f->p->again = f->p->step;
	f->p->again_of = subject;
}

static enum step_result ask_who(struct flow *f)
{
	q_change_last_add(flow_batch(f), &(struct q_change_last){.subject = f->p->again_of});
	return flow_send(f);
}

/* "by the passing of time", "by Ann Officer", "by somebody of the authority" … */
static struct str by_whom(struct flow *f, const struct q_change_last_row *row)
{
	if (str_eq(row->actor, STR("SYSTEM")))
		return STR("by the passing of time");
	if (!str_is_null(row->name))
		return arena_fmt(f->arena, "by %.*s", (int)row->name.len, row->name.at);
	return STR("by somebody else");
}

static enum step_result tell_who(struct flow *f)
{
	struct q_change_last_row row;
	int err = f->p->held_err;

	if (q_change_last_one(f->got, 0, &row) < 0)
		return flow_fail(f, err);
	flow_problem(f, "meanwhile", row.body);
	flow_detail(f, arena_fmt(f->arena,
				 "Meanwhile %.*s was recorded %s, at %.*s. Read it again, and send "
				 "this once more if it still holds.",
				 (int)row.type.len, row.type.at, by_whom(f, &row).at,
				 (int)row.at.len, row.at.at));
	return flow_fail(f, err);
}

static const struct flow_step tell_steps[] = {
	{"look who was first", ask_who},
	{"tell who was first", tell_who},
	{0},
};

/* What the try before said and put together is not this one's. */
static void forget(struct flow *f)
{
	struct flow_private *p = f->p;

	p->err = 0;
	p->batch = NULL;
	flow_apart_drop(f);
	flaws_init(&f->flaws, f->arena);
	p->detail = (struct str){NULL, 0};
	buf_clear(&p->members);
}

bool flow_begin_again(struct flow *f)
{
	struct flow_private *p = f->p;

	if (!p->again || (p->err != ERR_CONFLICT && p->err != ERR_STALE))
		return false;
	if (p->err == ERR_CONFLICT && p->agains++ < AGAIN_MOST) {
		p->next = p->again;
		f->now_us = clock_now_us();
		f->today = clock_today(f->now_us);
	} else {
		p->held_err = p->err;
		p->again = NULL;
		p->next = tell_steps;
	}
	forget(f);
	return true;
}
