/*
 * See beside.h. Rows that are alike on both sides are left out, which the table says: what is in it
 * has to be looked at. Who changed a field is said in words, since colours are not seen by all.
 */
#include "beside.h"

/* Bytes of a value in words, and of what is shown of it. */
enum { WORDS_MAX = 512 * 1024, SHOWN_MAX = 2000 };

static const char *const by_words[] = {
	[BESIDE_UNKNOWN] = "Different",
	[BESIDE_YOU] = "Changed by you",
	[BESIDE_OTHERS] = "Changed by somebody else",
	[BESIDE_BOTH] = "Changed by both",
};

static json_t *shown(struct str text)
{
	struct str s = {text.at, text.len > SHOWN_MAX ? SHOWN_MAX : text.len};

	if (!s.len)
		return json_string("nothing");
	/* A cut may fall into a character. */
	while (s.len < text.len && s.len && !str_is_utf8(s))
		s.len--;
	return json_sprintf("%.*s%s", (int)s.len, s.at, s.len < text.len ? " …" : "");
}

void beside_put(struct page *p, const char *label, struct str href, struct str now,
		struct str typed, enum beside_by by)
{
	json_t *rows = json_object_get(p->data, "beside");

	if (!rows) {
		rows = json_array();
		page_put(p, "beside", rows);
	}
	if (json_array_append_new(rows, json_pack("{s:s, s:s%, s:o, s:o, s:s, s:b}", "label", label,
						  "href", href.at, href.len, "now", shown(now),
						  "typed", shown(typed), "by", by_words[by],
						  "is_yours", by != BESIDE_OTHERS)) &&
	    !p->err)
		p->err = ERR_NOMEM;
}

void beside_put_text(struct page *p, const char *label, const char *href, struct str now,
		     struct str typed)
{
	typed = page_lines(p->flow, typed);
	if (!str_eq(now, typed))
		beside_put(p, label, str_of(href), now, typed, BESIDE_UNKNOWN);
}

/* The name of a choice of the page. */
static const char *name_of(const struct beside *b, const json_t *value)
{
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(b->choices, b->row->choices), i, one) {
		if (json_equal(json_object_get(one, "id"), value))
			return page_text(one, "name");
	}
	return NULL;
}

/* A value in words: of the form as it was typed, or as it is stored. */
static void put_words(struct buf *out, const struct beside *b, const json_t *value, bool is_typed)
{
	const char *name = b->row->choices ? name_of(b, value) : NULL;
	bool is_code = b->row->kind == FORM_CHOICE && json_string_length(value);

	if (b->row->kind == FORM_TICK)
		buf_str(out, json_is_true(value) ? STR("yes") : STR("no"));
	else if (b->row->kind == FORM_FLAG && is_typed)
		buf_str(out, str_eq(str_of(json_string_value(value)), STR("true"))    ? STR("yes")
			     : str_eq(str_of(json_string_value(value)), STR("false")) ? STR("no")
										      : STR(""));
	else if (name)
		buf_str(out, str_of(name));
	else if (is_typed && !is_code)
		buf_str(out, (struct str){json_string_value(value), json_string_length(value)});
	else if (json_is_null(value) || !value)
		buf_str(out, STR(""));
	else
		form_value(out, b->row, value);
}

void beside_put_row(struct page *p, const struct beside *b)
{
	CLEANUP(buf_done) struct buf now = BUF(WORDS_MAX), typed = BUF(WORDS_MAX);
	json_auto_t *stands = form_shown(b->row, b->now);
	json_auto_t *began = b->began ? form_shown(b->row, b->began) : json_incref(stands);
	bool is_mine = !json_equal(b->typed, began), is_theirs = !json_equal(stands, began);
	enum beside_by by = !b->is_known ? BESIDE_UNKNOWN
			    : !is_mine   ? BESIDE_OTHERS
			    : is_theirs  ? BESIDE_BOTH
					 : BESIDE_YOU;

	if (!b->typed || !stands || json_equal(b->typed, stands))
		return;
	put_words(&now, b, b->now, false);
	put_words(&typed, b, b->typed, true);
	if (buf_err(&now) < 0 || buf_err(&typed) < 0)
		p->err = p->err ? p->err : ERR_NOMEM;
	else
		beside_put(p, b->row->label,
			   arena_fmt(p->flow->arena, "#%s%s%s%s", b->form->ids,
				     b->form->part ? b->form->part : "", b->form->part ? "_" : "",
				     b->row->name),
			   buf_view(&now), buf_view(&typed), by);
}

void beside_put_form(struct page *p, const struct form *form, const json_t *stored,
		     const json_t *sent)
{
	for (size_t i = 0; i < form->count; i++)
		beside_put_row(p,
			       &(struct beside){.form = form,
						.row = &form->row[i],
						.now = json_object_get(stored, form->row[i].name),
						.typed = json_object_get(sent, form->row[i].name)});
}
