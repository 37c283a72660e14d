/*
 * Each target has one function that brings a value into the API's form; what that form then
 * owes is checked by asset.def's rows, as for anything sent (import.c).
 */
#include "csv_map.h"

#include <stdlib.h>

#include "csv_area.h"
#include "csv_place.h"
#include "csv_plain.h"
#include "csv_tenure.h"
#include "csv_value.h"
#include "csv_write.h"
#include "libassets/base/err.h"
#include "libassets/shape/boundary_text.h"
#include "libassets/shape/shape_form.h"

/* Of a name, as asset.def has it. */
enum { NAME_MAX_POINTS = 300 };
/* Ten-millionths of a hectare in a square metre, and of a number below which an area with decimals
 * is as likely one of hectares. */
static const int64_t e7_per_m2 = 1000, unsure_e7 = 1000000000;

void csv_problem_add(struct csv_problems *p, struct csv_problem problem)
{
	if (p->count < CSV_PROBLEMS_MAX)
		p->count++;
	p->at[p->count - 1] = problem;
}

/* One record on its way to an asset: what the target functions see. */
struct record {
	const struct csv_map *map;
	const struct str *field;
	size_t count;
	struct arena *arena;
	struct csv_problems *problems;
	json_t *asset;
	bool is_cut; /* something found no room: what was to be said would be taken away */
};

static struct str raw(const struct record *r, enum csv_target t)
{
	return csv_map_value(r->map, r->field, r->count, t);
}

static bool is_mapped(const struct record *r, enum csv_target t)
{
	return r->map->column[t] >= 0;
}

static void problem(struct record *r, enum csv_severity severity, enum csv_target t,
		    const char *code, const char *message, const char *cure)
{
	csv_problem_add(r->problems, (struct csv_problem){
					     .severity = severity,
					     .column = is_mapped(r, t) ? r->map->header[t]
								       : (struct str){NULL, 0},
					     .value = raw(r, t),
					     .code = str_of(code),
					     .message = str_of(message),
					     .cure = str_of(cure),
				     });
}

static void set(struct record *r, const char *field, json_t *value)
{
	r->is_cut |= json_object_set_new(r->asset, field, value) < 0;
}

static void set_text(struct record *r, enum csv_target t, struct str s)
{
	set(r, csv_target_field(t), s.len ? json_stringn(s.at, s.len) : json_null());
}

/* What was made of a value; absent only for want of room, which is remembered. */
static struct str made(struct record *r, struct str s)
{
	r->is_cut |= str_is_null(s);
	return s;
}

static struct str folded(struct record *r, struct str s)
{
	return made(r, csv_fold(s, r->arena));
}

static bool is_exact(const struct record *r)
{
	return r->map->layout->is_exact;
}

/* Of our own files as it stands: what was written must come back. */
static struct str text(struct record *r, enum csv_target t)
{
	return is_exact(r) ? made(r, csv_plain_text(csv_target_field(t), raw(r, t), r->arena))
			   : folded(r, raw(r, t));
}

static void put_text(struct record *r, enum csv_target t)
{
	if (is_mapped(r, t))
		set_text(r, t, text(r, t));
}

/* What people write where they do not know. A cell of it says nothing, so what is there stays. */
static bool is_not_known(struct record *r, enum csv_target t)
{
	static const char *const words[] = {"not known", "unknown", "n/k", "n/a", "tbc", "-", "?"};
	struct str s = csv_trim(raw(r, t));

	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_eq_nocase(s, str_of(words[i])))
			continue;
		problem(r, CSV_WARNING, t, "not-known", "This says that it is not known.",
			"Leave the cell empty to take away what the register has.");
		return true;
	}
	return false;
}

/* Half a postcode is of use to nobody here, and no reason to refuse the rest of the line. */
static void put_postcode(struct record *r)
{
	struct str s = text(r, CSV_POSTCODE);

	if (!is_mapped(r, CSV_POSTCODE) || is_not_known(r, CSV_POSTCODE))
		return;
	if (!s.len || !str_is_null(shape_form_postcode(s, r->arena)))
		set_text(r, CSV_POSTCODE, s);
	else
		problem(r, CSV_WARNING, CSV_POSTCODE, "postcode-left-out",
			"This is not a whole postcode; it is left out, and the rest is loaded.",
			"Write all of it, such as FK8 3HN.");
}

/* A code that is one stays; of anything else one is made. */
static void put_code(struct record *r, enum csv_target t)
{
	struct str s = csv_trim(raw(r, t));
	bool is_code = !str_is_null(shape_form_code(s, r->arena));

	set_text(r, t, is_code ? s : made(r, csv_code(s, r->arena)));
}

/* By its code, or as pages call it where that makes another; a blank leaves it as it is. */
static void put_lifecycle(struct record *r)
{
	static const char *const called[][2] = {{"On the market", "MARKETING"},
						{"Preparing to sell or let", "PREPARING"},
						{"Disposed of", "DISPOSED"}};
	struct str s = csv_trim(raw(r, CSV_LIFECYCLE));

	if (!is_mapped(r, CSV_LIFECYCLE) || !s.len)
		return;
	for (size_t i = 0; i < COUNT(called); i++) {
		if (!str_eq_nocase(s, str_of(called[i][0])))
			continue;
		set_text(r, CSV_LIFECYCLE, str_of(called[i][1]));
		return;
	}
	put_code(r, CSV_LIFECYCLE);
}

/* Quotes around the whole of a text are left over from a spreadsheet's own. */
static struct str unquoted(struct str s)
{
	s = csv_trim(s);
	if (s.len > 1 && s.at[0] == '"' && s.at[s.len - 1] == '"')
		return (struct str){s.at + 1, s.len - 2};
	return s;
}

/* Cut behind a word, so that no letter is cut in half. */
static struct str shortened(struct record *r, struct str name)
{
	size_t end = 0;

	if (str_code_points(name) <= NAME_MAX_POINTS)
		return name;
	for (size_t i = 0; i < NAME_MAX_POINTS; i++) {
		if (name.at[i] == ' ')
			end = i;
	}
	/* One word without a blank: the register's own check refuses it. */
	if (!end)
		return name;
	problem(r, CSV_WARNING, CSV_NAME, "name-cut",
		"The name is longer than 300 characters; its beginning is kept.",
		"Give the property the name people know it by.");
	return (struct str){name.at, end};
}

/* An asset needs a name that people can tell from others; the street is better than a number. */
static void put_name(struct record *r)
{
	struct str name = is_exact(r) ? text(r, CSV_NAME) : folded(r, unquoted(raw(r, CSV_NAME)));
	struct str reference = folded(r, raw(r, CSV_REFERENCE));

	if (!is_mapped(r, CSV_NAME))
		return;
	if (name.len && (is_exact(r) || !str_eq_nocase(name, STR("n/a")))) {
		set_text(r, CSV_NAME, shortened(r, name));
		return;
	}
	name = folded(r, csv_first_line(raw(r, CSV_STREET)));
	if (!name.len)
		name = made(r, arena_fmt(r->arena, "Unnamed %.*s",
					 (int)(reference.len ? reference.len : 5),
					 reference.len ? reference.at : "asset"));
	problem(r, CSV_WARNING, CSV_NAME, "name-made-up",
		"There is no name here; one was made from the street or the reference.",
		"Give the property the name people know it by.");
	set_text(r, CSV_NAME, name);
}

static void put_address(struct record *r)
{
	struct str street =
		is_exact(r) ? text(r, CSV_STREET) : folded(r, unquoted(raw(r, CSV_STREET)));
	struct str town = folded(r, raw(r, CSV_TOWN));

	if (!is_mapped(r, CSV_STREET) && !is_mapped(r, CSV_TOWN))
		return;
	if (street.len && town.len)
		street = made(r, arena_fmt(r->arena, "%s, %s", street.at, town.at));
	set_text(r, CSV_STREET, street.len ? street : town);
}

/* Kept as text all the way: as a number a spreadsheet has spoilt it already. What is none is said
 * here, and not once more by the register's own check. */
static void put_uprn(struct record *r)
{
	struct str s = csv_trim(raw(r, CSV_UPRN));

	if (!is_mapped(r, CSV_UPRN) || is_not_known(r, CSV_UPRN))
		return;
	while (s.len > 1 && s.at[0] == '0') {
		s.at++;
		s.len--;
	}
	if (!s.len || csv_is_digits(s))
		set_text(r, CSV_UPRN, s);
	else
		problem(r, CSV_ERROR, CSV_UPRN, "uprn",
			"A UPRN is 1 to 12 digits; spreadsheets turn long ones into 1.00121E+11.",
			"Format the column as text in the spreadsheet and save again.");
}

/*
 * A number, and false where there is none: blank, or an error that is said. What stands behind it
 * is left out with a warning.
 */
static bool number(struct record *r, enum csv_target t, const char *cure, int64_t *ret_e7)
{
	struct str s = csv_trim(raw(r, t)), rest;

	if (!s.len)
		return false;
	if (csv_decimal(s, ret_e7, &rest) < 0) {
		problem(r, CSV_ERROR, t, "number", "This is not a number.", cure);
		return false;
	}
	if (rest.len)
		problem(r, CSV_WARNING, t, "text-behind-number",
			"Something stands behind the number; the number alone is taken.", cure);
	return true;
}

/* Does its heading leave open what the numbers are of? */
static bool names_no_unit(struct str heading)
{
	heading = csv_trim(heading);
	return str_eq_nocase(heading, STR("area")) || str_eq_nocase(heading, STR("site area"));
}

static void put_square_metres(struct record *r)
{
	struct csv_area area;

	if (csv_area_of(raw(r, CSV_AREA), &area) < 0)
		problem(r, CSV_ERROR, CSV_AREA, "number", "This is not an area.",
			"Give square metres, such as 1250, or say what it is in: 0.4 ha, 3 acres.");
	else if (!area.has_unit && names_no_unit(r->map->header[CSV_AREA]) &&
		 area.number_e7 < unsure_e7 && area.number_e7 % GRID_E7)
		problem(r, CSV_ERROR, CSV_AREA, "area-unit",
			"Neither the heading nor the cell says whether these are hectares.",
			"Say what it is in, such as 0.426 ha or 43 m2.");
	else
		set(r, "area_m2", json_integer(area.m2));
}

static void put_hectares(struct record *r)
{
	struct csv_area area;
	int64_t e7;

	/* A comma may stand for a point here; so only with its unit. */
	if (csv_area_of(raw(r, CSV_HECTARES), &area) == 0 && area.has_unit)
		set(r, "area_m2", json_integer(area.m2));
	else if (number(r, CSV_HECTARES, "Give hectares, such as 0.426.", &e7))
		set(r, "area_m2", json_integer((e7 + e7_per_m2 / 2) / e7_per_m2));
	else
		set(r, "area_m2", json_null());
}

/* A column of square metres before one of hectares. */
static void put_area(struct record *r)
{
	enum csv_target t = is_mapped(r, CSV_AREA) ? CSV_AREA : CSV_HECTARES;

	if (!is_mapped(r, t) || is_not_known(r, t))
		return;
	if (!csv_trim(raw(r, t)).len)
		set(r, "area_m2", json_null());
	else if (t == CSV_AREA)
		put_square_metres(r);
	else
		put_hectares(r);
}

static void put_point(struct record *r, struct grid_point p)
{
	set(r, "easting", json_integer(p.easting));
	set(r, "northing", json_integer(p.northing));
}

static const char grid_cure[] = "Give metres of the British National Grid, such as 325000 and "
				"673000, or degrees, such as -3.19 and 55.95.";

/*
 * The place that two columns name. False when they do not, with what is wrong said; UNKNOWN
 * numbers of named grid columns are for the register's own check to refuse.
 */
static bool place_of(struct record *r, enum csv_target tx, enum csv_target ty,
		     struct grid_point *ret_point)
{
	size_t before = r->problems->count;
	int64_t x = 0, y = 0;
	bool has_x = number(r, tx, grid_cure, &x), has_y = number(r, ty, grid_cure, &y);

	if (has_x != has_y && r->problems->count == before)
		problem(r, CSV_WARNING, has_x ? ty : tx, "half-a-point",
			"Only one of the two coordinates is there; neither is kept.", grid_cure);
	if (!has_x || !has_y)
		return false;
	switch (csv_place_of(x, y, ret_point)) {
	case CSV_PLACE_FOUND:
		return true;
	case CSV_PLACE_SWAPPED:
		problem(r, CSV_WARNING, tx, "axes-swapped",
			"By their size the two coordinates stand in each other's column; they are "
			"taken the other way round.",
			"Give the easting or longitude as the first, or name the columns right.");
		return true;
	case CSV_PLACE_UNKNOWN:
		break;
	}
	if (tx == CSV_EASTING) {
		set(r, "easting", json_integer(x / GRID_E7));
		set(r, "northing", json_integer(y / GRID_E7));
		return false;
	}
	problem(r, CSV_WARNING, tx, "place-unknown",
		"These are neither metres nor degrees of Great Britain; no point is kept.",
		grid_cure);
	return false;
}

static bool text_place(struct record *r, struct grid_point *ret_point)
{
	int64_t first, second;

	if (!csv_trim(raw(r, CSV_POINT)).len)
		return false;
	/* People write the latitude first; if not, the ranges say so. */
	if (csv_number_pair(raw(r, CSV_POINT), &first, &second) == 0 &&
	    csv_place_of(second, first, ret_point) != CSV_PLACE_UNKNOWN)
		return true;
	problem(r, CSV_WARNING, CSV_POINT, "place-unknown",
		"This text holds no place in Great Britain; no point is kept.", grid_cure);
	return false;
}

/* Degrees of one of our own files beside the grid's metres, as they stand. */
static bool put_degrees(struct record *r)
{
	struct grid_point there;
	struct str rest;
	int64_t lat, lon;

	if (!is_exact(r) || csv_decimal(raw(r, CSV_Y), &lat, &rest) < 0 ||
	    csv_decimal(raw(r, CSV_X), &lon, &rest) < 0 || llabs(lat) > 90LL * GRID_E7 ||
	    csv_place_of(lon, lat, &there) != CSV_PLACE_FOUND)
		return false;
	set(r, "lat", json_real((double)lat / GRID_E7));
	set(r, "lon", json_real((double)lon / GRID_E7));
	return true;
}

/* Of several places that a record names the grid's own counts. */
static void put_place(struct record *r)
{
	struct grid_point p = {0}, other = {0};
	bool has_grid, has_other;

	if (!is_mapped(r, CSV_EASTING) && !is_mapped(r, CSV_NORTHING) && !is_mapped(r, CSV_X) &&
	    !is_mapped(r, CSV_Y) && !is_mapped(r, CSV_POINT))
		return;
	set(r, "easting", json_null());
	set(r, "northing", json_null());
	has_grid = place_of(r, CSV_EASTING, CSV_NORTHING, &p);
	if (!has_grid && json_is_integer(json_object_get(r->asset, "easting")))
		return;
	has_other = place_of(r, CSV_X, CSV_Y, &other) || text_place(r, &other);
	/* Which of the two was changed is seen beside the asset. */
	if (has_grid && has_other && !put_degrees(r) && !grid_is_near(p, other))
		problem(r, CSV_WARNING, CSV_X, "points-differ",
			"The two places that this record names lie apart; the grid's is kept.",
			"Take the wrong one out.");
	if (!has_grid && !has_other)
		return;
	if (!has_grid)
		p = other;
	put_point(r, p);
	if (!csv_place_is_scottish(p))
		problem(r, CSV_WARNING,
			has_grid              ? CSV_EASTING
			: is_mapped(r, CSV_X) ? CSV_X
					      : CSV_POINT,
			"outside-scotland", "The point lies outside Scotland.",
			"Check that the columns are metres of the British National Grid, easting "
			"first.");
}

/* What is no shape is an error of the record; of what worth a shape is, asset.def's to check. */
static void put_boundary(struct record *r)
{
	struct str text = csv_trim(raw(r, CSV_BOUNDARY));
	struct flaws flaws;
	json_t *shape;

	if (!is_mapped(r, CSV_BOUNDARY))
		return;
	flaws_init(&flaws, r->arena);
	shape = text.len ? boundary_text(text, &WIRE_TOP, &flaws) : json_null();
	if (shape)
		set(r, "boundary", shape);
	else if (flaws_kept(&flaws))
		csv_problem_add(r->problems, (struct csv_problem){
						     .severity = CSV_ERROR,
						     .column = r->map->header[CSV_BOUNDARY],
						     .value = text,
						     .code = STR("boundary"),
						     .message = flaws.at[0].detail,
						     .cure = flaws.at[0].cure,
					     });
	else
		r->is_cut = true;
}

/*
 * Who reads the register takes from it that land is owned or leased in. In a list by the schema of
 * others whatever is no leasehold is owned, with a warning (their contract); in any other a word
 * that is not known keeps its line out, and a blank says nothing.
 */
static void put_tenure(struct record *r)
{
	bool is_others = r->map->layout->is_others;

	if (!is_mapped(r, CSV_TENURE) || (!is_others && !csv_trim(raw(r, CSV_TENURE)).len))
		return;
	switch (csv_tenure_of(raw(r, CSV_TENURE))) {
	case CSV_TENURE_OWNED:
		break;
	case CSV_TENURE_LEASED_IN:
		set_text(r, CSV_TENURE, STR("LEASED_IN"));
		return;
	case CSV_TENURE_UNKNOWN:
		if (is_others)
			problem(r, CSV_WARNING, CSV_TENURE, "tenure-assumed",
				"The tenure is not one we know; it is taken as owned.",
				"Say Freehold or Leasehold.");
		else
			problem(r, CSV_ERROR, CSV_TENURE, "tenure-unknown",
				"This does not say whether it is owned or leased in.",
				"Say Owned or Leased in. What is let to others is Owned.");
		break;
	}
	set_text(r, CSV_TENURE, STR("OWNED"));
}

/* Brought in by their type alone. */
static const enum csv_target plain[] = {
	CSV_OWNERS,      CSV_CPP,      CSV_PART_OF,      CSV_DECILE,
	CSV_COMMON_GOOD, CSV_IN_TRUST, CSV_RESTRICTIONS, CSV_LEASE_STARTS,
	CSV_LEASE_ENDS,  CSV_CHECKED,  CSV_EXEMPT,       CSV_PUBLISHED,
};

/*
 * A blank takes a value away. Not who may see it: a blank cell beside a hidden asset must not show
 * it to everybody.
 */
static void put_plain(struct record *r, enum csv_target t)
{
	struct str s = csv_trim(raw(r, t));
	const char *cure;
	json_t *value = NULL;

	if (!is_mapped(r, t) || (t == CSV_PUBLISHED && !s.len))
		return;
	if (!s.len) {
		set(r, csv_target_field(t), json_null());
		return;
	}
	switch (csv_plain_value(csv_target_field(t), s, is_exact(r), r->arena, &value, &cure)) {
	case CSV_PLAIN_MADE:
		set(r, csv_target_field(t), value);
		break;
	case CSV_PLAIN_WRONG:
		problem(r, CSV_ERROR, t, "wrong-type", "This is not what this column holds.", cure);
		break;
	case CSV_PLAIN_NO_ROOM:
		r->is_cut = true;
		break;
	}
}

/* In the order of the members of an asset, each leaving its field in r->asset. */
static void put_all(struct record *r)
{
	put_text(r, CSV_REFERENCE);
	put_name(r);
	if (is_mapped(r, CSV_CLASS))
		put_code(r, CSV_CLASS);
	put_tenure(r);
	put_address(r);
	put_postcode(r);
	put_uprn(r);
	put_text(r, CSV_TITLE);
	put_text(r, CSV_DATA_ZONE);
	put_text(r, CSV_LOCALITY);
	put_place(r);
	put_boundary(r);
	put_area(r);
	put_lifecycle(r);
	put_text(r, CSV_NOTES);
	for (size_t i = 0; i < COUNT(plain); i++)
		put_plain(r, plain[i]);
}

json_t *csv_map_record(const struct csv_map *m, const struct str *field, size_t n, struct arena *a,
		       struct csv_problems *problems)
{
	struct record r = {m, field, n, a, problems, json_object(), false};

	if (!r.asset)
		return NULL;
	csv_map_check(m, field, n, problems);
	put_all(&r);
	if (r.is_cut) {
		json_decref(r.asset);
		return NULL;
	}
	return r.asset;
}
