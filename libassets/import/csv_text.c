/*
 * The header decides what separates columns, and no counting of characters, since a text may hold
 * any of them: "Hall, with garden" in a list between tabs.
 */
#include "csv_text.h"

#include "csv_value.h"
#include "libassets/base/err.h"

enum {
	LOOK_BYTES = 64 * 1024,
	SCRATCH_BYTES = 4 << 20, /* of the texts of a header, joined in each way */
	RECORDS = CSV_HEAD_FIRST_MAX + CSV_HEAD_RECORDS_MAX,
	FIELDS_MAX = 200, /* of a record; further ones are not looked at */
	SURROGATE = 0xD800,
	SURROGATE_LOW = 0xDC00,
	SURROGATE_END = 0xE000,
};

static const char separators[] = {',', '\t', ';'};

bool csv_is_utf16(struct str file)
{
	return str_starts(file, STR("\xFF\xFE")) || str_starts(file, STR("\xFE\xFF"));
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xC0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*to++ = (char)(0xE0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (char)(0x80 | (c & 0x3F));
	} else {
		*to++ = (char)(0xF0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3F));
		*to++ = (char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (char)(0x80 | (c & 0x3F));
	}
	return to;
}

static uint32_t unit_at(struct str file, size_t i, bool is_big)
{
	const unsigned char *at = (const unsigned char *)file.at + i;

	return is_big ? (uint32_t)(at[0] << 8 | at[1]) : (uint32_t)(at[1] << 8 | at[0]);
}

int csv_of_utf16(struct str file, struct arena *a, struct str *ret_text)
{
	bool is_big = str_starts(file, STR("\xFE\xFF"));
	/* Two bytes become three at most, four become four. */
	char *text = arena_alloc(a, file.len / 2 * 3 + 1), *to = text;

	if (!text)
		return ERR_NOMEM;
	if (file.len % 2)
		return ERR_INVALID;
	for (size_t i = 2; i < file.len; i += 2) {
		uint32_t c = unit_at(file, i, is_big), low;

		if (c >= SURROGATE && c < SURROGATE_END) {
			i += 2;
			low = i < file.len ? unit_at(file, i, is_big) : 0;
			if (c >= SURROGATE_LOW || low < SURROGATE_LOW || low >= SURROGATE_END)
				return ERR_INVALID;
			c = 0x10000 + ((c - SURROGATE) << 10) + (low - SURROGATE_LOW);
		}
		to = put_utf8(to, c);
	}
	*ret_text = (struct str){text, (size_t)(to - text)};
	return 0;
}

static bool ends_line(struct str s)
{
	return s.len && (s.at[0] == '\n' || s.at[0] == '\r');
}

static struct str behind(struct str s, size_t n)
{
	return (struct str){s.at + n, s.len - n};
}

/* Take a field; quotes within it are left as they are, since the names of columns hold none. */
static struct str take_field(struct str *rest, char separator)
{
	struct str field = *rest;
	bool is_quoted = field.len && field.at[0] == '"';
	size_t n = is_quoted;

	while (n < rest->len && is_quoted) {
		bool is_quote = rest->at[n++] == '"';

		if (is_quote && n < rest->len && rest->at[n] == '"')
			n++;
		else if (is_quote)
			is_quoted = false;
	}
	field = n > 1 && !is_quoted ? (struct str){rest->at + 1, n - 2} : field;
	for (; n < rest->len && rest->at[n] != separator && !ends_line(behind(*rest, n)); n++)
		;
	if (field.at == rest->at)
		field.len = n;
	*rest = behind(*rest, n);
	return field;
}

/* The first records, as far as they can be read; how many. */
static size_t read_head(struct str text, char separator, struct arena *a,
			struct csv_record *ret_record)
{
	size_t n = 0;

	while (text.len && n < RECORDS) {
		struct str *field = ARENA_ARRAY(a, FIELDS_MAX, struct str);
		size_t count = 0;
		bool is_more = true;

		while (field && is_more) {
			struct str one = take_field(&text, separator);

			if (count < FIELDS_MAX)
				field[count++] = one;
			is_more = text.len && text.at[0] == separator;
			text = behind(text, is_more);
		}
		while (ends_line(text))
			text = behind(text, 1);
		if (!field)
			break;
		ret_record[n++] = (struct csv_record){field, count};
	}
	return n;
}

/* How many columns the header has that the layout knows. */
static size_t known_by(struct str text, char separator, struct str name,
		       const struct csv_layout *saved)
{
	CLEANUP(arena_done) struct arena arena;
	struct csv_record record[RECORDS];
	struct csv_map m = {.known = 0};
	size_t n;
	int r;

	arena_init(&arena, SCRATCH_BYTES);
	n = read_head(text, separator, &arena, record);
	r = csv_head_find(name, saved, record, n, &arena, &m);
	return r == 0 || r == ERR_DUPLICATE ? m.known : 0;
}

static size_t in_first_line(struct str text, char separator)
{
	bool is_quoted = false;
	size_t n = 0;

	text = csv_trim(text);
	for (size_t i = 0; i < text.len && (is_quoted || !ends_line(behind(text, i))); i++) {
		is_quoted ^= text.at[i] == '"';
		n += !is_quoted && text.at[i] == separator;
	}
	return n;
}

char csv_separator(struct str text, struct str name, const struct csv_layout *saved)
{
	size_t most = 0, best = 0;
	bool is_missing = false;

	if (text.len > LOOK_BYTES)
		text.len = LOOK_BYTES;
	for (size_t i = 0; i < COUNT(separators); i++) {
		bool is_there = text.len && memchr(text.at, separators[i], text.len);
		size_t known;

		/* One that stands nowhere tells what another such has told. */
		if (!is_there && is_missing)
			continue;
		is_missing |= !is_there;
		known = known_by(text, separators[i], name, saved);
		best = known > most ? i : best;
		most = known > most ? known : most;
	}
	for (size_t i = 0; most == 0 && i < COUNT(separators); i++) {
		size_t here = in_first_line(text, separators[i]);

		if (here > in_first_line(text, separators[best]))
			best = i;
	}
	return separators[best];
}
