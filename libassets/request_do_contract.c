/*
 * What follows an agreement: offer, contract, directions, the appeal for want of a contract;
 * and the end of the bar by direction.
 *
 * Source: 2015 Act ss.83, 84, 90; SSI 2016/360; statute 5.2 and 9.
 */
#include "err.h"
#include "request_do.h"

static const char *const contract_clock[] = {"K19"};

int request_do_offer(struct acting *a)
{
	request_take_price(a);
	return 0;
}

int request_do_extend_contract(struct acting *a)
{
	return request_check_longer(a, contract_clock, COUNT(contract_clock));
}

/* Ministers set the day, sooner or later than the one that runs; never before their answer. */
static int check_set(const struct acting *a)
{
	if (day_is_none(a->act->until_on))
		return request_flaw(a, "until_on", "REQUIRED",
				    STR("Ministers set a day by which to conclude the contract."),
				    STR("Give the last day of the period that they set."),
				    ERR_INVALID);
	if (day_cmp(a->act->until_on, a->act->on) < 0)
		return request_flaw(a, "until_on", "OUT_OF_RANGE",
				    STR("The period would end before it was set."),
				    STR("Give the last day of the period that they set."),
				    ERR_INVALID);
	return 0;
}

int request_do_direction_given(struct acting *a)
{
	return check_set(a);
}

static int check_other_bar(const struct acting *a)
{
	if (str_is_null(a->around->barred_by))
		return 0;
	return request_flaw(a, "event", "BARRED",
			    arena_fmt(a->flaws->arena, "Request %s was made earlier and bars this.",
				      a->around->barred_by.at),
			    STR("Wait until that request is disposed of (section 84)."),
			    ERR_BARRED);
}

int request_do_conclude(struct acting *a)
{
	request_take_price(a);
	return check_other_bar(a);
}

int request_do_contract_appeal_decided(struct acting *a)
{
	if (str_eq(a->act->outcome, STR("DISMISS")))
		return 0;
	if (!str_eq(a->act->outcome, STR("ALLOW")))
		return request_flaw(a, "outcome", "NOT_IN_LIST",
				    STR("This event has no such outcome."),
				    STR("One of: ALLOW DISMISS."), ERR_INVALID);
	request_take_price(a);
	return check_set(a);
}

int request_do_bar_lifted(struct acting *a)
{
	int err = shape_not_after(a->act->dated_on, a->today, "dated_on", a->flaws);

	if (err < 0)
		return err;
	if (day_cmp(a->act->dated_on, a->act->on) > 0)
		return request_flaw(a, "dated_on", "OUT_OF_RANGE",
				    STR("The bar cannot be lifted before the direction."),
				    STR("Give the day of the direction."), ERR_INVALID);
	if (day_cmp(a->act->on, a->r->bar_from) < 0)
		return request_flaw(a, "on", "BEFORE_CAUSE", STR("That is before the bar began."),
				    STR("Give that day or a later one."), ERR_BEFORE_CAUSE);
	a->r->bar_exemption = a->act->exemption;
	a->r->bar_dated_on = a->act->dated_on;
	a->r->bar_to = a->act->on;
	return 0;
}
