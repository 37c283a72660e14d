/*
 * What may happen to a request and what it then is. request.def says which row an event takes
 * and what must be true of it (request_must.h), request_do.h what it does; this joins them, and
 * keeps the ledger. To add an event: a row in request_event.def, its moves in request.def, a
 * function here.
 */
#include "request.h"

#include "libassets/base/err.h"
#include "request_do.h"
#include "request_item.h"
#include "request_move.h"
#include "request_must.h"
#include "request_time.h"

/* Flags that one request may carry. */
enum { FLAGS_MAX = 20 };

int request_flaw(const struct acting *a, const char *field, const char *code, struct str detail,
		 struct str cure, int err)
{
	wire_flaw(a->flaws, &WIRE_KEY(&WIRE_TOP, field), str_of(code), detail, cure);
	return err;
}

struct str request_day_text(const struct acting *a, struct day d)
{
	return shape_day_text(d, a->flaws->arena);
}

void request_flag_set(struct request *r, struct str flag, struct arena *a)
{
	struct str *made = ARENA_ARRAY(a, r->flags.count + 1, struct str);

	for (size_t i = 0; i < r->flags.count; i++) {
		if (str_eq(r->flags.at[i], flag))
			return;
	}
	if (!made || r->flags.count >= FLAGS_MAX)
		return;
	if (r->flags.count)
		memcpy(made, r->flags.at, r->flags.count * sizeof(*made));
	made[r->flags.count] = flag;
	r->flags = (struct shape_words){made, r->flags.count + 1};
}

bool request_is_barring(const struct request *r)
{
	return r->prohibits.value && str_is_null(r->bar_exemption) && !day_is_none(r->bar_from) &&
	       day_is_none(r->bar_to);
}

/* Events that are not here happen by themselves alone. */
static int (*const do_table[])(struct request *r, struct request_act *act, struct arena *a) = {
	[REQUEST_EVENT_EXPRESS_INTEREST] = request_do_nothing,
	[REQUEST_EVENT_SUPPORT_EOI] = request_do_nothing,
	[REQUEST_EVENT_DECLINE_EOI] = request_do_nothing,
	[REQUEST_EVENT_SUBMIT] = request_do_submit,
	[REQUEST_EVENT_INELIGIBLE] = request_do_nothing,
	[REQUEST_EVENT_DECLINE_REPEAT] = request_do_nothing,
	[REQUEST_EVENT_MISSING_ITEMS] = request_do_nothing,
	[REQUEST_EVENT_ITEM_RECEIVED] = request_do_item_received,
	[REQUEST_EVENT_VALIDATE] = request_do_validate,
	[REQUEST_EVENT_ACKNOWLEDGED] = request_do_acknowledged,
	[REQUEST_EVENT_NOTICES_ISSUED] = request_do_nothing,
	[REQUEST_EVENT_REPRESENTATIONS_SENT] = request_do_nothing,
	[REQUEST_EVENT_REPRESENTATION_RECEIVED] = request_do_nothing,
	[REQUEST_EVENT_COMMENTS_RECEIVED] = request_do_nothing,
	[REQUEST_EVENT_EXTEND] = request_do_extend,
	[REQUEST_EVENT_AGREE] = request_do_decide,
	[REQUEST_EVENT_REFUSE] = request_do_decide,
	[REQUEST_EVENT_REVIEW_APPLIED] = request_do_nothing,
	[REQUEST_EVENT_APPEAL_LODGED] = request_do_nothing,
	[REQUEST_EVENT_PARTIES_NOTIFIED] = request_do_nothing,
	[REQUEST_EVENT_RESPONSE_RECEIVED] = request_do_nothing,
	[REQUEST_EVENT_REVIEW_DECIDED] = request_do_decide,
	[REQUEST_EVENT_APPEAL_DECIDED] = request_do_decide,
	[REQUEST_EVENT_OFFER] = request_do_price,
	[REQUEST_EVENT_EXTEND_CONTRACT] = request_do_extend,
	[REQUEST_EVENT_DIRECTION_APPLIED] = request_do_nothing,
	[REQUEST_EVENT_DIRECTION_GIVEN] = request_do_nothing,
	[REQUEST_EVENT_DIRECTION_REFUSED] = request_do_nothing,
	[REQUEST_EVENT_CONCLUDE_CONTRACT] = request_do_price,
	[REQUEST_EVENT_NO_CONTRACT_APPEAL_LODGED] = request_do_nothing,
	[REQUEST_EVENT_NO_CONTRACT_APPEAL_DECIDED] = request_do_price,
	[REQUEST_EVENT_COMPLETE] = request_do_price,
	[REQUEST_EVENT_WITHDRAW] = request_do_nothing,
	[REQUEST_EVENT_CLOSE] = request_do_nothing,
	[REQUEST_EVENT_BAR_LIFTED] = request_do_lift_bar,
	[REQUEST_EVENT_COUNT] = NULL,
};

/*
 * The day that an act may not be before: an item arrives, and makes a request whole, whenever it
 * does; what leaves a request that is being decided where it is follows the validation; all
 * else follows what led into the present state.
 */
static struct day cause_of(const struct request *r, enum request_event event,
			   const struct request_move *row)
{
	bool is_deciding = !day_is_none(r->validated_on) &&
			   shape_is_word(r->state, "VALIDATED REPRESENTATIONS_OPEN CTB_COMMENT "
						   "UNDER_ASSESSMENT");

	if (event == REQUEST_EVENT_ITEM_RECEIVED || event == REQUEST_EVENT_VALIDATE)
		return DAY_NONE;
	return is_deciding && row->to == REQUEST_SAME ? r->validated_on : r->state_on;
}

/*
 * What the new state alone decides. A bar ends with the first state that has none; only
 * validation begins one, so that a request moved back into such a state does not bar anew.
 */
static void enter(struct request *r, const struct request_move *row, struct day on, struct arena *a)
{
	const struct request_state_info *is;
	enum request_state from, to;

	if (request_state_parse(r->state, &from) < 0)
		return;
	to = row->to == REQUEST_SAME ? from : row->to;
	is = request_state_info(to);
	r->state = str_of(is->name);
	r->effective_on = on;
	if (from != to)
		r->state_on = on;
	if (strcmp(request_state_info(from)->model, is->model) != 0)
		r->model_state_on = on;
	if (!is->bars && !day_is_none(r->bar_from) && day_is_none(r->bar_to))
		r->bar_to = on;
	if (row->level != REQUEST_SAME_LEVEL)
		r->level = str_of(request_level_name(row->level));
	if (*row->flag)
		request_flag_set(r, str_of(row->flag), a);
}

/* Something of what was asked for had not arrived on that day. */
static bool is_incomplete(const struct request *r, struct day on)
{
	const struct item *item = r->items.at;

	for (size_t i = 0; i < r->items.count; i++) {
		if (day_is_none(item[i].received_on) || day_cmp(item[i].received_on, on) > 0)
			return true;
	}
	return false;
}

static struct ledger_entry entry_of(const struct request *r, const struct request_act *act,
				    struct str was)
{
	bool is_whole = !str_eq(act->event, STR("SUBMIT")) || !is_incomplete(r, act->on);

	return (struct ledger_entry){
		.recorded_on = DAY_NONE,
		.event = act->event,
		.on = act->on,
		.state_from = was,
		.state_to = r->state,
		.level_to = r->level,
		.outcome = act->outcome,
		.offer_by_on = act->offer_by_on,
		.until_on = act->until_on,
		.notice_on = act->notice_on,
		.agreed_on = act->agreed_on,
		.acknowledged_on = act->acknowledged_on,
		.representations_close_on = act->representations_close_on,
		.comments_close_on = act->comments_close_on,
		.terms_differ = act->terms_differ,
		.is_incomplete = {!is_whole, true},
	};
}

static int ledger_add(struct request *r, const struct request_act *act, struct str was,
		      struct arena *a)
{
	size_t n = r->ledger.count;
	struct ledger_entry *made = ARENA_ARRAY(a, n + 1, struct ledger_entry);

	if (!made || n >= LEDGER_MAX)
		return made ? ERR_LIMIT : ERR_NOMEM;
	if (n)
		memcpy(made, r->ledger.at, n * sizeof(*made));
	made[n] = entry_of(r, act, was);
	r->ledger = (struct shape_list){made, n + 1};
	return 0;
}

int request_ledger_begin(struct request *r, struct arena *a)
{
	struct ledger_entry *made = ARENA_NEW(a, struct ledger_entry);

	if (!made)
		return ERR_NOMEM;
	shape_clear(&ledger_entry_shape, made);
	made->event = made->state_to = r->state;
	made->on = r->received_on;
	made->level_to = r->level;
	made->is_incomplete = (struct shape_flag){
		str_eq(r->state, STR("RECEIVED")) && is_incomplete(r, made->on), true};
	r->ledger = (struct shape_list){made, 1};
	return 0;
}

struct ledger_entry *request_ledger_last(const struct request *r)
{
	return (struct ledger_entry *)r->ledger.at + r->ledger.count - 1;
}

int request_take(struct request *r, const struct request_move *row, const struct request_act *act,
		 struct arena *a)
{
	struct str was = r->state;
	int err;

	enter(r, row, act->on, a);
	err = ledger_add(r, act, was, a);
	r->allowed = request_allowed(r, a);
	return err;
}

int request_apply(struct request *r, struct request_act *act, enum request_event event,
		  struct day today, struct flaws *flaws)
{
	static const struct request_around nothing; /* land that is in no register */
	struct acting a = {r, act, r->around ? r->around : &nothing, today, flaws};
	const struct request_move *row, *some;
	struct request_asking asking;
	struct day cause;
	int err;

	request_ask(r, &asking);
	asking.act = act;
	row = request_move_for(&asking, event);
	asking.act = NULL;
	some = row ? row : request_move_for(&asking, event);
	/* First, so that a refusal can say what would be possible. */
	r->allowed = request_allowed(r, flaws->arena);
	if (!some || !do_table[event])
		return ERR_TRANSITION;
	err = shape_not_after(act->on, today, "on", flaws);
	if (err < 0)
		return err;
	cause = cause_of(r, event, some);
	if (!day_is_none(cause) && day_cmp(act->on, cause) < 0)
		return request_flaw(&a, "on", "BEFORE_CAUSE",
				    arena_fmt(flaws->arena, "The request has been %s since %s.",
					      r->state.at, request_day_text(&a, cause).at),
				    STR("Give that day or a later one."), ERR_BEFORE_CAUSE);
	/* An act that no row takes has, as a rule, a field that says what it should not. */
	err = request_must(&a, some->must);
	if (err < 0 || !row)
		return err < 0 ? err : ERR_TRANSITION;
	err = do_table[event](r, act, flaws->arena);
	if (err < 0)
		return err;
	if (request_time_is_late_on_one_reading(r, event, act->on))
		request_flag_set(r, STR("LATE_ON_ONE_READING"), flaws->arena);
	err = request_take(r, row, act, flaws->arena);
	if (err == 0)
		request_ledger_last(r)->recorded_on = today;
	return err;
}
