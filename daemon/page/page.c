/*
 * Pages of flows: JSON from the batch, words beside the codes, the frame, the template. On the
 * worker's thread, inside a step.
 *
 * Values that people typed reach the template as data and are escaped there; the one place
 * where they become part of an address is put_escaped(), used by every link with a filter.
 */
#include "page.h"

#include <stdio.h>

#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/flow/flow_file.h"
#include "daemon/flow/flow_query.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/router.h"
#include "dress.h"
#include "flaw_words.h"
#include "libassets/base/err.h"
#include "q.h"
#include "typed.h"

/* Bytes of a page's own word, and of a title with what people typed in it. */
enum { ONCE = 12, TITLE_MAX = 64 * 1024 };

struct db_batch *page_batch(struct flow *f)
{
	struct db_batch *b = flow_batch(f);

	q_page_frame_add(b, &(struct q_page_frame){.csrf = f->who->csrf});
	return b;
}

/* RFC 3986 section 2.3: what is unreserved stays, all else is escaped, byte by byte. */
static void put_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    strchr("-._~", c))
			buf_char(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

static struct str page_escape(struct arena *a, struct str text)
{
	CLEANUP(buf_done) struct buf out = BUF(3 * HTTP_TARGET_MAX);

	put_escaped(&out, text);
	return arena_str(a, buf_view(&out));
}

struct str page_here(struct flow *f)
{
	struct str query, target = flow_target(f);
	bool is_secret = f->route->flags & ROUTE_SECRET;

	(void)str_cut(target, '?', &query);

	return page_escape(f->arena, is_secret && !str_is_null(query) ? STR("/") : target);
}

/* Where whoever has the page on paper finds it; none that holds a secret, or that a form led to. */
static void put_address(struct page *p)
{
	struct flow *f = p->flow;
	const char *base = f->worker->conf->http_base_url;
	struct str target = flow_target(f);

	if (*base && f->request->method == METHOD_GET && !(f->route->flags & ROUTE_SECRET))
		page_put_text(p, "address",
			      arena_fmt(f->arena, "%s%.*s", base, (int)target.len, target.at));
}

struct page page_begin(struct flow *f, const char *title)
{
	struct page p = {.flow = f, .data = json_object(), .today = f->today};

	flaws_for_people(&f->flaws);
	page_put(&p, "title", json_string(title));
	page_put(&p, "title_begun", json_incref(json_object_get(p.data, "title")));
	page_put_text(&p, "here", page_here(f));
	put_address(&p);
	return p;
}

/* "Documents of {{name}}" with the name in it. */
static void put_filled(struct buf *out, struct str form, struct str name, struct str other)
{
	for (size_t i = 0; i < form.len;) {
		struct str rest = {form.at + i, form.len - i};

		if (str_starts(rest, STR("{{name}}"))) {
			buf_str(out, name);
			i += sizeof("{{name}}") - 1;
		} else if (str_starts(rest, STR("{{other}}"))) {
			buf_str(out, other);
			i += sizeof("{{other}}") - 1;
		} else {
			buf_char(out, form.at[i++]);
		}
	}
}

static void put_text_in(struct page *p, json_t *object, const char *key, struct str text)
{
	page_put_in(p, object, key, json_stringn(text.at ? text.at : "", text.len));
}

void page_title(struct page *p, json_t *object, const char *form, struct str name, struct str other)
{
	CLEANUP(buf_done) struct buf title = BUF(TITLE_MAX);

	put_filled(&title, str_of(form), name, other);
	if (buf_err(&title) < 0 && !p->err)
		p->err = buf_err(&title);
	put_text_in(p, object, "title", buf_view(&title));
	put_text_in(p, object, "title_form", str_of(form));
	put_text_in(p, object, "title_name", name);
	put_text_in(p, object, "title_other", other);
}

void page_put(struct page *p, const char *key, json_t *value)
{
	page_put_in(p, p->data, key, value);
}

void page_put_text(struct page *p, const char *key, struct str text)
{
	put_text_in(p, p->data, key, text);
}

void page_put_in(struct page *p, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) && !p->err)
		p->err = ERR_NOMEM;
}

json_t *page_spaced(const char *name)
{
	CLEANUP(buf_done) struct buf words = BUF(256);

	for (; name && *name; name++)
		buf_char(&words, *name == '_' ? ' ' : *name);
	return json_stringn(words.at ? words.at : "", words.len);
}

void page_put_of(struct page *p, json_t *object, const char *key, const json_t *from)
{
	json_t *value = json_object_get(from, key);

	page_put_in(p, object, key, value ? json_incref(value) : json_null());
}

void page_put_label(struct page *p, json_t *asset, json_t *label)
{
	if (json_is_string(label))
		page_put_in(p, asset, "class_words", json_incref(label));
}

/* The faults of a form by their fields, made with the first of them. */
static json_t *page_faults(struct page *p)
{
	if (!json_object_get(p->data, "fault"))
		page_put(p, "fault", json_pack("{s:b}", "all_is_said", 1));
	return json_object_get(p->data, "fault");
}

void page_wrong(struct page *p, json_t *wrongs, struct str field, const char *label,
		struct str text)
{
	json_t *faults = page_faults(p), *said;
	struct str key;

	if (str_starts(field, STR("/")))
		field = (struct str){field.at + 1, field.len - 1};
	key = arena_str(p->flow->arena, field);
	said = json_sprintf("%s%s%.*s", label ? label : "", label ? ": " : "", (int)text.len,
			    text.at);
	if (!key.at || json_array_append_new(wrongs, json_pack("{s:s, s:o, s:b}", "field", key.at,
							       "text", said, "is_said", 1)))
		p->err = p->err ? p->err : ERR_NOMEM;
	else if (!json_object_get(faults, key.at))
		page_put_in(p, faults, key.at, json_stringn(text.at, text.len));
}

struct str page_flaw(const struct flow *f, const struct flaw *flaw)
{
	return arena_fmt(f->arena, "%.*s %.*s", (int)flaw->detail.len, flaw->detail.at,
			 (int)flaw->cure.len, flaw->cure.at ? flaw->cure.at : "");
}

const struct flaw *page_flaw_at(const struct flow *f, struct str field)
{
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		struct str at = f->flaws.at[i].pointer;

		if (at.len && str_eq((struct str){at.at + 1, at.len - 1}, field))
			return &f->flaws.at[i];
	}
	return NULL;
}

void page_fault(struct page *p, const char *field)
{
	const struct flaw *flaw = page_flaw_at(p->flow, str_of(field));

	if (flaw)
		page_put_in(p, page_faults(p), field, json_string(page_flaw(p->flow, flaw).at));
}

void page_crumb(struct page *p, const char *href, struct str label)
{
	json_t *crumbs = json_object_get(p->data, "crumbs");

	if (!crumbs) {
		crumbs = json_array();
		page_put(p, "crumbs", crumbs);
	}
	/* The page of a thing, whose id has a low line, is called by the name somebody gave it. */
	if (json_array_append_new(crumbs,
				  json_pack("{s:s, s:s%, s:b}", "href", href, "label", label.at,
					    label.len, "is_said", !strchr(href, '_'))) &&
	    !p->err)
		p->err = ERR_NOMEM;
}

void page_crumb_request(struct page *p, struct str id, const char *reference)
{
	page_crumb(p, "/", STR("Home"));
	page_crumb(p, "/requests", STR("Requests"));
	page_crumb(p, arena_fmt(p->flow->arena, "/requests/%s", id.at).at, str_of(reference));
}

const char *page_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *load(struct str text)
{
	return text.at ? json_loadb(text.at, text.len, 0, NULL) : NULL;
}

json_t *page_item(const struct flow *f, int statement)
{
	return load(db_value(f->got, statement, 0, 0));
}

/* An item that is no JSON is our own mistake: no list is better than one with a hole. */
json_t *page_items(const struct flow *f, int statement)
{
	json_t *items = json_array();
	int n = db_rows(f->got, statement);

	for (int i = 0; i < n; i++) {
		if (json_array_append_new(items, load(db_value(f->got, statement, i, 0)))) {
			json_decref(items);
			return NULL;
		}
	}
	return items;
}

struct str page_csrf(struct flow *f, struct str csrf)
{
	unsigned char once[ONCE];
	char text[2 * ONCE + 1];

	id_random(once, sizeof(once));
	for (size_t i = 0; i < sizeof(once); i++)
		(void)snprintf(text + 2 * i, 3, "%02x", once[i]);
	return arena_fmt(f->arena, "%.*s.%s", (int)csrf.len, csrf.at, text);
}

void page_put_once(struct page *p)
{
	struct str once = page_csrf(p->flow, STR(""));

	page_put_text(p, "once", once.at ? (struct str){once.at + 1, once.len - 1} : once);
}

struct str page_lines(struct flow *f, struct str text)
{
	char *at = arena_alloc(f->arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; at && i < text.len; i++) {
		if (text.at[i] != '\r')
			at[n++] = text.at[i];
	}
	return (struct str){at, at ? n : 0};
}

/* Each page has a word of its own for its forms. */
static void put_csrf(struct page *p, json_t *who)
{
	struct str csrf = str_of(page_text(who, "csrf"));

	if (csrf.len)
		page_put_in(p, who, "csrf", json_string(page_csrf(p->flow, csrf).at));
}

/* Last, over what the page has put: no page shows another name than that of who is signed in. */
static void put_frame(struct page *p)
{
	const struct flow *f = p->flow;
	char today[DAY_TEXT];
	json_t *frame, *value;
	const char *key;

	day_format(f->today, today);
	page_put(p, "today_on", json_string(today));
	page_put(p, "title_is_said",
		 json_boolean(json_object_get(p->data, "title") ==
			      json_object_get(p->data, "title_begun")));
	if (!f->got)
		return;
	frame = page_item(f, PAGE_FRAME);
	put_csrf(p, json_object_get(frame, "who"));
	if (json_is_object(json_object_get(frame, "who")))
		page_put_in(p, json_object_get(frame, "who"), "has_work",
			    json_boolean(principal_may(f->who, PERM_REQUEST_ACT)));
	json_object_foreach (frame, key, value)
		page_put(p, key, json_incref(value));
	json_decref(frame);
}

/*
 * A form that was refused may not stand on the page that says so, as when somebody else was
 * faster: then what was typed is shown above all else.
 */
static int keep_typed(struct page *p, const char *name, enum page_part part, size_t fields)
{
	struct flow *f = p->flow;
	json_t *typed = typed_form(f, flow_rescued(f) ? flow_rescued(f) : ERR_INVALID);

	if (!typed || typed_is_in(typed, buf_view(&f->reply->body))) {
		json_decref(typed);
		return 0;
	}
	page_put(p, "typed", typed);
	page_put(p, "is_lost", json_true());
	f->reply->field_count = fields; /* those of the first rendering are said again */
	return p->err < 0 ? p->err
			  : pages_render(f->worker->process->pages, name, part,
					 language_of(f->request), p->data, f->reply);
}

enum step_result page_end(struct page *p, const char *name, enum page_part part, int status)
{
	struct flow *f = p->flow;
	size_t fields = f->reply->field_count;

	put_frame(p);
	page_put(p, "is_answer",
		 json_boolean(f->request->method == METHOD_POST &&
			      (status >= 400 || json_object_get(p->data, "typed"))));
	if (p->err == 0)
		p->err = dress(p->data, p->today);
	if (p->err == 0)
		p->err = pages_render(f->worker->process->pages, name, part,
				      language_of(f->request), p->data, f->reply);
	if (p->err == 0 && status >= 400)
		p->err = keep_typed(p, name, part, fields);
	json_decref(TAKE(p->data));
	f->reply->status = status;
	return p->err < 0 ? flow_fail(f, p->err) : STEP_DONE;
}

enum step_result page_redirect(struct flow *f, struct str location)
{
	if (!location.at)
		return flow_fail(f, ERR_NOMEM);
	f->reply->status = 303;
	http_reply_field(f->reply, STR("Location"), location);
	http_reply_field(f->reply, STR("Cache-Control"), STR("no-store"));
	return STEP_DONE;
}

json_t *page_choices(struct str field, const char *const *code, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		CLEANUP(buf_done) struct buf words = BUF(400);

		dress_code(&words, field, str_of(code[i]));
		if (buf_err(&words) ||
		    json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "id", code[i], "name",
							  words.at, "is_said", 1))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

void page_choose(struct page *p, json_t *choices, struct str chosen)
{
	page_choose_named(p, choices, chosen, STR(""));
}

void page_choose_named(struct page *p, json_t *choices, struct str chosen, struct str name)
{
	bool is_there = false;
	json_t *choice;
	size_t i;

	json_array_foreach (choices, i, choice) {
		const char *id = json_string_value(json_object_get(choice, "id"));

		if (!str_eq(str_of(id), chosen))
			continue;
		page_put_in(p, choice, "is_selected", json_true());
		is_there = true;
	}
	if (!is_there && chosen.len && name.len &&
	    json_array_append_new(choices,
				  json_pack("{s:s%, s:s%, s:b}", "id", chosen.at, chosen.len,
					    "name", name.at, name.len, "is_selected", true)) &&
	    !p->err)
		p->err = ERR_NOMEM;
}

struct str page_address(struct arena *a, const char *path, const struct page_filter *filter,
			size_t n)
{
	CLEANUP(buf_done) struct buf out = BUF(16 * 1024);
	char separator = '?';

	buf_str(&out, str_of(path));
	for (size_t i = 0; i < n; i++) {
		if (filter[i].value.len == 0)
			continue;
		buf_fmt(&out, "%c%s=", separator, filter[i].name);
		put_escaped(&out, filter[i].value);
		separator = '&';
	}
	return arena_str(a, buf_view(&out));
}

json_t *page_kept(const struct page_filter *filter, size_t n)
{
	json_auto_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		if (filter[i].value.len &&
		    json_array_append_new(list,
					  json_pack("{s:s, s:s%}", "name", filter[i].name, "value",
						    filter[i].value.at, filter[i].value.len)))
			return NULL;
	}
	return TAKE(list);
}

struct str page_sent_list(struct flow *f, const char *field)
{
	struct str name, file = {NULL, 0};

	return flow_form_file(f, &name, &file) && (file.len || name.len) ? file
									 : flow_form(f, field);
}

void page_put_wrongs(struct page *p)
{
	const struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws) && flow_rescued(f); i++)
		(void)json_array_append_new(wrongs, json_string(page_flaw(f, &f->flaws.at[i]).at));
	if (flow_rescued(f) && !json_array_size(wrongs))
		(void)json_array_append_new(wrongs, json_string(err_info(flow_rescued(f))->title));
	page_put(p, "wrongs", wrongs);
}
