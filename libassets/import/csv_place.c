/*
 * Two numbers to one place. Numbers are kept as whole ten-millionths, so that no decimal of a
 * list is lost to binary fractions and two machines say the same.
 */
#include "csv_place.h"

#include "csv_value.h"
#include "libassets/base/err.h"

/* Digits before the point; decimals that count, the next one rounds. */
enum { WHOLE_DIGITS = 9, DECIMALS = 7 };

/* Great Britain in whole degrees, Scotland in metres of the National Grid. */
enum { LAT_LEAST = 49, LAT_MOST = 61, LON_LEAST = -9, LON_MOST = 3 };
enum { EAST_LEAST = 0, EAST_MOST = 470000, NORTH_LEAST = 530000, NORTH_MOST = 1220000 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from *at on as a number scaled by ten to the power of DECIMALS. */
static int64_t decimals(struct str s, size_t *at)
{
	int64_t value = 0;
	int seen = 0;

	for (; *at < s.len && is_digit(s.at[*at]); (*at)++, seen++) {
		if (seen < DECIMALS)
			value = value * 10 + (s.at[*at] - '0');
		else if (seen == DECIMALS)
			value += s.at[*at] >= '5';
	}
	for (; seen < DECIMALS; seen++)
		value *= 10;
	return value;
}

/* A number at the start of s and how many bytes it has; 0 if none stands there. */
static size_t number_at(struct str s, int64_t *ret_e7)
{
	bool is_minus = s.len && s.at[0] == '-';
	size_t at = is_minus, from = at;
	int64_t value = 0;

	for (; at < s.len && is_digit(s.at[at]); at++) {
		if (at - from == WHOLE_DIGITS)
			return 0;
		value = value * 10 + (s.at[at] - '0');
	}
	if (at == from)
		return 0;
	value *= GRID_E7;
	if (at < s.len && s.at[at] == '.') {
		at++;
		value += decimals(s, &at);
	}
	*ret_e7 = is_minus ? -value : value;
	return at;
}

int csv_decimal(struct str s, int64_t *ret_e7, struct str *ret_rest)
{
	struct str t = csv_trim(s), rest;
	size_t n = number_at(t, ret_e7);

	if (!n)
		return ERR_INVALID;
	rest = (struct str){t.at + n, t.len - n};
	*ret_rest = csv_trim(rest);
	/* Only behind a blank: "1,250" and "1E+5" are other numbers. */
	return rest.len && ret_rest->len == rest.len ? ERR_INVALID : 0;
}

int csv_number_pair(struct str s, int64_t *ret_first_e7, int64_t *ret_second_e7)
{
	int64_t value[2];
	size_t found = 0;

	for (size_t i = 0; i < s.len && found < 2;) {
		size_t n = number_at((struct str){s.at + i, s.len - i}, &value[found]);

		found += n > 0;
		i += n ? n : 1;
	}
	if (found < 2)
		return ERR_INVALID;
	*ret_first_e7 = value[0];
	*ret_second_e7 = value[1];
	return 0;
}

static bool is_between(int64_t e7, int64_t least, int64_t most)
{
	return e7 >= least * GRID_E7 && e7 <= most * GRID_E7;
}

static bool is_lat(int64_t e7)
{
	return is_between(e7, LAT_LEAST, LAT_MOST);
}

static bool is_lon(int64_t e7)
{
	return is_between(e7, LON_LEAST, LON_MOST);
}

static int32_t whole(int64_t e7)
{
	int64_t half = e7 < 0 ? -GRID_E7 / 2 : GRID_E7 / 2;

	return (int32_t)((e7 + half) / GRID_E7);
}

bool csv_place_is_scottish(struct grid_point p)
{
	return p.easting >= EAST_LEAST && p.easting <= EAST_MOST && p.northing >= NORTH_LEAST &&
	       p.northing <= NORTH_MOST;
}

/*
 * The eastings between which there is land, in kilometres, for each 100 km of northing: coarse,
 * and enough to see most points that stand in the sea because they are the wrong way round.
 */
static const struct {
	int32_t west_km, east_km;
} land[] = {
	{80, 600}, {170, 640}, {170, 656}, {205, 656}, {205, 546}, {190, 470}, {100, 440},
	{55, 400}, {50, 420},  {0, 420},   {170, 430}, {380, 470}, {380, 470},
};

static bool is_land(struct grid_point p)
{
	size_t band = (size_t)p.northing / 100000;

	return band < COUNT(land) && p.easting >= land[band].west_km * 1000 &&
	       p.easting <= land[band].east_km * 1000;
}

static enum csv_place of_degrees(int64_t lat_e7, int64_t lon_e7, bool is_swapped,
				 struct grid_point *ret_point)
{
	struct grid_degrees d = {.lat_e7 = lat_e7, .lon_e7 = lon_e7};

	if (grid_of_degrees(d, ret_point) < 0)
		return CSV_PLACE_UNKNOWN;
	return is_swapped ? CSV_PLACE_SWAPPED : CSV_PLACE_FOUND;
}

enum csv_place csv_place_of(int64_t x_e7, int64_t y_e7, struct grid_point *ret_point)
{
	struct grid_point p, turned;

	if (is_lat(y_e7) && is_lon(x_e7))
		return of_degrees(y_e7, x_e7, false, ret_point);
	if (is_lat(x_e7) && is_lon(y_e7))
		return of_degrees(x_e7, y_e7, true, ret_point);
	if (!is_between(x_e7, 0, GRID_NORTHING_MAX) || !is_between(y_e7, 0, GRID_NORTHING_MAX))
		return CSV_PLACE_UNKNOWN;
	p = (struct grid_point){.easting = whole(x_e7), .northing = whole(y_e7)};
	turned = (struct grid_point){.easting = p.northing, .northing = p.easting};
	if (!is_land(p) && is_land(turned)) {
		*ret_point = turned;
		return CSV_PLACE_SWAPPED;
	}
	/* Nothing stands within a kilometre of the false origin, in the sea off Scilly. */
	if (p.easting > GRID_EASTING_MAX || (p.easting < 1000 && p.northing < 1000))
		return CSV_PLACE_UNKNOWN;
	*ret_point = p;
	return CSV_PLACE_FOUND;
}
