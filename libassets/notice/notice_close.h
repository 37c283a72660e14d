/*
 * A notice that asks for an answer by a day, N3 and N4 for representations and N5 for comments,
 * leaves the days that the law wants from its own date on (SSI 2016/357 regs 6 to 8; clocks K4,
 * K5).
 */
#pragma once

#include "notice.h"

/*
 * Of a notice that is given ahead of its act, the closing date is what its form says; where the act
 * was recorded meanwhile, both are what was recorded, so that no two days are told.
 */
void notice_close_ahead(enum notice_code code, struct notice_form *form,
			struct notice_facts *facts);

/*
 * The date that such a notice has where nothing is said: the day of the act, from which the days
 * are counted. DAY_NONE: it is none of these, or is given ahead of its act.
 */
struct day notice_close_dated(enum notice_code code, const struct notice_facts *facts);

/*
 * Dated so late that fewer days are left, by fixed days as the least: OUT_OF_RANGE at /dated_on. Of
 * other notices nothing.
 *
 * ERR_INVALID  see flaws
 */
MUST_CHECK int notice_close_check(enum notice_code code, const struct notice_facts *facts,
				  struct day dated_on, struct flaws *flaws);

/*
 * The last day on which serving such a notice leaves as many days, never before its date; DAY_NONE:
 * it is none of these, or has no closing date.
 */
struct day notice_serve_by(enum notice_code code, const struct notice_facts *facts,
			   struct day dated_on);
