/*
 * What a list is narrowed by, from the query to the JSON that sql/functions/0065_list.sql makes a
 * condition of. The API's lists and the pages take their filters from here alike, so that an
 * address means the same in both.
 *
 * A name that is no column of the list's view has a row in special_table and a case in
 * item_condition(). What finds no room fails the request: a filter that is dropped would make the
 * list longer.
 */
#include "list_filter.h"

#include <math.h>
#include <stdlib.h>

#include "h.h"
#include "libassets/base/grid.h"
#include "libassets/file/document.h"
#include "libassets/notice/notice.h"
#include "libassets/projection/run.h"
#include "libassets/register/asset.h"
#include "libassets/register/authority.h"
#include "libassets/register/body.h"
#include "libassets/register/land_pair.h"
#include "libassets/register/valuation.h"
#include "libassets/request/representation.h"
#include "libassets/request/request.h"
#include "libassets/shape/shape_form.h"

/* Bytes of the filter as JSON; words of a search; days that one may look ahead. */
enum { FILTER_MAX = 64 * 1024, WORDS_MAX = 16, AHEAD_MAX = 3660 };

/* Points on each side of a box, and metres around it: its sides are no straight lines on the grid.
 */
enum { BOX_STEPS = 8, BOX_ROOM_M = 200 };

/* One name of the query, and where its JSON goes. */
struct wanted {
	struct flow *f;
	struct str name; /* with a NUL behind it */
	struct str value;
	struct buf *out;
};

static int refuse(const struct wanted *w, const char *detail, const char *cure)
{
	flaw_add(&w->f->flaws, arena_fmt(w->f->arena, "?%s", w->name.at), STR("BAD_FORM"),
		 str_of(detail), str_of(cure));
	return ERR_QUERY;
}

/* ["…"] */
static int put_one(const struct wanted *w, struct str value)
{
	buf_char(w->out, '[');
	buf_json(w->out, value);
	buf_char(w->out, ']');
	return 0;
}

/* Values with commas between, each as `one` writes it; absent: it is not of the form. */
static int put_each(const struct wanted *w, struct str (*one)(struct str value, struct arena *a),
		    const char *cure)
{
	char before = '[';

	for (struct str rest = w->value; !str_is_null(rest);) {
		struct str value = one(str_trim(str_cut(rest, ',', &rest)), w->f->arena);

		if (str_is_null(value))
			return refuse(w, "This is not of that form.", cure);
		buf_char(w->out, before);
		buf_json(w->out, value);
		before = ',';
	}
	buf_char(w->out, ']');
	return 0;
}

/* A number with decimals, such as -4.25. */
static bool decimal(struct str s, struct arena *a, double *ret_value)
{
	const char *text = arena_str(a, s).at;
	char *end = NULL;

	*ret_value = text && s.len ? strtod(text, &end) : 0.0;
	return end && *end == '\0' && isfinite(*ret_value);
}

/* n numbers with commas between, and nothing behind them. */
static bool decimals(const struct wanted *w, size_t n, double *ret_value)
{
	struct str rest = w->value;

	for (size_t i = 0; i < n; i++) {
		if (str_is_null(rest) ||
		    !decimal(str_cut(rest, ',', &rest), w->f->arena, &ret_value[i]))
			return false;
	}
	return str_is_null(rest);
}

static int grid_at(double lat, double lon, struct grid_point *ret_point)
{
	if (fabs(lat) > 90.0 || fabs(lon) > 180.0)
		return ERR_RANGE;
	return grid_of_degrees(
		(struct grid_degrees){llround(lat * GRID_E7), llround(lon * GRID_E7)}, ret_point);
}

/* near=LAT,LON,METRES as a circle on the National Grid. */
static int put_near(const struct wanted *w)
{
	double at[3];
	struct grid_point p;

	if (!decimals(w, COUNT(at), at) || at[2] < 1.0 || at[2] > 200000.0 ||
	    grid_at(at[0], at[1], &p) < 0)
		return refuse(w, "This is no place on the National Grid.",
			      "Send near=LATITUDE,LONGITUDE,METRES, such as near=55.95,-3.19,500.");
	buf_fmt(w->out, "{\"easting\":%d,\"northing\":%d,\"metres\":%d}", p.easting, p.northing,
		(int)at[2]);
	return 0;
}

struct box {
	double west, south, east, north;
};

static int min_int(int a, int b)
{
	return a < b ? a : b;
}

static int max_int(int a, int b)
{
	return a > b ? a : b;
}

/*
 * The box of the grid around a box of degrees, by points all along its sides. False where one of
 * them is off the grid: so large a box needs no index.
 */
static bool grid_around(const struct box *b, struct grid_point *ret_low,
			struct grid_point *ret_high)
{
	struct grid_point low = {INT32_MAX, INT32_MAX}, high = {INT32_MIN, INT32_MIN}, p;

	for (int i = 0; i <= BOX_STEPS; i++) {
		for (int j = 0; j <= BOX_STEPS; j++) {
			double lat = b->south + (b->north - b->south) * i / BOX_STEPS;
			double lon = b->west + (b->east - b->west) * j / BOX_STEPS;

			if (grid_at(lat, lon, &p) < 0)
				return false;
			low = (struct grid_point){min_int(low.easting, p.easting),
						  min_int(low.northing, p.northing)};
			high = (struct grid_point){max_int(high.easting, p.easting),
						   max_int(high.northing, p.northing)};
		}
	}
	*ret_low = low;
	*ret_high = high;
	return true;
}

/* bbox=WEST,SOUTH,EAST,NORTH in degrees, as RFC 7946 has it. */
static int put_box(const struct wanted *w)
{
	struct grid_point low, high;
	struct box b;
	double at[4];
	int room;

	if (!decimals(w, COUNT(at), at) || fabs(at[0]) > 180.0 || fabs(at[2]) > 180.0 ||
	    fabs(at[1]) > 90.0 || fabs(at[3]) > 90.0 || at[0] > at[2] || at[1] > at[3])
		return refuse(w, "This is no box.",
			      "Send bbox=WEST,SOUTH,EAST,NORTH in degrees, such as "
			      "bbox=-3.3,55.9,-3.1,56.0.");
	b = (struct box){at[0], at[1], at[2], at[3]};
	buf_fmt(w->out, "{\"west\":%.7f,\"south\":%.7f,\"east\":%.7f,\"north\":%.7f", b.west,
		b.south, b.east, b.north);
	if (grid_around(&b, &low, &high)) {
		/* Between two of the points a side bends by less than this. */
		room = BOX_ROOM_M +
		       max_int(high.easting - low.easting, high.northing - low.northing) / 50;
		buf_fmt(w->out, ",\"grid\":[%d,%d,%d,%d]", low.easting - room, low.northing - room,
			high.easting + room, high.northing + room);
	}
	buf_char(w->out, '}');
	return 0;
}

static int put_words(const struct wanted *w)
{
	size_t n = 0;

	for (struct str rest = w->value; !str_is_null(rest);)
		n += str_cut(rest, ' ', &rest).len > 0;
	if (n > WORDS_MAX) {
		flaw_add(&w->f->flaws, STR("?q"), STR("TOO_LONG"),
			 STR("These are more than 16 words."),
			 STR("Send the words that matter most."));
		return ERR_QUERY;
	}
	return put_one(w, str_trim(w->value));
}

/* updated_at[gte] takes a moment, received_on[lt] a day. */
static int put_bound(const struct wanted *w)
{
	bool is_day = strstr(w->name.at, "_on[") != NULL;
	struct str value;
	int r = is_day ? h_day(w->f, w->name.at, &value) : h_moment(w->f, w->name.at, &value);

	return r < 0 ? r : put_one(w, value);
}

/* A whole postcode, or the district before its blank as "EH1 ". */
static struct str postcode_of(struct str value, struct arena *a)
{
	struct str whole = shape_form_postcode(value, a);
	char district[5];

	if (!str_is_null(whole))
		return whole;
	if (value.len < 2 || value.len > 4)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		district[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		if (!(district[i] >= 'A' && district[i] <= 'Z') &&
		    !(i > 0 && district[i] >= '0' && district[i] <= '9'))
			return (struct str){NULL, 0};
	}
	return arena_fmt(a, "%.*s ", (int)value.len, district);
}

static int put_postcode(const struct wanted *w)
{
	return put_each(w, postcode_of, "Send a postcode, or its first half, such as EH1.");
}

static int put_uprn(const struct wanted *w)
{
	return put_each(w, shape_form_uprn, "Send 1 to 12 digits.");
}

static int put_due_within(const struct wanted *w)
{
	int64_t days;

	if (str_to_i64(w->value, &days) < 0 || days < 0 || days > AHEAD_MAX)
		return refuse(w, "This is no number of days.",
			      "Send a whole number from 0 to 3660, such as due_within=14.");
	buf_fmt(w->out, "[%d]", (int)days);
	return 0;
}

static int put_flag(const struct wanted *w)
{
	if (!str_eq(w->value, STR("true")) && !str_eq(w->value, STR("false")))
		return refuse(w, "It is true or false.", "Send true or false.");
	return put_one(w, w->value);
}

static struct str itself(struct str value, struct arena *a)
{
	(void)a;
	return value;
}

static int put_values(const struct wanted *w)
{
	return put_each(w, itself, "Send values with commas between.");
}

/* Whose fields are the filters of a kind: what a field may say is what may be asked for. */
static const struct {
	const char *kind;
	const struct shape *shape;
} shape_table[] = {
	{"ast", &asset_shape},       {"aut", &authority_shape},      {"loc", &locality_shape},
	{"val", &valuation_shape},   {"cbo", &body_shape},           {"atr", &request_shape},
	{"doc", &document_shape},    {"lpr", &land_pair_shape},      {"run", &run_shape},
	{"ntc", &notice_form_shape}, {"rep", &representation_shape},
};

/* What no form says of an item, but the register itself. */
static const struct {
	const char *kind, *name, *words;
} word_table[] = {
	{"ast", "published", "true false"},
	{"ast", "decile", "0 1 2 3 4 5 6 7 8 9 10"},
	{"atr", "is_open", "true false"},
	{"doc", "published", "true false"},
	{"doc", "state", "UPLOADING STORED REMOVED"},
	{"doc", "scan", "NOT_SCANNED PENDING CLEAN INFECTED"},
	{"ntc", "state", "DRAFT ISSUED"},
	{"rep", "mark", "UNREAD COUNTED NOT_A_REPRESENTATION DUPLICATE"},
	{"rep", "timing", "IN_TIME LATE_ON_ONE_READING LATE"},
	{"lpr", "source", "BOUNDARY OFFICER"},
	{"cal", "state", "PREVIEWED APPLIED"},
	{"whk", "state", "UNVERIFIED ACTIVE PAUSED DISABLED"},
};

/* The words of a closed list; NULL where anything may be asked for. */
static const char *words_of(struct str kind, struct str name)
{
	for (size_t i = 0; i < COUNT(word_table); i++) {
		if (str_eq(kind, str_of(word_table[i].kind)) &&
		    str_eq(name, str_of(word_table[i].name)))
			return word_table[i].words;
	}
	for (size_t i = 0; i < COUNT(shape_table); i++) {
		const struct shape *shape = shape_table[i].shape;

		for (size_t n = 0; str_eq(kind, str_of(shape_table[i].kind)) && n < shape->count;
		     n++) {
			const struct shape_field *field = &shape->field[n];

			if (field->type == SHAPE_ENUM && str_eq(name, str_of(field->name)))
				return field->words;
		}
	}
	return NULL;
}

/* An unknown word would find nothing, which looks like an answer. */
static int check_words(const struct wanted *w, struct str kind)
{
	const char *words = words_of(kind, w->name);

	for (struct str rest = w->value; words && !str_is_null(rest);) {
		struct str value = str_trim(str_cut(rest, ',', &rest));

		if (shape_is_word(value, words))
			continue;
		flaw_add(&w->f->flaws, arena_fmt(w->f->arena, "?%s", w->name.at),
			 STR("NOT_IN_LIST"),
			 arena_fmt(w->f->arena, "There is no %s %.*s.", w->name.at, (int)value.len,
				   value.at),
			 arena_fmt(w->f->arena, "One or several of: %s.", words));
		return ERR_QUERY;
	}
	return 0;
}

/* One value, which may hold commas. */
static int put_whole(const struct wanted *w)
{
	return put_one(w, str_trim(w->value));
}

/* Names that are no column, or whose values have a form. key: in the JSON. */
static const struct {
	const char *name, *key;
	int (*put)(const struct wanted *w);
} special_table[] = {
	{"near", "near", put_near},
	{"bbox", "bbox", put_box},
	{"q", "q", put_words},
	{"updated_since", "updated_since", put_bound},
	{"postcode", "postcode", put_postcode},
	{"uprn", "uprn", put_uprn},
	{"intermediate_zone", "intermediate_zone", put_whole},
	{"due_within", "due_within", put_due_within},
	{"overdue", "overdue", put_flag},
};

static int put(const struct wanted *w, struct str kind)
{
	const char *key = w->name.at;
	int (*how)(const struct wanted *w) = memchr(key, '[', w->name.len) ? put_bound : put_values;

	for (size_t i = 0; i < COUNT(special_table); i++) {
		if (str_eq(w->name, str_of(special_table[i].name))) {
			how = special_table[i].put;
			key = special_table[i].key;
		}
	}
	/* An asset's own reference is compared without case; a request's is as we made it. */
	if (str_eq(w->name, STR("reference")) && str_eq(kind, STR("ast"))) {
		how = put_whole;
		key = "own_reference";
	}
	if (check_words(w, kind) < 0)
		return ERR_QUERY;
	if (w->out->len > 1)
		buf_char(w->out, ',');
	buf_json(w->out, str_of(key));
	buf_char(w->out, ':');
	return how(w);
}

int list_filter(struct flow *f, const struct list_filter *l, struct str *ret_filter)
{
	CLEANUP(buf_done) struct buf out = BUF(FILTER_MAX);
	struct str rest = str_of(l->names);

	buf_char(&out, '{');
	if (l->parent) {
		buf_fmt(&out, "\"%s\":", l->parent);
		put_one(&(struct wanted){.f = f, .out = &out}, f->param[0]);
	}
	while (rest.len) {
		struct wanted w = {.f = f,
				   .name = arena_str(f->arena, str_cut(rest, ',', &rest)),
				   .out = &out};
		int r;

		/* Without it the list would be the longer one that nobody asked for. */
		if (str_is_null(w.name))
			return ERR_NOMEM;
		w.value = flow_query(f, w.name.at);
		if (!w.value.len)
			continue;
		r = put(&w, str_of(l->kind));
		if (r < 0)
			return r;
	}
	buf_char(&out, '}');
	if (buf_err(&out) < 0)
		return buf_err(&out);
	*ret_filter = arena_str(f->arena, buf_view(&out));
	return str_is_null(*ret_filter) ? ERR_NOMEM : 0;
}
