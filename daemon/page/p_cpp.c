/*
 * Everybody's plans of a partnership side by side: the answer of /v1/cpps/{id}/plans as a table,
 * with what lies beside each, what became of requests, and what the partnership expects by year; or
 * as they were on a day.
 */
#include "p.h"

#include <stdlib.h>

#include "daemon/forecast/h_plans.h"
#include "libassets/base/err.h"
#include "p_as_at.h"
#include "page.h"

enum { PLANS = PAGE_FRAME + 1 };

static void put_filters(struct page *p, json_t *cpp, const struct plans_flow *asked)
{
	size_t n = json_array_size(json_object_get(cpp, "localities"));

	page_choose(p, json_object_get(cpp, "partners"), asked->authority_id);
	page_choose(p, json_object_get(cpp, "localities"), asked->locality_id);
	page_put_in(p, cpp, "has_localities", json_boolean(n > 0));
	if (n)
		page_put_in(p, json_array_get(json_object_get(cpp, "localities"), n - 1), "is_last",
			    json_true());
	page_put(p, "cpp", json_incref(cpp));
	page_put_text(p, "year", asked->year);
	page_put(p, "near_m", json_integer(asked->within_m));
}

/* "2027-28"; of what came in so far and what comes after the years there is no plan to show. */
static void put_years(struct page *p, json_t *receipts)
{
	json_t *items = json_object_get(receipts, "items"), *years = json_array(), *item;
	size_t i;

	json_array_foreach (items, i, item) {
		json_t *year = json_object_get(json_object_get(item, "group"), "year");
		const char *word = json_string_value(year);

		if (!word || word[0] < '0' || word[0] > '9')
			continue;
		page_put_in(p, item, "label", json_incref(year));
		if (json_array_append(years, item) < 0)
			p->err = ERR_NOMEM;
	}
	page_put(p, "years", years);
	page_put(p, "totals", json_incref(json_object_get(receipts, "totals")));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The years in which any partner expects something, sorted, each once. */
static size_t years_of(struct flow *f, json_t *partners, const char ***ret_year)
{
	json_t *partner, *year;
	size_t i, k, n = 0, distinct = 0;

	json_array_foreach (partners, i, partner)
		n += json_array_size(json_object_get(partner, "years"));
	*ret_year = ARENA_ARRAY(f->arena, n + 1, const char *);
	n = 0;
	json_array_foreach (partners, i, partner) {
		json_array_foreach (json_object_get(partner, "years"), k, year) {
			if (*ret_year)
				(*ret_year)[n++] = json_string_value(json_object_get(year, "year"));
		}
	}
	if (n)
		qsort(*ret_year, n, sizeof(**ret_year), by_text);
	for (i = 0; i < n; i++) {
		if (!distinct || strcmp((*ret_year)[distinct - 1], (*ret_year)[i]) != 0)
			(*ret_year)[distinct++] = (*ret_year)[i];
	}
	return distinct;
}

/* A partner's years under the columns of all: one that it has not is a cell that says so. */
static void put_cells(struct page *p, json_t *partner, const char *const *year, size_t years)
{
	json_t *cells = json_array(), *had = json_object_get(partner, "years"), *one;
	size_t k;

	for (size_t i = 0; i < years; i++) {
		json_t *cell = NULL;

		json_array_foreach (had, k, one) {
			if (strcmp(json_string_value(json_object_get(one, "year")), year[i]) == 0)
				cell = json_incref(one);
		}
		if (!cell)
			cell = json_pack("{s:b, s:s}", "is_none", 1, "year", year[i]);
		if (json_array_append_new(cells, cell) < 0)
			p->err = ERR_NOMEM;
	}
	page_put_in(p, partner, "cells", cells);
}

/* Nobody forgoes anything in that year, and nothing of it is held back. */
static bool is_idle(const json_t *partners, const char *year)
{
	const json_t *partner, *one;
	size_t i, k;

	json_array_foreach (partners, i, partner) {
		json_array_foreach (json_object_get(partner, "years"), k, one) {
			const json_t *pence = json_object_get(one, "adjustment_pence");

			if (strcmp(json_string_value(json_object_get(one, "year")), year) == 0 &&
			    (!json_is_integer(pence) || json_integer_value(pence) != 0))
				return false;
		}
	}
	return true;
}

static void put_partners(struct page *p, json_t *by_partner)
{
	json_t *partners = json_object_get(by_partner, "items"), *heads = json_array(), *partner;
	const char *of_land = json_string_value(json_object_get(by_partner, "of_land"));
	const char **year;
	size_t i, years = years_of(p->flow, partners, &year);

	/* Years at the end in which nothing is forgone would only make the table wide. */
	while (years && is_idle(partners, year[years - 1]))
		years--;
	for (i = 0; i < years; i++) {
		if (json_array_append_new(heads, json_pack("{s:s}", "label", year[i])) < 0)
			p->err = ERR_NOMEM;
	}
	json_array_foreach (partners, i, partner) {
		json_t *benefit = json_object_get(partner, "benefit");

		put_cells(p, partner, year, years);
		if (json_integer_value(json_object_get(benefit, "scored")) > 0)
			page_put_in(p, benefit, "is_scored", json_true());
	}
	page_put(p, "partner_years", heads);
	page_put(p, "by_partner", json_incref(partners));
	if (of_land && strcmp(of_land, "PARTNERSHIP") != 0)
		page_put(p, "is_all_land", json_true());
}

/* A template says "0 of 10" for what is not known, so it is told what is. */
static void put_plans(struct page *p, json_t *items)
{
	json_t *item;
	size_t i;

	json_array_foreach (items, i, item) {
		if (json_integer_value(json_object_get(item, "decile")) > 0)
			page_put_in(p, item, "is_decile_known", json_true());
		if (json_array_size(json_object_get(item, "owners")) > 1)
			page_put_in(p, item, "is_joint", json_true());
	}
	page_put(p, "plans", json_incref(items));
}

static void put_outcomes(struct page *p, const json_t *outcomes)
{
	page_put(p, "outcomes", json_incref(json_object_get(outcomes, "items")));
	page_put(p, "taken_over", json_incref(json_object_get(outcomes, "taken_over")));
}

static void put_twin(struct page *p, const struct plans_flow *asked)
{
	struct flow *f = p->flow;
	struct str twin = arena_fmt(f->arena, "/v1/cpps/%s/plans", f->param[0].at);
	struct str path = arena_fmt(f->arena, "/cpps/%s", f->param[0].at);
	struct page_filter filter[] = {
		{"year", asked->year},
		{"authority_id", asked->authority_id},
		{"locality_id", asked->locality_id},
		{"within_m", arena_fmt(f->arena, "%d", asked->within_m)},
		{"valid_on", asked->at.valid_on},
		{"known_at", asked->at.known_at},
		{"as", {NULL, 0}},
	};

	page_put_text(p, "json_twin", page_address(f->arena, twin.at, filter, COUNT(filter)));
	filter[5] = (struct page_filter){"known_on", flow_query(f, "known_on")};
	filter[6].value = STR("csv");
	page_put_text(p, "csv", page_address(f->arena, path.at, filter, COUNT(filter)));
	filter[6].value = STR("xlsx");
	page_put_text(p, "xlsx", page_address(f->arena, path.at, filter, COUNT(filter)));
}

static enum step_result cpp_answer(struct flow *f)
{
	struct str path = arena_fmt(f->arena, "/cpps/%s", f->param[0].at);
	const struct plans_flow *asked = f->state;
	json_t *body = NULL, *cpp;
	struct page p;
	int r = plans_body(f, path.at, PLANS, &body);

	if (r < 0)
		return flow_fail(f, r);
	if (plans_is_file(asked)) {
		enum step_result done = plans_file(f, body);

		json_decref(body);
		return done;
	}
	cpp = json_object_get(body, "cpp");
	p = page_begin(f, "");
	page_put(&p, "title", json_incref(json_object_get(cpp, "name")));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	put_filters(&p, cpp, asked);
	if (!asked->at.is_given)
		put_years(&p, json_object_get(body, "receipts"));
	put_partners(&p, json_object_get(body, "by_partner"));
	put_plans(&p, json_object_get(body, "items"));
	page_put(&p, "sites", json_incref(json_object_get(body, "sites")));
	put_outcomes(&p, json_object_get(body, "outcomes"));
	if (json_is_string(json_object_get(body, "next")))
		page_put(&p, "next", json_incref(json_object_get(body, "next")));
	put_twin(&p, asked);
	as_at_put(&p, &asked->at, path);
	json_decref(body);
	return page_end(&p, "cpp", PAGE_FORECAST, 200);
}

const struct flow_step page_cpp[] = {
	{"ask", plans_ask},   {"partners", plans_ask_partners}, {"land", plans_ask_land},
	{"load", plans_load}, {"answer", cpp_answer},           {0},
};
