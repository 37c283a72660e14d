/*
 * Lengths of clocks that are settings, since the law's own words were not seen: rows of a version
 * of the calendars, each from a day on. A clock runs as long as was in force on the day on which
 * it starts, so that a later row moves no date of a request that came before it.
 *
 * Source: statute 6 (K1 to K3 configurable) and 20, items 3, 4, 8, 10 and 11.
 */
#pragma once

#include "clock_rule.h"
#include "libassets/shape/shape_row.h"

/* Those of the Act's asset transfer clocks whose confidence is P or U and that count something. */
#define CLOCK_SETTABLE "K1 K2 K3 K4 K5 K14 K15 K16 K17 K19"

/* In the clock's own unit; rows of one version. */
enum { CLOCK_LENGTH_MAX = 260, CLOCK_SETTINGS_MAX = 200 };

struct clock_setting {
#define FIELD SHAPE_MEMBER
#include "clock_setting.def"
#undef FIELD
};

extern const struct shape clock_setting_shape;

/*
 * The rows of a version and those that are sent, by clock and day. A row that is sent takes the
 * place of the one of its clock and day; all others stay. A day that is not after today is a
 * flaw, as dates that run already would move: OUT_OF_RANGE; two of one clock and day: DUPLICATE.
 *
 * ret_all: of struct clock_setting, in the flaws' arena.
 * ERR_INVALID  see flaws     ERR_LIMIT  more than CLOCK_SETTINGS_MAX     ERR_NOMEM
 */
MUST_CHECK int clock_settings_next(struct shape_list before, struct shape_list sent,
				   struct day today, struct flaws *flaws,
				   struct shape_list *ret_all);

/* How long a clock runs that starts on that day, by these rows (struct clock_setting). */
struct period clock_period_of(struct shape_list settings, enum clock_id clock, struct day start);

/* The same as calendars hold them; calendars without any: as clock.def says. */
struct period clock_period(const struct calendars *all, enum clock_id clock, struct day start);
