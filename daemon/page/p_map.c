/*
 * The register as a map: the same filters in the address as the list has, a picture made here, how
 * many lie in each council's area, and the list itself, which says of each what the map says.
 * Script puts a map that moves in the picture's place (static/map.js); it asks page_map_points for
 * what lies in the part that it shows. Of a day there is the picture alone.
 *
 * The picture and the areas are counted over all that the filters keep. Without any filter that is
 * the whole register, and each worker keeps the count for a while (counted.h).
 */
#include "p.h"

#include <inttypes.h>
#include <stdlib.h>

#include "counted.h"
#include "daemon/export/h_export.h"
#include "daemon/flow/flow_private.h"
#include "daemon/process/worker.h"
#include "daemon/route/list_filter.h"
#include "dress.h"
#include "libassets/base/grid.h"
#include "map.h"
#include "p_narrow.h"
#include "page.h"
#include "q.h"

/* Statements of the batch: narrow_ask's three, and the glance where it is not kept. */
enum { LIST = PAGE_FRAME + 1, GLANCE = LIST + 3 };
enum { SVG_MAX = 256 * 1024, SPOTS_MAX = 400 };
/* Metres of the squares that are counted, or more where they would be too many: of all the
 * register, of a part of it. */
enum { SQUARE_M = 4000, SQUARE_FINE_M = 2000 };
/* Of a day no more are drawn: no index counts the past. */
enum { THEN_MAX = 8000 };

/* Beyond so many in view they are gathered in squares. */
enum { POINTS_MAX = 8000, POINTS_BYTES = 8 << 20 };
/* Squares across what is in view, the smallest of them, and metres to a degree (of longitude in the
 * middle of Scotland, of latitude). */
enum { SQUARES_ACROSS = 16, SQUARE_LEAST_M = 250, LON_M = 61000, LAT_M = 111000 };

struct map_state {
	struct narrow narrow;
	bool is_counting; /* the batch has the glance */
};

/* Is it all of the register as it is now? */
static bool is_whole(const struct narrow *n)
{
	return str_eq(n->filter, STR("{}")) && !n->at.is_given;
}

static void ask_glance(struct flow *f, const struct narrow *n)
{
	int cell = is_whole(n) ? SQUARE_M : SQUARE_FINE_M;

	if (n->at.is_given)
		q_asset_glance_at_add(flow_batch(f), &(struct q_asset_glance_at){
							     .filter = n->filter,
							     .cell = cell,
							     .squares = SPOTS_MAX,
							     .valid_on = n->at.valid_on,
							     .known_at = n->at.known_at,
							     .most = THEN_MAX,
						     });
	else
		q_asset_glance_add(flow_batch(f), &(struct q_asset_glance){.filter = n->filter,
									   .cell = cell,
									   .squares = SPOTS_MAX});
}

static enum step_result map_load(struct flow *f)
{
	struct map_state *s = ARENA_NEW(f->arena, struct map_state);
	int r = s ? narrow_read(f, "/map", &s->narrow) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	f->state = s;
	s->is_counting = !is_whole(&s->narrow) || !counted_is_fresh(f, &f->worker->glance);
	narrow_ask(f, page_batch(f), &s->narrow);
	if (s->is_counting)
		ask_glance(f, &s->narrow);
	return flow_send(f);
}

/* NULL for a day on which there were too many. ERR_NOMEM */
static int glance_of(struct flow *f, json_t **ret)
{
	const struct map_state *s = f->state;
	struct str text = buf_view(&f->worker->glance.text);

	*ret = NULL;
	if (s->is_counting) {
		text = db_value(f->got, GLANCE, 0, 0);
		if (is_whole(&s->narrow))
			counted_keep(f, &f->worker->glance, text);
	}
	if (s->is_counting && str_is_null(text))
		return 0;
	*ret = json_loadb(text.at, text.len, 0, NULL);
	return *ret ? 0 : ERR_NOMEM;
}

/* The squares of a glance by their middles. NULL without memory. */
static struct map_spot *spots_of(struct flow *f, const json_t *squares, int32_t side, size_t *ret_n)
{
	size_t n = json_array_size(squares), i;
	struct map_spot *spot = ARENA_ARRAY(f->arena, n + 1, struct map_spot);
	const json_t *one;

	*ret_n = 0;
	if (!spot)
		return NULL;
	json_array_foreach (squares, i, one) {
		spot[i] = (struct map_spot){
			.easting = (int32_t)json_integer_value(json_array_get(one, 0)) * side +
				   side / 2,
			.northing = (int32_t)json_integer_value(json_array_get(one, 1)) * side +
				    side / 2,
			.number = json_integer_value(json_array_get(one, 2))};
	}
	*ret_n = n;
	return spot;
}

/*
 * "W,S,E,N" in degrees, from which the map that moves begins: the box of the query, or that around
 * all squares of so many metres.
 */
static void put_box(struct page *p, const struct map_spot *spot, size_t n, int32_t square)
{
	struct grid_point low = {INT32_MAX, INT32_MAX}, high = {0, 0};
	struct str asked = narrow_value(p->flow, "bbox");
	struct grid_degrees sw, ne;
	double e7 = GRID_E7;

	for (size_t i = 0; i < n; i++) {
		low.easting = spot[i].easting < low.easting ? spot[i].easting : low.easting;
		low.northing = spot[i].northing < low.northing ? spot[i].northing : low.northing;
		high.easting = spot[i].easting > high.easting ? spot[i].easting : high.easting;
		high.northing = spot[i].northing > high.northing ? spot[i].northing : high.northing;
	}
	low = (struct grid_point){low.easting - square / 2, low.northing - square / 2};
	high = (struct grid_point){high.easting + square / 2, high.northing + square / 2};
	if (asked.len)
		page_put_text(p, "box", asked);
	else if (n && grid_to_degrees(low, &sw) == 0 && grid_to_degrees(high, &ne) == 0)
		page_put(p, "box",
			 json_sprintf("%.5f,%.5f,%.5f,%.5f", (double)sw.lon_e7 / e7,
				      (double)sw.lat_e7 / e7, (double)ne.lon_e7 / e7,
				      (double)ne.lat_e7 / e7));
}

static void put_picture(struct page *p, const json_t *map)
{
	CLEANUP(buf_done) struct buf out = BUF(SVG_MAX);
	int32_t side = (int32_t)json_integer_value(json_object_get(map, "side"));
	size_t n;
	struct map_spot *spot = spots_of(p->flow, json_object_get(map, "squares"), side, &n);

	map_spots(&out, STR("Map of where they lie; the tables below say the same in words"), spot,
		  n);
	page_put_text(p, "picture", buf_view(&out));
	put_box(p, spot, n, side);
}

/* The same filters and day at another path, and one filter more. */
static struct str same_at(struct flow *f, const char *path, struct page_filter one)
{
	const struct page_filter more[] = {
		one,
		{"valid_on", narrow_value(f, "valid_on")},
		{"known_on", narrow_value(f, "known_on")},
	};

	return narrow_address(f, path, more, COUNT(more));
}

/* Each council's area with its name, how many lie in it, and the map of it alone. */
static void put_areas(struct page *p, json_t *areas)
{
	json_t *shown = json_array(), *area;
	struct flow *f = p->flow;
	size_t i;

	json_array_foreach (areas, i, area) {
		const struct page_filter of = {"council", str_of(page_text(area, "code"))};
		struct str name = map_council_name(of.value);

		if (str_is_null(name))
			continue;
		page_put_in(p, area, "name", json_stringn(name.at, name.len));
		page_put_in(p, area, "href", json_string(same_at(f, "/map", of).at));
		if (json_array_append(shown, area) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "areas", shown);
}

/* What is drawn and counted: all but the list. */
static void put_glance(struct page *p, const json_t *glance)
{
	const json_t *map = json_object_get(glance, "map"),
		     *tally = json_object_get(glance, "tally");
	int64_t total = json_integer_value(json_object_get(tally, "total"));
	int64_t placed = json_integer_value(json_object_get(map, "placed"));

	page_put(p, "total_count", json_integer(total));
	page_put(p, "placed_count", json_integer(placed));
	if (total > placed)
		page_put(p, "placeless_count", json_integer(total - placed));
	put_picture(p, map);
	if (!narrow_value(p->flow, "council").len)
		put_areas(p, json_object_get(tally, "areas"));
}

static enum step_result map_answer(struct flow *f)
{
	const struct map_state *s = f->state;
	json_auto_t *glance = NULL;
	int r = glance_of(f, &glance);
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	p = page_begin(f, "Map of land and buildings");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, narrow_address(f, "/assets", NULL, 0).at, STR("Register"));
	narrow_put(&p, &s->narrow, LIST);
	if (glance)
		put_glance(&p, glance);
	page_put(&p, "most_count", json_integer(THEN_MAX));
	page_put_text(&p, "list", same_at(f, "/assets", (struct page_filter){0}));
	page_put_text(&p, "page", narrow_address(f, "/map", NULL, 0));
	page_put_text(&p, "points", narrow_address(f, "/map/points", NULL, 0));
	page_put_text(
		&p, "file_geojson",
		same_at(f, "/downloads/assets", (struct page_filter){"format", STR("geojson")}));
	return page_end(&p, "map", PAGE_REGISTER, 200);
}

const struct flow_step page_map[] = {
	{"load", map_load},
	{"answer", map_answer},
	{0},
};

/* Metres of a square, so that some SQUARES_ACROSS of them go across the box of the query. */
static int32_t square_of(struct flow *f)
{
	struct str box = narrow_value(f, "bbox"), rest = box;
	double at[4] = {-8.7, 54.6, -0.7, 60.9}, wide, high;
	int32_t square = SQUARE_LEAST_M;

	/* list_filter() has refused what is not four numbers. */
	for (size_t i = 0; i < COUNT(at) && box.len; i++) {
		struct str one = arena_str(f->arena, str_cut(rest, ',', &rest));

		at[i] = one.at ? strtod(one.at, NULL) : at[i];
	}
	wide = (at[2] - at[0]) * LON_M;
	high = (at[3] - at[1]) * LAT_M;
	while (square < 64000 && square * SQUARES_ACROSS < (wide > high ? wide : high))
		square *= 2;
	return square;
}

static enum step_result points_load(struct flow *f)
{
	struct str filter;
	int r = list_filter(f, &(struct list_filter){"ast", NULL, NARROW_FILTERS}, &filter);

	if (r < 0)
		return flow_fail(f, r);
	q_asset_spots_add(flow_batch(f), &(struct q_asset_spots){.filter = filter,
								 .cell = square_of(f),
								 .most = POINTS_MAX});
	return flow_send(f);
}

/* Before a feature: nothing before the first. */
static const char *separator(const struct buf *out)
{
	return out->at[out->len - 1] == '[' ? "" : ",";
}

/* So many about there. */
static void put_number(struct buf *out, const struct q_asset_spots_row *row)
{
	struct grid_degrees d;

	if (grid_to_degrees((struct grid_point){row->easting, row->northing}, &d) < 0)
		return;
	buf_fmt(out,
		"%s{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.5f,%."
		"5f]"
		"},\"properties\":{\"number\":%" PRId64 "}}",
		separator(out), (double)d.lon_e7 / GRID_E7, (double)d.lat_e7 / GRID_E7,
		row->number);
}

static enum step_result points_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(POINTS_BYTES);
	int n = q_asset_spots_count(f->got, 0);

	buf_str(&out, STR("{\"type\":\"FeatureCollection\",\"features\":["));
	for (int i = 0; i < n; i++) {
		struct q_asset_spots_row row;
		int r = q_asset_spots_row(f->got, 0, i, &row);

		if (r < 0)
			return flow_fail(f, r);
		if (row.feature.len)
			buf_fmt(&out, "%s%.*s", separator(&out), (int)row.feature.len,
				row.feature.at);
		else
			put_number(&out, &row);
	}
	buf_str(&out, STR("]}"));
	return flow_answer_made(f, STR(EXPORT_GEOJSON), &out);
}

const struct flow_step page_map_points[] = {
	{"load", points_load},
	{"answer", points_answer},
	{0},
};
