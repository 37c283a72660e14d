/*
 * Bar charts of years. The scale is worked out first, then everything is placed in tenths of a unit
 * (chart_draw.h). A negative amount hangs below zero, or to its left. Pure; any thread.
 */
#include "chart.h"

#include "chart_draw.h"
#include "libassets/base/err.h"

static int scale_of(const struct chart *c, struct chart_scale *ret_scale)
{
	struct chart_reach reach = CHART_REACH;

	if (c->count == 0 || c->count > CHART_YEARS_MAX)
		return ERR_INVALID;
	for (size_t i = 0; i < c->count; i++) {
		chart_reach(&reach, c->year[i].baseline_pence);
		chart_reach(&reach, c->year[i].adjusted_pence);
	}
	return chart_scale(&reach, ret_scale);
}

static void put_legend(struct buf *out, int64_t x, int64_t y)
{
	chart_box(out, (struct chart_area){x, y - 110, 130, 130}, CHART_DARK);
	chart_text(out, x + 190, y, "start", STR("Baseline"));
	chart_box(out, (struct chart_area){x + 990, y - 110, 130, 130}, CHART_LIGHT);
	chart_text(out, x + 1180, y, "start", STR("Adjusted for communities"));
}

static void bars_wide(struct buf *out, const struct chart *c, struct chart_scale scale)
{
	const int64_t left = 680, right = 7200;
	const struct chart_plot p = {.scale = scale, .from = 3240, .to = 400};
	const int64_t each = (right - left) / (int64_t)c->count;
	const int64_t bar = each * 36 / 100 < 480 ? each * 36 / 100 : 480;
	/* Labels of years get 70 units each; with more years every second, third … is named. */
	const size_t every = (size_t)(700 / each) + 1;

	chart_begin(out, &(struct chart_head){c->id, c->title, c->about, "wide"}, 720, 360);
	put_legend(out, left, 160);
	chart_grid(out, &p, left, right);
	for (size_t i = 0; i < c->count; i++) {
		const struct chart_year *year = &c->year[i];
		int64_t middle = left + each * (int64_t)i + each / 2;

		if (i % every == 0)
			chart_text(out, middle, 3460, "middle", year->label);
		if (year->is_held_back) {
			chart_text(out, middle, chart_place(&p, 0) - 50, "middle", STR("…"));
			continue;
		}
		if (year->has_no_baseline)
			chart_text(out, middle - bar / 2 - 5, chart_place(&p, 0) - 50, "middle",
				   STR("…"));
		else
			chart_bar(out, &p, (struct chart_area){.x = middle - bar - 5, .width = bar},
				  0, year->baseline_pence, CHART_DARK);
		chart_bar(out, &p, (struct chart_area){.x = middle + 5, .width = bar}, 0,
			  year->adjusted_pence, CHART_LIGHT);
	}
	buf_str(out, STR("</svg>"));
}

static void bars_narrow(struct buf *out, const struct chart *c, struct chart_scale scale)
{
	const struct chart_plot p = {.scale = scale, .from = 700, .to = 2860};
	const int64_t top = 400, row = 520;

	chart_begin(out, &(struct chart_head){c->id, c->title, c->about, "narrow"}, 350,
		    (int)(40 + 52 * (int)c->count + 8));
	put_legend(out, 0, 160);
	for (size_t i = 0; i < c->count; i++) {
		const struct chart_year *year = &c->year[i];
		int64_t y = top + row * (int64_t)i;
		int64_t both[] = {year->baseline_pence, year->adjusted_pence};

		chart_text(out, 0, y + 270, "start", year->label);
		if (year->is_held_back) {
			chart_text(out, chart_place(&p, 0) + 50, y + 270, "start",
				   STR("not shown"));
			continue;
		}
		for (size_t k = 0; k < COUNT(both); k++) {
			int64_t end = chart_place(&p, both[k] > 0 ? both[k] : 0);

			if (k == 0 && year->has_no_baseline) {
				chart_text(out, end + 50, y + 145, "start", STR("not shown"));
				continue;
			}
			chart_bar(out, &p,
				  (struct chart_area){.y = y + 210 * (int64_t)k, .height = 190}, 0,
				  both[k], k ? CHART_LIGHT : CHART_DARK);
			chart_figure(out, end + 50, y + 210 * (int64_t)k + 145, "start", both[k]);
		}
	}
	chart_line(
		out,
		(struct chart_area){chart_place(&p, 0), top - 40, 0, row * (int64_t)c->count - 40},
		CHART_INK);
	buf_str(out, STR("</svg>"));
}

int chart_bars(struct buf *out, const struct chart *c, enum chart_form form)
{
	struct chart_scale scale;
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
