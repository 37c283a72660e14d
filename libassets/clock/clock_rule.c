/*
 * Look-ups in clock.def and clock_expiry.def. A new clock is a row there, and a row of the
 * list in tests/data that the table is compared with.
 */
#include "clock_rule.h"

#include "libassets/base/err.h"

static const struct clock_rule rule_table[] = {
#define CLOCK(id, name, start, length, unit, mode, instrument, expiry, whose, confidence, met_by,  \
	      citation)                                                                            \
	{#id,                                                                                      \
	 name,                                                                                     \
	 start,                                                                                    \
	 {length, PERIOD_##unit, PERIOD_##mode},                                                   \
	 INSTRUMENT_##instrument,                                                                  \
	 CLOCK_EXPIRY_##expiry,                                                                    \
	 CLOCK_OF_##whose,                                                                         \
	 confidence,                                                                               \
	 met_by,                                                                                   \
	 citation},
#include "clock.def"
#undef CLOCK
};

static const char *const whose_name[] = {
	[CLOCK_OF_AUTHORITY] = "AUTHORITY", [CLOCK_OF_COMMUNITY_BODY] = "COMMUNITY_BODY",
	[CLOCK_OF_MINISTERS] = "MINISTERS", [CLOCK_OF_BOTH] = "BOTH",
	[CLOCK_OF_ANYBODY] = "ANYBODY",     [CLOCK_OF_NOBODY] = "NOBODY",
};

static const char *const expiry_words[] = {
#define EXPIRY(id, words) [CLOCK_EXPIRY_##id] = (words),
#include "clock_expiry.def"
#undef EXPIRY
};

const struct clock_rule *clock_rule(enum clock_id id)
{
	return &rule_table[id];
}

int clock_parse(struct str id, enum clock_id *ret_id)
{
	for (size_t i = 0; i < COUNT(rule_table); i++) {
		if (str_eq(id, str_of(rule_table[i].id))) {
			*ret_id = (enum clock_id)i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

const char *clock_whose_name(enum clock_whose whose)
{
	return whose_name[whose];
}

const char *clock_expiry_words(enum clock_expiry expiry)
{
	return expiry_words[expiry];
}

bool clock_is_alarm(const struct clock_rule *rule)
{
	return rule->whose == CLOCK_OF_AUTHORITY &&
	       (rule->expiry == CLOCK_EXPIRY_ALARM || rule->expiry == CLOCK_EXPIRY_PROCEED);
}

bool clock_is_right(const struct clock_rule *rule)
{
	return rule->whose == CLOCK_OF_COMMUNITY_BODY || rule->whose == CLOCK_OF_ANYBODY;
}
