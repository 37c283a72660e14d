/*
 * The table of valuations and its defaults. Of several valuations the newest by effective_on
 * is the one in force; which of them a forecast takes is decided where it is read (SQL).
 */
#include "valuation.h"

#include "libassets/base/err.h"

static const struct shape_field valuation_table[] = {
#define FIELD(...) SHAPE_ROW(valuation, __VA_ARGS__)
#include "valuation.def"
#undef FIELD
};

SHAPE(valuation, SHAPE_COMMON " asset_id authority_id");

int valuation_settle(struct valuation *v, struct day today, struct flaws *flaws)
{
	if (!v->restricted.is_set)
		v->restricted = (struct shape_flag){true, true};
	if (day_is_none(v->effective_on))
		v->effective_on = day_cmp(v->valued_on, today) > 0 ? today : v->valued_on;
	return shape_not_after(v->effective_on, today, "effective_on", flaws);
}
