/*
 * Scale and strokes of charts. Pure; any thread.
 */
#include "chart_draw.h"

#include <assert.h>

#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "template.h"

/* Lines of the scale; and 10^17 pence, beyond which sums of coordinates could leave 64 bits. */
enum { STEPS_MAX = 5, PENCE_LIMIT_EXPONENT = 17 };

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

void chart_reach(struct chart_reach *r, int64_t pence)
{
	const int64_t limit = power10(PENCE_LIMIT_EXPONENT);

	if (pence > limit || pence < -limit) {
		r->is_beyond = true;
		return;
	}
	r->above = pence > r->above ? pence : r->above;
	r->below = -pence > r->below ? -pence : r->below;
}

int chart_scale(const struct chart_reach *r, struct chart_scale *ret_scale)
{
	if (r->is_beyond)
		return ERR_RANGE;
	ret_scale->step = round_step(r->above, r->below);
	ret_scale->most = round_up(r->above, ret_scale->step);
	ret_scale->least = -round_up(r->below, ret_scale->step);
	return 0;
}

/* Where an amount lies on the axis; in coarser units where a product would leave 64 bits. */
int64_t chart_place(const struct chart_plot *p, int64_t pence)
{
	int64_t span = p->scale.most - p->scale.least;
	int64_t unit = 1 + span / power10(14), units = span / unit;

	assert(span > 0 && units > 0); /* chart_scale never makes an empty one */
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

void chart_box(struct buf *out, struct chart_area b, const char *fill)
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

void chart_line(struct buf *out, struct chart_area b, const char *stroke)
{
	buf_str(out, STR("<line"));
	put_attribute(out, "x1", b.x);
	put_attribute(out, "y1", b.y);
	put_attribute(out, "x2", b.x + b.width);
	put_attribute(out, "y2", b.y + b.height);
	buf_fmt(out, " stroke=\"%s\"/>", stroke);
}

void chart_polygon(struct buf *out, const struct chart_point *corner, size_t count,
		   const char *fill)
{
	buf_str(out, STR("<polygon points=\""));
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_char(out, ' ');
		put_tenths(out, corner[i].x);
		buf_char(out, ',');
		put_tenths(out, corner[i].y);
	}
	buf_fmt(out, "\" fill=\"%s\"/>", fill);
}

void chart_stroke(struct buf *out, struct chart_point from, struct chart_point to, int64_t width,
		  const char *stroke)
{
	buf_str(out, STR("<line"));
	put_attribute(out, "x1", from.x);
	put_attribute(out, "y1", from.y);
	put_attribute(out, "x2", to.x);
	put_attribute(out, "y2", to.y);
	put_attribute(out, "stroke-width", width);
	buf_fmt(out, " stroke=\"%s\"/>", stroke);
}

void chart_dot(struct buf *out, struct chart_point at, int64_t radius, const char *fill)
{
	buf_str(out, STR("<circle"));
	put_attribute(out, "cx", at.x);
	put_attribute(out, "cy", at.y);
	put_attribute(out, "r", radius);
	buf_fmt(out, " fill=\"%s\"/>", fill);
}

static void text_begin(struct buf *out, int64_t x, int64_t y, const char *anchor)
{
	buf_str(out, STR("<text"));
	put_attribute(out, "x", x);
	put_attribute(out, "y", y);
	buf_fmt(out, " text-anchor=\"%s\">", anchor);
}

void chart_text(struct buf *out, int64_t x, int64_t y, const char *anchor, struct str text)
{
	text_begin(out, x, y, anchor);
	template_escape(out, text);
	buf_str(out, STR("</text>"));
}

void chart_amount(struct buf *out, int64_t pence)
{
	static const struct {
		int64_t pence;
		const char *suffix;
	} unit[] = {{100, ""}, {100000, "k"}, {100000000, "m"}, {100000000000, "bn"}};
	size_t u = 0;
	int64_t parts, n;

	money_sign(out, pence);
	if (pence < 0)
		pence = -pence;
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

void chart_figure(struct buf *out, int64_t x, int64_t y, const char *anchor, int64_t pence)
{
	text_begin(out, x, y, anchor);
	chart_amount(out, pence);
	buf_str(out, STR("</text>"));
}

void chart_begin(struct buf *out, const struct chart_head *c, int width, int height)
{
	const char *form = c->form;
	int len = (int)c->id.len;

	buf_fmt(out,
		"<svg class=\"chart chart--%s\" viewBox=\"0 0 %d %d\" role=\"img\""
		" aria-labelledby=\"%.*s-%s-title %.*s-%s-about\" font-size=\"14\" "
		"fill=\"" CHART_INK "\"><title id=\"%.*s-%s-title\">",
		form, width, height, len, c->id.at, form, len, c->id.at, form, len, c->id.at, form);
	template_escape(out, c->title);
	buf_fmt(out, "</title><desc id=\"%.*s-%s-about\">", len, c->id.at, form);
	template_escape(out, c->about);
	buf_str(out, STR("</desc>"));
}

void chart_grid(struct buf *out, const struct chart_plot *p, int64_t left, int64_t right)
{
	for (int64_t at = p->scale.least; at <= p->scale.most; at += p->scale.step) {
		int64_t y = chart_place(p, at);

		chart_line(out, (struct chart_area){left, y, right - left, 0},
			   at ? CHART_RULE : CHART_INK);
		chart_figure(out, left - 80, y + 50, "end", at);
	}
}

void chart_bar(struct buf *out, const struct chart_plot *p, struct chart_area across,
	       int64_t from_pence, int64_t to_pence, const char *fill)
{
	int64_t from = chart_place(p, from_pence), to = chart_place(p, to_pence);
	int64_t least = from < to ? from : to, most = from < to ? to : from;

	if (across.width)
		chart_box(out, (struct chart_area){across.x, least, across.width, most - least},
			  fill);
	else
		chart_box(out, (struct chart_area){least, across.y, most - least, across.height},
			  fill);
}
