/*
 * What charts are drawn with: a round scale, boxes, lines and texts, placed with integers alone in
 * tenths of a unit. Whether it went in is asked of the buffer.
 *
 * Colours are those of the design system's data palette: dark blue, teal and rust differ in
 * lightness as well as in hue, and each has 3:1 against white (WCAG 1.4.11).
 */
#pragma once

#include "libassets/base/buf.h"

#define CHART_DARK "#002d54"
#define CHART_LIGHT "#2b9c93"
#define CHART_RUST "#a8480a"
#define CHART_INK "#1a1a1a"
#define CHART_RULE "#b3b3b3"

/* How far the amounts of a chart go above and below zero. */
struct chart_reach {
	int64_t above, below;
	bool is_beyond; /* one is beyond plus or minus 10^17 pence */
};
/* Of nothing: an axis is never empty. */
#define CHART_REACH ((struct chart_reach){.above = 100})
void chart_reach(struct chart_reach *r, int64_t pence);

/* The amounts from which and to which the axis runs, both multiples of step. */
struct chart_scale {
	int64_t step;
	int64_t least;
	int64_t most;
};
/* So that the axis reads 0, 50, 100 and not 0, 47, 94. ERR_RANGE  an amount was too large. */
MUST_CHECK int chart_scale(const struct chart_reach *r, struct chart_scale *ret_scale);

/* Where the bars may stand, in tenths of a unit, and what one of them is worth. */
struct chart_plot {
	struct chart_scale scale;
	int64_t from; /* of the least amount */
	int64_t to;   /* of the most; may be less than from */
};
int64_t chart_place(const struct chart_plot *p, int64_t pence);

/*
 * An amount in few characters, for axes: "£0", "£950", "£145k", "£1.2m", "−£20k", "£3bn";
 * rounded half away from zero to at most three digits, "£1.25m" for 125,000,000 pence.
 * pence: any but the smallest.
 */
void chart_amount(struct buf *out, int64_t pence);

/* A box in tenths of a unit. */
struct chart_area {
	int64_t x, y, width, height;
};

/* How a chart is called; texts are escaped. form: "wide" or "narrow". */
struct chart_head {
	struct str id, title, about;
	const char *form;
};
/* Title and description are named by id, so that both are read out (WAI-ARIA). In units. */
void chart_begin(struct buf *out, const struct chart_head *c, int width, int height);

void chart_box(struct buf *out, struct chart_area b, const char *fill);
void chart_line(struct buf *out, struct chart_area b, const char *stroke);

/* In tenths of a unit, as are the widths. */
struct chart_point {
	int64_t x, y;
};
void chart_polygon(struct buf *out, const struct chart_point *corner, size_t count,
		   const char *fill);
void chart_stroke(struct buf *out, struct chart_point from, struct chart_point to, int64_t width,
		  const char *stroke);
void chart_dot(struct buf *out, struct chart_point at, int64_t radius, const char *fill);
void chart_text(struct buf *out, int64_t x, int64_t y, const char *anchor, struct str text);
void chart_figure(struct buf *out, int64_t x, int64_t y, const char *anchor, int64_t pence);

/* Behind upright bars: a line at each step of the axis, darker at zero, and its amount. */
void chart_grid(struct buf *out, const struct chart_plot *p, int64_t left, int64_t right);

/* A bar from one amount to another, upright where `across` has a width, else lying. */
void chart_bar(struct buf *out, const struct chart_plot *p, struct chart_area across,
	       int64_t from_pence, int64_t to_pence, const char *fill);
