/*
 * What must be true from the submission to validation: items, eligibility, and the bar that begins.
 *
 * Source: 2015 Act ss.79, 80, 84, 93; SSI 2016/357 regs 3 to 5; statute 4, 7.1 and 9.
 */
#include "libassets/base/err.h"
#include "libassets/register/body.h"
#include "request_clock.h"
#include "request_do.h"
#include "request_item.h"
#include "request_must.h"

int must_arrived_by_today(struct acting *a)
{
	return request_arrival_check(a->act->on, a->today, true, "on", a->flaws);
}

int must_items_are_asked(struct acting *a)
{
	return request_items_check(a->act->items, a->r->kind, a->act->on, a->today, a->flaws);
}

int must_item_is_missing(struct acting *a)
{
	const struct item *item = request_item_of(a->r, a->act->code);

	if (!item)
		return request_flaw(a, "code", "NOT_ASKED",
				    STR("A request of this kind does not have this item."),
				    STR("Name an item of the request."), ERR_INVALID);
	if (!day_is_none(item->received_on))
		return request_flaw(a, "code", "DUPLICATE", STR("This item has arrived already."),
				    STR("Name an item that is still missing."), ERR_INVALID);
	return 0;
}

int must_item_follows_arrival(struct acting *a)
{
	return day_cmp(a->act->on, a->r->received_on) < 0 ? ERR_BEFORE_CAUSE : 0;
}

int must_earlier_is_named(struct acting *a)
{
	if (!str_is_null(a->act->earlier_request_id) != !str_is_null(a->act->earlier))
		return 0;
	return request_flaw(a, "earlier_request_id", "REQUIRED",
			    STR("A repeat is one of an earlier request, named once."),
			    STR("Send earlier_request_id, or earlier in words."), ERR_INVALID);
}

static int not_a_repeat(const struct acting *a, const char *code, struct str detail)
{
	return request_flaw(a, "earlier_request_id", code, detail,
			    STR("Name the like request that was refused, or consider this one."),
			    ERR_INVALID);
}

/* Of one that is told in words nothing is known. */
static bool is_in_register(const struct acting *a)
{
	return !str_is_null(a->act->earlier_request_id);
}

int must_earlier_was_refused(struct acting *a)
{
	if (!is_in_register(a))
		return 0;
	if (str_is_null(a->around->earlier_kind))
		return not_a_repeat(a, "UNKNOWN", STR("There is no request of that id."));
	if (!a->around->earlier_was_refused.value)
		return not_a_repeat(
			a, "NOT_REFUSED",
			STR("That request was not refused, or the answer has become another."));
	return 0;
}

int must_earlier_is_alike(struct acting *a)
{
	if (!is_in_register(a))
		return 0;
	if (!str_eq(a->around->earlier_kind, a->r->kind))
		return not_a_repeat(a, "OTHER_KIND", STR("That request was of another kind."));
	if (a->around->earlier_is_same_land.value || !str_is_null(a->act->override_reason))
		return 0;
	return request_flaw(
		a, "override_reason", "REQUIRED",
		STR("That request was about other land in the register."),
		STR("Say in override_reason why the matters are substantially the same."),
		ERR_INVALID);
}

int must_earlier_is_recent(struct acting *a)
{
	struct day made = a->around->earlier_validated_on, until, other;
	int order, err;

	if (!is_in_register(a))
		return 0;
	if (day_is_none(made))
		return not_a_repeat(a, "NOT_REFUSED", STR("That request was never validated."));
	if (day_cmp(made, a->r->received_on) >= 0)
		return not_a_repeat(
			a, "NOT_EARLIER",
			STR("That request was made on the day on which this one arrived, or "
			    "after it."));
	err = request_clock_least(a->r, CLOCK_K25, made, &until, &other);
	if (err < 0)
		return err;
	order = day_cmp(a->r->received_on, until);
	if (order > 0)
		return not_a_repeat(a, "TOO_OLD",
				    arena_fmt(a->flaws->arena,
					      "Two years after that request ended on %s.",
					      request_day_text(a, until).at));
	if (order == 0 && str_is_null(a->act->override_reason))
		return request_flaw(a, "override_reason", "REQUIRED",
				    STR("This request arrived on the very day on which two years "
					"ended; the law does not say which side that is."),
				    STR("Say in override_reason why it is declined."), ERR_INVALID);
	return 0;
}

/* What is called missing is; said of none, all that is missing is meant. */
int must_named_are_missing(struct acting *a)
{
	const struct wire_at list = WIRE_KEY(&WIRE_TOP, "items");
	const struct item *named = a->act->items.at;
	struct day last;

	if (str_is_null(request_items_missing(a->r, a->flaws->arena, &last)))
		return request_flaw(a, "event", "NOTHING_MISSING", STR("Every item has arrived."),
				    STR("Validate the request, or correct the day of an item."),
				    ERR_INVALID);
	for (size_t i = 0; i < a->act->items.count; i++) {
		const struct item *item = request_item_of(a->r, named[i].code);

		if (!item)
			wire_flaw(a->flaws, &WIRE_INDEX(&list, i), STR("NOT_ASKED"),
				  STR("A request of this kind does not have this item."),
				  STR("Leave it out."));
		else if (!day_is_none(item->received_on))
			wire_flaw(a->flaws, &WIRE_INDEX(&list, i), STR("NOT_MISSING"),
				  STR("This item has arrived."), STR("Leave it out."));
	}
	return flaws_err(a->flaws);
}

/* One condition that fails; a reason overrides it, and the request then says so. */
static void not_eligible(struct acting *a, struct str why, struct str cure)
{
	if (!str_is_null(a->act->override_reason))
		request_flag_set(a->r, STR("ELIGIBILITY_OVERRIDDEN"), a->flaws->arena);
	else
		wire_flaw(a->flaws, &WIRE_KEY(&WIRE_TOP, "override_reason"), STR("REQUIRED"), why,
			  cure);
}

/* Winding up is asked of two legal forms, and only where the land would be theirs. */
static bool is_asked(const struct acting *a, const char *code)
{
	return strcmp(code, "WINDING_UP") != 0 ||
	       (str_eq(a->r->kind, STR("OWNERSHIP")) &&
		shape_is_word(a->around->legal_form, "COMPANY BENCOM"));
}

/* Section 19 is asked of whatever is requested. */
static void check_constitution(struct acting *a)
{
	const struct shape_words *unmet = &a->around->unmet;
	const struct body_condition *c;

	for (size_t n = 0; (c = body_condition_at(n)); n++) {
		for (size_t i = 0; i < unmet->count; i++) {
			if (str_eq(unmet->at[i], str_of(c->code)) && is_asked(a, c->code))
				not_eligible(a, str_of(c->detail), str_of(c->cure));
		}
	}
}

static void check_owner(struct acting *a)
{
	const struct request_around *around = a->around;

	switch (body_may_own(around->legal_form, around->members)) {
	case BODY_ELIGIBLE:
		break;
	case BODY_MEMBERS_UNKNOWN:
		request_flag_set(a->r, STR("MEMBERS_UNKNOWN"), a->flaws->arena);
		break;
	case BODY_TOO_FEW_MEMBERS:
		not_eligible(
			a, STR("The body has fewer than 20 members (section 80 of the 2015 Act)."),
			STR("Correct its members if they are more; it may ask for a lease."));
		break;
	case BODY_WRONG_FORM:
		not_eligible(
			a,
			STR("A body of this legal form may not own land (section 80 of the 2015 "
			    "Act)."),
			STR("Correct its legal form if it is another; it may ask for a lease."));
		break;
	}
	if (str_eq(around->tenure, STR("LEASED_IN")))
		not_eligible(a,
			     STR("The authority does not own the land, it leases it in (section "
				 "79(2))."),
			     STR("Correct the tenure if it is owned; a lease may be asked for."));
}

/* Every condition that fails is named, with what mends it. */
int must_eligible_or_overridden(struct acting *a)
{
	size_t before = a->flaws->count;

	check_constitution(a);
	if (str_eq(a->r->kind, STR("OWNERSHIP")))
		check_owner(a);
	return a->flaws->count == before ? 0 : ERR_NOT_ELIGIBLE;
}

/* The bar follows from validation; nobody's word takes it away, only what section 84 exempts. */
int must_exemption_is_named(struct acting *a)
{
	const struct wire_at at = WIRE_KEY(&WIRE_TOP, "bar");
	const struct bar *bar = a->act->bar;

	if (a->around->is_recorded.value || !bar || !bar->prohibits.is_set ||
	    bar->prohibits.value || !str_is_null(bar->exemption))
		return 0;
	wire_flaw(a->flaws, &WIRE_KEY(&at, "exemption"), STR("REQUIRED"),
		  STR("Validation bars disposal unless an exemption is named (section 84)."),
		  STR("Name the exemption and its day, or leave bar out."));
	return flaws_err(a->flaws);
}

/* What exempts from the bar was under way before the request was made, or Ministers direct it
 * (s.84). */
int must_exemption_is_older(struct acting *a)
{
	const struct wire_at at = WIRE_KEY(&WIRE_TOP, "bar");
	const struct bar *bar = a->act->bar;

	if (!bar)
		return 0;
	if (!str_is_null(bar->exemption) && day_is_none(bar->dated_on))
		wire_flaw(a->flaws, &WIRE_KEY(&at, "dated_on"), STR("REQUIRED"),
			  STR("An exemption has a day."), STR("Say since when it holds."));
	else if (!str_is_null(bar->exemption) && !str_eq(bar->exemption, STR("DIRECTION")) &&
		 day_cmp(bar->dated_on, a->act->on) >= 0)
		wire_flaw(a->flaws, &WIRE_KEY(&at, "dated_on"), STR("OUT_OF_RANGE"),
			  STR("This exemption must be older than the request (section 84)."),
			  STR("Give the day before validation on which it began."));
	else if (day_cmp(bar->dated_on, a->today) > 0)
		return request_flaw(a, "bar", "DATE_IN_FUTURE", STR("That day has not come yet."),
				    STR("Give today or an earlier day."), ERR_DATE_IN_FUTURE);
	return flaws_err(a->flaws);
}

int must_all_items_are_in(struct acting *a)
{
	struct day last;
	struct str missing = request_items_missing(a->r, a->flaws->arena, &last);

	if (str_is_null(missing))
		return 0;
	return request_flaw(a, "event", "ITEMS_MISSING",
			    arena_fmt(a->flaws->arena, "Still missing: %s.", missing.at),
			    STR("Record each with ITEM_RECEIVED on the day it arrives."),
			    ERR_ITEMS_MISSING);
}

int must_day_is_of_last_item(struct acting *a)
{
	struct day last;

	(void)request_items_missing(a->r, a->flaws->arena, &last);
	if (day_cmp(a->act->on, last) == 0)
		return 0;
	return request_flaw(a, "on", "VALIDATION_DATE",
			    arena_fmt(a->flaws->arena, "The last item arrived on %s.",
				      request_day_text(a, last).at),
			    STR("Give that day; the request counts as made on it."),
			    ERR_VALIDATION_DATE);
}

int must_acknowledged_since(struct acting *a)
{
	if (!day_is_none(a->act->acknowledged_on) &&
	    day_cmp(a->act->acknowledged_on, a->act->on) < 0)
		return request_flaw(a, "acknowledged_on", "BEFORE_START",
				    STR("That is before the request was complete."),
				    STR("Give the day the acknowledgement was sent."), ERR_INVALID);
	return shape_not_after(a->act->acknowledged_on, a->today, "acknowledged_on", a->flaws);
}
