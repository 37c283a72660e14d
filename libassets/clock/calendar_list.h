/*
 * Versions of the calendars: a list of bank holidays in the form of GOV.UK's bank-holidays.json
 * becomes days that are kept, over those kept before, and calendars that count by them.
 *
 * The members of the structs are the rows of the .def file of their names.
 */
#pragma once

#include "clock_setting.h"

/* Days of one list, and of all that are kept; about 350 years of them. */
enum { CALENDAR_DAYS_MAX = 4000 };

struct calendar_setting {
#define FIELD SHAPE_MEMBER
#include "calendar_setting.def"
#undef FIELD
};

struct calendar_day {
#define FIELD SHAPE_MEMBER
#include "calendar_day.def"
#undef FIELD
};

struct calendar_form {
#define FIELD SHAPE_MEMBER
#include "calendar_form.def"
#undef FIELD
};

struct calendar_version {
#define FIELD SHAPE_MEMBER
#include "calendar_version.def"
#undef FIELD
};

extern const struct shape calendar_setting_shape;
extern const struct shape calendar_day_shape;
extern const struct shape calendar_form_shape;
extern const struct shape calendar_version_shape;

/*
 * Read the days of Scotland from a document of GOV.UK: an object whose member `scotland` has
 * `events`, each with title, date, notes, bunting; or that part alone. Other divisions are
 * passed over. Ascending, of struct calendar_day, in the flaws' arena.
 *
 * Flaws: those of wire_read(), DUPLICATE, OUT_OF_RANGE for a day before 2008, TOO_MANY,
 * NOT_IN_LIST for a part that calls itself another division's.
 * ERR_INVALID  see flaws      ERR_NOMEM
 */
MUST_CHECK int calendar_list_read(json_t *document, const struct wire_at *at, struct flaws *flaws,
				  struct shape_list *ret_days);

/*
 * The next version: the new list over what was kept. Days that have passed stay, whatever the
 * list says; a day to come that a former list had is taken back if the new one speaks of
 * its year and lacks it. Settings that are not given stay; of clocks see clock_settings_next().
 *
 * days: as calendar_list_read() gave them; none: the list stays as it was.
 * ERR_INVALID  see flaws      ERR_LIMIT  more than CALENDAR_DAYS_MAX      ERR_NOMEM
 */
MUST_CHECK int calendar_version_next(const struct calendar_version *before, struct shape_list days,
				     const struct calendar_form *form, struct day today,
				     struct flaws *flaws, struct calendar_version *ret_next);

/* The calendars of a version; borrows from the arena and what the version's lists are in. ERR_NOMEM
 */
MUST_CHECK int calendar_version_calendars(const struct calendar_version *v, struct arena *arena,
					  struct calendars *ret_calendars);

/*
 * What an officer should look at, of the years that the list speaks of: days that it adds to the
 * rules, and days of the rules that it lacks (which stay holidays all the same). Of struct
 * calendar_day, in the arena. ERR_NOMEM
 */
MUST_CHECK int calendar_list_compare(struct shape_list days, struct arena *arena,
				     struct shape_list *ret_added, struct shape_list *ret_missing);
