/*
 * Bar charts. The scale is worked out first (a round step, so that the axis reads 0, 50, 100
 * and not 0, 47, 94), then everything is placed in tenths of a unit with integers alone.
 *
 * Colours are those of the design system's data palette: dark blue and teal differ in
 * lightness as well as in hue, and each has 3:1 against white (WCAG 1.4.11). A negative
 * amount hangs below zero, or to its left. Pure; any thread.
 */
#include "chart.h"

#include <assert.h>

#include "libassets/err.h"
#include "template.h"

#define BASELINE "#002d54"
#define ADJUSTED "#2b9c93"
#define INK "#1a1a1a"
#define RULE "#b3b3b3"

/* Lines of the scale; and 10^17 pence, beyond which sums of coordinates could leave 64 bits. */
enum { STEPS_MAX = 5, PENCE_LIMIT_EXPONENT = 17 };

/* The amounts from which and to which the axis runs, both multiples of step. */
struct scale {
	int64_t step;
	int64_t least;
	int64_t most;
};

/* Where the bars may stand, in tenths of a unit, and what one of them is worth. */
struct plot {
	struct scale scale;
	int64_t from; /* of the least amount */
	int64_t to;   /* of the most; may be less than from */
};

/* A box in tenths of a unit. */
struct box {
	int64_t x, y, width, height;
};

static int64_t power10(int exponent)
{
	int64_t n = 1;

	while (exponent-- > 0)
		n *= 10;
	return n;
}

static int64_t round_up(int64_t n, int64_t step)
{
	return n <= 0 ? 0 : (n + step - 1) / step * step;
}

/* 1, 2 or 5 times a power of ten, so that both sides of zero take at most STEPS_MAX steps. */
static int64_t round_step(int64_t above, int64_t below)
{
	static const int64_t lead[] = {1, 2, 5};

	for (int exponent = 2;; exponent++) {
		for (size_t i = 0; i < COUNT(lead); i++) {
			int64_t step = lead[i] * power10(exponent);

			if ((round_up(above, step) + round_up(below, step)) / step <= STEPS_MAX)
				return step;
		}
	}
}

static int scale_of(const struct chart *c, struct scale *ret_scale)
{
	const int64_t limit = power10(PENCE_LIMIT_EXPONENT);
	int64_t above = 100, below = 0;

	if (c->count == 0 || c->count > CHART_YEARS_MAX)
		return ERR_INVALID;
	for (size_t i = 0; i < c->count; i++) {
		int64_t both[] = {c->year[i].baseline_pence, c->year[i].adjusted_pence};

		for (size_t k = 0; k < COUNT(both); k++) {
			if (both[k] > limit || both[k] < -limit)
				return ERR_RANGE;
			above = both[k] > above ? both[k] : above;
			below = -both[k] > below ? -both[k] : below;
		}
	}
	ret_scale->step = round_step(above, below);
	ret_scale->most = round_up(above, ret_scale->step);
	ret_scale->least = -round_up(below, ret_scale->step);
	return 0;
}

/* Where an amount lies on the axis; in coarser units where a product would leave 64 bits. */
static int64_t place(const struct plot *p, int64_t pence)
{
	int64_t span = p->scale.most - p->scale.least;
	int64_t unit = 1 + span / power10(14), units = span / unit;

	assert(span > 0 && units > 0); /* scale_of never makes an empty one */
	return p->from + (pence - p->scale.least) / unit * (p->to - p->from) / units;
}

/* A coordinate in tenths as SVG takes it: 105 is "10.5", 100 is "10". */
static void put_tenths(struct buf *out, int64_t tenths)
{
	if (tenths < 0) {
		buf_char(out, '-');
		tenths = -tenths;
	}
	buf_i64(out, tenths / 10);
	if (tenths % 10) {
		buf_char(out, '.');
		buf_i64(out, tenths % 10);
	}
}

static void put_attribute(struct buf *out, const char *name, int64_t tenths)
{
	buf_fmt(out, " %s=\"", name);
	put_tenths(out, tenths);
	buf_char(out, '"');
}

static void put_box(struct buf *out, struct box b, const char *fill)
{
	if (b.width == 0 || b.height == 0)
		return;
	buf_str(out, STR("<rect"));
	put_attribute(out, "x", b.x);
	put_attribute(out, "y", b.y);
	put_attribute(out, "width", b.width);
	put_attribute(out, "height", b.height);
	buf_fmt(out, " fill=\"%s\"/>", fill);
}

static void put_line(struct buf *out, struct box b, const char *stroke)
{
	buf_str(out, STR("<line"));
	put_attribute(out, "x1", b.x);
	put_attribute(out, "y1", b.y);
	put_attribute(out, "x2", b.x + b.width);
	put_attribute(out, "y2", b.y + b.height);
	buf_fmt(out, " stroke=\"%s\"/>", stroke);
}

static void text_begin(struct buf *out, int64_t x, int64_t y, const char *anchor)
{
	buf_str(out, STR("<text"));
	put_attribute(out, "x", x);
	put_attribute(out, "y", y);
	buf_fmt(out, " text-anchor=\"%s\">", anchor);
}

static void put_text(struct buf *out, int64_t x, int64_t y, const char *anchor, struct str text)
{
	text_begin(out, x, y, anchor);
	template_escape(out, text);
	buf_str(out, STR("</text>"));
}

static void put_amount(struct buf *out, int64_t x, int64_t y, const char *anchor, int64_t pence)
{
	text_begin(out, x, y, anchor);
	chart_amount(out, pence);
	buf_str(out, STR("</text>"));
}

/* Title and description are named by id, so that both are read out (WAI-ARIA). */
static void chart_begin(struct buf *out, const struct chart *c, const char *form, int width,
			int height)
{
	int len = (int)c->id.len;

	buf_fmt(out,
		"<svg class=\"chart chart--%s\" viewBox=\"0 0 %d %d\" role=\"img\""
		" aria-labelledby=\"%.*s-%s-title %.*s-%s-about\" font-size=\"14\" fill=\"" INK
		"\"><title id=\"%.*s-%s-title\">",
		form, width, height, len, c->id.at, form, len, c->id.at, form, len, c->id.at, form);
	template_escape(out, c->title);
	buf_fmt(out, "</title><desc id=\"%.*s-%s-about\">", len, c->id.at, form);
	template_escape(out, c->about);
	buf_str(out, STR("</desc>"));
}

static void put_legend(struct buf *out, int64_t x, int64_t y)
{
	put_box(out, (struct box){x, y - 110, 130, 130}, BASELINE);
	put_text(out, x + 190, y, "start", STR("Baseline"));
	put_box(out, (struct box){x + 990, y - 110, 130, 130}, ADJUSTED);
	put_text(out, x + 1180, y, "start", STR("Adjusted for communities"));
}

/* A bar from zero to the amount, upright or lying. */
static void put_bar(struct buf *out, const struct plot *p, struct box across, int64_t pence,
		    const char *fill)
{
	int64_t zero = place(p, 0), end = place(p, pence);
	int64_t least = zero < end ? zero : end, most = zero < end ? end : zero;

	if (across.width)
		put_box(out, (struct box){across.x, least, across.width, most - least}, fill);
	else
		put_box(out, (struct box){least, across.y, most - least, across.height}, fill);
}

static void bars_wide(struct buf *out, const struct chart *c, struct scale scale)
{
	const int64_t left = 680, right = 7200;
	const struct plot p = {.scale = scale, .from = 3240, .to = 400};
	const int64_t each = (right - left) / (int64_t)c->count;
	const int64_t bar = each * 36 / 100 < 480 ? each * 36 / 100 : 480;
	/* Labels of years get 70 units each; with more years every second, third … is named. */
	const size_t every = (size_t)(700 / each) + 1;

	chart_begin(out, c, "wide", 720, 360);
	put_legend(out, left, 160);
	for (int64_t at = scale.least; at <= scale.most; at += scale.step) {
		int64_t y = place(&p, at);

		put_line(out, (struct box){left, y, right - left, 0}, at ? RULE : INK);
		put_amount(out, left - 80, y + 50, "end", at);
	}
	for (size_t i = 0; i < c->count; i++) {
		const struct chart_year *year = &c->year[i];
		int64_t middle = left + each * (int64_t)i + each / 2;

		if (i % every == 0)
			put_text(out, middle, 3460, "middle", year->label);
		if (year->is_held_back) {
			put_text(out, middle, place(&p, 0) - 50, "middle", STR("…"));
			continue;
		}
		put_bar(out, &p, (struct box){.x = middle - bar - 5, .width = bar},
			year->baseline_pence, BASELINE);
		put_bar(out, &p, (struct box){.x = middle + 5, .width = bar}, year->adjusted_pence,
			ADJUSTED);
	}
	buf_str(out, STR("</svg>"));
}

static void bars_narrow(struct buf *out, const struct chart *c, struct scale scale)
{
	const struct plot p = {.scale = scale, .from = 700, .to = 2860};
	const int64_t top = 400, row = 520;

	chart_begin(out, c, "narrow", 350, (int)(40 + 52 * (int)c->count + 8));
	put_legend(out, 0, 160);
	for (size_t i = 0; i < c->count; i++) {
		const struct chart_year *year = &c->year[i];
		int64_t y = top + row * (int64_t)i;
		int64_t both[] = {year->baseline_pence, year->adjusted_pence};

		put_text(out, 0, y + 270, "start", year->label);
		if (year->is_held_back) {
			put_text(out, place(&p, 0) + 50, y + 270, "start", STR("not shown"));
			continue;
		}
		for (size_t k = 0; k < COUNT(both); k++) {
			int64_t end = place(&p, both[k] > 0 ? both[k] : 0);

			put_bar(out, &p, (struct box){.y = y + 210 * (int64_t)k, .height = 190},
				both[k], k ? ADJUSTED : BASELINE);
			put_amount(out, end + 50, y + 210 * (int64_t)k + 145, "start", both[k]);
		}
	}
	put_line(out, (struct box){place(&p, 0), top - 40, 0, row * (int64_t)c->count - 40}, INK);
	buf_str(out, STR("</svg>"));
}

int chart_bars(struct buf *out, const struct chart *c, enum chart_form form)
{
	struct scale scale;
	int r = scale_of(c, &scale);

	if (r < 0)
		return r;
	switch (form) {
	case CHART_WIDE:
		bars_wide(out, c, scale);
		break;
	case CHART_NARROW:
		bars_narrow(out, c, scale);
		break;
	}
	return 0;
}

void chart_amount(struct buf *out, int64_t pence)
{
	static const struct {
		int64_t pence;
		const char *suffix;
	} unit[] = {{100, ""}, {100000, "k"}, {100000000, "m"}, {100000000000, "bn"}};
	size_t u = 0;
	int64_t parts, n;

	if (pence < 0) {
		buf_str(out, STR("\xE2\x88\x92"));
		pence = -pence;
	}
	buf_str(out, STR("\xC2\xA3"));
	while (u + 1 < COUNT(unit) && pence >= unit[u + 1].pence - unit[u + 1].pence / 2000)
		u++;
	/* Three digits: whole ones from a hundred, tenths from ten, else hundredths. */
	if (u == 0 || pence >= 100 * unit[u].pence)
		parts = 1;
	else
		parts = pence >= 10 * unit[u].pence ? 10 : 100;
	n = (pence + unit[u].pence / parts / 2) / (unit[u].pence / parts);
	buf_i64(out, n / parts);
	n = n % parts * (100 / parts);
	if (n)
		buf_fmt(out, n % 10 ? ".%02d" : ".%d", (int)(n % 10 ? n : n / 10));
	buf_str(out, str_of(unit[u].suffix));
}
