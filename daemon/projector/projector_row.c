/*
 * FNV-1a, of what the row says and not of how its JSON is written.
 */
#include "projector_row.h"

#include <stdlib.h>

#include "libassets/base/err.h"

/* FNV-1a, a text and its end. */
static uint64_t print_text(uint64_t print, struct str s)
{
	for (size_t i = 0; i <= s.len; i++)
		print = (print ^ (i < s.len ? (unsigned char)s.at[i] : 0x100U)) *
			UINT64_C(0x100000001b3);
	return print;
}

uint64_t row_print(const struct book_row *row)
{
	uint64_t print = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)row->decile ^
			 (uint64_t)row->is_valued_openly << 8;

	print = print_text(print, row->lead);
	print = print_text(print, row->cpp);
	print = print_text(print, row->locality);
	print = print_text(print, row->class);
	return print_text(print, row->input);
}

/* What an amount follows from and nobody sees, as it is put together. */
struct secrets {
	uint64_t print;
	bool is_by_value; /* by what the asset is worth, too */
	int err;
};

/* Nothing where nothing is said. Its key too, since a price is not a cost. */
static void add(struct secrets *s, const json_t *of, const char *key)
{
	const json_t *value = json_object_get(of, key);
	char *text;

	if (!value || json_is_null(value))
		return;
	text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	if (!text) {
		s->err = ERR_NOMEM;
		return;
	}
	s->print = print_text(print_text(s->print, str_of(key)), str_of(text));
	free(text);
}

static bool is_word(const json_t *of, const char *key, const char *word)
{
	const char *is = json_string_value(json_object_get(of, key));

	return is && strcmp(is, word) == 0;
}

/* An agreed price stands in place of all others; an offer wins back a part of what the asset is
 * worth. */
static void add_price(struct secrets *s, const json_t *of)
{
	const json_t *agreed = json_object_get(of, "agreed_price");

	if (agreed && !json_is_null(agreed)) {
		add(s, of, "agreed_price");
		return;
	}
	add(s, of, "offer");
	s->is_by_value = true;
}

static void add_plan(struct secrets *s, const json_t *plan)
{
	if (is_word(plan, "method", "SALE"))
		add_price(s, plan);
	else
		add(s, plan, "lease");
	add(s, plan, "cost_fixed");
}

static void add_requests(struct secrets *s, const json_t *requests)
{
	const json_t *one;
	size_t i;

	json_array_foreach (requests, i, one) {
		if (is_word(one, "kind", "OWNERSHIP"))
			add_price(s, one);
		else
			add(s, one, "lease");
	}
}

static uint64_t finished(struct secrets s, const json_t *input, int *ret_err)
{
	if (s.is_by_value)
		add(&s, json_object_get(input, "valuation"), "amount");
	*ret_err = s.err;
	return s.print;
}

/*
 * What everybody sees is not in it: stages, days, states, the day and basis of a valuation. Nor is
 * what no net receipt follows from, by which three assets would be new and not their amounts. What
 * came in is there: what had been expected of it is told apart (projector_atoms.c).
 */
int row_facts(const struct book_row *row, const json_t *input, struct row_facts *ret)
{
	struct secrets s = {.print = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)row->model_id};
	int r;

	add_plan(&s, json_object_get(input, "plan"));
	ret->baseline = finished(s, input, &r);
	if (r < 0)
		return r;
	add_requests(&s, json_object_get(input, "requests"));
	add(&s, input, "completed");
	ret->all = finished(s, input, &r);
	return r;
}
