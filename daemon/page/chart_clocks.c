/*
 * Clocks. Days are placed in whole tenths of a unit between the first and the last of all; months
 * are ruled as far apart as their names need. Pure; any thread.
 */
#include "chart_clocks.h"

#include "chart_draw.h"
#include "libassets/base/err.h"

/* In tenths of a unit: the height of a line of words and of what is below a clock's words, its bar
 * in it; what is below all; room at the sides; a letter, about. */
enum { LINE = 170, BELOW = 270, BAR = 50, BAR_HEIGHT = 120, FOOT = 260, SIDE = 20, LETTER = 72 };

struct span {
	struct day first, last;
	int64_t width; /* of the picture */
	int64_t now;   /* where today is */
	int lines;     /* of words to a clock */
};

/* Where a day begins. */
static int64_t place(const struct span *s, struct day d)
{
	int64_t days = s->last.number + 1 - s->first.number;

	return SIDE + (d.number - s->first.number) * (s->width - 2 * SIDE) / days;
}

static int span_of(const struct chart_clocks *c, struct span *s)
{
	if (!c->count || c->count > CLOCKS_MAX)
		return ERR_INVALID;
	s->first = s->last = c->today;
	for (size_t i = 0; i < c->count; i++) {
		if (day_cmp(c->clock[i].to, c->clock[i].from) < 0)
			return ERR_INVALID;
		if (day_cmp(c->clock[i].from, s->first) < 0)
			s->first = c->clock[i].from;
		s->last = day_later(s->last, c->clock[i].to);
	}
	s->now = place(s, c->today);
	return 0;
}

static const char *colour(const struct clock_bar *b)
{
	switch (b->kind) {
	case CLOCK_MET:
		return CHART_LIGHT;
	case CLOCK_MISSED:
		return CHART_RUST;
	case CLOCK_OVER:
		return CHART_RULE;
	case CLOCK_RUNS:
		break;
	}
	return CHART_DARK;
}

/* Months between two rules, so that no more than `most` names stand side by side. */
static int32_t months_apart(const struct span *s, int32_t most)
{
	static const int32_t apart[] = {1, 2, 3, 6, 12, 24, 60};
	int32_t months = day_months(s->first, s->last);

	for (size_t i = 0; i < COUNT(apart); i++) {
		if (months / apart[i] < most)
			return apart[i];
	}
	return 120;
}

static void put_months(struct buf *out, const struct span *s, int64_t bottom, int32_t most)
{
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int32_t apart = months_apart(s, most);
	struct day_civil c = day_civil(s->first);
	struct day first = day_add(s->first, 1 - c.monthday), d;

	for (int32_t n = 1; d = day_add_months(first, n), day_cmp(d, s->last) <= 0; n++) {
		CLEANUP(buf_done) struct buf name = BUF(32);
		int64_t x = place(s, d);

		c = day_civil(d);
		if ((c.month - 1) % (apart > 12 ? 12 : apart) ||
		    (apart > 12 && c.year % (apart / 12)))
			continue;
		chart_line(out, (struct chart_area){x, 0, 0, bottom}, CHART_RULE);
		buf_fmt(&name, "%s %d", month[c.month - 1], (int)c.year);
		/* A name at the edge would leave the picture. */
		if (x > 300 && x < s->width - 300)
			chart_text(out, x, bottom + 180, "middle", buf_view(&name));
	}
}

/* Where there is little room, in two lines. */
static void put_words(struct buf *out, const struct span *s, const struct clock_bar *b, int64_t y)
{
	CLEANUP(buf_done) struct buf words = BUF(1000);
	int64_t from = place(s, b->from);

	buf_fmt(&words, "%.*s: %.*s", (int)b->name.len, b->name.at, (int)b->state.len, b->state.at);
	if (s->lines > 1) {
		chart_text(out, SIDE, y + LINE - 30, "start", b->name);
		chart_text(out, SIDE, y + 2 * LINE - 30, "start", b->state);
	} else if (from + (int64_t)words.len * LETTER <= s->width) {
		chart_text(out, from, y + LINE - 30, "start", buf_view(&words));
	} else {
		chart_text(out, s->width - SIDE, y + LINE - 30, "end", buf_view(&words));
	}
}

/* Its words, its bar, and where today is. */
static void put_clock(struct buf *out, const struct span *s, const struct clock_bar *b, int64_t y)
{
	int64_t from = place(s, b->from), to = place(s, day_add(b->to, 1));
	int64_t top = y + s->lines * LINE;

	put_words(out, s, b, y);
	chart_box(out, (struct chart_area){from, top + BAR, to - from, BAR_HEIGHT}, colour(b));
	chart_stroke(out, (struct chart_point){s->now, top + BAR - 30},
		     (struct chart_point){s->now, top + BAR + BAR_HEIGHT + 30}, 30, CHART_INK);
}

int chart_clocks(struct buf *out, const struct chart_clocks *c, enum chart_form form)
{
	bool is_wide = form == CHART_WIDE;
	struct span s = {.width = is_wide ? 7200 : 3500, .lines = is_wide ? 1 : 2};
	int64_t row = s.lines * LINE + BELOW, bottom = row * (int64_t)c->count;
	int r = span_of(c, &s);

	if (r < 0)
		return r;
	chart_begin(out,
		    &(struct chart_head){c->id, c->title, c->about, is_wide ? "wide" : "narrow"},
		    (int)(s.width / 10), (int)((bottom + FOOT) / 10));
	put_months(out, &s, bottom, is_wide ? 8 : 4);
	for (size_t i = 0; i < c->count; i++)
		put_clock(out, &s, &c->clock[i], row * (int64_t)i);
	buf_str(out, STR("</svg>"));
	return 0;
}
