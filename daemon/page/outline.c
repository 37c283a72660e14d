/*
 * Drawn as on a plan, north upwards: a degree of longitude is as much shorter than one of latitude
 * as it is in the middle of the shape. Whole units of a picture are enough for a shape without a
 * scale of its own; a bar says how long 100 m or a round multiple are. Pure; any thread.
 */
#include "outline.h"

#include <math.h>

#include "template.h"

enum { SIZE = 300, EDGE = 10, BAR_ROOM = 24 };

#define METRES_PER_DEGREE 111300.0
#define RADIANS_PER_DEGREE 0.017453292519943295

struct frame {
	double west, east, south, north; /* degrees */
	double shrink;                   /* of longitudes */
	double scale;                    /* units of the picture per metre */
};

static const json_t *polygon_at(const json_t *boundary, size_t i)
{
	const json_t *coordinates = json_object_get(boundary, "coordinates");
	const char *type = json_string_value(json_object_get(boundary, "type"));

	if (type && strcmp(type, "MultiPolygon") == 0)
		return json_array_get(coordinates, i);
	return i ? NULL : coordinates;
}

static void widen(struct frame *f, const json_t *ring)
{
	for (size_t i = 0; i < json_array_size(ring); i++) {
		const json_t *p = json_array_get(ring, i);
		double x = json_number_value(json_array_get(p, 0));
		double y = json_number_value(json_array_get(p, 1));

		f->west = fmin(f->west, x);
		f->east = fmax(f->east, x);
		f->south = fmin(f->south, y);
		f->north = fmax(f->north, y);
	}
}

/* False where there is nothing to show. */
static bool frame_of(const json_t *boundary, struct frame *f)
{
	double wide, high;

	*f = (struct frame){.west = 180, .east = -180, .south = 90, .north = -90};
	for (size_t i = 0; polygon_at(boundary, i); i++)
		widen(f, json_array_get(polygon_at(boundary, i), 0));
	f->shrink = cos((f->south + f->north) / 2 * RADIANS_PER_DEGREE);
	wide = (f->east - f->west) * f->shrink * METRES_PER_DEGREE;
	high = (f->north - f->south) * METRES_PER_DEGREE;
	if (!(wide > 0) || !(high > 0))
		return false;
	f->scale = (SIZE - 2 * EDGE) / fmax(wide, high);
	return true;
}

static void draw_ring(struct buf *out, const struct frame *f, const json_t *ring)
{
	for (size_t i = 0; i + 1 < json_array_size(ring); i++) {
		const json_t *p = json_array_get(ring, i);
		double x = json_number_value(json_array_get(p, 0)) - f->west;
		double y = f->north - json_number_value(json_array_get(p, 1));

		buf_fmt(out, "%s%.1f %.1f", i ? "L" : "M",
			EDGE + x * f->shrink * METRES_PER_DEGREE * f->scale,
			EDGE + y * METRES_PER_DEGREE * f->scale);
	}
	buf_str(out, STR("Z"));
}

/* 1, 2 or 5 times a power of ten metres, at most half of the picture. */
static double bar_metres(const struct frame *f)
{
	double most = SIZE / 2.0 / f->scale, ten = pow(10, floor(log10(most)));

	return most >= 5 * ten ? 5 * ten : most >= 2 * ten ? 2 * ten : ten;
}

bool outline_draw(struct buf *out, struct str label, const json_t *boundary)
{
	struct frame f;
	double bar;

	if (!json_is_object(boundary) || !frame_of(boundary, &f))
		return false;
	bar = bar_metres(&f);
	buf_fmt(out, "<svg class=\"map\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", SIZE,
		SIZE + BAR_ROOM);
	template_escape(out, label);
	buf_str(out, STR("\"><path class=\"map__land\" d=\""));
	for (size_t i = 0; polygon_at(boundary, i); i++) {
		const json_t *polygon = polygon_at(boundary, i);

		for (size_t j = 0; j < json_array_size(polygon); j++)
			draw_ring(out, &f, json_array_get(polygon, j));
	}
	buf_fmt(out,
		"\"/><path class=\"map__bar\" d=\"M%d %dh%.1f\"/>"
		"<text class=\"map__text\" x=\"%d\" y=\"%d\">%.*f m</text></svg>",
		EDGE, SIZE + 6, bar * f.scale, EDGE, SIZE + 21, bar < 1, bar);
	return true;
}
