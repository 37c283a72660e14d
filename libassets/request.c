/*
 * What may happen to a request and what it then is. Each event has one function that holds
 * its guards and effects; the table below joins them, request.def says when they may run.
 * To add an event: a row in request_event.def, its moves in request.def, a function here.
 */
#include "request.h"

#include "body.h"
#include "err.h"
#include "request_item.h"

/* The offer's time that s.83 gives at least; flags that one request may carry. */
enum { OFFER_MONTHS_MIN = 6, FLAGS_MAX = 8 };

/* One act on its way through the guards. */
struct acting {
	struct request *r;
	const struct request_act *act;
	const struct request_around *around; /* never NULL */
	struct day today;
	struct flaws *flaws;
};

static int flaw_at(const struct acting *a, const char *field, const char *code, struct str detail,
		   struct str cure, int err)
{
	wire_flaw(a->flaws, &WIRE_KEY(&WIRE_TOP, field), str_of(code), detail, cure);
	return err;
}

static struct str day_of(const struct acting *a, struct day d)
{
	return shape_day_text(d, a->flaws->arena);
}

static void flag_set(struct request *r, struct str flag, struct arena *a)
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

static int do_nothing(struct acting *a)
{
	(void)a;
	return 0;
}

static int do_submit(struct acting *a)
{
	struct request *r = a->r;
	int r_ = request_items_check(a->act->items, r->kind, a->act->on, a->today, a->flaws);

	if (r_ < 0)
		return r_;
	r->received_on = a->act->on;
	return request_items_begin(a->act->items, r->kind, a->act->on, a->flaws->arena, &r->items);
}

static int do_item_received(struct acting *a)
{
	struct item *item = request_item_of(a->r, a->act->code);

	if (!item)
		return flaw_at(a, "code", "NOT_ASKED",
			       STR("A request of this kind does not have this item."),
			       STR("Name an item of the request."), ERR_INVALID);
	if (!day_is_none(item->received_on))
		return flaw_at(a, "code", "DUPLICATE", STR("This item has arrived already."),
			       STR("Name an item that is still missing."), ERR_INVALID);
	if (day_cmp(a->act->on, a->r->received_on) < 0)
		return ERR_BEFORE_CAUSE;
	item->received_on = a->act->on;
	return 0;
}

static int check_eligible(struct acting *a)
{
	const struct request_around *around = a->around;
	struct str why = {NULL, 0};

	if (!str_eq(a->r->kind, STR("OWNERSHIP")))
		return 0;
	switch (body_may_own(around->legal_form, around->members)) {
	case BODY_ELIGIBLE:
		break;
	case BODY_MEMBERS_UNKNOWN:
		flag_set(a->r, STR("MEMBERS_UNKNOWN"), a->flaws->arena);
		break;
	case BODY_TOO_FEW_MEMBERS:
		why = STR("The body has fewer than 20 members (section 80 of the 2015 Act).");
		break;
	case BODY_WRONG_FORM:
		why = STR(
			"A body of this legal form may not own land (section 80 of the 2015 Act).");
		break;
	}
	if (str_eq(around->tenure, STR("LEASED_IN")))
		why = STR("The authority does not own the land, it leases it in (section 79(2)).");
	if (str_is_null(why))
		return 0;
	if (!str_is_null(a->act->override_reason)) {
		flag_set(a->r, STR("ELIGIBILITY_OVERRIDDEN"), a->flaws->arena);
		return 0;
	}
	return flaw_at(a, "override_reason", "REQUIRED", why,
		       STR("Say in override_reason why it is eligible all the same."),
		       ERR_NOT_ELIGIBLE);
}

/*
 * From validation on the land may not be disposed of to others (s.84), unless what was
 * under way before it exempts that, or Ministers direct otherwise.
 */
static int take_bar(struct acting *a)
{
	const struct wire_at at = WIRE_KEY(&WIRE_TOP, "bar");
	const struct bar *bar = a->act->bar;
	struct request *r = a->r;
	bool is_direction;

	r->prohibits = (struct shape_flag){true, true};
	r->bar_from = a->act->on;
	if (!bar)
		return 0;
	if (bar->prohibits.is_set)
		r->prohibits = bar->prohibits;
	r->bar_exemption = bar->exemption;
	r->bar_dated_on = bar->dated_on;
	is_direction = str_eq(bar->exemption, STR("DIRECTION"));
	if (!str_is_null(bar->exemption) && day_is_none(bar->dated_on))
		wire_flaw(a->flaws, &WIRE_KEY(&at, "dated_on"), STR("REQUIRED"),
			  STR("An exemption has a day."), STR("Say since when it holds."));
	else if (!str_is_null(bar->exemption) && !is_direction &&
		 day_cmp(bar->dated_on, a->act->on) >= 0)
		wire_flaw(a->flaws, &WIRE_KEY(&at, "dated_on"), STR("OUT_OF_RANGE"),
			  STR("This exemption must be older than the request (section 84)."),
			  STR("Give the day before validation on which it began."));
	else if (day_cmp(bar->dated_on, a->today) > 0)
		return flaw_at(a, "bar", "DATE_IN_FUTURE", STR("That day has not come yet."),
			       STR("Give today or an earlier day."), ERR_DATE_IN_FUTURE);
	return flaws_err(a->flaws);
}

/* Asked in the order in which an officer can do something about the answer. */
static int do_validate(struct acting *a)
{
	struct request *r = a->r;
	struct day last;
	struct str missing = request_items_missing(r, a->flaws->arena, &last);
	int err;

	if (!str_is_null(missing))
		return flaw_at(a, "event", "ITEMS_MISSING",
			       arena_fmt(a->flaws->arena, "Still missing: %s.", missing.at),
			       STR("Record each with ITEM_RECEIVED on the day it arrives."),
			       ERR_ITEMS_MISSING);
	if (day_cmp(a->act->on, last) != 0)
		return flaw_at(a, "on", "VALIDATION_DATE",
			       arena_fmt(a->flaws->arena, "The last item arrived on %s.",
					 day_of(a, last).at),
			       STR("Give that day; the request counts as made on it."),
			       ERR_VALIDATION_DATE);
	if (!day_is_none(a->act->acknowledged_on) &&
	    day_cmp(a->act->acknowledged_on, a->act->on) < 0)
		return flaw_at(a, "acknowledged_on", "BEFORE_START",
			       STR("That is before the request was complete."),
			       STR("Give the day the acknowledgement was sent."), ERR_INVALID);
	err = shape_not_after(a->act->acknowledged_on, a->today, "acknowledged_on", a->flaws);
	if (err < 0)
		return err;
	err = check_eligible(a);
	if (err < 0)
		return err;
	r->validated_on = a->act->on;
	r->acknowledged_on = a->act->acknowledged_on;
	r->override_reason = a->act->override_reason;
	return take_bar(a);
}

static void take_price(struct acting *a)
{
	if (a->act->price_pence.is_set)
		a->r->agreed_price_pence = a->act->price_pence;
}

static int do_agree(struct acting *a)
{
	struct day least = day_add_months(a->act->on, OFFER_MONTHS_MIN);

	if (a->around->is_disposed.value)
		return ERR_LAND_DISPOSED;
	if (!day_is_none(a->act->offer_by_on) && day_cmp(a->act->offer_by_on, least) < 0)
		return flaw_at(
			a, "offer_by_on", "OUT_OF_RANGE",
			STR("The body has at least six months for its offer (section 83)."),
			arena_fmt(a->flaws->arena, "Give %s or a later day.", day_of(a, least).at),
			ERR_INVALID);
	take_price(a);
	return 0;
}

static int do_refuse(struct acting *a)
{
	if (a->act->grounds.count)
		return 0;
	return flaw_at(a, "grounds", "REQUIRED",
		       STR("A refusal needs reasonable grounds (section 82(5))."),
		       STR("Give at least one matter with its text."), ERR_INVALID);
}

/*
 * The last day for the offer: as the newest agreement states it, since a review or an appeal
 * may have ended in another. DAY_NONE: nobody has agreed.
 */
static struct day offer_by(const struct request *r)
{
	const struct ledger_entry *entry = r->ledger.at;
	struct day last = DAY_NONE;

	for (size_t i = 0; i < r->ledger.count; i++) {
		if (str_eq(entry[i].event, STR("AGREE")))
			last = entry[i].offer_by_on;
	}
	return last;
}

static int do_offer(struct acting *a)
{
	struct day last = offer_by(a->r);

	if (!day_is_none(last) && day_cmp(a->act->on, last) > 0)
		return flaw_at(a, "on", "TOO_LATE",
			       arena_fmt(a->flaws->arena, "The last day for the offer was %s.",
					 day_of(a, last).at),
			       STR("Look whether the day is right; else the agreement has lapsed."),
			       ERR_TOO_LATE);
	take_price(a);
	return 0;
}

static int check_other_bar(struct acting *a)
{
	if (str_is_null(a->around->barred_by))
		return 0;
	return flaw_at(a, "event", "BARRED",
		       arena_fmt(a->flaws->arena, "Request %s was made earlier and bars this.",
				 a->around->barred_by.at),
		       STR("Wait until that request is disposed of (section 84)."), ERR_BARRED);
}

static int do_conclude(struct acting *a)
{
	take_price(a);
	return check_other_bar(a);
}

static int (*const do_table[])(struct acting *a) = {
	[REQUEST_EVENT_EXPRESS_INTEREST] = do_nothing,
	[REQUEST_EVENT_SUPPORT_EOI] = do_nothing,
	[REQUEST_EVENT_DECLINE_EOI] = do_nothing,
	[REQUEST_EVENT_SUBMIT] = do_submit,
	[REQUEST_EVENT_ITEM_RECEIVED] = do_item_received,
	[REQUEST_EVENT_VALIDATE] = do_validate,
	[REQUEST_EVENT_AGREE] = do_agree,
	[REQUEST_EVENT_REFUSE] = do_refuse,
	[REQUEST_EVENT_OFFER] = do_offer,
	[REQUEST_EVENT_CONCLUDE_CONTRACT] = do_conclude,
	[REQUEST_EVENT_COMPLETE] = do_conclude,
	[REQUEST_EVENT_WITHDRAW] = do_nothing,
};

/* Items arrive, and make a request whole, whenever they do; all else follows its cause. */
static bool is_measured_by_cause(enum request_event e)
{
	return e != REQUEST_EVENT_ITEM_RECEIVED && e != REQUEST_EVENT_VALIDATE;
}

/*
 * What the new state alone decides. A bar ends with the first state that has none; only
 * take_bar() begins one, so that a request moved back into such a state does not bar anew.
 */
static void enter(struct request *r, enum request_state from, enum request_state to, struct day on,
		  struct arena *a)
{
	const struct request_state_info *was = request_state_info(from);
	const struct request_state_info *is = request_state_info(to);

	r->state = str_of(is->name);
	r->effective_on = on;
	if (from != to)
		r->state_on = on;
	if (strcmp(was->model, is->model) != 0)
		r->model_state_on = on;
	if (!is->bars && !day_is_none(r->bar_from) && day_is_none(r->bar_to))
		r->bar_to = on;
	r->allowed = request_allowed(to, a);
}

/* An agreement that states no last day gets the law's least, so that clocks look no further. */
static int ledger_add(struct request *r, const struct request_act *act, struct arena *a)
{
	size_t n = r->ledger.count;
	struct ledger_entry *made = ARENA_ARRAY(a, n + 1, struct ledger_entry);
	struct day offer_by_on = act->offer_by_on;

	if (!made || n >= LEDGER_MAX)
		return made ? ERR_LIMIT : ERR_NOMEM;
	if (n)
		memcpy(made, r->ledger.at, n * sizeof(*made));
	if (str_eq(act->event, STR("AGREE")) && day_is_none(offer_by_on))
		offer_by_on = day_add_months(act->on, OFFER_MONTHS_MIN);
	made[n] = (struct ledger_entry){act->event, act->on, offer_by_on};
	r->ledger = (struct shape_list){made, n + 1};
	return 0;
}

int request_apply(struct request *r, const struct request_act *act, enum request_event event,
		  struct day today, struct flaws *flaws)
{
	static const struct request_around nothing; /* land that is in no register */
	struct acting a = {r, act, r->around ? r->around : &nothing, today, flaws};
	enum request_state from, to;
	int err = request_state_parse(r->state, &from);

	if (err < 0)
		return ERR_BUG;
	/* First, so that a refusal can say what would be possible. */
	r->allowed = request_allowed(from, flaws->arena);
	if (!request_move(from, event, &to))
		return ERR_TRANSITION;
	err = shape_not_after(act->on, today, "on", flaws);
	if (err < 0)
		return err;
	if (is_measured_by_cause(event) && day_cmp(act->on, r->state_on) < 0)
		return flaw_at(&a, "on", "BEFORE_CAUSE",
			       arena_fmt(flaws->arena, "The request has been %s since %s.",
					 r->state.at, day_of(&a, r->state_on).at),
			       STR("Give that day or a later one."), ERR_BEFORE_CAUSE);
	err = do_table[event](&a);
	if (err < 0)
		return err;
	enter(r, from, to, act->on, flaws->arena);
	return ledger_add(r, act, flaws->arena);
}
