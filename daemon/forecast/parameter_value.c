/*
 * A unit is a word of parameter_origin.def; each has a way to be said, and two of them a way to be
 * typed. What is typed in the other unit stays a text, so that nobody sets £85 for 85 %. Pure; any
 * thread.
 */
#include "parameter_value.h"

#include <stdlib.h>

#include "libassets/base/base.h"
#include "libassets/base/money.h"
#include "libassets/projection/parameter_list.h"

/* Digits behind the point: of a percentage in ppm, and of pounds in pence. */
enum { PERCENT_DIGITS = 4, POUND_DIGITS = 2, PPM_OF_PERCENT = 10000 };

/* A year that nobody counts to: the rate until then is that of all that follow. */
enum { YEAR_NEVER = 1000000 };

static void put_percent(struct buf *out, json_int_t ppm)
{
	json_int_t size = ppm < 0 ? -ppm : ppm, rest = size % PPM_OF_PERCENT;
	int digits = PERCENT_DIGITS;

	buf_fmt(out, "%s%lld", ppm < 0 ? "−" : "", (long long)(size / PPM_OF_PERCENT));
	while (digits && rest % 10 == 0) {
		rest /= 10;
		digits--;
	}
	if (digits)
		buf_fmt(out, ".%0*lld", digits, (long long)rest);
	buf_char(out, '%');
}

static void put_count(struct buf *out, json_int_t n, const char *one)
{
	buf_fmt(out, "%lld %s%s", (long long)n, one, n == 1 ? "" : "s");
}

/* [[quarters, ppm]]: how late, and with which share. */
static void put_lateness(struct buf *out, json_int_t quarters, json_int_t ppm)
{
	put_percent(out, ppm);
	if (!quarters) {
		buf_str(out, STR(" in time"));
		return;
	}
	buf_char(out, ' ');
	put_count(out, quarters, "quarter");
	buf_str(out, STR(" late"));
}

/* [[last year, ppm]]: the rate of the years up to that one, or of all that follow. */
static void put_rate(struct buf *out, const json_t *last, json_int_t ppm)
{
	put_percent(out, ppm);
	if (json_is_integer(last) && json_integer_value(last) < YEAR_NEVER)
		buf_fmt(out, " to year %lld", (long long)json_integer_value(last));
	else
		buf_str(out, STR(" after that"));
}

static void put_as_it_is(struct buf *out, const json_t *value)
{
	char *text;

	if (json_is_string(value)) {
		buf_str(out, str_of(json_string_value(value)));
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	buf_str(out, str_of(text ? text : ""));
	free(text);
}

static bool is_unit(const char *unit, struct str word)
{
	return unit && str_eq(str_of(unit), word);
}

static void put_list(struct buf *out, const char *unit, const json_t *list)
{
	bool is_late = is_unit(unit, STR("[quarters, ppm]"));
	const json_t *pair;
	size_t i;

	json_array_foreach (list, i, pair) {
		const json_t *first = json_array_get(pair, 0);
		json_int_t ppm = json_integer_value(json_array_get(pair, 1));

		if (i)
			buf_str(out, STR(", "));
		if (is_late)
			put_lateness(out, json_integer_value(first), ppm);
		else
			put_rate(out, first, ppm);
	}
}

static bool is_list(const char *unit)
{
	return is_unit(unit, STR("[quarters, ppm]")) || is_unit(unit, STR("[last year, ppm]"));
}

static void put_number(struct buf *out, const char *unit, const json_t *value)
{
	json_int_t n = json_integer_value(value);

	if (is_unit(unit, STR("ppm")) || is_unit(unit, STR("ppm a year"))) {
		put_percent(out, n);
		if (is_unit(unit, STR("ppm a year")))
			buf_str(out, STR(" a year"));
	} else if (is_unit(unit, STR("pence"))) {
		money_format(out, n);
	} else if (is_unit(unit, STR("quarters"))) {
		put_count(out, n, "quarter");
	} else if (is_unit(unit, STR("months"))) {
		put_count(out, n, "month");
	} else {
		buf_fmt(out, "%s%llu", n < 0 ? "−" : "",
			n < 0 ? -(unsigned long long)n : (unsigned long long)n);
	}
}

void parameter_value(struct buf *out, const char *path, const json_t *value)
{
	const char *unit = parameter_unit(path);

	if (!value || json_is_null(value))
		buf_str(out, STR("none"));
	else if (json_is_boolean(value))
		buf_str(out, json_is_true(value) ? STR("yes") : STR("no"));
	else if (json_is_integer(value))
		put_number(out, unit, value);
	else if (json_is_array(value) && is_list(unit))
		put_list(out, unit, value);
	else
		put_as_it_is(out, value);
}

/* "−12.5" with room for so many digits behind the point; false for anything that is not exact. */
static bool decimal(struct str text, int digits, json_int_t *ret)
{
	static const struct str minus = STR_INIT("−");
	bool is_less = str_starts(text, minus) || str_starts(text, STR("-"));
	size_t from = str_starts(text, minus) ? minus.len : is_less, seen = 0;
	int behind = -1;
	json_int_t n = 0;

	for (size_t i = from; i < text.len; i++) {
		if (text.at[i] == '.' && behind < 0 && seen) {
			behind = 0;
			continue;
		}
		if (text.at[i] == ',' && behind < 0 && seen)
			continue;
		if (text.at[i] < '0' || text.at[i] > '9' || behind == digits ||
		    ++seen > 15) /* far below 64 bits, above any range */
			return false;
		n = n * 10 + (text.at[i] - '0');
		behind += behind >= 0;
	}
	if (!seen || behind == 0)
		return false;
	for (int i = behind < 0 ? 0 : behind; i < digits; i++)
		n *= 10;
	*ret = is_less ? -n : n;
	return true;
}

/* In the words of its unit; false where it is not. */
static bool said(const char *unit, struct str typed, json_int_t *ret)
{
	static const struct str pound = STR_INIT("£"), year = STR_INIT(" a year");
	size_t end = typed.len;

	if (is_unit(unit, STR("pence")) && str_starts(typed, pound))
		return decimal((struct str){typed.at + pound.len, typed.len - pound.len},
			       POUND_DIGITS, ret);
	if (!is_unit(unit, STR("ppm")) && !is_unit(unit, STR("ppm a year")))
		return false;
	if (end > year.len && str_eq((struct str){typed.at + end - year.len, year.len}, year))
		end -= year.len;
	if (!end || typed.at[end - 1] != '%')
		return false;
	return decimal(str_trim((struct str){typed.at, end - 1}), PERCENT_DIGITS, ret);
}

json_t *parameter_typed(const char *path, struct str typed)
{
	json_int_t n;
	json_t *value;

	typed = str_trim(typed);
	if (!typed.len)
		return json_null();
	if (said(parameter_unit(path), typed, &n))
		return json_integer(n);
	value = json_loadb(typed.at, typed.len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	return value ? value : json_stringn(typed.at, typed.len);
}
