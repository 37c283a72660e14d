/*
 * The tree hangs down at the left, its texts stand beside it and the bars at the right, each a row,
 * so that the length of nothing depends on a text. Pure; any thread.
 */
#include "chart_tree.h"

#include "chart_draw.h"
#include "libassets/base/err.h"

/* In tenths of a unit. */
enum { WIDTH = 4200, ROW = 270, BRANCH = 100, LEAF = 330, TEXT = 60, BARS = 3100, BAR = 150 };

static const int64_t whole_ppb = 1000000000;

static int check(const struct chart_tree *c)
{
	if (!c->count || c->count > CHART_TREE_ROWS || c->row[0].is_leaf)
		return ERR_INVALID;
	for (size_t i = 0; i < c->count; i++) {
		if (c->row[i].ppb < 0 || c->row[i].ppb > whole_ppb)
			return ERR_INVALID;
	}
	return 0;
}

/* From the stem at x, which hangs from y_top, to a row. */
static void put_elbow(struct buf *out, int64_t x, int64_t y_top, int64_t y)
{
	chart_line(out, (struct chart_area){x, y_top, 0, y - y_top}, CHART_INK);
	chart_line(out, (struct chart_area){x, y, LEAF - BRANCH - TEXT, 0}, CHART_INK);
}

static void put_row(struct buf *out, const struct tree_row *row, int64_t top, int64_t stem_top)
{
	int64_t middle = top + ROW / 2, x = row->is_leaf ? LEAF : BRANCH;
	int64_t width = row->ppb * (WIDTH - BARS) / whole_ppb;

	put_elbow(out, x, stem_top, middle);
	chart_text(out, x + LEAF - BRANCH, middle + 50, "start", row->label);
	/* However small a chance is, it can be seen that there is one. */
	chart_box(out,
		  (struct chart_area){BARS, middle - BAR / 2, width ? width : (row->ppb ? 10 : 0),
				      BAR},
		  row->is_leaf ? CHART_LIGHT : CHART_DARK);
}

int chart_tree(struct buf *out, const struct chart_tree *c)
{
	int64_t top = ROW, branch_top = ROW, leaf_top = ROW;
	int r = check(c);

	if (r < 0)
		return r;
	chart_begin(out, &(struct chart_head){c->id, c->title, c->about, "one"}, WIDTH / 10,
		    (int)((int64_t)(c->count + 1) * ROW / 10 + 4));
	chart_text(out, 0, ROW / 2 + 50, "start", c->root);
	for (size_t i = 0; i < c->count; i++, top += ROW) {
		bool is_leaf = c->row[i].is_leaf;

		put_row(out, &c->row[i], top, is_leaf ? leaf_top : branch_top);
		if (is_leaf)
			leaf_top = top + ROW / 2;
		else
			branch_top = top + ROW / 2;
		if (!is_leaf)
			leaf_top = top + ROW;
	}
	buf_str(out, STR("</svg>"));
	return 0;
}
