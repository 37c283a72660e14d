/*
 * Lists of bank holidays, from GOV.UK's form to ours. Days are few (nine a year), so lists are
 * walked and merged without an index.
 */
#include "calendar_list.h"

#include <stdlib.h>

#include "libassets/base/err.h"

/* Code points of a title or a note; what marks a day that stands for another. */
enum { TITLE_CHARS_MAX = 200, NOTES_CHARS_MAX = 500 };
#define SUBSTITUTE "Substitute day"

static const struct shape_field calendar_setting_table[] = {
#define FIELD(...) SHAPE_ROW(calendar_setting, __VA_ARGS__)
#include "calendar_setting.def"
#undef FIELD
};

SHAPE(calendar_setting, NULL);

static const struct shape_field calendar_day_table[] = {
#define FIELD(...) SHAPE_ROW(calendar_day, __VA_ARGS__)
#include "calendar_day.def"
#undef FIELD
};

SHAPE(calendar_day, NULL);

static const struct shape_field calendar_form_table[] = {
#define FIELD(...) SHAPE_ROW(calendar_form, __VA_ARGS__)
#include "calendar_form.def"
#undef FIELD
};

SHAPE_BESIDE(calendar_form, SHAPE_COMMON, "bank_holidays");

static const struct shape_field calendar_version_table[] = {
#define FIELD(...) SHAPE_ROW(calendar_version, __VA_ARGS__)
#include "calendar_version.def"
#undef FIELD
};

SHAPE(calendar_version, SHAPE_COMMON);

/* Which member of the settings is which instrument's. */
static const struct {
	enum instrument instrument;
	size_t offset;
} setting_table[] = {
	{INSTRUMENT_SSI_2016_357, offsetof(struct calendar_setting, ssi_2016_357)},
	{INSTRUMENT_SSI_2016_358, offsetof(struct calendar_setting, ssi_2016_358)},
	{INSTRUMENT_SSI_2016_359, offsetof(struct calendar_setting, ssi_2016_359)},
	{INSTRUMENT_SSI_2016_360, offsetof(struct calendar_setting, ssi_2016_360)},
};

/* One event of GOV.UK's list. */
struct event_row {
	struct str title, notes;
	struct day date;
};

/* clang-format off */
static const struct wire_field event_fields[] = {
	{"title", WIRE_TEXT, true, offsetof(struct event_row, title), offsetof(struct event_row, title),
	 1, TITLE_CHARS_MAX, NULL},
	{"date", WIRE_DAY, true, offsetof(struct event_row, date), offsetof(struct event_row, date), 0, 0, NULL},
	{"notes", WIRE_TEXT, false, offsetof(struct event_row, notes), offsetof(struct event_row, notes),
	 0, NOTES_CHARS_MAX, NULL},
	{"bunting", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
};

static const struct wire_field division_fields[] = {
	{"division", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	{"events", WIRE_OTHER, true, 0, 0, 0, 0, NULL},
};
/* clang-format on */

static int by_day(const void *a, const void *b)
{
	const struct calendar_day *x = a, *y = b;

	return day_cmp(x->on, y->on);
}

static void add(struct shape_list *list, struct day on, struct str name, bool is_substitute)
{
	struct calendar_day *at = list->at;

	at[list->count++] = (struct calendar_day){on, name, {is_substitute, true}};
}

static const struct calendar_day *find(struct shape_list list, struct day on)
{
	const struct calendar_day *at = list.at;

	for (size_t i = 0; i < list.count; i++) {
		if (day_cmp(at[i].on, on) == 0)
			return &at[i];
	}
	return NULL;
}

static void sort(struct shape_list list)
{
	if (list.count)
		qsort(list.at, list.count, sizeof(struct calendar_day), by_day);
}

static void read_event(json_t *value, const struct wire_at *at, struct flaws *flaws,
		       struct shape_list *days)
{
	struct event_row row = {.date = DAY_NONE};
	size_t before = flaws->count;

	if (!wire_is_object(value, at, flaws))
		return;
	wire_read(event_fields, COUNT(event_fields), value, at, flaws, &row);
	if (flaws->count > before)
		return;
	if (day_civil(row.date).year < HOLIDAY_YEAR_MIN)
		wire_flaw(flaws, &WIRE_KEY(at, "date"), STR("OUT_OF_RANGE"),
			  STR("Bank holidays are known here from 2008 on."),
			  STR("Leave out the days before."));
	else if (find(*days, row.date))
		wire_flaw(flaws, &WIRE_KEY(at, "date"), STR("DUPLICATE"),
			  STR("This day stands in the list already."), STR("Send it once."));
	else
		add(days, row.date, arena_str(flaws->arena, row.title),
		    str_eq_nocase(row.notes, STR(SUBSTITUTE)));
}

static int read_events(json_t *events, const struct wire_at *at, struct flaws *flaws,
		       struct shape_list *days)
{
	size_t n = json_array_size(events), i;
	json_t *value;

	if (n > CALENDAR_DAYS_MAX || n == 0)
		wire_flaw(flaws, at, n ? STR("TOO_MANY") : STR("REQUIRED"),
			  n ? STR("These are too many days.") : STR("There is no day in it."),
			  n ? STR("Send at most 4000.") : STR("Send at least one."));
	if (flaws->count)
		return ERR_INVALID;
	days->at = ARENA_ARRAY(flaws->arena, n, struct calendar_day);
	if (!days->at)
		return ERR_NOMEM;
	json_array_foreach (events, i, value)
		read_event(value, &WIRE_INDEX(at, i), flaws, days);
	return flaws_err(flaws);
}

/* Pasted alone, a part of the list says whose it is: England keeps Easter Monday, Scotland not. */
static void check_division(const json_t *division, const struct wire_at *at, struct flaws *flaws)
{
	const json_t *name = json_object_get(division, "division");

	if (name && !str_eq(str_of(json_string_value(name)), STR("scotland")))
		wire_flaw(flaws, &WIRE_KEY(at, "division"), STR("NOT_IN_LIST"),
			  STR("These are not Scotland's bank holidays."),
			  STR("Send the whole list of GOV.UK, or its division scotland."));
}

int calendar_list_read(json_t *document, const struct wire_at *at, struct flaws *flaws,
		       struct shape_list *ret_days)
{
	json_t *scotland = wire_member(document, "scotland");
	const struct wire_at scotland_at = WIRE_KEY(at, "scotland");
	const struct wire_at *here = scotland ? &scotland_at : at;
	json_t *division = scotland ? scotland : document;
	struct shape_list days = {NULL, 0};
	json_t *events;
	int r;

	if (!wire_is_object(division, here, flaws))
		return ERR_INVALID;
	wire_read(division_fields, COUNT(division_fields), division, here, flaws, &days);
	check_division(division, here, flaws);
	events = wire_member(division, "events");
	if (flaws->count || !wire_is_array(events, &WIRE_KEY(here, "events"), flaws))
		return ERR_INVALID;
	r = read_events(events, &WIRE_KEY(here, "events"), flaws, &days);
	if (r < 0)
		return r;
	sort(days);
	*ret_days = days;
	return 0;
}

static int32_t year_of(struct shape_list days, bool is_last)
{
	const struct calendar_day *at = days.at;

	return day_civil(at[is_last ? days.count - 1 : 0].on).year;
}

/* A day to come that the new list could have named and did not is taken back. */
static bool is_kept(const struct calendar_day *old, struct shape_list days, struct day today)
{
	int32_t year = day_civil(old->on).year;

	if (find(days, old->on))
		return false;
	return day_cmp(old->on, today) < 0 || days.count == 0 || year < year_of(days, false) ||
	       year > year_of(days, true);
}

static struct day last_of_year(int32_t year)
{
	struct day d = {0};

	return day_of_civil((struct day_civil){year, 12, 31}, &d) < 0 ? DAY_NONE : d;
}

static int merge(const struct calendar_version *before, struct shape_list days, struct day today,
		 struct arena *arena, struct shape_list *ret_all)
{
	const struct calendar_day *old = before->holidays.at, *new = days.at;
	size_t room = before->holidays.count + days.count;
	struct shape_list all = {ARENA_ARRAY(arena, room + 1, struct calendar_day), 0};

	if (!all.at)
		return ERR_NOMEM;
	for (size_t i = 0; i < before->holidays.count; i++) {
		if (is_kept(&old[i], days, today))
			add(&all, old[i].on, old[i].name, old[i].is_substitute.value);
	}
	for (size_t i = 0; i < days.count; i++)
		add(&all, new[i].on, new[i].name, new[i].is_substitute.value);
	if (all.count > CALENDAR_DAYS_MAX)
		return ERR_LIMIT;
	sort(all);
	*ret_all = all;
	return 0;
}

/* The setting of an instrument's calendar, absent where it is as the law's table says. */
static struct str setting(const struct calendar_setting *s, size_t i)
{
	struct str word = {NULL, 0};

	if (s)
		memcpy(&word, (const char *)s + setting_table[i].offset, sizeof(word));
	return word;
}

static void set(struct calendar_setting *s, size_t i, struct str word)
{
	memcpy((char *)s + setting_table[i].offset, &word, sizeof(word));
}

int calendar_version_next(const struct calendar_version *before, struct shape_list days,
			  const struct calendar_form *form, struct day today, struct flaws *flaws,
			  struct calendar_version *ret_next)
{
	struct calendar_setting *merged = ARENA_NEW(flaws->arena, struct calendar_setting);
	struct calendar_version next = {.covers_until = before->covers_until};
	int r = merged ? merge(before, days, today, flaws->arena, &next.holidays) : ERR_NOMEM;

	if (r == 0)
		r = clock_settings_next(before->clocks, form->clocks, today, flaws, &next.clocks);
	if (r < 0)
		return r;
	for (size_t i = 0; i < COUNT(setting_table); i++) {
		struct str word = setting(form->instruments, i);

		if (str_is_null(word))
			word = setting(before->instruments, i);
		if (str_is_null(word))
			word = str_of(calendar_name(
				instrument_info(setting_table[i].instrument)->calendar));
		set(merged, i, word);
	}
	next.instruments = merged;
	if (days.count)
		next.covers_until = day_later(next.covers_until, last_of_year(year_of(days, true)));
	*ret_next = next;
	return 0;
}

int calendar_version_calendars(const struct calendar_version *v, struct arena *arena,
			       struct calendars *ret_calendars)
{
	struct holiday *loaded = ARENA_ARRAY(arena, v->holidays.count + 1, struct holiday);
	struct shape_list *clocks = ARENA_NEW(arena, struct shape_list);
	const struct calendar_day *day = v->holidays.at;

	if (!loaded || !clocks)
		return ERR_NOMEM;
	*clocks = v->clocks; /* the version itself may be gone sooner */
	for (size_t i = 0; i < v->holidays.count; i++)
		loaded[i] = (struct holiday){day[i].on, day[i].name, day[i].is_substitute.value};
	*ret_calendars = calendars_default;
	ret_calendars->loaded.loaded = loaded;
	ret_calendars->loaded.loaded_count = v->holidays.count;
	ret_calendars->loaded.loaded_until = v->covers_until;
	ret_calendars->clocks = clocks;
	ret_calendars->version = v->number.is_set ? v->number.value : 0;
	for (size_t i = 0; i < COUNT(setting_table); i++) {
		enum calendar_id id;

		if (calendar_parse(setting(v->instruments, i), &id) == 0)
			ret_calendars->of[setting_table[i].instrument] = id;
	}
	return 0;
}

int calendar_list_compare(struct shape_list days, struct arena *arena, struct shape_list *ret_added,
			  struct shape_list *ret_missing)
{
	const struct calendar_day *day = days.at;
	int32_t first = days.count ? year_of(days, false) : 0;
	int32_t last = days.count ? year_of(days, true) : -1;
	size_t room = (size_t)(last - first + 1) * HOLIDAYS_MAX + 1;
	struct shape_list added = {ARENA_ARRAY(arena, days.count + 1, struct calendar_day), 0};
	struct shape_list missing = {ARENA_ARRAY(arena, room, struct calendar_day), 0};
	struct shape_list ruled = {ARENA_ARRAY(arena, room, struct calendar_day), 0};

	if (!added.at || !missing.at || !ruled.at)
		return ERR_NOMEM;
	for (int32_t year = first; year <= last; year++) {
		struct holiday h[HOLIDAYS_MAX];
		size_t n = holidays_of_year(year, h);

		for (size_t i = 0; i < n; i++) {
			add(&ruled, h[i].on, h[i].name, h[i].is_substitute);
			if (!find(days, h[i].on))
				add(&missing, h[i].on, h[i].name, h[i].is_substitute);
		}
	}
	for (size_t i = 0; i < days.count; i++) {
		if (!find(ruled, day[i].on))
			add(&added, day[i].on, day[i].name, day[i].is_substitute.value);
	}
	*ret_added = added;
	*ret_missing = missing;
	return 0;
}
