/*
 * See as_at.h. On the worker's thread, inside a step.
 *
 * The end of a civil day is the first moment of the next in Europe/London, looked for among the
 * hours that it can begin at, so that the rule of summer time stands in clock.c alone.
 */
#include "as_at.h"

#include "daemon/base/clock.h"
#include "h.h"
#include "libassets/shape/shape_form.h"

static const int64_t hour_us = INT64_C(3600) * 1000000;

static int settle(struct flow *f, struct as_at *at)
{
	at->is_given = !str_is_null(at->valid_on) || !str_is_null(at->known_at);
	if (at->is_given && str_is_null(at->valid_on)) {
		at->valid_on = shape_day_text(f->today, f->arena);
		return str_is_null(at->valid_on) ? ERR_NOMEM : 0;
	}
	return 0;
}

bool as_at_is_given(struct flow *f)
{
	return !str_is_null(flow_query(f, "valid_on")) || !str_is_null(flow_query(f, "known_at"));
}

int as_at_read(struct flow *f, struct as_at *ret_at)
{
	int r;

	*ret_at = (struct as_at){0};
	r = h_moment(f, "known_at", &ret_at->known_at);
	if (r == 0)
		r = h_day(f, "valid_on", &ret_at->valid_on);
	return r < 0 ? r : settle(f, ret_at);
}

/* The last microsecond of a day in Europe/London. */
static int64_t end_of_day_us(struct day day)
{
	int64_t at = ((int64_t)day.number + 1) * 24 * hour_us;

	/* Summer time begins the day an hour before the day of UTC. */
	while (clock_today(at - 1).number > day.number)
		at -= hour_us;
	return at - 1;
}

int as_at_end_of(struct flow *f, struct day day, struct str *ret_moment)
{
	char text[CLOCK_TEXT];

	*ret_moment = (struct str){NULL, 0};
	if (end_of_day_us(day) >= f->now_us)
		return 0;
	clock_format(end_of_day_us(day), text);
	*ret_moment = arena_str(f->arena, str_of(text));
	return str_is_null(*ret_moment) ? ERR_NOMEM : 0;
}

static int read_known_on(struct flow *f, struct str *ret_moment)
{
	struct str known_on;
	struct day day;
	int r = h_day(f, "known_on", &known_on);

	if (r < 0 || str_is_null(known_on))
		return r;
	r = day_parse(known_on, &day);
	return r < 0 ? r : as_at_end_of(f, day, ret_moment);
}

int as_at_read_page(struct flow *f, struct as_at *ret_at)
{
	int r = 0;

	*ret_at = (struct as_at){0};
	if (flow_query(f, "known_on").len)
		r = read_known_on(f, &ret_at->known_at);
	if (r == 0 && flow_query(f, "valid_on").len)
		r = h_day(f, "valid_on", &ret_at->valid_on);
	/* A day of knowledge alone asks for the register as that day had it. */
	if (r == 0 && flow_query(f, "known_on").len && str_is_null(ret_at->valid_on))
		ret_at->valid_on = flow_query(f, "known_on");
	return r < 0 ? r : settle(f, ret_at);
}
