/*
 * See p_notice.h. Where the API's pointers are in the forms: "/recipients/0/name" is the one
 * recipient that a form has, "/matters/3/text" whichever matter was the fourth to be said.
 */
#include "beside.h"
#include "daemon/flow/flow_rescue.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "p_notice.h"

/* Fields that have one name in every form, and the ids of their elements. */
static const struct {
	const char *name, *id, *label;
} field_table[] = {
	{"recipient_kind", "kind", "To whom"},
	{"recipient_manner", "manner", "How"},
	{"recipient_name", "name", "Name"},
	{"recipient_address", "address", "Address"},
	{"recipient_served_on", "served", "Served on"},
	{"dated_on", "dated", "Date of the notice"},
	{"number", "number", "Who was served"},
	{"served_on", "day", "On which day"},
	{"sure", "sure", NULL},
};

/* The name in the form of what a pointer means: "recipient_name" of "/recipients/0/name". */
static struct str name_of(struct flow *f, struct str pointer)
{
	struct str rest = {pointer.at + 1, pointer.len ? pointer.len - 1 : 0};
	struct str list = str_cut(rest, '/', &rest), number = str_cut(rest, '/', &rest);
	int64_t n = 0;

	if (str_eq(list, STR("recipients")))
		return rest.len ? arena_fmt(f->arena, "recipient_%s", rest.at)
				: STR("recipient_kind");
	if (str_eq(list, STR("served")))
		return rest.len ? rest : STR("number");
	if (str_eq(list, STR("matters")) && str_to_i64(number, &n) == 0 && n >= 0)
		return arena_fmt(
			f->arena, "matter_%s",
			page_text(json_array_get(json_object_get(f->body, "matters"), (size_t)n),
				  "matter"));
	return arena_str(f->arena, list);
}

/* One flaw: at its field, and in the list. */
static void put_wrong(struct page *p, json_t *wrongs, const struct flaw *w)
{
	struct flow *f = p->flow;
	struct str name = name_of(f, w->pointer);
	CLEANUP(buf_done) struct buf label = BUF(400);

	for (size_t i = 0; i < COUNT(field_table); i++) {
		if (str_eq(name, str_of(field_table[i].name))) {
			page_wrong(p, wrongs, str_of(field_table[i].id), field_table[i].label,
				   page_flaw(f, w));
			return;
		}
	}
	if (str_starts(name, STR("matter_"))) {
		page_wrong(p, wrongs, arena_fmt(f->arena, "matter-%s", name.at + 7), NULL,
			   page_flaw(f, w));
		return;
	}
	dress_code(&label, STR("input"), name);
	page_wrong(p, wrongs, name.len ? arena_fmt(f->arena, "in-%s", name.at) : STR("officers"),
		   label.at, page_flaw(f, w));
}

/* Of each row what was typed, what is wrong with it, and where both differ what stands now. */
static void put_rows(struct page *p, const char *list, const char *key, const char *value,
		     const char *prefix)
{
	struct flow *f = p->flow;
	const json_t *fault = json_object_get(p->data, "fault");
	bool is_late = flow_rescued(f) == ERR_STALE || flow_rescued(f) == ERR_CONFLICT;
	json_t *row;
	size_t i;

	json_array_foreach (json_object_get(p->data, list), i, row) {
		const char *code = page_text(row, key);
		struct str name =
			*prefix ? arena_fmt(f->arena, "%s_%s", prefix, code) : str_of(code);
		struct str typed = flow_form(f, name.at);
		struct str id = arena_fmt(f->arena, "%s-%s", *prefix ? prefix : "in", code);
		CLEANUP(buf_done) struct buf label = BUF(400);

		page_put_in(p, row, "wrong",
			    json_object_get(fault, id.at)
				    ? json_incref(json_object_get(fault, id.at))
				    : json_null());
		if (str_is_null(typed))
			continue;
		dress_code(&label, STR("input"), str_of(code));
		if (is_late)
			beside_put_text(p, *prefix ? page_text(row, "words") : label.at,
					arena_fmt(f->arena, "#%s", id.at).at,
					str_of(page_text(row, value)), typed);
		page_put_in(p, row, value, json_stringn(typed.at, typed.len));
	}
}

/* The rest of what was typed, by its names; a choice is marked. */
static void put_sent(struct page *p)
{
	struct flow *f = p->flow;
	json_t *sent = json_object();

	for (size_t i = 0; i < COUNT(field_table); i++) {
		struct str typed = flow_form(f, field_table[i].name);

		if (!str_is_null(typed))
			page_put_in(p, sent, field_table[i].name,
				    json_stringn(typed.at, typed.len));
	}
	if (str_lists(STR("EMAIL,POST,HAND,WEB,SITE"), flow_form(f, "recipient_manner")))
		page_put_in(p, sent,
			    arena_fmt(f->arena, "is_%s", page_text(sent, "recipient_manner")).at,
			    json_true());
	page_put(p, "sent", sent);
}

static void choose(struct page *p, const char *list, const char *key, struct str chosen)
{
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(p->data, list), i, one) {
		const json_t *value = json_object_get(one, key);
		struct str text = json_is_integer(value)
					  ? arena_fmt(p->flow->arena, "%lld",
						      (long long)json_integer_value(value))
					  : str_of(page_text(one, key));

		if (str_eq(text, chosen))
			page_put_in(p, one, "is_selected", json_true());
	}
}

void notice_put_refused(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();
	int err = flow_rescued(f);

	page_put(p, "wrongs", wrongs);
	if (!err)
		return;
	page_put(p, "refusal", json_string(err_info(err)->title));
	if (flow_rescued_detail(f).len)
		page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++)
		put_wrong(p, wrongs, &f->flaws.at[i]);
	put_rows(p, "inputs", "name", "value", "");
	put_rows(p, "matters", "matter", "text", "matter");
	put_sent(p);
	choose(p, "kinds", "recipient", flow_form(f, "recipient_kind"));
	choose(p, "unserved", "number", flow_form(f, "number"));
}
