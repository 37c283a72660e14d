/*
 * In which type to answer: what ?format= names, else what Accept weighs most (RFC 9110 section
 * 12.5.1). On the worker's thread, inside a step.
 *
 * A further type is a row of format_table, and its name in `formats` of the routes that have it.
 */
#include "flow_format.h"

#include "daemon/route/router.h"
#include "flow_private.h"

/* The weight of a range without q, and of none at all: thousandths. */
enum { WEIGHT_ONE = 1000, WEIGHT_NEVER = 0 };

/* What ?format= takes. */
static const struct {
	struct str name, type;
} format_table[] = {
	{STR_INIT("json"), STR_INIT("application/json")},
	{STR_INIT("geojson"), STR_INIT("application/geo+json")},
	{STR_INIT("csv"), STR_INIT("text/csv")},
	{STR_INIT("lga"), STR_INIT("text/csv")},
	{STR_INIT("catr"), STR_INIT("text/csv")},
	{STR_INIT("xlsx"),
	 STR_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")},
	{STR_INIT("ndjson"), STR_INIT("application/x-ndjson")},
};

/* q=0.25 is 250; -1: the parameter is another. What cannot be read counts as the whole. */
static int weight_of(struct str parameter)
{
	static const int place[] = {100, 10, 1};
	int weight;

	if (!str_starts(parameter, STR("q=")) && !str_starts(parameter, STR("Q=")))
		return -1;
	if (parameter.len < 3 || parameter.at[2] != '0')
		return WEIGHT_ONE;
	weight = WEIGHT_NEVER;
	for (size_t i = 4; i < parameter.len && i - 4 < COUNT(place); i++) {
		if (parameter.at[i] >= '0' && parameter.at[i] <= '9')
			weight += place[i - 4] * (parameter.at[i] - '0');
	}
	return weight;
}

/* What one media range of an Accept, such as text/csv;q=0.5, gives this type. */
static int weight_in(struct str range, struct str type)
{
	struct str parameters, kind, rest;
	struct str name = str_trim(str_cut(range, ';', &parameters));
	int weight = WEIGHT_ONE;

	kind = str_cut(type, '/', &rest);
	if (!str_eq(name, STR("*/*")) && !str_eq_nocase(name, type) &&
	    !(name.len == kind.len + 2 && str_starts(name, kind) &&
	      str_eq((struct str){name.at + kind.len, 2}, STR("/*"))))
		return WEIGHT_NEVER;
	while (parameters.len) {
		int q = weight_of(str_trim(str_cut(parameters, ';', &parameters)));

		weight = q < 0 ? weight : q;
	}
	return weight;
}

/* Without Accept everything is as good. */
static int weight(const struct flow *f, struct str type)
{
	struct str rest = str_trim(http_field_get(f->request, STR("accept")));
	int most = rest.len ? WEIGHT_NEVER : WEIGHT_ONE;

	while (rest.len) {
		int w = weight_in(str_trim(str_cut(rest, ',', &rest)), type);

		most = w > most ? w : most;
	}
	return most;
}

/* Without its parameters. */
static struct str own_type(const struct flow *f)
{
	struct str rest;

	return str_trim(str_cut(str_of(f->route->media ? f->route->media : "application/json"), ';',
				&rest));
}

static bool has_type(const struct flow *f, struct str type)
{
	return str_eq(type, own_type(f)) || str_lists(str_of(f->route->formats), type);
}

/* The best by Accept; its weight is none when nothing will do. */
static struct str best_type(const struct flow *f, int *ret_weight)
{
	struct str best = own_type(f), rest = str_of(f->route->formats);

	*ret_weight = weight(f, best);
	while (rest.len) {
		struct str type = str_cut(rest, ',', &rest);
		int w = weight(f, type);

		if (w > *ret_weight) {
			best = type;
			*ret_weight = w;
		}
	}
	return best;
}

int flow_check_accept(const struct flow *f)
{
	int w;

	(void)best_type(f, &w);
	return w == WEIGHT_NEVER ? ERR_NOT_ACCEPTABLE : 0;
}

int flow_format(struct flow *f, struct str *ret_type)
{
	struct str name = flow_query(f, "format");
	int w;

	*ret_type = best_type(f, &w);
	if (str_is_null(name))
		return 0;
	for (size_t i = 0; i < COUNT(format_table); i++) {
		if (str_eq(name, format_table[i].name) && has_type(f, format_table[i].type)) {
			*ret_type = format_table[i].type;
			return 0;
		}
	}
	flaw_add(&f->flaws, STR("?format"), STR("BAD_FORM"),
		 STR("This list does not come in such a format."),
		 STR("Leave it out for JSON, or see /v1/openapi.json."));
	return ERR_QUERY;
}
