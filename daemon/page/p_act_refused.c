/*
 * Where the API's pointers are in the form of an act: "/price_pence" in the field of pounds,
 * "/grounds/1/text" in the text of whichever matter was the second that was filled in.
 */
#include "daemon/flow/flow_rescue.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "libassets/notice/notice.h"
#include "p_act.h"

/* The matter that the n-th of a list was of; the first of all where there is none. */
static const char *matter_of(struct flow *f, const char *list, struct str rest)
{
	struct str after, index = str_cut(rest, '/', &after);
	const json_t *one = NULL;
	int64_t n;

	if (str_to_i64(index, &n) == 0 && n >= 0)
		one = json_array_get(json_object_get(f->body, list), (size_t)n);
	return *page_text(one, "matter") ? page_text(one, "matter") : notice_matter_at(0);
}

/* The rest of a pointer behind a part of it; absent when it begins otherwise. */
static struct str behind(struct str pointer, const char *part)
{
	struct str begin = str_of(part);

	if (!str_starts(pointer, begin) ||
	    (pointer.len > begin.len && pointer.at[begin.len] != '/'))
		return (struct str){NULL, 0};
	pointer.at += begin.len + (pointer.len > begin.len);
	pointer.len -= begin.len + (pointer.len > begin.len);
	return pointer;
}

/* The name of the field that the pointer's member has in the form. */
static struct str input_of(struct flow *f, struct str pointer)
{
	struct str rest,
		member = str_cut((struct str){pointer.at + 1, pointer.len - 1}, '/', &rest);

	if (str_eq(member, STR("bar")))
		return rest.len ? arena_fmt(f->arena, "bar_%.*s", (int)rest.len, rest.at)
				: STR("bar_exemption");
	if (member.len > 6 && str_eq((struct str){member.at + member.len - 6, 6}, STR("_pence")))
		return arena_fmt(f->arena, "%.*s_pounds", (int)member.len - 6, member.at);
	return arena_str(f->arena, member);
}

/* The id of the field that it concerns; absent: the form has none for it. */
static struct str id_of(struct flow *f, const struct flaw *flaw, const char *key)
{
	struct str pointer = flaw->pointer;
	struct str ground = behind(pointer, "/grounds"), matter = behind(pointer, "/matters");
	size_t len = strlen(key);

	if (ground.at)
		return arena_fmt(f->arena, "ground-%s%s", key, matter_of(f, "grounds", ground));
	if (matter.at)
		return arena_fmt(f->arena, "weighed-%s%s", key, matter_of(f, "matters", matter));
	if (pointer.len < 2 || pointer.at[0] != '/')
		return (struct str){NULL, 0};
	if (str_eq(pointer, STR("/on")))
		return len ? arena_fmt(f->arena, "on-%.*s", (int)len - 1, key) : STR("on");
	if (str_eq(pointer, STR("/reasons")) && !len)
		return STR("reasons");
	return arena_fmt(f->arena, "in-%s%s", key, input_of(f, pointer).at);
}

static json_t *sentence(const struct flaw *w, struct str label)
{
	return json_sprintf("%.*s%s%.*s%s%.*s", (int)label.len, label.at ? label.at : "",
			    label.len ? ": " : "", (int)w->detail.len, w->detail.at,
			    w->cure.len ? " " : "", (int)w->cure.len, w->cure.at ? w->cure.at : "");
}

/* What is wrong with the field of that id; null when nothing is. */
static json_t *wrong_at(struct page *p, struct str id, const char *key)
{
	const struct flaws *flaws = &p->flow->flaws;

	for (size_t i = 0; id.at && i < flaws_kept(flaws); i++) {
		if (str_eq(id_of(p->flow, &flaws->at[i], key), id))
			return sentence(&flaws->at[i], STR(""));
	}
	return json_null();
}

void act_form_faults(struct page *p, json_t *form, const char *key)
{
	struct arena *a = p->flow->arena;
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(form, "inputs"), i, one)
		page_put_in(p, one, "wrong",
			    wrong_at(p, arena_fmt(a, "in-%s%s", key, page_text(one, "name")), key));
	json_array_foreach (json_object_get(form, "matters"), i, one) {
		const char *code = page_text(one, "matter");

		page_put_in(p, one, "ground_wrong",
			    wrong_at(p, arena_fmt(a, "ground-%s%s", key, code), key));
		page_put_in(p, one, "text_wrong",
			    wrong_at(p, arena_fmt(a, "weighed-%s%s", key, code), key));
	}
	page_put_in(p, form, "on_wrong",
		    wrong_at(p,
			     *key ? arena_fmt(a, "on-%.*s", (int)strlen(key) - 1, key) : STR("on"),
			     key));
}

/* What the field is called; absent: its fault says it. */
static struct str label_of(struct flow *f, const struct flaw *w)
{
	CLEANUP(buf_done) struct buf words = BUF(400);
	struct str name = w->pointer.len > 1 ? input_of(f, w->pointer) : STR("");

	if (!name.len || !dress_has(STR("input"), name))
		return (struct str){NULL, 0};
	dress_code(&words, STR("input"), name);
	return arena_str(f->arena, buf_view(&words));
}

void act_form_refusal(struct page *p, const char *key, const char *top)
{
	struct flow *f = p->flow;
	json_t *list = json_array();
	int err = flow_rescued(f);

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		const struct flaw *w = &f->flaws.at[i];
		struct str id = key ? id_of(f, w, key) : (struct str){NULL, 0};

		json_array_append_new(list, json_pack("{s:o, s:o}", "href",
						      json_sprintf("#%s", id.at ? id.at : top),
						      "text", sentence(w, label_of(f, w))));
	}
	page_put(p, "refusal", json_string(err_info(err)->title));
	/* In which state it is the page says in words. */
	if (err != ERR_TRANSITION && flow_rescued_detail(f).len)
		page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", list);
}
