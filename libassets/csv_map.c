/*
 * Mappings are rows of (header, target); a further layout is a further set of rows in
 * map_table. Each target has one function that brings a value into the API's form; what that
 * form then owes is checked by asset.def's rows, as for anything sent (import.c).
 *
 * To add a target: a row of csv_map.def, its header in each layout that has one, and a
 * function called by put_all().
 */
#include "csv_map.h"

#include "csv_value.h"
#include "err.h"

struct map_row {
	const char *header; /* lower case, without blanks and underscores */
	enum csv_target target;
};

static const struct map_row lga_rows[] = {
	{"assetcode", CSV_REFERENCE}, {"propertyname", CSV_NAME},  {"siteaddress", CSV_NAME},
	{"streetname", CSV_STREET},   {"posttown", CSV_TOWN},      {"postcode", CSV_POSTCODE},
	{"uprn", CSV_UPRN},           {"geox", CSV_EASTING},       {"geoy", CSV_NORTHING},
	{"tenuretype", CSV_TENURE},   {"tenuredetail", CSV_NOTES}, {"holdingtype", CSV_CLASS},
};

static const struct map_row assetd_rows[] = {
	{"reference", CSV_REFERENCE}, {"name", CSV_NAME},           {"address", CSV_STREET},
	{"postcode", CSV_POSTCODE},   {"uprn", CSV_UPRN},           {"titlenumber", CSV_TITLE},
	{"easting", CSV_EASTING},     {"northing", CSV_NORTHING},   {"aream2", CSV_AREA},
	{"tenure", CSV_TENURE},       {"class", CSV_CLASS},         {"lifecycle", CSV_LIFECYCLE},
	{"datazone", CSV_DATA_ZONE},  {"localityid", CSV_LOCALITY}, {"notes", CSV_NOTES},
};

static const struct {
	const char *name;
	const struct map_row *row;
	size_t count;
} map_table[] = {
	{"LGA", lga_rows, COUNT(lga_rows)},
	{"ASSETD", assetd_rows, COUNT(assetd_rows)},
};

static const char *const target_field[] = {
#define CSV_TARGET(id, field) [CSV_##id] = field,
#include "csv_map.def"
#undef CSV_TARGET
};

/*
 * Does a header, without case, blanks and underscores, say `key`? One layout is written in as
 * many ways as there are spreadsheets: "AssetCode", "Asset Code", "ASSET_CODE".
 */
static bool header_is(struct str header, const char *key)
{
	for (size_t i = 0; i < header.len; i++) {
		char c = header.at[i];

		if (c == ' ' || c == '_' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c != *key++)
			return false;
	}
	return *key == '\0';
}

static size_t map_columns(size_t which, const struct str *header, size_t n, struct csv_map *m)
{
	size_t known = 0;

	m->name = str_of(map_table[which].name);
	for (int t = 0; t < CSV_TARGET_COUNT; t++)
		m->column[t] = -1;
	/* The first column of a name is read: lists repeat columns, and the later are often empty.
	 */
	for (size_t c = 0; c < n; c++) {
		for (size_t r = 0; r < map_table[which].count; r++) {
			const struct map_row *row = &map_table[which].row[r];

			if (!header_is(header[c], row->header))
				continue;
			if (m->column[row->target] >= 0) {
				if (header_is(m->header[row->target], row->header))
					m->twice = m->header[row->target];
				continue;
			}
			m->column[row->target] = (int)c;
			m->header[row->target] = str_trim(header[c]);
			known++;
		}
	}
	return known;
}

int csv_map_choose(struct str name, const struct str *header, size_t n, struct csv_map *ret_map)
{
	bool is_auto = str_is_null(name) || str_eq_nocase(name, STR("auto"));
	size_t best = 0;
	bool is_named = false;

	for (size_t i = 0; i < COUNT(map_table); i++) {
		struct csv_map m = {.column_count = n};
		size_t known;

		if (!is_auto && !str_eq_nocase(name, str_of(map_table[i].name)))
			continue;
		is_named = true;
		known = map_columns(i, header, n, &m);
		if (m.column[CSV_REFERENCE] < 0 && m.column[CSV_NAME] < 0)
			continue;
		if (known > best) {
			best = known;
			*ret_map = m;
		}
	}
	if (!is_named)
		return ERR_NOT_FOUND;
	if (!best)
		return ERR_INVALID;
	return str_is_null(ret_map->twice) ? 0 : ERR_DUPLICATE;
}

const char *csv_map_field(const struct csv_map *m, size_t column)
{
	for (int t = 0; t < CSV_TARGET_COUNT; t++) {
		if (m->column[t] == (int)column)
			return target_field[t];
	}
	return NULL;
}

bool csv_record_is_blank(const struct str *field, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (csv_trim(field[i]).len)
			return false;
	}
	return true;
}

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
	int c = r->map->column[t];

	return c >= 0 && (size_t)c < r->count ? r->field[c] : STR("");
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
	set(r, target_field[t], s.len ? json_stringn(s.at, s.len) : json_null());
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

static void put_folded(struct record *r, enum csv_target t)
{
	if (is_mapped(r, t))
		set_text(r, t, folded(r, raw(r, t)));
}

/* An asset needs a name that people can tell from others; the street is better than a number. */
static void put_name(struct record *r)
{
	struct str name = folded(r, raw(r, CSV_NAME));
	struct str reference = folded(r, raw(r, CSV_REFERENCE));

	if (!is_mapped(r, CSV_NAME))
		return;
	if (name.len && !str_eq_nocase(name, STR("n/a"))) {
		set_text(r, CSV_NAME, name);
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
	struct str street = folded(r, raw(r, CSV_STREET));
	struct str town = folded(r, raw(r, CSV_TOWN));

	if (!is_mapped(r, CSV_STREET) && !is_mapped(r, CSV_TOWN))
		return;
	if (street.len && town.len)
		street = made(r, arena_fmt(r->arena, "%s, %s", street.at, town.at));
	set_text(r, CSV_STREET, street.len ? street : town);
}

/* Kept as text all the way: as a number a spreadsheet has spoilt it already. */
static void put_uprn(struct record *r)
{
	struct str s = csv_trim(raw(r, CSV_UPRN));

	if (!is_mapped(r, CSV_UPRN))
		return;
	while (s.len > 1 && s.at[0] == '0') {
		s.at++;
		s.len--;
	}
	if (s.len && !csv_is_digits(s))
		problem(r, CSV_ERROR, CSV_UPRN, "uprn",
			"A UPRN is 1 to 12 digits; spreadsheets turn long ones into 1.00121E+11.",
			"Format the column as text in the spreadsheet and save again.");
	set_text(r, CSV_UPRN, s);
}

static void put_number(struct record *r, enum csv_target t, const char *cure)
{
	struct str s = csv_trim(raw(r, t));
	int64_t value = 0;

	if (!is_mapped(r, t))
		return;
	if (s.len && csv_whole(s, &value) < 0) {
		problem(r, CSV_ERROR, t, "number", "This is not a number.", cure);
		return;
	}
	set(r, target_field[t], s.len ? json_integer(value) : json_null());
}

/* Scotland lies between these in the British National Grid, in metres. */
enum { EAST_LEAST = 0, EAST_MOST = 470000, NORTH_LEAST = 530000, NORTH_MOST = 1220000 };

static void put_place(struct record *r)
{
	json_t *east, *north;

	put_number(r, CSV_EASTING, "Give metres of the British National Grid, such as 325000.");
	put_number(r, CSV_NORTHING, "Give metres of the British National Grid, such as 673000.");
	east = json_object_get(r->asset, "easting");
	north = json_object_get(r->asset, "northing");
	if (json_is_integer(east) != json_is_integer(north)) {
		problem(r, CSV_WARNING, json_is_integer(east) ? CSV_NORTHING : CSV_EASTING,
			"half-a-point",
			"Only one of the two coordinates is there; neither is kept.",
			"Give both easting and northing.");
		set(r, "easting", json_null());
		set(r, "northing", json_null());
		return;
	}
	if (!json_is_integer(east))
		return;
	if (json_integer_value(east) < EAST_LEAST || json_integer_value(east) > EAST_MOST ||
	    json_integer_value(north) < NORTH_LEAST || json_integer_value(north) > NORTH_MOST)
		problem(r, CSV_WARNING, CSV_EASTING, "outside-scotland",
			"The point lies outside Scotland.",
			"Check that the columns are metres of the British National Grid, easting "
			"first.");
}

static void put_tenure(struct record *r)
{
	struct str s = folded(r, raw(r, CSV_TENURE));

	if (!is_mapped(r, CSV_TENURE))
		return;
	if (str_eq_nocase(s, STR("leasehold")) || str_eq_nocase(s, STR("leased_in"))) {
		set_text(r, CSV_TENURE, STR("LEASED_IN"));
		return;
	}
	if (!str_eq_nocase(s, STR("freehold")) && !str_eq_nocase(s, STR("owned")))
		problem(r, CSV_WARNING, CSV_TENURE, "tenure-assumed",
			"The tenure is not one we know; it is taken as owned.",
			"Say Freehold or Leasehold.");
	set_text(r, CSV_TENURE, STR("OWNED"));
}

/* In the order of the members of an asset, each leaving its field in r->asset. */
static void put_all(struct record *r)
{
	put_folded(r, CSV_REFERENCE);
	put_name(r);
	if (is_mapped(r, CSV_CLASS))
		set_text(r, CSV_CLASS, made(r, csv_code(raw(r, CSV_CLASS), r->arena)));
	put_tenure(r);
	put_address(r);
	put_folded(r, CSV_POSTCODE);
	put_uprn(r);
	put_folded(r, CSV_TITLE);
	put_folded(r, CSV_DATA_ZONE);
	put_folded(r, CSV_LOCALITY);
	put_place(r);
	put_number(r, CSV_AREA, "Give whole square metres, such as 1250.");
	if (is_mapped(r, CSV_LIFECYCLE) && csv_trim(raw(r, CSV_LIFECYCLE)).len)
		set_text(r, CSV_LIFECYCLE, made(r, csv_code(raw(r, CSV_LIFECYCLE), r->arena)));
	put_folded(r, CSV_NOTES);
}

/* Commas at the end of a line are everywhere; only a value behind the last column is a fault. */
static void check_width(struct record *r)
{
	if (r->count < r->map->column_count)
		csv_problem_add(
			r->problems,
			(struct csv_problem){
				.severity = CSV_WARNING,
				.code = STR("too-few-fields"),
				.message = STR(
					"The record has fewer fields than the header; the rest is "
					"taken as blank."),
				.cure = STR("Check the commas of this record."),
			});
	for (size_t c = r->map->column_count; c < r->count; c++) {
		if (!csv_trim(r->field[c]).len)
			continue;
		csv_problem_add(
			r->problems,
			(struct csv_problem){
				.severity = CSV_ERROR,
				.value = r->field[c],
				.code = STR("too-many-fields"),
				.message = STR("The record has more fields than the header."),
				.cure = STR("Put quotes around a value that holds a comma."),
			});
		return;
	}
}

json_t *csv_map_record(const struct csv_map *m, const struct str *field, size_t n, struct arena *a,
		       struct csv_problems *problems)
{
	struct record r = {m, field, n, a, problems, json_object(), false};

	if (!r.asset)
		return NULL;
	check_width(&r);
	put_all(&r);
	if (r.is_cut) {
		json_decref(r.asset);
		return NULL;
	}
	return r.asset;
}
