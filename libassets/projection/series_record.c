/*
 * See series_record.h.
 */
#include "series_record.h"

#include <stdio.h>
#include <string.h>

enum { WHOLE_DIGITS = 9 }; /* with six decimals far within 64 bits */

void series_record_init(struct series_record *r, struct str file, struct flaws *flaws)
{
	static const struct str mark = STR_INIT("\xEF\xBB\xBF");

	*r = (struct series_record){.rest = file, .next_line = 1, .flaws = flaws};
	if (str_starts(file, mark))
		r->rest = (struct str){file.at + mark.len, file.len - mark.len};
}

void series_record_flaw(const struct series_record *r, uint32_t line, const char *code,
			const char *detail, const char *cure)
{
	char pointer[32];

	(void)snprintf(pointer, sizeof(pointer), "/lines/%u", line);
	flaw_add(r->flaws, str_of(pointer), str_of(code), str_of(detail), str_of(cure));
}

size_t series_record_column(const struct series_record *r, const char *names)
{
	struct str rest = str_of(names);

	while (rest.len) {
		struct str name = str_cut(rest, ' ', &rest);

		for (size_t i = 0; i < r->fields; i++) {
			if (str_eq_nocase(r->field[i], name))
				return i;
		}
	}
	return SERIES_FIELDS_MAX;
}

/* --- fields ------------------------------------------------------------------------------- */

/* A quoted field without its quotes. */
static bool read_quoted(struct series_record *r, struct str *ret_field)
{
	const char *end = memchr(r->rest.at + 1, '"', r->rest.len - 1);
	size_t len;

	if (!end)
		return false;
	len = (size_t)(end - r->rest.at) - 1;
	*ret_field = (struct str){r->rest.at + 1, len};
	for (size_t i = 0; i < len; i++)
		r->next_line += ret_field->at[i] == '\n';
	r->rest = (struct str){end + 1, r->rest.len - len - 2};
	return !r->rest.len || strchr(",\r\n", r->rest.at[0]);
}

static void read_plain(struct series_record *r, struct str *ret_field)
{
	size_t len = 0;

	while (len < r->rest.len && r->rest.at[len] != ',' && r->rest.at[len] != '\n' &&
	       r->rest.at[len] != '\r')
		len++;
	*ret_field = (struct str){r->rest.at, len};
	r->rest = (struct str){r->rest.at + len, r->rest.len - len};
}

/* Past a comma; true when another field follows. */
static bool read_comma(struct series_record *r)
{
	bool is_there = r->rest.len && r->rest.at[0] == ',';

	if (is_there)
		r->rest = (struct str){r->rest.at + 1, r->rest.len - 1};
	return is_there;
}

/* Past "\n" or "\r\n". A lone "\r" is none. */
static bool read_break(struct series_record *r)
{
	size_t n = 0;

	if (r->rest.len && r->rest.at[0] == '\n')
		n = 1;
	else if (r->rest.len > 1 && r->rest.at[0] == '\r' && r->rest.at[1] == '\n')
		n = 2;
	r->rest = (struct str){r->rest.at + n, r->rest.len - n};
	r->next_line += n > 0;
	return n || !r->rest.len;
}

bool series_record_next(struct series_record *r)
{
	bool is_sound = true;

	do {
		if (!r->rest.len)
			return false;
		r->line = r->next_line;
		r->fields = 0;
		do {
			struct str field = {0};

			if (r->rest.len && r->rest.at[0] == '"')
				is_sound = read_quoted(r, &field);
			else
				read_plain(r, &field);
			if (r->fields == SERIES_FIELDS_MAX)
				is_sound = false;
			else
				r->field[r->fields++] = str_trim(field);
		} while (is_sound && read_comma(r));
		if (!is_sound || !read_break(r)) {
			series_record_flaw(r, r->line, "BAD_CSV",
					   "This line is not CSV that we read.",
					   "Send at most 100 fields, quotes around whole fields "
					   "alone.");
			return false;
		}
	} while (r->fields == 1 && !r->field[0].len);
	return true;
}

bool series_number(struct str s, size_t decimals, int64_t *ret_units)
{
	struct str fraction;
	struct str whole = str_cut(s, '.', &fraction);
	int64_t units = 0;

	if (!whole.len || whole.len > WHOLE_DIGITS || whole.at[0] == '-' || whole.at[0] == '+' ||
	    str_to_i64(whole, &units) < 0 || fraction.len > decimals)
		return false;
	for (size_t i = 0; i < decimals; i++) {
		char c = i < fraction.len ? fraction.at[i] : '0';

		if (c < '0' || c > '9')
			return false;
		units = 10 * units + (c - '0');
	}
	*ret_units = units;
	return true;
}
