/*
 * What must be true of what follows an agreement: contract, directions, the appeal for want of a
 * contract; and of the end of the bar by direction.
 *
 * Source: 2015 Act ss.83, 84, 90; SSI 2016/360; statute 5.2 and 9.
 */
#include "libassets/base/err.h"
#include "request_must.h"

/* Ministers set the day, sooner or later than the one that runs; never before their answer. */
int must_period_is_set(struct acting *a)
{
	if (str_eq(a->act->outcome, STR("DISMISS")))
		return 0;
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

int must_no_earlier_request_bars(struct acting *a)
{
	if (str_is_null(a->around->barred_by))
		return 0;
	return request_flaw(a, "event", "BARRED",
			    arena_fmt(a->flaws->arena, "Request %s was made earlier and bars this.",
				      a->around->barred_by.at),
			    STR("Wait until that request is disposed of (section 84)."),
			    ERR_BARRED);
}

int must_direction_is_there(struct acting *a)
{
	int err = shape_not_after(a->act->dated_on, a->today, "dated_on", a->flaws);

	if (err < 0 || day_cmp(a->act->dated_on, a->act->on) <= 0)
		return err;
	return request_flaw(a, "dated_on", "OUT_OF_RANGE",
			    STR("The bar cannot be lifted before the direction."),
			    STR("Give the day of the direction."), ERR_INVALID);
}

int must_bar_has_begun(struct acting *a)
{
	if (day_cmp(a->act->on, a->r->bar_from) >= 0)
		return 0;
	return request_flaw(a, "on", "BEFORE_CAUSE", STR("That is before the bar began."),
			    STR("Give that day or a later one."), ERR_BEFORE_CAUSE);
}
