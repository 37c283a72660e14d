/*
 * Forecasts beside each other. Everything is placed in whole tenths of a unit, so that the same
 * figures give the same bytes: the view box is ten times as wide as it is shown.
 */
#include "chart_compare.h"

#include "chart_draw.h"
#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "template.h"

#define INK "#1a1a1a"

enum {
	WIDTH = 3500,
	FROM = 320, /* of the bars; their numbers stand before */
	TO = 2860,  /* their amounts stand behind */
	BAR = 190,
	LABEL = 230,
	GAP = 90,
};

static const int64_t pence_limit = INT64_C(100000000000000000);

/* Dark enough against white (WCAG 1.4.11), and apart in lightness. */
static const char *const fill[CHART_RUNS_MAX] = {"#002d54", "#2b9c93", "#6a2063", "#e5682a"};

struct scale {
	int64_t least, most; /* zero lies between */
};

static int scale_of(const struct chart_compare *c, struct scale *ret)
{
	*ret = (struct scale){0, 1};
	if (!c->years || c->years > CHART_ROWS_MAX || !c->runs || c->runs > CHART_RUNS_MAX)
		return ERR_INVALID;
	for (size_t y = 0; y < c->years; y++) {
		for (size_t k = 0; k < c->runs; k++) {
			int64_t pence = c->bar[y][k].is_held_back ? 0 : c->bar[y][k].pence;

			if (pence > pence_limit || pence < -pence_limit)
				return ERR_RANGE;
			ret->least = pence < ret->least ? pence : ret->least;
			ret->most = pence > ret->most ? pence : ret->most;
		}
	}
	return 0;
}

static int place(const struct scale *s, int64_t pence)
{
	return FROM +
	       (int)((int128)(pence - s->least) * (TO - FROM) / ((int128)s->most - s->least));
}

static void put_text(struct buf *out, int x, int y, struct str text)
{
	buf_fmt(out, "<text x=\"%d\" y=\"%d\">", x, y);
	template_escape(out, text);
	buf_str(out, STR("</text>"));
}

static void put_bar(struct buf *out, const struct scale *s, int y, size_t k, struct compare_bar bar)
{
	int zero = place(s, 0), end = place(s, bar.pence);
	int behind = end > zero ? end : zero;

	buf_fmt(out, "<text x=\"180\" y=\"%d\">%zu</text>", y + 145, k + 1);
	if (bar.is_held_back) {
		put_text(out, zero + 50, y + 145, STR("not shown"));
		return;
	}
	if (end != zero)
		buf_fmt(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
			end < zero ? end : zero, y, end < zero ? zero - end : end - zero, BAR - 20,
			fill[k]);
	buf_fmt(out, "<text x=\"%d\" y=\"%d\">", behind + 50, y + 145);
	chart_amount(out, bar.pence);
	buf_str(out, STR("</text>"));
}

int chart_compare(struct buf *out, const struct chart_compare *c)
{
	struct scale s;
	int r = scale_of(c, &s), len = (int)c->id.len;
	int row = LABEL + BAR * (int)c->runs + GAP;

	if (r < 0)
		return r;
	buf_fmt(out,
		"<svg class=\"chart chart--one\" viewBox=\"0 0 %d %d\" role=\"img\""
		" aria-labelledby=\"%.*s-title %.*s-about\" font-size=\"140\" fill=\"" INK
		"\"><title id=\"%.*s-title\">",
		WIDTH, row * (int)c->years, len, c->id.at, len, c->id.at, len, c->id.at);
	template_escape(out, c->title);
	buf_fmt(out, "</title><desc id=\"%.*s-about\">", len, c->id.at);
	template_escape(out, c->about);
	buf_str(out, STR("</desc>"));
	for (size_t y = 0; y < c->years; y++) {
		int top = row * (int)y;

		put_text(out, 0, top + 150, c->label[y]);
		buf_fmt(out,
			"<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"" INK
			"\" stroke-width=\"10\"/>",
			place(&s, 0), top + LABEL - 30, place(&s, 0), top + row - GAP + 10);
		for (size_t k = 0; k < c->runs; k++)
			put_bar(out, &s, top + LABEL + BAR * (int)k, k, c->bar[y][k]);
	}
	buf_str(out, STR("</svg>"));
	return 0;
}
