/*
 * The tables of plans and disposals, and what they owe: faults that lie between two fields,
 * which rows of a table cannot say.
 */
#include "plan.h"

#include "libassets/base/err.h"

static const struct shape_field plan_table[] = {
#define FIELD(...) SHAPE_ROW(plan, __VA_ARGS__)
#include "plan.def"
#undef FIELD
};

SHAPE(plan, SHAPE_COMMON " asset_id authority_id");

static const struct shape_field disposal_table[] = {
#define FIELD(...) SHAPE_ROW(disposal, __VA_ARGS__)
#include "disposal.def"
#undef FIELD
};

SHAPE(disposal, SHAPE_COMMON " asset_id authority_id request_id baseline");

static void owed(struct flaws *flaws, const char *field)
{
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), STR("REQUIRED"),
		  STR("A plan to sell or lease needs this."),
		  STR("Send it, or set method to NONE."));
}

/* The day of an exemption is one of an exemption, and is no day to come. */
static int settle_exemption(struct str exemption, struct day dated_on, struct day today,
			    struct flaws *flaws)
{
	if (day_is_none(dated_on) || !str_is_null(exemption))
		return shape_not_after(dated_on, today, "exemption_dated_on", flaws);
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, "exemption"), STR("REQUIRED"),
		  STR("There is a day of an exemption, and no exemption."),
		  STR("Say which exemption it is, or leave the day out."));
	return ERR_INVALID;
}

int plan_settle(struct plan *p, struct day today, struct flaws *flaws)
{
	bool is_none = str_eq(p->method, STR("NONE"));
	int r;

	if (!is_none && str_is_null(p->stage))
		owed(flaws, "stage");
	if (!is_none && day_is_none(p->planned_on))
		owed(flaws, "planned_on");
	r = flaws_err(flaws);
	if (r == 0)
		r = settle_exemption(p->exemption, p->exemption_dated_on, today, flaws);
	if (r < 0)
		return r;
	if (day_is_none(p->effective_on))
		p->effective_on = today;
	return shape_not_after(p->effective_on, today, "effective_on", flaws);
}

bool plan_contracts(const struct plan *before, const struct plan *now)
{
	bool was = str_eq(before->stage, STR("MISSIVES")) && str_eq(before->method, now->method);

	if (!str_eq(now->stage, STR("MISSIVES")) || str_eq(now->method, STR("NONE")))
		return false;
	return !was || !str_eq(before->exemption, now->exemption) ||
	       day_cmp(before->exemption_dated_on, now->exemption_dated_on) != 0;
}

int disposal_settle(struct disposal *d, struct day today, struct flaws *flaws)
{
	int r = settle_exemption(d->exemption, d->exemption_dated_on, today, flaws);

	if (!d->cost_pence.is_set)
		d->cost_pence = (struct shape_number){0, true};
	return r < 0 ? r : shape_not_after(d->completed_on, today, "completed_on", flaws);
}
