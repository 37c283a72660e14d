/*
 * What an address of the forecast may be for. What the words of its question mean, whoever answers
 * that question knows.
 */
#include "forecast_address.h"

#include "libassets/base/err.h"
#include "libassets/shape/question.h"

static const struct shape_field forecast_address_table[] = {
#define FIELD(...) SHAPE_ROW(forecast_address, __VA_ARGS__)
#include "forecast_address.def"
#undef FIELD
};

SHAPE(forecast_address, SHAPE_COMMON " principal_id expires_at address");

int forecast_address_settle(struct forecast_address *a, const char *names, struct day today,
			    struct arena *arena, struct flaws *flaws)
{
	struct day last = day_add(today, FORECAST_ADDRESS_DAYS);
	int r;

	if (str_is_null(a->question))
		a->question = STR("");
	if (day_is_none(a->expires_on))
		a->expires_on = last;
	if (day_cmp(a->expires_on, today) < 0 || day_cmp(a->expires_on, last) > 0)
		flaw_add(flaws, STR("/expires_on"), STR("OUT_OF_RANGE"),
			 STR("An address works until a day of the next 365."),
			 STR("Send such a day, or leave it out for the last of them."));
	r = question_check(a->question, names, "/v1/projections/receipts", arena, flaws);
	return r == 0 ? flaws_err(flaws) : r;
}
