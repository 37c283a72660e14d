/*
 * RFC 9110 section 12.5.4: of the two languages that there are, the one that is wanted more; the
 * first named where both are as much. Who names Gaelic nowhere gets English.
 */
#include "language.h"

/* "0.8" as 800; 1000 where none is said, 0 for what is no weight. RFC 9110 section 12.4.2. */
static int weight_of(struct str parameters)
{
	struct str text = str_trim(parameters);
	int weight = 0, digit = 1000;

	if (!text.len)
		return 1000;
	if (!str_starts(text, STR("q=")))
		return 0;
	for (size_t i = 2; i < text.len && i < 7; i++) {
		if (i == 3 && text.at[i] == '.')
			continue;
		if (text.at[i] < '0' || text.at[i] > '9')
			return 0;
		weight += (text.at[i] - '0') * digit;
		digit /= 10;
	}
	return weight;
}

/* "gd" and "gd-GB" are ranges of "gd". */
static bool is_range_of(struct str range, struct str language)
{
	struct str rest;

	return str_eq_nocase(str_cut(range, '-', &rest), language);
}

enum language language_of(const struct http_request *r)
{
	struct str chosen = http_cookie_get(r, STR(LANGUAGE_COOKIE));
	struct str rest = http_field_get(r, STR("accept-language"));
	enum language best = ENGLISH;
	int most = 0;

	if (str_eq(chosen, STR("gd")) || str_eq(chosen, STR("en")))
		return str_eq(chosen, STR("gd")) ? GAELIC : ENGLISH;
	while (!str_is_null(rest)) {
		struct str parameters, one = str_trim(str_cut(rest, ',', &rest));
		struct str range = str_trim(str_cut(one, ';', &parameters));
		bool is_gaelic = is_range_of(range, STR("gd"));
		int weight = weight_of(parameters);

		if ((is_gaelic || is_range_of(range, STR("en"))) && weight > most) {
			most = weight;
			best = is_gaelic ? GAELIC : ENGLISH;
		}
	}
	return best;
}
