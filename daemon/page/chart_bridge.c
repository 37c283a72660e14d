/*
 * Bridges. First where each bar begins and ends, then the scale that holds all of them, then
 * strokes (chart_draw.h). Pure; any thread.
 */
#include "chart_bridge.h"

#include "chart_draw.h"
#include "libassets/base/err.h"

/* From where to where a bar goes. */
struct span {
	int64_t from, to;
};

/* Two amounts within the limit cannot overflow when they are added. */
static bool is_beyond(int64_t pence)
{
	struct chart_reach alone = CHART_REACH;

	chart_reach(&alone, pence);
	return alone.is_beyond;
}

static int spans_of(const struct bridge *b, struct span *ret_span, struct chart_scale *ret_scale)
{
	struct chart_reach reach = CHART_REACH;
	int64_t at = 0;

	if (b->count < 2 || b->count > BRIDGE_STEPS_MAX)
		return ERR_INVALID;
	for (size_t i = 0; i < b->count; i++) {
		if (is_beyond(b->step[i].pence))
			return ERR_RANGE;
		ret_span[i].from = b->step[i].is_total ? 0 : at;
		at = ret_span[i].from + b->step[i].pence;
		ret_span[i].to = at;
		chart_reach(&reach, at);
		if (reach.is_beyond)
			return ERR_RANGE;
	}
	return chart_scale(&reach, ret_scale);
}

static const char *colour(const struct bridge_step *s)
{
	if (s->is_total)
		return CHART_DARK;
	return s->pence < 0 ? CHART_RUST : CHART_LIGHT;
}

static void bridge_wide(struct buf *out, const struct bridge *b, const struct span *span,
			struct chart_scale scale)
{
	const int64_t left = 680, right = 7200;
	const struct chart_plot p = {.scale = scale, .from = 3240, .to = 300};
	const int64_t each = (right - left) / (int64_t)b->count, bar = each * 60 / 100;

	chart_begin(out, &(struct chart_head){b->id, b->title, b->about, "wide"}, 720, 370);
	chart_grid(out, &p, left, right);
	for (size_t i = 0; i < b->count; i++) {
		int64_t x = left + each * (int64_t)i + (each - bar) / 2;
		int64_t high = span[i].from > span[i].to ? span[i].from : span[i].to;
		int64_t end = chart_place(&p, span[i].to);

		if (i + 1 < b->count)
			chart_line(out, (struct chart_area){x + bar, end, each - bar, 0},
				   CHART_INK);
		chart_bar(out, &p, (struct chart_area){.x = x, .width = bar}, span[i].from,
			  span[i].to, colour(&b->step[i]));
		chart_figure(out, x + bar / 2, chart_place(&p, high) - 60, "middle",
			     b->step[i].pence);
		/* Words beside each other do not fit: every other one stands lower. */
		chart_text(out, x + bar / 2, i % 2 ? 3620 : 3450, "middle", b->step[i].label);
	}
	buf_str(out, STR("</svg>"));
}

static void bridge_narrow(struct buf *out, const struct bridge *b, const struct span *span,
			  struct chart_scale scale)
{
	/* Bars end before the figures, which the strokes between bars would cross. */
	const struct chart_plot p = {.scale = scale, .from = 20, .to = 2900};
	const int64_t row = 460;

	chart_begin(out, &(struct chart_head){b->id, b->title, b->about, "narrow"}, 350,
		    (int)(46 * (int)b->count + 4));
	for (size_t i = 0; i < b->count; i++) {
		int64_t y = row * (int64_t)i, end = chart_place(&p, span[i].to);

		chart_line(out, (struct chart_area){chart_place(&p, 0), y + 190, 0, 220},
			   CHART_RULE);
		chart_text(out, 0, y + 150, "start", b->step[i].label);
		chart_figure(out, 3500, y + 150, "end", b->step[i].pence);
		chart_bar(out, &p, (struct chart_area){.y = y + 210, .height = 180}, span[i].from,
			  span[i].to, colour(&b->step[i]));
		if (i + 1 < b->count)
			chart_line(out, (struct chart_area){end, y + 390, 0, row - 180}, CHART_INK);
	}
	buf_str(out, STR("</svg>"));
}

int chart_bridge(struct buf *out, const struct bridge *b, enum chart_form form)
{
	struct span span[BRIDGE_STEPS_MAX];
	struct chart_scale scale;
	int r = spans_of(b, span, &scale);

	if (r < 0)
		return r;
	switch (form) {
	case CHART_WIDE:
		bridge_wide(out, b, span, scale);
		break;
	case CHART_NARROW:
		bridge_narrow(out, b, span, scale);
		break;
	}
	return 0;
}
