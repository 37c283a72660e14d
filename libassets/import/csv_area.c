/*
 * Areas as people write them in lists: "1,250.5", "1250 sqm", "12 acres", brought into the API's
 * square metres.
 */
#include "csv_area.h"

#include <math.h>

#include "csv_value.h"
#include "libassets/base/err.h"

enum { WHOLE_DIGITS = 9, DECIMALS = 7, UNIT_MAX = 16 };

static const double per_m2 = 1e7; /* of ten-millionths */

/* clang-format off */
static const struct {
	struct str word; /* without blanks and full stops, lower case */
	double m2;
} units[] = {
	{STR_INIT("m2"), 1},           {STR_INIT("m\xC2\xB2"), 1},     {STR_INIT("sqm"), 1},
	{STR_INIT("sqmetres"), 1},     {STR_INIT("sqmeters"), 1},      {STR_INIT("squaremetres"), 1},
	{STR_INIT("squaremeters"), 1}, {STR_INIT("ha"), 1e4},          {STR_INIT("hectare"), 1e4},
	{STR_INIT("hectares"), 1e4},   {STR_INIT("acre"), 4046.8564224}, {STR_INIT("acres"), 4046.8564224},
	{STR_INIT("ac"), 4046.8564224}, {STR_INIT("sqft"), 0.09290304}, {STR_INIT("ft2"), 0.09290304},
	{STR_INIT("squarefeet"), 0.09290304},
};
/* clang-format on */

static size_t digits_at(struct str s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
		n++;
	return n;
}

static struct str behind(struct str s, size_t n)
{
	return (struct str){s.at + n, s.len - n};
}

/* What stands before the point; behind a comma come three digits. */
static int whole(struct str *s, struct csv_area *area)
{
	size_t n = digits_at(*s), all = n;

	if (!n || n > WHOLE_DIGITS)
		return ERR_INVALID;
	for (size_t i = 0; i < n; i++)
		area->number_e7 = area->number_e7 * 10 + (s->at[i] - '0');
	area->has_commas = n < s->len && s->at[n] == ',';
	if (area->has_commas && (n > 3 || s->at[0] == '0'))
		return ERR_INVALID;
	for (*s = behind(*s, n); s->len && s->at[0] == ','; *s = behind(*s, 4)) {
		all += 3;
		if (digits_at(behind(*s, 1)) != 3 || all > WHOLE_DIGITS)
			return ERR_INVALID;
		for (size_t i = 1; i < 4; i++)
			area->number_e7 = area->number_e7 * 10 + (s->at[i] - '0');
	}
	return all > WHOLE_DIGITS ? ERR_INVALID : 0;
}

/* The whole of it in ten-millionths; further decimals are too small to matter. */
static void fraction(struct str *s, struct csv_area *area)
{
	size_t n = 0;

	if (s->len && s->at[0] == '.') {
		*s = behind(*s, 1);
		n = digits_at(*s);
	}
	for (size_t i = 0; i < DECIMALS; i++)
		area->number_e7 = area->number_e7 * 10 + (i < n ? s->at[i] - '0' : 0);
	*s = behind(*s, n);
}

/* How many square metres its unit has, one where there is none; 0: it is no unit. */
static double unit_of(struct str s)
{
	char word[UNIT_MAX];
	size_t n = 0;

	if (!s.len)
		return 1;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == ' ' || c == '.')
			continue;
		if (n == sizeof(word))
			return 0;
		word[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	for (size_t i = 0; i < COUNT(units); i++) {
		if (str_eq((struct str){word, n}, units[i].word))
			return units[i].m2;
	}
	return 0;
}

int csv_area_of(struct str s, struct csv_area *ret_area)
{
	struct csv_area area = {.number_e7 = 0};
	double unit;

	s = csv_trim(s);
	if (whole(&s, &area) < 0)
		return ERR_INVALID;
	fraction(&s, &area);
	s = csv_trim(s);
	unit = unit_of(s);
	if (unit <= 0)
		return ERR_INVALID;
	area.has_unit = s.len > 0;
	area.m2 = llround((double)area.number_e7 / (per_m2 / unit));
	*ret_area = area;
	return 0;
}
