/*
 * Keys keep a busy register from looking at everybody's question for every event: an event names
 * its subject, asset, authority, locality and partnership, and a question that needs one of these
 * waits for it. What stands beside it in the question is looked at afterwards.
 */
#include "scope.h"

#include "daemon/http/http_head.h"
#include "daemon/page/filter_words.h"
#include "daemon/page/page.h"
#include "daemon/route/list_filter.h"

/* Bytes: what a search is told to be narrowed by; a question. */
enum { NAMES = 16, KEYS_MAX = 20, TERM_MAX = 60, QUESTION_MAX = 2000 };

/* By which of its ids a question waits, the narrowest first. */
static const char *const key_table[] = {"request_id", "asset_id", "locality_id", "authority_id",
					"cpp_id"};

static struct str question_of(struct flow *f, size_t *ret_count)
{
	struct page_filter filter[NAMES];
	struct str rest = str_of(SCOPE_NAMES), address;
	size_t n = 0;

	*ret_count = 0;
	while (rest.len && n < NAMES) {
		struct str name = arena_str(f->arena, str_cut(rest, ',', &rest));

		if (str_is_null(name))
			return name;
		filter[n] = (struct page_filter){name.at, str_trim(flow_query(f, name.at))};
		*ret_count += filter[n++].value.len > 0;
	}
	address = page_address(f->arena, "", filter, n);
	return address.len ? (struct str){address.at + 1, address.len - 1} : address;
}

static struct str keys_of(struct flow *f)
{
	struct str key[KEYS_MAX], all = STR("*");
	size_t n = 0;

	for (size_t i = 0; i < COUNT(key_table) && !n; i++) {
		struct str rest = flow_query(f, key_table[i]);

		while (rest.len && n < KEYS_MAX)
			key[n++] = str_trim(str_cut(rest, ',', &rest));
		/* More than can be waited for one by one. */
		if (rest.len)
			return db_text_array(f->arena, &all, 1);
	}
	return n ? db_text_array(f->arena, key, n) : db_text_array(f->arena, &all, 1);
}

static int flaw_alone(struct flow *f, const char *name)
{
	flaw_add(&f->flaws, arena_fmt(f->arena, "?%s", name), STR("CONFLICT"),
		 STR("It names one thing, and cannot be narrowed further."), STR("Send it alone."));
	return ERR_QUERY;
}

int scope_read(struct flow *f, struct scope *ret_scope)
{
	struct str authority = flow_query(f, "authority_id");
	size_t n;
	int r = list_filter(f, &(struct list_filter){.kind = "ast", .names = SCOPE_NAMES},
			    &ret_scope->filter);

	if (r < 0)
		return r;
	ret_scope->question = question_of(f, &n);
	ret_scope->keys = keys_of(f);
	ret_scope->authority_id = n == 1 ? authority : (struct str){NULL, 0};
	if (str_is_null(ret_scope->question) || str_is_null(ret_scope->keys))
		return ERR_NOMEM;
	for (size_t i = 0; i < 2; i++) {
		if (flow_query(f, key_table[i]).len && n > 1)
			return flaw_alone(f, key_table[i]);
	}
	return 0;
}

static bool is_key(struct str name)
{
	for (size_t i = 0; i < COUNT(key_table); i++) {
		if (str_eq(name, str_of(key_table[i])))
			return true;
	}
	return false;
}

/* No address of a page: words and numbers. */
static bool is_harmless(struct str value)
{
	bool has_letter = false, has_point = false;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i], small = (char)(c | 0x20);

		has_letter |= small >= 'a' && small <= 'z';
		has_point |= c == '.';
		if (!((small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
		      (unsigned char)c >= 0x80 || (c && strchr(" -_',.", c))))
			return false;
	}
	return value.len && value.len <= TERM_MAX && !(has_letter && has_point);
}

/* One term of a question, unless it is told later; untold: labels of those that are. */
static void put_term(struct buf *out, const struct scope *s, struct str name, struct str value,
		     struct buf *untold)
{
	const char *label = is_key(name) ? NULL : filter_label(name);

	if (!label || !is_harmless(value))
		return;
	if (s->is_unconfirmed && !filter_is_ours(name, value)) {
		buf_fmt(untold, "%s%s", untold->len ? ", " : "", label);
		return;
	}
	buf_fmt(out, "%s%s: ", out->len ? "; " : "", label);
	filter_value(out, name, value);
}

/* " (kind: Hall; words: hall)" */
static void put_terms(struct buf *out, const struct scope *s)
{
	CLEANUP(buf_done) struct buf told = BUF(2 * QUESTION_MAX);
	CLEANUP(buf_done) struct buf untold = BUF(2 * QUESTION_MAX);
	struct str question = s->question;
	char text[QUESTION_MAX];

	while (question.len) {
		struct str value, name = str_cut(str_cut(question, '&', &question), '=', &value);
		size_t len;

		if (value.len <= sizeof(text) && http_unescape(value, text, &len) == 0)
			put_term(&told, s, name, (struct str){text, len}, &untold);
	}
	if (untold.len)
		buf_fmt(&told, "%s%.*s: told once this is confirmed", told.len ? "; " : "",
			(int)untold.len, untold.at);
	if (!told.len)
		return;
	buf_str(out, STR(" ("));
	buf_str(out, buf_view(&told));
	buf_char(out, ')');
}

void scope_title(struct buf *out, const struct scope *s, struct str name)
{
	struct str rest = s->question;
	bool is_search = false;

	while (rest.len) {
		struct str value, one = str_cut(str_cut(rest, '&', &rest), '=', &value);

		is_search |= !is_key(one);
	}
	if (is_search) {
		buf_str(out, STR("a search of the register"));
		put_terms(out, s);
	}
	if (is_search && name.len)
		buf_str(out, STR(", "));
	buf_str(out, name);
	if (!is_search && !name.len)
		buf_str(out, s->question.len ? STR("what is no longer in the register")
					     : STR("the whole register"));
}
