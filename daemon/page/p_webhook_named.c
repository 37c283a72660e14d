/*
 * What a webhook is to be told of, as people know it: by name or reference, where the API takes
 * ids. Of the address of its page form.c takes the id.
 */
#include "daemon/route/h.h"
#include "libassets/base/err.h"
#include "libassets/shape/shape_form.h"
#include "p_webhook.h"
#include "q.h"

/* kind: as item_named.sql has it. */
static const struct named {
	const char *field, *kind;
} named_table[] = {
	{"subject", ""},
	{"authority_id", "aut"},
	{"asset_id", "ast"},
	{"locality_id", "loc"},
};

/* What stands in the field and is no id; empty: nothing does. */
static struct str words_of(const struct flow *f, const struct named *n)
{
	const json_t *filter = json_object_get(f->body, "filter");
	struct str typed = str_trim(str_of(page_text(filter, n->field)));

	return shape_is_id(typed) ? STR("") : typed;
}

enum step_result webhook_named_load(struct flow *f)
{
	struct str kind[COUNT(named_table)], words[COUNT(named_table)];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(named_table); i++) {
		struct str typed = words_of(f, &named_table[i]);

		if (!typed.len)
			continue;
		kind[count] = str_of(named_table[i].kind);
		words[count++] = typed;
	}
	if (!count)
		return STEP_NEXT;
	q_item_named_add(flow_batch(f),
			 &(struct q_item_named){.kinds = db_text_array(f->arena, kind, count),
						.words = db_text_array(f->arena, words, count)});
	return flow_send(f);
}

static void add_flaw(struct flow *f, const struct named *n, struct str among)
{
	struct str pointer = arena_fmt(f->arena, "/filter/%s", n->field);

	if (among.len)
		flaw_add(&f->flaws, pointer, STR("AMBIGUOUS"),
			 arena_fmt(f->arena, "Several are called so: %s.", among.at),
			 STR("Give the address of the page of the one that is meant."));
	else
		flaw_add(&f->flaws, pointer, STR("NOT_FOUND"),
			 STR("Nothing that you may read is called so."),
			 STR("Give its whole name, its reference, or the address of its page."));
}

/* The id of the one that is meant, the number-th that was asked for; absent, with a flaw: none. */
static int find(struct flow *f, const struct named *n, int number, struct str *ret_id)
{
	CLEANUP(buf_done) struct buf among = BUF(4096);
	int found = 0, r = 0;

	*ret_id = (struct str){NULL, 0};
	for (int i = 0; r == 0 && i < q_item_named_count(f->got, 0); i++) {
		struct q_item_named_row row;

		r = q_item_named_row(f->got, 0, i, &row);
		if (r < 0 || row.number != number)
			continue;
		*ret_id = found++ ? (struct str){NULL, 0} : row.id;
		buf_str(&among, found > 1 ? STR("; ") : STR(""));
		buf_str(&among, row.name);
	}
	if (r == 0 && found != 1)
		add_flaw(f, n,
			 found ? arena_str(f->arena, buf_view(&among)) : (struct str){NULL, 0});
	return r;
}

/* What is not found is taken out, so that all that is wrong is said together where it is stored. */
enum step_result webhook_named_found(struct flow *f)
{
	json_t *filter = json_object_get(f->body, "filter");
	int number = 0, r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(named_table); i++) {
		const struct named *n = &named_table[i];
		struct str id;

		if (!words_of(f, n).len)
			continue;
		r = find(f, n, ++number, &id);
		if (r == 0 &&
		    json_object_set_new(filter, n->field,
					id.len ? json_stringn(id.at, id.len) : json_null()))
			r = ERR_NOMEM;
	}
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}
