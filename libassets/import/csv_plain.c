/*
 * The types are those of asset.def's rows, so that a further field of an asset needs no code here.
 */
#include "csv_plain.h"

#include "csv_value.h"
#include "libassets/base/text.h"
#include "libassets/register/asset.h"

static const struct shape_field *field_of(const char *name)
{
	for (size_t i = 0; i < asset_shape.count; i++) {
		if (strcmp(asset_shape.field[i].name, name) == 0)
			return &asset_shape.field[i];
	}
	return NULL;
}

struct str csv_plain_text(const char *field, struct str text, struct arena *a)
{
	const struct shape_field *f = field_of(field);
	bool has_lines = f && (f->rules & SHAPE_LINES);
	struct str s = csv_trim(text);

	return text_has_control(s, has_lines) ? csv_fold(s, a) : arena_str(a, s);
}

static enum csv_plain made(json_t *value, json_t **ret_value)
{
	*ret_value = value;
	return value ? CSV_PLAIN_MADE : CSV_PLAIN_NO_ROOM;
}

/* Spreadsheets write TRUE, people yes. */
static enum csv_plain flag(struct str s, json_t **ret_value, const char **ret_cure)
{
	static const char *const words[][2] = {
		{"true", "false"}, {"yes", "no"}, {"y", "n"}, {"1", "0"}};

	for (size_t i = 0; i < COUNT(words); i++) {
		for (int is_no = 0; is_no < 2; is_no++) {
			if (str_eq_nocase(s, str_of(words[i][is_no])))
				return made(json_boolean(!is_no), ret_value);
		}
	}
	*ret_cure = "Say true or false.";
	return CSV_PLAIN_WRONG;
}

/* Up to four digits before the next slash, or the end; -1 when it is none. */
static int part(struct str *rest)
{
	struct str s = str_cut(*rest, '/', rest);
	int value = 0;

	if (!csv_is_digits(s) || s.len > 4)
		return -1;
	for (size_t i = 0; i < s.len; i++)
		value = value * 10 + (s.at[i] - '0');
	return value;
}

/* As our own files have it, or as a spreadsheet shows it here: the day first. */
static enum csv_plain date(struct str s, json_t **ret_value, struct arena *a, const char **ret_cure)
{
	struct str rest = s, text = s;
	struct day d;

	if (memchr(s.at, '/', s.len)) {
		int day = part(&rest), month = str_is_null(rest) ? -1 : part(&rest);
		int year = str_is_null(rest) ? -1 : part(&rest);

		text = arena_fmt(a, "%04d-%02d-%02d", year, month, day);
		if (str_is_null(text))
			return CSV_PLAIN_NO_ROOM;
		if (!str_is_null(rest) || year < 1000)
			text = STR("");
	}
	if (day_parse(text, &d) == 0)
		return made(json_stringn(text.at, text.len), ret_value);
	*ret_cure = "Write it as 2026-03-31, or as 31/03/2026.";
	return CSV_PLAIN_WRONG;
}

static enum csv_plain number(struct str s, json_t **ret_value, const char **ret_cure)
{
	int64_t value;

	*ret_cure = "Give a whole number.";
	return csv_whole(s, &value) < 0 ? CSV_PLAIN_WRONG : made(json_integer(value), ret_value);
}

/* Who they are and what each may have is the register's to check; here they are taken apart. */
static enum csv_plain owners(struct str s, json_t **ret_value, const char **ret_cure)
{
	json_t *list = json_array();
	struct str rest = s;

	*ret_cure = "Give each owner's id and units with a colon, blanks between: aut_…:3 aut_…:1.";
	while (list && !str_is_null(rest)) {
		struct str units, id = str_cut(str_cut(rest, ' ', &rest), ':', &units);
		int64_t n;

		if (!id.len && str_is_null(units))
			continue;
		if (str_is_null(units) || !csv_is_digits(units) || csv_whole(units, &n) < 0) {
			json_decref(list);
			return CSV_PLAIN_WRONG;
		}
		if (json_array_append_new(list, json_pack("{s:s%, s:I}", "authority_id", id.at,
							  id.len, "units", (json_int_t)n)) < 0) {
			json_decref(list);
			return CSV_PLAIN_NO_ROOM;
		}
	}
	return made(list, ret_value);
}

enum csv_plain csv_plain_value(const char *field, struct str text, bool is_exact, struct arena *a,
			       json_t **ret_value, const char **ret_cure)
{
	const struct shape_field *f = field_of(field);
	struct str s = csv_trim(text);

	*ret_cure = "";
	if (f && f->type == SHAPE_FLAG)
		return flag(s, ret_value, ret_cure);
	if (f && f->type == SHAPE_NUMBER)
		return number(s, ret_value, ret_cure);
	if (f && f->type == SHAPE_DATE)
		return date(s, ret_value, a, ret_cure);
	if (f && f->type == SHAPE_LIST)
		return owners(csv_fold(s, a), ret_value, ret_cure);
	s = is_exact ? csv_plain_text(field, s, a) : csv_fold(s, a);
	return str_is_null(s) ? CSV_PLAIN_NO_ROOM : made(json_stringn(s.at, s.len), ret_value);
}
