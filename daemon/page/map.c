/*
 * Outlines are ready text, so drawing needs no geometry. The style sheet gives the colours.
 * 1,600 m to a cell make all of Scotland some 20 KiB, small enough to stand in a page; it is
 * an overview, and nothing is measured on it. Pure; any thread.
 */
#include "map.h"

#include <math.h>
#include <stdlib.h>

#include "template.h"

/* Metres of a cell, northing of the upper edge; the picture in cells. */
enum { CELL_M = 1600, TOP_M = 1225000, WIDTH = 300, HEIGHT = 454 };
/* Cells around what is shown of it, and across at least: of less the outlines would be crude. */
enum { ROOM = 8, ACROSS_LEAST = 48 };

struct area {
	const char *code;
	const char *name;
	const char *outline;
};

static const struct area area_table[] = {
#define AREA(code, name, outline) {code, name, outline},
#include "scotland.def"
#undef AREA
};

/* What is shown, in cells. */
struct view {
	int x, y, width, height;
};

static const struct view whole = {0, 0, WIDTH, HEIGHT};

static void map_begin(struct buf *out, struct str label, struct view v)
{
	buf_fmt(out, "<svg class=\"map\" viewBox=\"%d %d %d %d\" role=\"img\" aria-label=\"", v.x,
		v.y, v.width, v.height);
	template_escape(out, label);
	buf_str(out, STR("\">"));
}

static const struct map_area *area_of(const char *code, const struct map_area *area, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(str_of(code), area[i].code))
			return &area[i];
	}
	return NULL;
}

void map_councils(struct buf *out, struct str label, const struct map_area *area, size_t n)
{
	map_begin(out, label, whole);
	for (size_t i = 0; i < COUNT(area_table); i++) {
		const struct map_area *a = area_of(area_table[i].code, area, n);

		buf_str(out, STR("<path"));
		if (a && a->level)
			buf_fmt(out, " class=\"map__%d\"", a->level);
		buf_fmt(out, " d=\"%s\"/>", area_table[i].outline);
	}
	buf_str(out, STR("</svg>"));
}

struct str map_council_name(struct str code)
{
	for (size_t i = 0; i < COUNT(area_table); i++) {
		if (str_eq(str_of(area_table[i].code), code))
			return str_of(area_table[i].name);
	}
	return (struct str){NULL, 0};
}

static void put_land(struct buf *out)
{
	for (size_t i = 0; i < COUNT(area_table); i++)
		buf_fmt(out, "<path d=\"%s\"/>", area_table[i].outline);
}

bool map_point(struct buf *out, struct str label, int64_t easting, int64_t northing)
{
	int64_t x = easting / CELL_M, y = (TOP_M - northing) / CELL_M;

	if (easting < 0 || x >= WIDTH || northing > TOP_M || y >= HEIGHT)
		return false;
	map_begin(out, label, whole);
	put_land(out);
	buf_fmt(out, "<circle class=\"map__point\" cx=\"%d\" cy=\"%d\" r=\"6\"/></svg>", (int)x,
		(int)y);
	return true;
}

/* The part of the whole in which they lie, of its shape, with room around. */
static struct view view_of(const struct map_spot *spot, size_t n)
{
	int west = INT32_MAX, east = INT32_MIN, north = INT32_MAX, south = INT32_MIN;
	struct view v;

	for (size_t i = 0; i < n; i++) {
		int x = spot[i].easting / CELL_M, y = (TOP_M - spot[i].northing) / CELL_M;

		west = x < west ? x : west;
		east = x > east ? x : east;
		north = y < north ? y : north;
		south = y > south ? y : south;
	}
	if (!n)
		return whole;
	v.width = east - west + 2 * ROOM;
	v.height = south - north + 2 * ROOM;
	if (v.width < ACROSS_LEAST)
		v.width = ACROSS_LEAST;
	if (v.height < v.width * HEIGHT / WIDTH)
		v.height = v.width * HEIGHT / WIDTH;
	if (v.width < v.height * WIDTH / HEIGHT)
		v.width = v.height * WIDTH / HEIGHT;
	if (v.width > WIDTH)
		return whole;
	v.x = (west + east - v.width) / 2;
	v.y = (north + south - v.height) / 2;
	return v;
}

/* In tenths of a cell, so that the same places give the same bytes. */
static void put_tenths(struct buf *out, const char *name, int64_t tenths)
{
	buf_fmt(out, " %s=\"%s%d.%d\"", name, tenths < 0 ? "-" : "", (int)(llabs(tenths) / 10),
		(int)(llabs(tenths) % 10));
}

void map_spots(struct buf *out, struct str label, const struct map_spot *spot, size_t n)
{
	struct view v = view_of(spot, n);
	int64_t most = 1;

	for (size_t i = 0; i < n; i++)
		most = spot[i].number > most ? spot[i].number : most;
	map_begin(out, label, v);
	put_land(out);
	buf_str(out, STR("<g class=\"map__spots\">"));
	for (size_t i = 0; i < n; i++) {
		/* A dot's surface is as what it stands for: its radius as the root of that. */
		double share = sqrt((double)spot[i].number / (double)most);

		buf_str(out, STR("<circle"));
		put_tenths(out, "cx", (int64_t)spot[i].easting * 10 / CELL_M);
		put_tenths(out, "cy", (int64_t)(TOP_M - spot[i].northing) * 10 / CELL_M);
		put_tenths(out, "r", (int64_t)(v.width * (0.05 + 0.12 * share)));
		buf_str(out, STR("/>"));
	}
	buf_str(out, STR("</g></svg>"));
}
