/*
 * Well-known text is the lists of GeoJSON in other signs, "x y" for [x,y]: it is written as those
 * and parsed as they are, so that there is one parser, with its bounds. What the shape is worth is
 * boundary.c's to find out.
 */
#include "boundary_text.h"

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "prescan.h"
#include "shape_scalar.h"

enum { WRITTEN_MAX = 512 * 1024 };

static const char wanted[] = "Give a Polygon or MultiPolygon as GeoJSON, or as well-known text.";

static json_t *refuse(const struct wire_at *at, struct flaws *flaws, const char *code,
		      struct str detail)
{
	wire_flaw(flaws, at, str_of(code), detail, str_of(wanted));
	return NULL;
}

/*
 * Parsed; what is no JSON is a flaw at `at` and not of a document of its own. detail: to be said of
 * it; NULL: line and column.
 */
static json_t *parse(struct str text, const char *detail, const struct wire_at *at,
		     struct flaws *flaws)
{
	struct flaws own;
	json_t *value = NULL;
	int r;

	flaws_init(&own, flaws->arena);
	r = prescan_json(text, &own);
	if (r == 0)
		r = wire_load(text, &own, &value);
	if (r == 0)
		return value;
	if (r == ERR_NOMEM || !flaws_kept(&own))
		shape_no_room(&(struct shape_place){at, flaws});
	else if (str_eq(own.at[0].code, STR("TOO_LARGE")))
		wire_flaw(flaws, at, own.at[0].code, own.at[0].detail, own.at[0].cure);
	else
		refuse(at, flaws, "BAD_FORM", detail ? str_of(detail) : own.at[0].detail);
	return NULL;
}

/* --- Well-known text --------------------------------------------------------------------- */

/* The word in front, in any case, taken off with the blanks behind it. */
static bool take_word(struct str *s, struct str word)
{
	if (s->len < word.len || !str_eq_nocase((struct str){s->at, word.len}, word))
		return false;
	*s = str_trim((struct str){s->at + word.len, s->len - word.len});
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* From its first bracket on, as the coordinates of GeoJSON. What is no such text makes no JSON. */
static void write_lists(struct str s, struct buf *out)
{
	bool is_in = false, is_apart = false; /* in a position, and behind a blank in it */

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (is_blank(c)) {
			is_apart = is_in;
		} else if (c == '(' || c == ')' || c == ',') {
			if (is_in)
				buf_char(out, ']');
			buf_char(out, c == '(' ? '[' : c == ')' ? ']' : c);
			is_in = is_apart = false;
		} else {
			if (!is_in || is_apart)
				buf_char(out, is_in ? ',' : '[');
			buf_char(out, c);
			is_in = true;
			is_apart = false;
		}
	}
}

static json_t *read_wkt(struct str text, const struct wire_at *at, struct flaws *flaws)
{
	CLEANUP(buf_done) struct buf lists = BUF(WRITTEN_MAX);
	const char *type = take_word(&text, STR("MULTIPOLYGON")) ? "MultiPolygon" : "Polygon";
	json_t *coordinates;

	if (*type == 'P')
		(void)take_word(&text, STR("POLYGON"));
	(void)take_word(&text, STR("Z")); /* then each position is refused for its height */
	write_lists(text, &lists);
	if (buf_err(&lists)) {
		shape_no_room(&(struct shape_place){at, flaws});
		return NULL;
	}
	coordinates = parse(buf_view(&lists), "This well-known text cannot be read to its end.", at,
			    flaws);
	return coordinates ? json_pack("{s:s, s:o}", "type", type, "coordinates", coordinates)
			   : NULL;
}

static bool is_wkt(struct str text)
{
	return take_word(&text, STR("POLYGON")) || take_word(&text, STR("MULTIPOLYGON"));
}

/* --- GeoJSON ------------------------------------------------------------------------------ */

static bool is_type(const json_t *value, const char *type)
{
	return str_eq(str_of(json_string_value(json_object_get(value, "type"))), str_of(type));
}

/* The one shape of a file, borrowed from it; NULL after a flaw. */
static json_t *shape_of(json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	if (is_type(value, "FeatureCollection")) {
		const json_t *features = json_object_get(value, "features");
		size_t n = json_array_size(features);

		if (n != 1) {
			wire_flaw(flaws, at, STR("WRONG_LENGTH"),
				  arena_fmt(flaws->arena, "This holds %zu features.", n),
				  STR("Give the one that is this land; several pieces of it are "
				      "one MultiPolygon."));
			return NULL;
		}
		value = json_array_get(features, 0);
	}
	if (is_type(value, "Feature"))
		value = json_object_get(value, "geometry");
	if (!json_is_object(value))
		return refuse(at, flaws, "BAD_FORM", STR("There is no shape in this."));
	return value;
}

/* Its two members: files have others beside them, such as a box. */
static json_t *bare(const json_t *shape)
{
	json_t *copy = json_object();

	for (size_t i = 0; copy && i < 2; i++) {
		const char *key = i ? "coordinates" : "type";
		json_t *value = json_object_get(shape, key);

		if (value && json_object_set(copy, key, value) < 0) {
			json_decref(copy);
			return NULL;
		}
	}
	return copy;
}

static json_t *read_geojson(struct str text, const struct wire_at *at, struct flaws *flaws)
{
	json_auto_t *value = parse(text, NULL, at, flaws);
	json_t *shape = value ? shape_of(value, at, flaws) : NULL;
	json_t *copy = shape ? bare(shape) : NULL;

	if (shape && !copy)
		shape_no_room(&(struct shape_place){at, flaws});
	return copy;
}

json_t *boundary_text(struct str text, const struct wire_at *at, struct flaws *flaws)
{
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = (struct str){text.at + 3, text.len - 3};
	text = str_trim(text);
	if (!str_is_utf8(text))
		return refuse(at, flaws, "BAD_FORM", STR("This is no text in UTF-8."));
	if (is_wkt(text))
		return read_wkt(text, at, flaws);
	if (!text.len || text.at[0] != '{')
		return refuse(at, flaws, "BAD_FORM", STR("This is no shape of land."));
	return read_geojson(text, at, flaws);
}
