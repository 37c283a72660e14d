/*
 * Most cells hold nothing that needs care, so one look over the bytes decides, and they are
 * copied whole.
 */
#include "csv_write.h"

/* What readers take off the ends of a cell without quotes. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What makes quotes necessary; blanks at the ends are kept by them, too. */
static bool needs_quotes(struct str s)
{
	if (!s.len)
		return false;
	if (is_blank(s.at[0]) || is_blank(s.at[s.len - 1]))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == ',' || c == '"' || c == '\n' || c == '\r')
			return true;
	}
	return false;
}

static void put_quoted(struct buf *out, struct str s)
{
	for (struct str rest = s; !str_is_null(rest);) {
		buf_str(out, str_cut(rest, '"', &rest));
		if (!str_is_null(rest))
			buf_str(out, STR("\"\""));
	}
}

static void put(struct buf *out, bool is_guarded, struct str s)
{
	bool is_quoted = needs_quotes(s);

	if (is_quoted)
		buf_char(out, '"');
	if (is_guarded)
		buf_char(out, '\'');
	if (is_quoted)
		put_quoted(out, s);
	else
		buf_str(out, s);
	if (is_quoted)
		buf_char(out, '"');
}

/* Digits with a minus before them and a point among them. */
static bool is_number(struct str s)
{
	bool has_point = false;
	size_t digits = 0;

	for (size_t i = s.len && s.at[0] == '-'; i < s.len; i++) {
		if (s.at[i] >= '0' && s.at[i] <= '9')
			digits++;
		else if (s.at[i] == '.' && !has_point && digits)
			has_point = true;
		else
			return false;
	}
	return digits > 0;
}

/* Would it be one, but for apostrophes before it? */
static bool is_formula(struct str s)
{
	size_t i = 0;

	while (i < s.len && s.at[i] == '\'')
		i++;
	return i < s.len && memchr("=+-@\t\r", s.at[i], 6) && !(i == 0 && is_number(s));
}

void csv_write_cell(struct buf *out, struct str text)
{
	put(out, false, text);
}

void csv_write_guarded(struct buf *out, struct str text)
{
	put(out, is_formula(text), text);
}

struct str csv_unguarded(struct str s)
{
	return s.len && s.at[0] == '\'' && is_formula(s) ? (struct str){s.at + 1, s.len - 1} : s;
}
