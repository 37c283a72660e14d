/*
 * Rows are few and looked at in turn. A clock that becomes settable is a word of CLOCK_SETTABLE;
 * whatever counts by it must then ask clock_period() and not the table.
 */
#include "clock_setting.h"

#include <stdlib.h>

#include "libassets/base/err.h"

static const struct shape_field clock_setting_table[] = {
#define FIELD(...) SHAPE_ROW(clock_setting, __VA_ARGS__)
#include "clock_setting.def"
#undef FIELD
};

SHAPE(clock_setting, NULL);

static enum clock_id clock_of(const struct clock_setting *s)
{
	enum clock_id id = CLOCK_COUNT;

	return clock_parse(s->clock, &id) < 0 ? CLOCK_COUNT : id;
}

static int by_clock_and_day(const void *a, const void *b)
{
	const struct clock_setting *x = a, *y = b;
	int by_clock = (int)clock_of(x) - (int)clock_of(y);

	return by_clock ? by_clock : day_cmp(x->from_on, y->from_on);
}

static bool is_in(struct shape_list list, const struct clock_setting *s)
{
	const struct clock_setting *at = list.at;

	for (size_t i = 0; i < list.count; i++) {
		if (by_clock_and_day(&at[i], s) == 0)
			return true;
	}
	return false;
}

static void check(struct shape_list sent, size_t i, struct day today, struct flaws *flaws)
{
	const struct clock_setting *at = sent.at;
	const struct wire_at list = WIRE_KEY(&WIRE_TOP, "clocks");
	const struct wire_at here = WIRE_INDEX(&list, i);

	if (day_cmp(at[i].from_on, today) <= 0)
		wire_flaw(flaws, &WIRE_KEY(&here, "from_on"), STR("OUT_OF_RANGE"),
			  STR("What has come by then keeps the length that was in force."),
			  STR("Give a day after today."));
	if (is_in((struct shape_list){sent.at, i}, &at[i]))
		wire_flaw(flaws, &here, STR("DUPLICATE"),
			  STR("This clock has another length from that day already."),
			  STR("Send it once."));
}

int clock_settings_next(struct shape_list before, struct shape_list sent, struct day today,
			struct flaws *flaws, struct shape_list *ret_all)
{
	const struct clock_setting *old = before.at, *new = sent.at;
	struct clock_setting *all =
		ARENA_ARRAY(flaws->arena, before.count + sent.count + 1, struct clock_setting);
	size_t n = 0;

	for (size_t i = 0; i < sent.count; i++)
		check(sent, i, today, flaws);
	if (flaws->count || !all)
		return flaws->count ? ERR_INVALID : ERR_NOMEM;
	for (size_t i = 0; i < before.count; i++) {
		if (!is_in(sent, &old[i]))
			all[n++] = old[i];
	}
	for (size_t i = 0; i < sent.count; i++)
		all[n++] = new[i];
	if (n > CLOCK_SETTINGS_MAX)
		return ERR_LIMIT;
	qsort(all, n, sizeof(*all), by_clock_and_day);
	*ret_all = (struct shape_list){all, n};
	return 0;
}

struct period clock_period_of(struct shape_list settings, enum clock_id clock, struct day start)
{
	struct period p = clock_rule(clock)->period;
	const struct clock_setting *at = settings.at;

	/* By clock and day, so that the last that has come counts. */
	for (size_t i = 0; i < settings.count; i++) {
		if (clock_of(&at[i]) != clock || day_cmp(at[i].from_on, start) > 0)
			continue;
		p = clock_rule(clock)->period;
		p.length = (int32_t)at[i].length.value;
		if (!str_is_null(at[i].mode))
			p.mode = str_eq(at[i].mode, STR("AFTER")) ? PERIOD_AFTER : PERIOD_BEGINNING;
	}
	return p;
}

struct period clock_period(const struct calendars *all, enum clock_id clock, struct day start)
{
	const struct shape_list *settings = all ? all->clocks : NULL;

	return settings ? clock_period_of(*settings, clock, start) : clock_rule(clock)->period;
}
