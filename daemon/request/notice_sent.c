/*
 * N2 acknowledges the request (SSI 2016/357 reg 4; T8a), and is drafted of its validation, so that
 * it can say what the law wants in it. N9 is the authority's response (SSI 2016/359 reg 4; T17c),
 * and is drafted of the appeal that it answers. N3 and N4 are several, and the act is that the last
 * of them was given, so it is recorded by itself. All other rows of request.def have the act first:
 * what is missing, the extension, the decision are recorded, and the notice says so.
 */
#include "notice_sent.h"

#include "daemon/route/h.h"
#include "h_request_act.h"
#include "libassets/base/err.h"
#include "q.h"

static const struct sending {
	enum notice_code notice;
	enum request_event cause; /* that it is drafted of, else it tells of what was done */
	enum request_event event; /* that its leaving is */
	const char *states;       /* in which the event is that; NULL: in any that takes it */
} sending_table[] = {
	{NOTICE_N2, REQUEST_EVENT_VALIDATE, REQUEST_EVENT_ACKNOWLEDGED, NULL},
	{NOTICE_N9, REQUEST_EVENT_APPEAL_LODGED, REQUEST_EVENT_RESPONSE_RECEIVED, "UNDER_APPEAL"},
};

bool notice_is_act(enum notice_code code)
{
	for (size_t i = 0; i < COUNT(sending_table); i++) {
		if (sending_table[i].notice == code)
			return true;
	}
	return false;
}

/* It was recorded behind the act that the notice was drafted of, or that act stands no more. */
static bool is_done(const struct request *r, struct str act_id, enum request_event event)
{
	const struct ledger_entry *entry = r->ledger.at;
	bool is_behind = false;

	for (size_t i = 0; i < r->ledger.count; i++) {
		if (is_behind && str_eq(entry[i].event, str_of(request_event_info(event)->name)))
			return true;
		is_behind = is_behind || str_eq(entry[i].id, act_id);
	}
	return !is_behind;
}

static const struct sending *sending_of(enum notice_code code, const struct request *r,
					struct str act_id)
{
	const struct ledger_entry *entry = r->ledger.at;

	for (size_t i = 0; i < COUNT(sending_table); i++) {
		const struct sending *s = &sending_table[i];
		struct str cause = str_of(request_event_info(s->cause)->name);

		if (s->notice != code || (s->states && !shape_is_word(r->state, s->states)))
			continue;
		for (size_t n = 0; n < r->ledger.count; n++) {
			if (str_eq(entry[n].id, act_id) && str_eq(entry[n].event, cause))
				return is_done(r, act_id, s->event) ? NULL : s;
		}
	}
	return NULL;
}

int notice_sent(struct flow *f, enum notice_code code, struct str act_id, struct day dated_on,
		const struct q_request_load_row *row)
{
	struct act_flow *act = ARENA_NEW(f->arena, struct act_flow);
	const struct sending *sending;
	struct flaws tried;
	struct request r;
	int err = act ? act_take(f, act, row, &r) : ERR_NOMEM;

	if (err < 0)
		return err;
	sending = sending_of(code, &r, act_id);
	if (!sending)
		return 0;
	shape_clear(&request_act_shape, &act->act);
	act->event = sending->event;
	act->act.event = str_of(request_event_info(sending->event)->name);
	act->act.on = dated_on;
	act->passing.stale = -ERR_CONFLICT; /* If-Match is of the notice */
	flaws_init(&tried, f->arena);
	err = act_try(f, act, &r, &tried);
	if (err < 0)
		return err == ERR_NOMEM ? err : 0;
	return act_happen(f, act, &r);
}
