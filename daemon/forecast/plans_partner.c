/*
 * The projector says what each authority expects in each year, as this reader is shown it. Here it
 * gets the partners' names and order, a total where every year of it is shown, and the benefits.
 */
#include "plans_partner.h"

#include "libassets/base/err.h"

/* As a year of a partner has them, and where an item has them. */
static const struct {
	const char *name, *track;
} amount_table[] = {
	{"baseline_pence", "baseline"},
	{"adjusted_pence", "adjusted"},
	{"adjustment_pence", NULL},
	{"forgone_pence", NULL},
};

bool plans_partner_is_withheld(struct str answer)
{
	json_auto_t *got = json_loadb(answer.at, answer.len, 0, NULL);

	return json_array_size(json_object_get(got, "items")) == 0 &&
	       json_is_true(json_object_get(json_object_get(got, "totals"), "suppressed"));
}

static json_t *amount_of(const json_t *item, size_t n)
{
	const char *track = amount_table[n].track;

	return track ? json_object_get(json_object_get(item, track), "net_pence")
		     : json_object_get(item, amount_table[n].name);
}

/* A year, "2027-28"; neither what came in so far nor what lies beyond the horizon. */
static const char *year_of(const json_t *item)
{
	const char *year =
		json_string_value(json_object_get(json_object_get(item, "group"), "year"));

	return year && year[0] >= '0' && year[0] <= '9' ? year : NULL;
}

/* A sum without what is not shown would be another figure; one that is too large says so. */
static int add_to(json_t *totals, const char *name, const json_t *amount)
{
	json_t *had = json_object_get(totals, name);
	int64_t sum;

	if (json_is_null(had) || !amount || json_is_null(amount))
		return json_object_set_new(totals, name, json_null());
	if (!json_is_integer(amount) || !json_is_integer(had) ||
	    __builtin_add_overflow(json_integer_value(had), json_integer_value(amount), &sum))
		return json_object_set_new(totals, name, json_string("E_OVERFLOW"));
	return json_object_set_new(totals, name, json_integer(sum));
}

static int put_year(json_t *years, json_t *totals, const json_t *item)
{
	json_t *year = json_object();
	int r = json_object_set_new(year, "year", json_string(year_of(item)));

	for (size_t n = 0; n < COUNT(amount_table); n++) {
		r |= json_object_set(year, amount_table[n].name, amount_of(item, n));
		r |= add_to(totals, amount_table[n].name, amount_of(item, n));
	}
	r |= json_object_set(year, "suppressed", json_object_get(item, "suppressed"));
	return r | json_array_append_new(years, year);
}

static json_t *nothing_yet(void)
{
	json_t *totals = json_object();

	for (size_t n = 0; n < COUNT(amount_table); n++)
		(void)json_object_set_new(totals, amount_table[n].name, json_integer(0));
	return totals;
}

static json_t *benefit_of(json_t *body, const char *id)
{
	json_t *list = json_object_get(body, "benefits"), *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const char *of = json_string_value(json_object_get(item, "authority_id"));

		if (of && strcmp(of, id) == 0)
			return item;
	}
	return NULL;
}

static const char *whose(const json_t *item)
{
	return json_string_value(json_object_get(json_object_get(item, "group"), "authority_id"));
}

/* Of whom nothing is told has the years that the partnership has, held back. */
static int put_untold(json_t *years, json_t *totals, const json_t *frame)
{
	json_t *item;
	size_t i;
	int r = 0;

	json_array_foreach (frame, i, item) {
		json_auto_t *untold = NULL;

		if (!year_of(item))
			continue;
		untold = json_pack("{s:{s:s}, s:{s:n}, s:{s:n}, s:n, s:n, s:b}", "group", "year",
				   year_of(item), "baseline", "net_pence", "adjusted", "net_pence",
				   "adjustment_pence", "forgone_pence", "suppressed", 1);
		r |= put_year(years, totals, untold);
	}
	return r;
}

static int put_partner(json_t *list, json_t *body, const json_t *partner, const json_t *got,
		       bool is_withheld)
{
	const json_t *items = json_object_get(got, "items");
	const char *id = json_string_value(json_object_get(partner, "id"));
	json_t *one = json_object(), *years = json_array(), *totals, *item;
	size_t i;
	int r = json_object_set_new(one, "authority_id", json_string(id));

	totals = is_withheld ? json_null() : nothing_yet();
	json_array_foreach (items, i, item) {
		const char *of = whose(item);

		if (of && id && strcmp(of, id) == 0 && year_of(item))
			r |= put_year(years, totals, item);
	}
	if (!is_withheld && !json_array_size(years) &&
	    json_is_true(json_object_get(got, "groups_left_out")))
		r |= put_untold(years, totals,
				json_object_get(json_object_get(body, "receipts"), "items"));
	r |= json_object_set(one, "name", json_object_get(partner, "name"));
	r |= json_object_set_new(one, "years", years);
	r |= json_object_set_new(one, "totals", totals);
	if (id && benefit_of(body, id)) {
		r |= json_object_set(one, "benefit", benefit_of(body, id));
		(void)json_object_del(json_object_get(one, "benefit"), "authority_id");
	}
	return r | json_array_append_new(list, one);
}

int plans_partner_put(json_t *body, struct str answer, bool is_all_land)
{
	json_auto_t *got = json_loadb(answer.at, answer.len, 0, NULL);
	json_t *partners = json_object_get(json_object_get(body, "cpp"), "partners"), *partner;
	json_t *by_partner = json_object(), *list = json_array();
	bool is_withheld = str_is_null(answer) || plans_partner_is_withheld(answer);
	size_t i;
	int r = 0;

	json_array_foreach (partners, i, partner)
		r |= put_partner(list, body, partner, got, is_withheld);
	r |= json_object_set_new(by_partner, "of_land",
				 json_string(is_all_land ? "ALL_OF_PARTNER" : "PARTNERSHIP"));
	r |= json_object_set_new(by_partner, "items", list);
	(void)json_object_del(body, "benefits");
	return json_object_set_new(body, "by_partner", by_partner) < 0 || r ? ERR_NOMEM : 0;
}
