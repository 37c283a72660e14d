/*
 * Reading walks down the fixed depth that the two types have, so input of any depth takes the same
 * stack; what cannot be a position is named where it stands. The lines of all rings are then put in
 * order from west to east, and each is compared with those that begin before it ends.
 *
 * All arithmetic on places is whole: ten-millionths of degrees within the grid differ by less than
 * 2^28, so twice an area of three points fits 64 bits with room.
 */
#include "boundary.h"

#include <math.h>
#include <stdlib.h>

#include "libassets/base/buf.h"
#include "libassets/base/grid.h"
#include "shape_scalar.h"

enum {
	LEAST_RING = 4,       /* the first and the last are the same */
	SQUARE_METRE = 14000, /* in ten-millionths squared, about */
	TEXT_MAX = 64 * 1024,
};

struct point {
	int64_t x, y; /* degrees east and north times GRID_E7 */
};

/* A ring without the point that closes it. */
struct ring {
	size_t first, count;   /* of the points */
	size_t polygon, index; /* which of which, as in the text */
};

struct line {
	struct point a, b; /* a is not east of b */
	size_t ring;
};

struct reading {
	struct flaws *flaws;
	const struct wire_at *at; /* of the coordinates */
	bool is_multi;
	struct point *point;
	size_t points;
	struct ring ring[BOUNDARY_RINGS_MAX];
	size_t rings;
};

static void flaw(struct flaws *flaws, const struct wire_at *at, const char *code, struct str detail,
		 struct str cure)
{
	wire_flaw(flaws, at, str_of(code), detail, cure);
}

/* A flaw of a whole ring. */
static void ring_flaw(struct reading *r, const struct ring *ring, const char *code,
		      struct str detail, struct str cure)
{
	const struct wire_at polygon = WIRE_INDEX(r->at, ring->polygon);
	const struct wire_at at = WIRE_INDEX(r->is_multi ? &polygon : r->at, ring->index);

	flaw(r->flaws, &at, code, detail, cure);
}

static bool is_list(const json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	if (json_is_array(value))
		return true;
	shape_wrong_type(&(struct shape_place){at, flaws}, value, "a list in [ ]");
	return false;
}

static bool is_degrees(const json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	if (json_is_number(value) || wire_is_big(value))
		return true;
	shape_wrong_type(&(struct shape_place){at, flaws}, value,
			 "a number of degrees, without quotes");
	return false;
}

/* False for what is no place on the grid, whatever the number is. */
static bool place_of(const json_t *lon, const json_t *lat, struct point *ret_point)
{
	double x = json_number_value(lon), y = json_number_value(lat);
	struct grid_point nowhere;

	if (wire_is_big(lon) || wire_is_big(lat) || !(fabs(x) <= 180) || !(fabs(y) <= 90))
		return false;
	*ret_point = (struct point){llround(x * GRID_E7), llround(y * GRID_E7)};
	return grid_of_degrees((struct grid_degrees){ret_point->y, ret_point->x}, &nowhere) == 0;
}

static bool read_position(const json_t *value, const struct wire_at *at, struct flaws *flaws,
			  struct point *ret_point)
{
	const json_t *lon = json_array_get(value, 0), *lat = json_array_get(value, 1);

	if (!is_list(value, at, flaws))
		return false;
	if (json_array_size(value) != 2) {
		flaw(flaws, at, "WRONG_LENGTH", STR("A position is a longitude and a latitude."),
		     STR("Send two numbers; heights are not kept."));
		return false;
	}
	if (!is_degrees(lon, &WIRE_INDEX(at, 0), flaws) ||
	    !is_degrees(lat, &WIRE_INDEX(at, 1), flaws))
		return false;
	if (place_of(lon, lat, ret_point))
		return true;
	flaw(flaws, at, "OUT_OF_RANGE", STR("This place is not on the National Grid."),
	     STR("Send degrees of WGS 84, the longitude first."));
	return false;
}

static bool is_same(struct point a, struct point b)
{
	return a.x == b.x && a.y == b.y;
}

/* Twice the area of a, b and c: above zero where they turn to the left. */
static int64_t turn(struct point a, struct point b, struct point c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Twice the area that a ring encloses, above zero anticlockwise. */
static double area_of(const struct reading *r, const struct ring *ring)
{
	const struct point *p = r->point + ring->first;
	double sum = 0;

	for (size_t i = 2; i < ring->count; i++)
		sum += (double)turn(p[0], p[i - 1], p[i]);
	return sum;
}

static void reverse(struct point *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct point swap = p[i];

		p[i] = p[n - 1 - i];
		p[n - 1 - i] = swap;
	}
}

/* Closed, of some area, and in the direction that its place asks for. */
static void settle_ring(struct reading *r, struct ring *ring)
{
	struct point *p = r->point + ring->first;
	double area;

	if (!is_same(p[0], p[ring->count - 1])) {
		ring_flaw(r, ring, "NOT_CLOSED", STR("This ring does not end where it begins."),
			  STR("Repeat its first position at its end."));
		return;
	}
	ring->count--;
	area = area_of(r, ring);
	if (fabs(area) < 2 * SQUARE_METRE)
		ring_flaw(r, ring, "NO_AREA", STR("This ring encloses less than a square metre."),
			  STR("Look whether it has all its corners."));
	else if ((area > 0) != (ring->index == 0))
		reverse(p, ring->count);
}

static void read_ring(struct reading *r, const json_t *value, const struct wire_at *at,
		      struct ring ring)
{
	size_t n = json_array_size(value), before = r->flaws->count;

	if (!is_list(value, at, r->flaws))
		return;
	ring.first = r->points;
	for (size_t i = 0; i < n; i++) {
		struct point p;

		if (!read_position(json_array_get(value, i), &WIRE_INDEX(at, i), r->flaws, &p))
			continue;
		if (ring.count && is_same(p, r->point[r->points - 1]))
			continue;
		r->point[r->points++] = p;
		ring.count++;
	}
	if (r->flaws->count != before)
		return;
	if (n < LEAST_RING || ring.count < LEAST_RING) {
		flaw(r->flaws, at, "WRONG_LENGTH", STR("A ring has at least four positions."),
		     STR("Send three corners and the first of them again."));
		return;
	}
	settle_ring(r, &ring);
	r->ring[r->rings++] = ring;
}

static void read_polygon(struct reading *r, const json_t *value, const struct wire_at *at,
			 size_t polygon)
{
	size_t n = json_array_size(value);

	if (!is_list(value, at, r->flaws))
		return;
	if (!n)
		flaw(r->flaws, at, "WRONG_LENGTH", STR("A polygon has an outline."),
		     STR("Send at least one ring."));
	for (size_t i = 0; i < n; i++)
		read_ring(r, json_array_get(value, i), &WIRE_INDEX(at, i),
			  (struct ring){.polygon = polygon, .index = i});
}

static void count_polygon(const json_t *polygon, size_t *rings, size_t *points)
{
	size_t n = json_array_size(polygon);

	*rings += n;
	for (size_t i = 0; i < n; i++)
		*points += json_array_size(json_array_get(polygon, i));
}

/* Before anything is kept of it. */
static bool is_few(struct reading *r, const json_t *coordinates)
{
	struct arena *a = r->flaws->arena;
	size_t rings = 0, points = 0;

	if (!r->is_multi)
		count_polygon(coordinates, &rings, &points);
	for (size_t i = 0; r->is_multi && i < json_array_size(coordinates); i++)
		count_polygon(json_array_get(coordinates, i), &rings, &points);
	r->point = ARENA_ARRAY(a, points + 1, struct point);
	if (!r->point)
		shape_no_room(&(struct shape_place){r->at, r->flaws});
	if (rings <= BOUNDARY_RINGS_MAX && points <= BOUNDARY_POINTS_MAX)
		return r->point;
	flaw(r->flaws, r->at, "TOO_MANY",
	     arena_fmt(a, "This has %zu positions in %zu rings.", points, rings),
	     arena_fmt(a, "Simplify it to at most %d positions in %d rings.", BOUNDARY_POINTS_MAX,
		       BOUNDARY_RINGS_MAX));
	return false;
}

static void read_coordinates(struct reading *r, const json_t *coordinates)
{
	size_t n = json_array_size(coordinates);

	if (!r->is_multi) {
		read_polygon(r, coordinates, r->at, 0);
		return;
	}
	if (!n)
		flaw(r->flaws, r->at, "WRONG_LENGTH", STR("There is no polygon in this."),
		     STR("Send one at least, or null for no boundary."));
	for (size_t i = 0; i < n; i++)
		read_polygon(r, json_array_get(coordinates, i), &WIRE_INDEX(r->at, i), i);
}

static int by_west(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	return (one->a.x > other->a.x) - (one->a.x < other->a.x);
}

static int sign(int64_t n)
{
	return (n > 0) - (n < 0);
}

/* True if each goes through the other; lines that only meet, or lie on one another, do not. */
static bool is_crossing(const struct line *one, const struct line *other)
{
	int64_t low = one->a.y < one->b.y ? one->a.y : one->b.y;
	int64_t high = one->a.y < one->b.y ? one->b.y : one->a.y;

	if ((other->a.y <= low && other->b.y <= low) || (other->a.y >= high && other->b.y >= high))
		return false;
	return sign(turn(one->a, one->b, other->a)) * sign(turn(one->a, one->b, other->b)) < 0 &&
	       sign(turn(other->a, other->b, one->a)) * sign(turn(other->a, other->b, one->b)) < 0;
}

static void put_lines(const struct reading *r, size_t ring, struct line *out)
{
	const struct ring *of = &r->ring[ring];
	const struct point *p = r->point + of->first;

	for (size_t i = 0; i < of->count; i++) {
		struct point a = p[i], b = p[(i + 1) % of->count];

		out[of->first + i] =
			a.x <= b.x ? (struct line){a, b, ring} : (struct line){b, a, ring};
	}
}

/* Where two lines cross: in the text's own numbers, so that it can be looked for on a map. */
static void crossing_flaw(struct reading *r, const struct line *line)
{
	double x = (double)(line->a.x + line->b.x) / 2 / GRID_E7;
	double y = (double)(line->a.y + line->b.y) / 2 / GRID_E7;

	ring_flaw(r, &r->ring[line->ring], "CROSSES",
		  arena_fmt(r->flaws->arena, "The boundary crosses itself near %.5f, %.5f.", x, y),
		  STR("Draw each ring as one line around its land."));
}

static void check_crossings(struct reading *r, struct line *line)
{
	size_t n = r->points;

	qsort(line, n, sizeof(*line), by_west);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n && line[j].a.x < line[i].b.x; j++) {
			if (is_crossing(&line[i], &line[j])) {
				crossing_flaw(r, &line[line[i].ring > line[j].ring ? i : j]);
				return;
			}
		}
	}
}

/* 1 inside, 0 on its line, -1 outside. */
static int side_of(const struct reading *r, const struct ring *ring, struct point q)
{
	const struct point *p = r->point + ring->first;
	bool is_in = false;

	for (size_t i = 0; i < ring->count; i++) {
		struct point a = p[i], b = p[(i + 1) % ring->count];
		int64_t t = turn(a, b, q);

		if (t == 0 && (q.x - a.x) * (q.x - b.x) <= 0 && (q.y - a.y) * (q.y - b.y) <= 0)
			return 0;
		if ((a.y > q.y) != (b.y > q.y) && (t > 0) == (b.y > a.y))
			is_in = !is_in;
	}
	return is_in ? 1 : -1;
}

/* As no lines cross, one point that is not on the outline tells of all. */
static void check_hole(struct reading *r, const struct ring *outline, const struct ring *hole)
{
	for (size_t i = 0; i < hole->count; i++) {
		int side = side_of(r, outline, r->point[hole->first + i]);

		if (side < 0)
			ring_flaw(r, hole, "OUTSIDE", STR("This hole is not within its outline."),
				  STR("Send separate pieces of land as a MultiPolygon."));
		if (side)
			return;
	}
}

static void check_lines(struct reading *r)
{
	struct line *line = ARENA_ARRAY(r->flaws->arena, r->points + 1, struct line);
	const struct ring *outline = &r->ring[0];
	size_t n = 0;

	if (!line) {
		shape_no_room(&(struct shape_place){r->at, r->flaws});
		return;
	}
	/* Without the points that closed rings there is no gap between them. */
	for (size_t i = 0; i < r->rings; i++) {
		memmove(r->point + n, r->point + r->ring[i].first,
			r->ring[i].count * sizeof(*r->point));
		r->ring[i].first = n;
		n += r->ring[i].count;
		put_lines(r, i, line);
	}
	r->points = n;
	check_crossings(r, line);
	for (size_t i = 0; i < r->rings; i++) {
		if (r->ring[i].index == 0)
			outline = &r->ring[i];
		else
			check_hole(r, outline, &r->ring[i]);
	}
}

static void write_ring(const struct reading *r, const struct ring *ring, struct buf *out)
{
	for (size_t i = 0; i <= ring->count; i++) {
		struct point p = r->point[ring->first + i % ring->count];

		buf_str(out, i ? STR(",[") : STR("["));
		shape_encode_degrees(p.x, out);
		buf_char(out, ',');
		shape_encode_degrees(p.y, out);
		buf_char(out, ']');
	}
}

static struct str write(struct reading *r)
{
	CLEANUP(buf_done) struct buf out = BUF(TEXT_MAX);
	struct str text = {NULL, 0};

	buf_fmt(&out, "{\"type\":\"%s\",\"coordinates\":%s",
		r->is_multi ? "MultiPolygon" : "Polygon", r->is_multi ? "[[" : "[");
	for (size_t i = 0; i < r->rings; i++) {
		if (i)
			buf_str(&out, r->ring[i].index ? STR(",") : STR("],["));
		buf_char(&out, '[');
		write_ring(r, &r->ring[i], &out);
		buf_char(&out, ']');
	}
	buf_str(&out, r->is_multi ? STR("]]}") : STR("]}"));
	if (buf_err(&out) == 0)
		text = arena_str(r->flaws->arena, buf_view(&out));
	if (str_is_null(text))
		shape_no_room(&(struct shape_place){r->at, r->flaws});
	return text;
}

/* Its two members, and no other: each other one that files have gets its cure. */
static void check_members(const json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	void *i = json_object_iter((json_t *)(uintptr_t)value);

	for (; i; i = json_object_iter_next((json_t *)(uintptr_t)value, i)) {
		const char *key = json_object_iter_key(i);

		if (strcmp(key, "type") != 0 && strcmp(key, "coordinates") != 0)
			flaw(flaws, &WIRE_KEY(at, key), "UNKNOWN_FIELD",
			     STR("A boundary is a type and coordinates, in WGS 84."),
			     STR("Leave it out."));
	}
	if (!wire_member(value, "type"))
		flaw(flaws, &WIRE_KEY(at, "type"), "REQUIRED", STR("The type is missing."),
		     STR("Send Polygon or MultiPolygon."));
	if (!wire_member(value, "coordinates"))
		flaw(flaws, &WIRE_KEY(at, "coordinates"), "REQUIRED",
		     STR("The coordinates are missing."), STR("Send a list of rings."));
}

/* False for another type: then its other members need no word. */
static bool read_type(const json_t *value, const struct wire_at *at, struct reading *r)
{
	const json_t *type = wire_member(value, "type");
	struct str word = str_of(json_string_value(type));

	r->is_multi = str_eq(word, STR("MultiPolygon"));
	if (!type || r->is_multi || str_eq(word, STR("Polygon")))
		return true;
	flaw(r->flaws, &WIRE_KEY(at, "type"), "NOT_IN_LIST",
	     STR("A boundary is a Polygon or a MultiPolygon."),
	     STR("Of a feature or a collection send the geometry of one such feature."));
	return false;
}

struct str boundary_read(const json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	const struct wire_at where = WIRE_KEY(at, "coordinates");
	const json_t *coordinates = wire_member(value, "coordinates");
	struct reading *r = ARENA_NEW(flaws->arena, struct reading);
	size_t before = flaws->count;

	if (!r) {
		shape_no_room(&(struct shape_place){at, flaws});
		return (struct str){NULL, 0};
	}
	*r = (struct reading){.flaws = flaws, .at = &where};
	if (!json_is_object(value))
		shape_wrong_type(&(struct shape_place){at, flaws}, value, "an object of GeoJSON");
	else if (read_type(value, at, r))
		check_members(value, at, flaws);
	if (flaws->count == before && is_few(r, coordinates))
		read_coordinates(r, coordinates);
	if (flaws->count == before)
		check_lines(r);
	return flaws->count == before ? write(r) : (struct str){NULL, 0};
}
