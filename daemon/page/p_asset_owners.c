/*
 * Joint owners in the forms of an asset: a row for each with its units, and blank ones for more.
 * See p_asset_form.h.
 *
 * Rows are counted as the API counts the list that they become, so that what is wrong with
 * /owners/2/units stands beside the third.
 */
#include "libassets/register/asset.h"
#include "p_asset_form.h"

enum { ROWS_MORE = 2 };

static struct str owner_cell(struct flow *f, size_t n, const char *member)
{
	struct str name = arena_fmt(f->arena, "owners_%zu_%s", n, member);

	return name.at ? flow_form(f, name.at) : (struct str){NULL, 0};
}

/* The rows that are not blank, as the list of the API; units that are no number stay a text. */
static json_t *read_owners(struct flow *f)
{
	json_t *list = json_array();

	for (size_t n = 0; n < OWNERS_MAX && !str_is_null(owner_cell(f, n, "authority_id")); n++) {
		struct str id = owner_cell(f, n, "authority_id");
		struct str units = str_trim(owner_cell(f, n, "units"));
		int64_t number;

		if (!id.len && !units.len)
			continue;
		json_array_append_new(
			list,
			json_pack("{s:o, s:o}", "authority_id", json_stringn(id.at, id.len),
				  "units",
				  str_to_i64(units, &number) == 0
					  ? json_integer(number)
					  : json_stringn(units.at ? units.at : "", units.len)));
	}
	return list;
}

/* Only what differs from what the form began with is sent on: else nothing is said of owners. */
int asset_owners_read(struct flow *f)
{
	json_auto_t *list = read_owners(f);
	char *now = json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
	bool is_same = str_eq(str_of(now), flow_form(f, "owners_were"));
	int r = 0;

	if (!list || !now)
		r = ERR_NOMEM;
	else if (!is_same &&
		 json_object_set_new(f->body, "owners",
				     json_array_size(list) ? json_incref(list) : json_null()))
		r = ERR_NOMEM;
	free(now);
	return r;
}

/* What is wrong with a row; null when nothing is. */
static json_t *owner_wrong(struct flow *f, size_t n)
{
	const struct flaws *flaws = &f->flaws;
	struct str place = arena_fmt(f->arena, "/owners/%zu", n);

	for (size_t i = 0; i < flaws_kept(flaws); i++) {
		if (str_starts(flaws->at[i].pointer, place))
			return json_sprintf("%.*s", (int)flaws->at[i].cure.len,
					    flaws->at[i].cure.at ? flaws->at[i].cure.at : "");
	}
	return json_null();
}

/* A row an owner and two blank ones; choices are the same in each, but for the one chosen. */
static json_t *owner_rows(struct page *p, const json_t *owners, const json_t *choices)
{
	size_t n = json_array_size(owners) + ROWS_MORE;
	json_t *rows = json_array();

	for (size_t i = 0; i < n && i < OWNERS_MAX; i++) {
		const json_t *owner = json_array_get(owners, i);
		const json_t *units = json_object_get(owner, "units");
		const char *id = json_string_value(json_object_get(owner, "authority_id"));
		json_t *options = json_deep_copy(json_object_get(choices, "owners"));

		page_choose(p, options, str_of(id ? id : ""));
		json_array_append_new(
			rows,
			json_pack(
				"{s:I, s:I, s:o, s:o, s:o}", "index", (json_int_t)i, "number",
				(json_int_t)i + 1, "units",
				json_is_integer(units)
					? json_sprintf("%lld", (long long)json_integer_value(units))
					: json_string(units ? json_string_value(units) : ""),
				"wrong", owner_wrong(p->flow, i), "options", options));
	}
	return rows;
}

void asset_owners_put(struct page *p, const json_t *stored, const json_t *choices, bool is_sent)
{
	bool is_typed = is_sent && !str_is_null(flow_form(p->flow, "owners_were"));
	json_auto_t *none = json_array();
	json_auto_t *typed = is_typed ? read_owners(p->flow) : NULL;
	const json_t *shown = typed ? typed : stored;
	char *were =
		json_dumps(json_is_array(stored) ? stored : none, JSON_COMPACT | JSON_SORT_KEYS);

	page_put(p, "owner_rows", owner_rows(p, shown, choices));
	page_put(p, "is_shared", json_boolean(json_array_size(shown) > 1));
	page_put(p, "owners_were", json_string(were ? were : ""));
	free(were);
}
