/*
 * What the body wrote itself is for officers alone: the form for everybody's reading begins with
 * it, so that an officer takes personal data out of it and types nothing again.
 */
#include "p_case_own.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/route/h.h"
#include "form.h"
#include "libassets/request/case.h"
#include "libassets/request/request.h"

/* clang-format off */
static const struct form_row longer_rows[] = {
	{"until_on", FORM_DAY,   FORM_NEEDED, .label = "Last day of the longer time"},
	{"reasons",  FORM_LINES, FORM_NEEDED, .label = "Why it is needed",
	 .hint = "The community body reads it on its own page; everybody reads the day alone, once it is agreed."},
};
static const struct form_row words_rows[] = {
	{"reasons",  FORM_LINES, 0, .label = "Why it asks, as everybody reads it"},
	{"benefits", FORM_LINES, 0, .label = "The benefits that it expects, as everybody reads them"},
};
/* clang-format on */

static const struct form form_longer = {longer_rows, COUNT(longer_rows), &extension_shape, NULL,
					"longer-"};
static const struct form form_words = {words_rows, COUNT(words_rows), &request_form_shape, NULL,
				       "public-"};

bool case_is_extension(struct flow *f)
{
	return flow_form(f, "extension").len > 0;
}

bool case_is_words(struct flow *f)
{
	return flow_form(f, "publish").len > 0;
}

/* --- shown -------------------------------------------------------------------------------- */

static void put_form(struct page *p, const char *key, const struct form *form, const json_t *stored,
		     bool is_again)
{
	json_auto_t *sent = is_again ? form_sent(p, form) : NULL;

	page_put(p, key,
		 json_pack("{s:o, s:b}", "fields", form_fields(p, form, stored, NULL, sent),
			   "is_open", (int)is_again));
}

/* What was asked for, and the form that asks for another, where a period runs. */
static void put_longer(struct page *p, json_t *of, const json_t *more, bool may_write)
{
	bool may_extend = json_is_true(json_object_get(more, "may_extend"));
	bool is_again = flow_rescued(p->flow) && case_is_extension(p->flow);
	json_t *list = json_object_get(of, "extensions"), *one;
	bool is_open = false;
	size_t i;

	json_array_foreach (list, i, one) {
		bool waits = strcmp(page_text(one, "state"), "OPEN") == 0;
		bool is_moot = waits && json_is_false(json_object_get(one, "stands"));

		is_open |= waits;
		page_put_in(p, one, "extension",
			    json_string(is_moot ? "MOOT" : page_text(one, "state")));
	}
	page_put(p, "is_longer", json_boolean(may_extend || json_array_size(list)));
	page_put(p, "may_unask", json_boolean(is_open && may_write));
	if (may_extend && may_write)
		put_form(p, "form_longer", &form_longer, NULL, is_again);
}

/* What everybody reads now; else what the body said last of that item. */
static json_t *words_of(const json_t *of, const json_t *more, const char *name, const char *code)
{
	json_t *words = json_object_get(more, name), *sent = json_object_get(of, "sent"), *one;
	size_t i;

	if (json_is_string(words))
		return json_incref(words);
	words = NULL;
	json_array_foreach (sent, i, one) {
		if (strcmp(page_text(one, "code"), code) == 0)
			words = json_object_get(one, "text");
	}
	return words ? json_incref(words) : json_null();
}

static void put_words(struct page *p, const json_t *of, const json_t *more)
{
	bool is_again = flow_rescued(p->flow) && case_is_words(p->flow);
	json_auto_t *stored =
		json_pack("{s:o, s:o}", "reasons", words_of(of, more, "reasons", "REASONS"),
			  "benefits", words_of(of, more, "benefits", "BENEFITS"));

	put_form(p, "form_words", &form_words, stored, is_again);
}

void case_own_put(struct page *p, json_t *of, json_t *more)
{
	struct str authority = str_of(page_text(more, "authority_id"));
	bool may_write = h_may(p->flow, PERM_REQUEST_WRITE, authority) == 0;

	put_longer(p, of, more, may_write);
	if (may_write && json_is_true(json_object_get(more, "is_open")))
		put_words(p, of, more);
}

void case_own_refusal(struct page *p)
{
	const struct form *form[] = {case_is_words(p->flow) ? &form_words : &form_longer};

	if (flow_rescued(p->flow) && (case_is_words(p->flow) || case_is_extension(p->flow)))
		page_put(p, "flaws", form_flaws(p, form, COUNT(form), "main-content"));
}

/* --- sent --------------------------------------------------------------------------------- */

/* The body that the API takes; of an offer that is taken back nothing is typed. */
enum step_result case_extension_read(struct flow *f)
{
	struct str event = flow_form(f, "extension");
	int r = str_eq(event, STR("OFFER")) ? form_read(f, &form_longer) : 0;

	if (r == 0 && !f->body)
		f->body = json_object();
	if (r == 0 && json_object_set_new(f->body, "event", json_stringn(event.at, event.len)))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

enum step_result case_words_read(struct flow *f)
{
	int r = form_read(f, &form_words);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}
