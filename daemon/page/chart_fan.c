/*
 * Wide, the bands of years are joined to a fan; a year without one interrupts it. Narrow, each year
 * is a row with its band lying. Everything is in tenths of a unit (chart_draw.h). Pure; any thread.
 */
#include "chart_fan.h"

#include "chart_draw.h"
#include "libassets/base/err.h"

/* Light enough for lines upon it: rust has 3:1 against it, ink 10:1. */
#define BAND "#bfe3df"

static int scale_of(const struct chart_fan *c, struct chart_scale *ret_scale)
{
	struct chart_reach reach = CHART_REACH;
	bool has_any = false;

	if (c->count > CHART_YEARS_MAX)
		return ERR_INVALID;
	for (size_t i = 0; i < c->count; i++) {
		const struct fan_year *y = &c->year[i];

		if (!y->has_band)
			continue;
		has_any = true;
		chart_reach(&reach, y->p10_pence);
		chart_reach(&reach, y->p90_pence);
		chart_reach(&reach, y->expected_pence);
	}
	return has_any ? chart_scale(&reach, ret_scale) : ERR_INVALID;
}

static void put_legend(struct buf *out, int64_t x, int64_t y)
{
	chart_box(out, (struct chart_area){x, y - 110, 130, 130}, BAND);
	chart_text(out, x + 190, y, "start", STR("P10 to P90"));
	chart_box(out, (struct chart_area){x + 1090, y - 60, 130, 30}, CHART_LIGHT);
	chart_text(out, x + 1280, y, "start", STR("P50"));
	chart_box(out, (struct chart_area){x + 1740, y - 60, 130, 30}, CHART_RUST);
	chart_text(out, x + 1930, y, "start", STR("Expected"));
}

/* Where a year stands in the wide form. */
struct fan_place {
	const struct chart_plot *plot;
	int64_t left, each;
};

static int64_t across(const struct fan_place *f, size_t i)
{
	return f->left + f->each * (int64_t)i + f->each / 2;
}

/* The band between a year and the next, where both have one. */
static void put_band(struct buf *out, const struct fan_place *f, const struct chart_fan *c,
		     size_t i)
{
	const struct fan_year *a = &c->year[i], *b = a + 1;
	const struct chart_point corner[] = {
		{across(f, i), chart_place(f->plot, a->p90_pence)},
		{across(f, i + 1), chart_place(f->plot, b->p90_pence)},
		{across(f, i + 1), chart_place(f->plot, b->p10_pence)},
		{across(f, i), chart_place(f->plot, a->p10_pence)},
	};

	chart_polygon(out, corner, COUNT(corner), BAND);
}

static void put_stroke(struct buf *out, const struct fan_place *f, size_t i, int64_t from,
		       int64_t to, const char *stroke)
{
	const struct chart_point end[] = {
		{across(f, i), chart_place(f->plot, from)},
		{across(f, i + 1), chart_place(f->plot, to)},
	};

	chart_stroke(out, end[0], end[1], 25, stroke);
}

static void put_years(struct buf *out, const struct fan_place *f, const struct chart_fan *c)
{
	const int64_t half = f->each / 8 < 60 ? f->each / 8 : 60;

	for (size_t i = 0; i < c->count; i++) {
		const struct fan_year *y = &c->year[i];

		if (y->has_band && i + 1 < c->count && y[1].has_band)
			put_band(out, f, c, i);
		if (y->has_band)
			chart_bar(out, f->plot,
				  (struct chart_area){.x = across(f, i) - half, .width = 2 * half},
				  y->p10_pence, y->p90_pence, BAND);
	}
	for (size_t i = 0; i < c->count; i++) {
		const struct fan_year *y = &c->year[i];

		if (!y->has_band)
			continue;
		if (i + 1 < c->count && y[1].has_band) {
			put_stroke(out, f, i, y->p50_pence, y[1].p50_pence, CHART_LIGHT);
			put_stroke(out, f, i, y->expected_pence, y[1].expected_pence, CHART_RUST);
		}
		chart_dot(
			out,
			(struct chart_point){across(f, i), chart_place(f->plot, y->expected_pence)},
			45, CHART_RUST);
	}
}

static void fan_wide(struct buf *out, const struct chart_fan *c, struct chart_scale scale)
{
	const int64_t left = 680, right = 7200;
	const struct chart_plot p = {.scale = scale, .from = 3240, .to = 400};
	const struct fan_place f = {&p, left, (right - left) / (int64_t)c->count};
	const size_t every = (size_t)(700 / f.each) + 1;

	chart_begin(out, &(struct chart_head){c->id, c->title, c->about, "wide"}, 720, 360);
	put_legend(out, left, 160);
	chart_grid(out, &p, left, right);
	put_years(out, &f, c);
	for (size_t i = 0; i < c->count; i += every)
		chart_text(out, across(&f, i), 3460, "middle", c->year[i].label);
	buf_str(out, STR("</svg>"));
}

static void fan_narrow(struct buf *out, const struct chart_fan *c, struct chart_scale scale)
{
	const struct chart_plot p = {.scale = scale, .from = 800, .to = 3450};
	const int64_t top = 400, row = 420, bar = 200;

	chart_begin(out, &(struct chart_head){c->id, c->title, c->about, "narrow"}, 350,
		    (int)(40 + 42 * (int)c->count + 8));
	put_legend(out, 0, 160);
	for (size_t i = 0; i < c->count; i++) {
		const struct fan_year *y = &c->year[i];
		int64_t at = top + row * (int64_t)i;

		chart_text(out, 0, at + 150, "start", y->label);
		if (!y->has_band)
			continue;
		chart_bar(out, &p, (struct chart_area){.y = at, .height = bar}, y->p10_pence,
			  y->p90_pence, BAND);
		chart_box(out, (struct chart_area){chart_place(&p, y->p50_pence) - 12, at, 24, bar},
			  CHART_LIGHT);
		chart_dot(out,
			  (struct chart_point){chart_place(&p, y->expected_pence), at + bar / 2},
			  45, CHART_RUST);
	}
	chart_line(out,
		   (struct chart_area){chart_place(&p, 0), top - 40, 0, row * (int64_t)c->count},
		   CHART_INK);
	buf_str(out, STR("</svg>"));
}

int chart_fan(struct buf *out, const struct chart_fan *c, enum chart_form form)
{
	struct chart_scale scale;
	int r = scale_of(c, &scale);

	if (r < 0)
		return r;
	switch (form) {
	case CHART_WIDE:
		fan_wide(out, c, scale);
		break;
	case CHART_NARROW:
		fan_narrow(out, c, scale);
		break;
	}
	return 0;
}
