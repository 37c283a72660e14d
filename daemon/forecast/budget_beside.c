/*
 * See budget_beside.h. The figures go in before the brace that ends an item, so nothing else of the
 * text is touched.
 */
#include "budget_beside.h"

#include "libassets/base/exact.h"
#include "libassets/base/walk.h"
#include "q.h"

/* The value of a member, absent where there is none. */
static struct str member_of(struct str object, struct str wanted)
{
	struct walk w = walk_into(object);
	struct str name, value;

	while (walk_member(&w, &name, &value)) {
		if (str_eq(name, wanted))
			return value;
	}
	return (struct str){NULL, 0};
}

/* A text of an item's group without its quotes: ids and years have nothing to escape. */
static struct str group_text(struct str item, struct str member)
{
	struct str text = member_of(member_of(item, STR("group")), member);

	return text.len > 2 && *text.at == '"' ? (struct str){text.at + 1, text.len - 2}
					       : (struct str){NULL, 0};
}

bool budget_beside(struct flow *f, struct str authority_id, struct str answer)
{
	struct walk w = walk_into(member_of(answer, STR("items")));
	json_auto_t *seen = json_object();
	struct str *id, item, one;
	const char *key;
	json_t *value;
	size_t n = 0;

	if (!principal_may(f->who, PERM_MONEY_READ))
		return false;
	if (authority_id.len)
		(void)json_object_setn_new(seen, authority_id.at, authority_id.len, json_true());
	while (!authority_id.len && walk_element(&w, &item)) {
		one = group_text(item, STR("authority_id"));
		if (one.len && group_text(item, STR("year")).len)
			(void)json_object_setn_new(seen, one.at, one.len, json_true());
	}
	id = ARENA_ARRAY(f->arena, json_object_size(seen) + 1, struct str);
	if (!id)
		return false;
	json_object_foreach (seen, key, value)
		id[n++] = arena_str(f->arena, str_of(key));
	if (n)
		q_budget_of_add(flow_batch(f), &(struct q_budget_of){.authority_ids = db_text_array(
									     f->arena, id, n)});
	return n > 0;
}

/* Of the authority, else of the item's, in the item's year; NULL: none. */
static const json_t *budget_at(const json_t *budgets, struct str authority_id, struct str item)
{
	struct str year = group_text(item, STR("year"));
	struct str id = authority_id.len ? authority_id : group_text(item, STR("authority_id"));
	const json_t *of = id.len ? json_object_getn(budgets, id.at, id.len) : NULL;

	return year.len ? json_object_getn(of, year.at, year.len) : NULL;
}

/* What the answer says up to the end of that value, and the figure in it. */
static void put(struct buf *out, const char **from, struct str value, int64_t pence)
{
	const char *brace = value.at + value.len - 1;

	buf_add(out, *from, (size_t)(brace - *from));
	buf_str(out, STR(",\"budget_pence\":"));
	buf_i64(out, pence);
	*from = brace;
}

bool budget_put_beside(struct flow *f, int statement, struct str authority_id, struct str answer,
		       struct buf *out)
{
	struct walk top = walk_into(answer), items = {0};
	json_auto_t *budgets = NULL;
	const char *from = answer.at;
	struct q_budget_of_row row;
	struct str name, value;
	bool has_any = false;
	int128 sum = 0;

	if (q_budget_of_one(f->got, statement, &row) == 0)
		budgets = json_loadb(row.budgets.at, row.budgets.len, 0, NULL);
	while (walk_member(&top, &name, &value)) {
		if (str_eq(name, STR("items")))
			items = walk_into(value);
		else if (str_eq(name, STR("totals")) && has_any && authority_id.len)
			put(out, &from, value, (int64_t)sum); /* they stand behind the items */
		while (walk_element(&items, &value)) {
			const json_t *pence = budget_at(budgets, authority_id, value);

			if (!pence)
				continue;
			put(out, &from, value, json_integer_value(pence));
			has_any = true;
			sum += json_integer_value(pence);
		}
	}
	if (has_any)
		buf_add(out, from, (size_t)(answer.at + answer.len - from));
	return has_any;
}
