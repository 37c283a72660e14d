/*
 * Outlines are ready text, so drawing needs no geometry. The style sheet gives the colours.
 * 1,600 m to a cell make all of Scotland some 20 KiB, small enough to stand in a page; it is
 * an overview, and nothing is measured on it. Pure; any thread.
 */
#include "map.h"

#include "template.h"

/* Metres of a cell, northing of the upper edge; the picture in cells. */
enum { CELL_M = 1600, TOP_M = 1225000, WIDTH = 300, HEIGHT = 454 };

struct area {
	const char *code;
	const char *outline;
};

static const struct area area_table[] = {
#define AREA(code, name, outline) {code, outline},
#include "scotland.def"
#undef AREA
};

static void map_begin(struct buf *out, struct str label)
{
	buf_fmt(out, "<svg class=\"map\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
		HEIGHT);
	template_escape(out, label);
	buf_str(out, STR("\">"));
}

static bool is_marked(const char *area, const struct str *code, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(str_of(area), code[i]))
			return true;
	}
	return false;
}

void map_councils(struct buf *out, struct str label, const struct str *code, size_t n)
{
	map_begin(out, label);
	for (size_t i = 0; i < COUNT(area_table); i++) {
		const struct area *a = &area_table[i];

		buf_fmt(out, "<path%s d=\"%s\"/>",
			is_marked(a->code, code, n) ? " class=\"map__has\"" : "", a->outline);
	}
	buf_str(out, STR("</svg>"));
}

bool map_point(struct buf *out, struct str label, int64_t easting, int64_t northing)
{
	int64_t x = easting / CELL_M, y = (TOP_M - northing) / CELL_M;

	if (easting < 0 || x >= WIDTH || northing > TOP_M || y >= HEIGHT)
		return false;
	map_begin(out, label);
	for (size_t i = 0; i < COUNT(area_table); i++)
		buf_fmt(out, "<path d=\"%s\"/>", area_table[i].outline);
	buf_fmt(out, "<circle class=\"map__point\" cx=\"%d\" cy=\"%d\" r=\"6\"/></svg>", (int)x,
		(int)y);
	return true;
}
