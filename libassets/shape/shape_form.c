/*
 * Texts of one form: each function gives the normal form in the arena, or an absent text. By
 * hand and not by regular expressions: those of libc follow the locale, and have no bound.
 * A further form is a function here, its sentence in the header, and a row that names both.
 */
#include "shape_form.h"

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_code_char(char c)
{
	return is_upper(c) || is_digit(c) || c == '_';
}

static const struct str absent;

bool shape_is_id(struct str text)
{
	if (text.len != 30 || text.at[3] != '_')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool is_lower = text.at[i] >= 'a' && text.at[i] <= 'z';

		if (i != 3 && !is_lower && (i < 3 || !is_digit(text.at[i])))
			return false;
	}
	return true;
}

/* Whether it exists is for the database. */
struct str shape_form_id(struct str text, struct arena *a)
{
	return shape_is_id(text) ? arena_str(a, text) : absent;
}

struct str shape_form_handle(struct str text, struct arena *a)
{
	if (text.len == 0 || text.len > 40)
		return absent;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool is_letter = is_upper(c) || (c >= 'a' && c <= 'z');

		if (!is_letter && !is_digit(c) && (i == 0 || !strchr("._-", c)))
			return absent;
	}
	return arena_str(a, text);
}

/* ^[A-Z][A-Z0-9_]{0,39}$ */
struct str shape_form_code(struct str text, struct arena *a)
{
	if (text.len == 0 || text.len > 40 || !is_upper(text.at[0]))
		return absent;
	for (size_t i = 1; i < text.len; i++) {
		if (!is_code_char(text.at[i]))
			return absent;
	}
	return arena_str(a, text);
}

/* 1 to 12 digits; leading zeros go, so that 000123456789 and 123456789 are one property. */
struct str shape_form_uprn(struct str text, struct arena *a)
{
	if (text.len == 0 || text.len > 12)
		return absent;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.at[i]))
			return absent;
	}
	while (text.len && text.at[0] == '0') {
		text.at++;
		text.len--;
	}
	return text.len ? arena_str(a, text) : absent;
}

/*
 * Outward code of 2 to 4 characters, a blank, inward code of digit and two letters; blanks
 * and case as they come. Which postcodes exist is not ours to know.
 */
struct str shape_form_postcode(struct str text, struct arena *a)
{
	char code[9];
	size_t n = 0;
	size_t out;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - ('a' - 'A'));
		if (n == 7 || !(is_upper(c) || is_digit(c)))
			return absent;
		code[n++] = c;
	}
	if (n < 5 || !is_upper(code[0]))
		return absent;
	out = n - 3;
	if (!is_digit(code[out]) || !is_upper(code[out + 1]) || !is_upper(code[out + 2]))
		return absent;
	if (!is_digit(code[1]) && !(out > 2 && is_upper(code[1]) && is_digit(code[2])))
		return absent;
	return arena_fmt(a, "%.*s %.*s", (int)out, code, 3, code + out);
}

/* A data zone of 2011: S01 and six digits. */
struct str shape_form_data_zone(struct str text, struct arena *a)
{
	if (text.len != 9 || !str_starts(text, STR("S01")))
		return absent;
	for (size_t i = 3; i < text.len; i++) {
		if (!is_digit(text.at[i]))
			return absent;
	}
	return arena_str(a, text);
}

/*
 * Something, one @, something with a dot; no blanks. The rest only a letter sent would tell, and
 * a stricter form refuses addresses that people have (RFC 5321 section 4.5.3.1.3 leaves 254 bytes).
 */
struct str shape_form_email(struct str text, struct arena *a)
{
	struct str host;
	struct str name = str_cut(text, '@', &host);
	struct str domain;

	if (name.len == 0 || host.len < 3 || text.len > 254 || memchr(host.at, '@', host.len) ||
	    memchr(text.at, ' ', text.len))
		return absent;
	str_cut(host, '.', &domain);
	if (domain.len == 0 || host.at[0] == '.')
		return absent;
	return arena_str(a, text);
}
