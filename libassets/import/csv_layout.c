/*
 * Layouts are rows of (header, target); a further layout of ours is a further set of rows in
 * layout_table. A header is looked for in every place it may begin and over every number of
 * records it may be torn over; where most columns are known, there it is.
 *
 * To add a target: a row of csv_map.def, its header in each layout that has one, and a
 * function called by put_all() of csv_map.c.
 */
#include "csv_layout.h"

#include "csv_value.h"
#include "libassets/base/err.h"

/* Columns from which on a list is held to follow a layout. */
enum { THEIRS = 3 };

/* clang-format off */
static const struct csv_layout_row lga_rows[] = {
	{STR_INIT("assetcode"), CSV_REFERENCE}, {STR_INIT("propertyname"), CSV_NAME},
	{STR_INIT("siteaddress"), CSV_NAME},    {STR_INIT("streetname"), CSV_STREET},
	{STR_INIT("posttown"), CSV_TOWN},       {STR_INIT("postcode"), CSV_POSTCODE},
	{STR_INIT("uprn"), CSV_UPRN},           {STR_INIT("geox"), CSV_X},
	{STR_INIT("geoy"), CSV_Y},              {STR_INIT("tenuretype"), CSV_TENURE},
	{STR_INIT("tenuredetail"), CSV_NOTES},  {STR_INIT("holdingtype"), CSV_CLASS},
	{STR_INIT("organisationuri"), CSV_OURS}, {STR_INIT("organisationlabel"), CSV_OURS},
};

/* Its sites have a name and an address in one; a list taken from PDF words its header its own way. */
static const struct csv_layout_row brownfield_rows[] = {
	{STR_INIT("sitereference"), CSV_REFERENCE},  {STR_INIT("referencenumber"), CSV_REFERENCE},
	{STR_INIT("sitenameaddress"), CSV_NAME},     {STR_INIT("sitenameaddress"), CSV_STREET},
	{STR_INIT("siteaddress"), CSV_NAME},         {STR_INIT("siteaddress"), CSV_STREET},
	{STR_INIT("nameandaddress"), CSV_NAME},      {STR_INIT("nameandaddress"), CSV_STREET},
	{STR_INIT("geox"), CSV_X},                   {STR_INIT("geoy"), CSV_Y},
	{STR_INIT("easting"), CSV_EASTING},          {STR_INIT("northing"), CSV_NORTHING},
	{STR_INIT("locationeasting"), CSV_X},        {STR_INIT("locationnorthing"), CSV_Y},
	{STR_INIT("coordinates(latitude&longitude)"), CSV_POINT},
	{STR_INIT("hectares"), CSV_HECTARES},        {STR_INIT("areaofland,ha"), CSV_HECTARES},
	{STR_INIT("ownershipstatus"), CSV_TENURE},   {STR_INIT("ownership"), CSV_TENURE},
	{STR_INIT("notes"), CSV_NOTES},
};

/* What the Spatial Hub publishes, and export_table.c writes. It names no asset: see import.c. */
static const struct csv_layout_row catr_rows[] = {
	{STR_INIT("type"), CSV_CLASS},         {STR_INIT("siteref"), CSV_REFERENCE},
	{STR_INIT("uprn"), CSV_UPRN},          {STR_INIT("address"), CSV_STREET},
	{STR_INIT("lascode"), CSV_OURS},       {STR_INIT("localauthority"), CSV_OURS},
	{STR_INIT("shsrc"), CSV_OURS},         {STR_INIT("shsrcid"), CSV_OURS},
	{STR_INIT("shdateuploaded"), CSV_OURS},
};

/* What we write, we read; and degrees by their long names. */
static const struct csv_layout_row assetd_rows[] = {
#define ASSET_COLUMN(name, how, target) {STR_INIT(#name), CSV_##target},
#include "libassets/register/asset_column.def"
#undef ASSET_COLUMN
	{STR_INIT("longitude"), CSV_X}, {STR_INIT("latitude"), CSV_Y},
};

/* What people call their columns: of a list that follows no layout, or ours in its own words. */
static const struct csv_layout_row common_rows[] = {
#define CSV_SYNONYM(heading, target) {STR_INIT(heading), CSV_##target},
#include "csv_synonym.def"
#undef CSV_SYNONYM
#define ASSET_COLUMN(name, how, target) {STR_INIT(#name), CSV_##target},
#include "libassets/register/asset_column.def"
#undef ASSET_COLUMN
	{STR_INIT("longitude"), CSV_X}, {STR_INIT("latitude"), CSV_Y},
};

static const struct csv_layout layout_table[] = {
	{.name = STR_INIT("LGA"), .row = lga_rows, .count = COUNT(lga_rows), .is_others = true},
	{.name = STR_INIT("BROWNFIELD"), .row = brownfield_rows, .count = COUNT(brownfield_rows),
	 .is_others = true, .preset = {[CSV_CLASS] = STR_INIT("BROWNFIELD_LAND")}},
	{.name = STR_INIT("CATR"), .row = catr_rows, .count = COUNT(catr_rows), .is_others = true},
	{.name = STR_INIT("ASSETD"), .row = assetd_rows, .count = COUNT(assetd_rows), .is_exact = true},
	{.name = STR_INIT("COMMON"), .row = common_rows, .count = COUNT(common_rows)},
};

static const struct {
	const char *field, *name;
} target_table[] = {
#define CSV_TARGET(id, field, name) [CSV_##id] = {field, name},
#include "csv_map.def"
#undef CSV_TARGET
};
/* clang-format on */

bool csv_target_of(struct str name, enum csv_target *ret_target)
{
	for (size_t t = 0; t < COUNT(target_table); t++) {
		if (!str_eq(name, str_of(target_table[t].name)))
			continue;
		*ret_target = (enum csv_target)t;
		return true;
	}
	return false;
}

const char *csv_target_field(enum csv_target t)
{
	return target_table[t].field;
}

const char *csv_map_field(const struct csv_map *m, size_t column)
{
	for (size_t t = 0; t < COUNT(target_table); t++) {
		if (m->column[t] == (int)column)
			return target_table[t].field;
	}
	return NULL;
}

const char *csv_target_name(enum csv_target t)
{
	return target_table[t].name;
}

/* The next character that counts in a header's name, lower case; 0 at its end. */
static char next_char(struct str *s)
{
	char c = '_';

	while (c == '_') {
		*s = csv_skip_blanks(*s);
		if (!s->len)
			return '\0';
		c = *s->at++;
		s->len--;
	}
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* "(a) Reference" is numbered, and a "Reference". */
static struct str unnumbered(struct str s)
{
	struct str rest;

	s = csv_skip_blanks(s);
	if (s.len <= 3 || s.at[0] != '(' || s.at[2] != ')')
		return s;
	rest = csv_skip_blanks((struct str){s.at + 3, s.len - 3});
	return rest.len ? rest : s;
}

static char first_char(struct str s)
{
	return next_char(&s);
}

/*
 * One layout is written in as many ways as there are spreadsheets: "AssetCode", "Asset Code",
 * "ASSET_CODE". header: unnumbered; first: its first character, at which most keys end.
 */
static bool header_is(struct str header, char first, struct str key)
{
	char c;

	if (first_char(key) != first)
		return false;
	do {
		c = next_char(&header);
		if (c != next_char(&key))
			return false;
	} while (c);
	return true;
}

/* Is there a row of that header which is read (or is not)? */
static bool has_row(const struct csv_layout_row *row, size_t n, struct str header, bool is_read)
{
	char first;

	header = unnumbered(header);
	first = first_char(header);
	for (size_t i = 0; i < n; i++) {
		if ((row[i].target != CSV_OURS) == is_read &&
		    header_is(header, first, row[i].header))
			return true;
	}
	return false;
}

enum csv_use csv_map_use(const struct csv_map *m, size_t column)
{
	struct str header = m->heading[column];

	if (csv_map_field(m, column))
		return CSV_READ;
	if (!csv_trim(header).len || str_eq(csv_trim(header), STR(CSV_WHY_HEADING)) ||
	    has_row(m->layout->row, m->layout->count, header, false))
		return CSV_PASSED;
	return m->layout->is_others && has_row(assetd_rows, COUNT(assetd_rows), header, true)
		       ? CSV_MISSED
		       : CSV_UNREAD;
}

/* The first column of a name is read: lists repeat columns, and the later are often empty. */
static size_t map_columns(const struct csv_layout *layout, const struct str *header, size_t n,
			  struct csv_map *m)
{
	size_t known = 0;

	m->name = layout->name;
	m->layout = layout;
	memcpy(m->preset, layout->preset, sizeof(m->preset));
	m->heading = header;
	m->column_count = n;
	for (int t = 0; t < CSV_TARGET_COUNT; t++)
		m->column[t] = -1;
	for (size_t c = 0; c < n; c++) {
		struct str bare = unnumbered(header[c]);
		char first = first_char(bare);

		/* Of a column without a name no row speaks. */
		for (size_t r = 0; first && r < layout->count; r++) {
			const struct csv_layout_row *row = &layout->row[r];

			if (row->target == CSV_OURS || !header_is(bare, first, row->header))
				continue;
			/* One column may be known by two rows: by our name and as people write it.
			 */
			if (m->column[row->target] == (int)c)
				continue;
			if (m->column[row->target] >= 0) {
				struct str other = unnumbered(m->header[row->target]);

				if (header_is(other, first, row->header))
					m->twice = m->header[row->target];
				continue;
			}
			m->column[row->target] = (int)c;
			m->header[row->target] = csv_trim(header[c]);
			known++;
		}
	}
	return known;
}

/* A list by the schema of others is read by that, though common headings may know more of it. */
static bool is_theirs(const struct csv_layout *layout, const struct csv_map *best, size_t known)
{
	return layout->row == common_rows && known >= THEIRS && best->layout->is_others;
}

/* The best of the layouts that `name` allows: how many columns it knows, 0 if it will not do. */
static size_t choose(struct str name, const struct csv_layout *saved, const struct str *header,
		     size_t n, struct csv_map *ret_map)
{
	bool is_auto = str_is_null(name) || str_eq_nocase(name, STR("auto"));
	size_t best = 0;

	for (size_t i = 0; i < COUNT(layout_table) + 1; i++) {
		const struct csv_layout *layout =
			i < COUNT(layout_table) ? &layout_table[i] : saved;
		struct csv_map m = {.name = {NULL, 0}};
		size_t known;

		if (!layout || (!is_auto && !str_eq_nocase(name, layout->name)))
			continue;
		known = m.known = map_columns(layout, header, n, &m);
		if (known <= best || is_theirs(layout, ret_map, best) ||
		    (m.column[CSV_REFERENCE] < 0 && m.column[CSV_NAME] < 0))
			continue;
		best = known;
		*ret_map = m;
	}
	return best;
}

bool csv_heading_means(struct str header, enum csv_target *ret_target)
{
	struct str bare = unnumbered(header);
	char first = first_char(bare);

	for (size_t i = 0; first && i < COUNT(common_rows); i++) {
		if (common_rows[i].target == CSV_OURS ||
		    !header_is(bare, first, common_rows[i].header))
			continue;
		*ret_target = common_rows[i].target;
		return true;
	}
	return false;
}

bool csv_layout_is_ours(struct str name)
{
	for (size_t i = 0; i < COUNT(layout_table); i++) {
		if (str_eq_nocase(name, layout_table[i].name))
			return true;
	}
	return str_eq_nocase(name, STR("auto"));
}

static bool is_known(struct str name, const struct csv_layout *saved)
{
	return str_is_null(name) || csv_layout_is_ours(name) ||
	       (saved && str_eq_nocase(name, saved->name));
}

int csv_map_choose(struct str name, const struct csv_layout *saved, const struct str *header,
		   size_t n, struct csv_map *ret_map)
{
	if (!is_known(name, saved))
		return ERR_NOT_FOUND;
	if (!choose(name, saved, header, n, ret_map))
		return ERR_INVALID;
	return str_is_null(ret_map->twice) ? 0 : ERR_DUPLICATE;
}

/* A first record with one text alone is the list's title. */
static struct str title_of(const struct csv_record *first)
{
	struct str title = {NULL, 0};

	for (size_t i = 0; i < first->count; i++) {
		struct str s = csv_trim(first->field[i]);

		if (s.len && !str_is_null(title))
			return (struct str){NULL, 0};
		if (s.len)
			title = s;
	}
	return first->count > 1 ? title : (struct str){NULL, 0};
}

/* The texts of a record, folded. NULL without room. */
static const struct str *folded(const struct csv_record *record, struct arena *a)
{
	struct str *text = ARENA_ARRAY(a, record->count ? record->count : 1, struct str);

	for (size_t c = 0; text && c < record->count; c++) {
		text[c] = csv_fold(record->field[c], a);
		if (str_is_null(text[c]))
			return NULL;
	}
	return text;
}

/* The names of the columns, each joined of what the folded records say of it. */
static struct str *join(const struct csv_record *record, size_t n, struct str title,
			struct arena *a, size_t *ret_count)
{
	struct str *name;
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count = record[i].count > count ? record[i].count : count;
	name = ARENA_ARRAY(a, count ? count : 1, struct str);
	if (!name)
		return NULL;
	for (size_t c = 0; c < count; c++) {
		name[c] = STR("");
		for (size_t i = 0; i < n; i++) {
			struct str s = c < record[i].count ? record[i].field[c] : STR("");

			if (!s.len || str_eq(s, title))
				continue;
			name[c] = name[c].len ? arena_fmt(a, "%s %s", name[c].at, s.at) : s;
			if (str_is_null(name[c]))
				return NULL;
		}
	}
	*ret_count = count;
	return name;
}

int csv_head_find(struct str name, const struct csv_layout *saved, const struct csv_record *record,
		  size_t n, struct arena *a, struct csv_map *ret_map)
{
	struct csv_record fold[CSV_HEAD_FIRST_MAX + CSV_HEAD_RECORDS_MAX];
	struct str title = n ? title_of(&record[0]) : (struct str){NULL, 0};
	size_t best = 0;

	if (!is_known(name, saved))
		return ERR_NOT_FOUND;
	n = n < COUNT(fold) ? n : COUNT(fold);
	for (size_t i = 0; i < n; i++) {
		fold[i] = (struct csv_record){folded(&record[i], a), record[i].count};
		if (!fold[i].field)
			return ERR_NOMEM;
	}
	for (size_t first = 0; first < n && first < CSV_HEAD_FIRST_MAX; first++) {
		for (size_t k = 1; k <= CSV_HEAD_RECORDS_MAX && first + k <= n; k++) {
			struct csv_map m = {.name = {NULL, 0}};
			size_t count, known;
			struct str *header = join(fold + first, k, title, a, &count);

			if (!header)
				return ERR_NOMEM;
			known = choose(name, saved, header, count, &m);
			if (known <= best)
				continue;
			best = known;
			m.title = title;
			m.head = record + first;
			m.head_first = first;
			m.head_count = k;
			*ret_map = m;
		}
	}
	if (!best)
		return ERR_INVALID;
	return str_is_null(ret_map->twice) ? 0 : ERR_DUPLICATE;
}
