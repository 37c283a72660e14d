/*
 * Working days. There are two readings of them, and which one an instrument of law means is a
 * setting (struct calendars). Holidays come by rule (holiday.h) and, over that, from a loaded
 * list, which adds days and takes none away; a date beyond the list is provisional.
 *
 * Days before 2008, for which the rules of bank holidays do not hold, are never guessed.
 */
#pragma once

#include "holiday.h"

enum calendar_id {
#define CALENDAR(id, words) CALENDAR_##id,
#include "calendar.def"
#undef CALENDAR
	CALENDAR_COUNT
};

enum instrument {
#define INSTRUMENT(id, name, calendar, confidence) INSTRUMENT_##id,
#include "instrument.def"
#undef INSTRUMENT
	INSTRUMENT_COUNT
};

struct instrument_info {
	const char *id;            /* "SSI_2016_358" */
	const char *name;          /* "SSI 2016/358" */
	enum calendar_id calendar; /* unless a setting says another */
	const char *confidence;    /* "C", or "U" while its definition was not seen */
};

/* A constant, never NULL. */
const struct instrument_info *instrument_info(enum instrument i);

/* One calendar, ready to count by. */
struct calendar {
	enum calendar_id id;
	const struct holiday *loaded; /* ascending, borrowed; may be NULL without any */
	size_t loaded_count;
	struct day loaded_until; /* the last day the list speaks of; DAY_NONE without a list */
};

struct shape_list;

/* Which calendar each instrument means, the list that is loaded, lengths that are settings. */
struct calendars {
	enum calendar_id of[INSTRUMENT_COUNT];
	struct calendar loaded;          /* its id has no meaning */
	const struct shape_list *clocks; /* of struct clock_setting, borrowed; NULL: none */
	int64_t version; /* its place among the versions that were applied; 0: the rules alone */
};

/* As the tables say, without a loaded list. */
extern const struct calendars calendars_default;

/* The calendar of an instrument, and the other reading of working days. */
struct calendar calendar_of(const struct calendars *all, enum instrument i);
struct calendar calendar_other(const struct calendars *all, enum instrument i);

/* "FIXED_DAYS"; "every day but Saturdays, …"; constants. */
const char *calendar_name(enum calendar_id id);
const char *calendar_words(enum calendar_id id);

/* The calendar of a name, without regard to case. ERR_NOT_FOUND  there is none of that name. */
MUST_CHECK int calendar_parse(struct str name, enum calendar_id *ret_id);

/*
 * Why the day does not count: its name and, for a substitute, that it is one. The name is absent
 * for a day that counts.
 * ERR_CALENDAR_SHORT  bank holidays of that year are not known (before 2008, after 2200).
 *
 * Example: 27 December 2027 is "Christmas Day", a substitute, by Scottish bank holidays.
 */
MUST_CHECK int calendar_skips(const struct calendar *cal, struct day d, struct holiday *ret_why);

/*
 * The n-th working day among those on and after `first` (back: on and before it); n >= 1.
 *
 * "Within n working days beginning with D" counts from D, "n working days after D" from the
 * day after it.
 * ERR_CALENDAR_SHORT  the calendar does not reach so far.
 *
 * Example: 20 working days beginning with Friday 20 March 2026 end on 16 April by fixed days,
 * and on 17 April by bank holidays (Good Friday).
 */
MUST_CHECK int calendar_nth_working(const struct calendar *cal, struct day first, int32_t n,
				    struct day *ret_day);
MUST_CHECK int calendar_nth_working_back(const struct calendar *cal, struct day last, int32_t n,
					 struct day *ret_day);

/* True if days up to `until` may still be added: bank holidays beyond the loaded list. */
bool calendar_is_provisional(const struct calendar *cal, struct day until);
