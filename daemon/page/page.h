/*
 * Pages: a template over the JSON that the page's API twin sends, in the frame that all pages
 * share. A page's flow loads with one batch, whose first statement is the frame's, then puts
 * together what the template needs and answers; what people read beside codes and amounts
 * is added by dress.h.
 *
 * To add a page: a template in pages/, a file p_….c with its steps, a line in p.h, a row in
 * routes.c, and its states in tests/browser.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "pages.h"

/* Where the frame stands in a page's batch; the page's own statements follow. */
enum { PAGE_FRAME };

/* Begin the page's batch with what the frame shows: who is signed in, the feed's position. */
struct db_batch *page_batch(struct flow *f);

/*
 * A page being put together. Like a buf it keeps its first failure, so that many things may
 * be put and the end alone looks.
 */
struct page {
	struct flow *flow;
	json_t *data; /* what the template sees; page_end frees it */
	int err;      /* 0, or why it cannot be made */
	struct day
		today; /* as seen from which dates are near or past: the day that the page is of */
};

/*
 * Begin one, with its title and the address it was asked by. Ended by page_end alone.
 * title: a constant, which is said in Gaelic where it can be; one with a name in it is put by
 *        page_title afterwards, one that is a name by page_put.
 */
struct page page_begin(struct flow *f, const char *title);

/*
 * Where the links that lead back lead to, as it stands in an address: home, where the address may
 * hold a secret.
 */
struct str page_here(struct flow *f);

/*
 * Put the title of an object that stands in the page, or of the page.
 * form: a constant with {{name}} and {{other}} in it, as it is said in Gaelic.
 * name, other: what people typed, which is left as it is; absent where the form has it not.
 */
void page_title(struct page *p, json_t *object, const char *form, struct str name,
		struct str other);

/* Put a value under a key; value is taken, NULL (no memory) makes the page fail. */
void page_put(struct page *p, const char *key, json_t *value);
void page_put_text(struct page *p, const char *key, struct str text);

/* Further members of an object that stands in the page, such as a row of a list. */
void page_put_in(struct page *p, json_t *object, const char *key, json_t *value);

/* The same with a member of another object: null where that one has none, as a page of then may
 * not. */
void page_put_of(struct page *p, json_t *object, const char *key, const json_t *from);

/* A name of programs as words: "lease_starts_on" is "lease starts on". */
json_t *page_spaced(const char *name);

/* The label of an asset's class where there is one, in place of words made of its code. */
void page_put_label(struct page *p, json_t *asset, json_t *label);

/* A step of the way from the home page to this one, in order. */
void page_crumb(struct page *p, const char *href, struct str label);
/* Those of a page of a request: Home, Requests, and the request by its reference. */
void page_crumb_request(struct page *p, struct str id, const char *reference);

/* A text member of an object; "" when it has none. */
const char *page_text(const json_t *object, const char *key);

/*
 * The JSON text in the first column of a statement's first row, which must be there; and of
 * all its rows as a list. Yours; NULL when it is no JSON or there is no memory.
 */
json_t *page_item(const struct flow *f, int statement);
json_t *page_items(const struct flow *f, int statement);

/*
 * End the flow with the page. Gets besides what was put: who, position, today, and what
 * pages_render adds. name: of the template.    part: where the menu shows us.
 * status: 200, or what a form that was refused is answered with.
 */
enum step_result page_end(struct page *p, const char *name, enum page_part part, int status);

/*
 * What the forms of a page carry: the session's csrf, and behind a point a word of this page's own,
 * by which a form that is sent twice is known (flow_store.c). Absent without memory.
 */
struct str page_csrf(struct flow *f, struct str csrf);

/* Put `once`, the same word for a form that somebody sends without a session (flow_form_once). */
void page_put_once(struct page *p);

/* What a form sent of several lines, as it is stored and shown: browsers send CR LF. */
struct str page_lines(struct flow *f, struct str text);

/*
 * End the flow with 303 See Other, not to be kept. location: in the flow's arena; NULL, where that
 * had no room for it, is ERR_NOMEM.
 */
enum step_result page_redirect(struct flow *f, struct str location);

/* What a form was sent of a list: the file that was chosen, or else what was pasted into a field;
 * absent when neither was. */
struct str page_sent_list(struct flow *f, const char *field);

/* Put what was wrong with a form that is shown again: `wrongs`, sentences. */
void page_put_wrongs(struct page *p);
/*
 * Say what is wrong with a refused form: into its list `wrongs`, whose links lead to the fields,
 * and for its place beside the field as `fault.FIELD`, the first of each.
 *
 * field: its id without what all ids of the form begin with, or a pointer of one part ("/note").
 * label: what the field is called, before the text in the list; NULL: the text says it.
 */
void page_wrong(struct page *p, json_t *wrongs, struct str field, const char *label,
		struct str text);
/* The same of what is wrong at /field, if anything is, without a list. */
void page_fault(struct page *p, const char *field);
/* Such a text: what is wrong, and the cure. Absent without memory. */
struct str page_flaw(const struct flow *f, const struct flaw *flaw);
/* The first flaw at /field; NULL: there is none. */
const struct flaw *page_flaw_at(const struct flow *f, struct str field);

/* Mark the choice whose `id` is `chosen` in a list of {id, name} with is_selected. */
void page_choose(struct page *p, json_t *choices, struct str chosen);
/* The same; what is not among them is added as the choice `name`, unless that is absent: a form
 * says what its page shows, and sends it again. */
void page_choose_named(struct page *p, json_t *choices, struct str chosen, struct str name);

/* Such a list of codes, each with what people read for it. NULL without memory. */
json_t *page_choices(struct str field, const char *const *code, size_t n);

/* The address of a list with the filters that are set: "/assets?q=hall&class=HALL". */
struct page_filter {
	const char *name;
	struct str value; /* absent or empty: not set */
};
struct str page_address(struct arena *a, const char *path, const struct page_filter *filter,
			size_t n);
/* The same as {name, value}, for fields of a form that nobody sees. NULL without memory. */
json_t *page_kept(const struct page_filter *filter, size_t n);
