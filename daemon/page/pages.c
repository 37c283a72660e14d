/*
 * The templates built into the program are compiled once at start; one that does not parse
 * stops the daemon there. Values that differ from page to page never enter `struct pages`,
 * which all workers share without a lock.
 */
#include "pages.h"

#include <stdlib.h>

#include "daemon/base/conf.h"
#include "daemon/base/embed.h"
#include "daemon/language/gaelic.h"
#include "daemon/language/phrase.h"
#include "daemon/language/saying.h"
#include "daemon/route/auth.h"
#include "daemon/route/problem.h"
#include "dress.h"
#include "filter_words.h"
#include "flaw_words.h"
#include "guide.h"
#include "libassets/base/err.h"
#include "libassets/clock/calendar.h"
#include "libassets/clock/clock_rule.h"
#include "libassets/register/body.h"
#include "problem_words.h"
#include "template.h"

struct pages {
	struct template_set *set[LANGUAGES];
	struct gaelic *gaelic;
	json_t *site; /* name, notice, and the address of each static part */
	json_t *guides;
};

struct menu_row {
	enum page_part part;
	const char *href;
	const char *label;
};

static const struct menu_row menu_table[] = {
	{PAGE_REGISTER, "/assets", "Register"},
	{PAGE_REQUESTS, "/requests", "Requests"},
	{PAGE_FORECAST, "/forecast", "Forecast"},
	{PAGE_REPORTS, "/reports", "Reports"},
};

void pages_free(struct pages *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < COUNT(p->set); i++)
		template_set_free(p->set[i]);
	gaelic_free(p->gaelic);
	json_decref(p->site);
	json_decref(p->guides);
	free(p);
}

static int fault_say(const struct template_fault *fault, char **ret_why)
{
	CLEANUP(buf_done) struct buf why = BUF(400);
	size_t len;

	buf_fmt(&why, "pages/%s.mustache, line %u: %s", fault->name, fault->line, fault->why);
	*ret_why = buf_detach(&why, &len);
	return ERR_INVALID;
}

/* English and Gaelic; a template that does not parse is refused in English, where its lines are. */
static int add_template(struct pages *p, const struct embed_page *page,
			struct template_fault *fault)
{
	struct str gaelic;
	int r = template_add(p->set[ENGLISH], str_of(page->name), page->text, fault);

	if (r < 0)
		return r;
	r = gaelic_template(p->gaelic, page->name, page->text, &gaelic);
	if (r == ERR_INVALID)
		*fault = (struct template_fault){
			.line = 1,
			.why = "it has tags that cannot be said in Gaelic: see markup.h"};
	if (r == ERR_INVALID)
		(void)snprintf(fault->name, sizeof(fault->name), "%s", page->name);
	return r < 0 ? r : template_add(p->set[GAELIC], str_of(page->name), gaelic, fault);
}

static int add_templates(struct pages *p, char **ret_why)
{
	struct template_fault fault = {0};
	struct embed_page page;

	for (size_t n = 0; embed_page_at(n, &page) == 0; n++) {
		int r = add_template(p, &page, &fault);

		if (r == ERR_INVALID)
			return fault_say(&fault, ret_why);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < COUNT(p->set); i++) {
		if (template_link(p->set[i], &fault) < 0)
			return fault_say(&fault, ret_why);
	}
	return 0;
}

static int make_sets(struct pages *p)
{
	for (size_t i = 0; i < COUNT(p->set); i++) {
		p->set[i] = template_set_new();
		if (!p->set[i])
			return ERR_NOMEM;
	}
	template_set_speak(p->set[GAELIC], gaelic_voice(p->gaelic));
	return 0;
}

static int add_gaelic(struct pages *p, const struct conf *conf, char **ret_why)
{
	CLEANUP(buf_done) struct buf why = BUF(400);
	struct po_fault fault;
	size_t len;
	int r = gaelic_new(embed_catalogue(), conf->pages_unconfirmed, &p->gaelic, &fault);

	if (r != ERR_INVALID)
		return r;
	buf_fmt(&why, "language/gd.po, line %u: %s", fault.line, fault.why);
	*ret_why = buf_detach(&why, &len);
	return r;
}

/* "roboto-400.woff2" is known to templates as site.roboto_400_woff2. */
static int add_static(json_t *site, const struct embed_static *part)
{
	char key[64], href[96];

	(void)snprintf(key, sizeof(key), "%s", part->name);
	(void)snprintf(href, sizeof(href), "/a/%s", part->file);
	for (char *c = key; *c; c++) {
		if (*c == '.' || *c == '-')
			*c = '_';
	}
	return json_object_set_new(site, key, json_string(href)) ? ERR_NOMEM : 0;
}

static int add_site(struct pages *p, const struct conf *conf)
{
	struct embed_static part;

	p->site = json_pack("{s:b, s:b, s:b, s:s, s:s*, s:s*}", "has_gaelic",
			    gaelic_has_any(p->gaelic), "shows_unconfirmed", conf->pages_unconfirmed,
			    "has_unconfirmed", gaelic_has_unconfirmed(p->gaelic), "name",
			    conf->pages_name, "notice",
			    *conf->pages_notice ? conf->pages_notice : NULL, "letters",
			    *conf->mail_folder ? conf->mail_folder : NULL);
	if (!p->site)
		return ERR_NOMEM;
	for (size_t n = 0; embed_static_at(n, &part) == 0; n++) {
		int r = add_static(p->site, &part);

		if (r < 0)
			return r;
	}
	return 0;
}

static json_t *menu(enum page_part part)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(menu_table); i++) {
		const struct menu_row *row = &menu_table[i];
		json_t *item = json_pack("{s:s, s:s, s:b, s:b}", "href", row->href, "label",
					 row->label, "is_said", 1, "is_current", row->part == part);

		if (json_array_append_new(list, item)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* has_NAME for every list NAME, so that a template can leave out an empty list's surroundings. */
static int add_flags(json_t *data)
{
	json_auto_t *flags = json_object();
	const char *key;
	json_t *value;

	json_object_foreach (data, key, value) {
		char name[64];

		if (!json_is_array(value))
			continue;
		(void)snprintf(name, sizeof(name), "has_%s", key);
		if (json_object_set_new(flags, name, json_boolean(json_array_size(value))))
			return ERR_NOMEM;
	}
	return json_object_update_missing(data, flags) ? ERR_NOMEM : 0;
}

/* The site is shared by all workers: jansson counts references by atomic operations. */
static int add_frame(const struct pages *p, enum page_part part, enum language language,
		     json_t *data)
{
	int r = add_flags(data);

	if (r < 0)
		return r;
	if (json_object_set_new(data, "nav", menu(part)) ||
	    json_object_set_new(data, "is_home", json_boolean(part == PAGE_HOME)) ||
	    json_object_set_new(data, "in_gaelic", json_boolean(language == GAELIC)) ||
	    json_object_set(data, "site", p->site))
		return ERR_NOMEM;
	return 0;
}

const json_t *pages_guides(const struct pages *p)
{
	return p->guides;
}

const struct gaelic *pages_gaelic(const struct pages *p)
{
	return p->gaelic;
}

int pages_render(const struct pages *p, const char *name, enum page_part part,
		 enum language language, json_t *data, struct http_reply *reply)
{
	const struct template *t = template_find(p->set[language], str_of(name));
	int r;

	if (!t)
		return ERR_BUG;
	r = add_frame(p, part, language, data);
	if (r < 0)
		return r;
	buf_done(&reply->body);
	reply->body = BUF(PAGE_BYTES_MAX);
	r = template_render(t, data, &reply->body);
	if (r < 0)
		return r;
	http_reply_field(reply, STR("Content-Type"), STR("text/html; charset=utf-8"));
	http_reply_field(reply, STR("Cache-Control"), STR("private, no-cache"));
	http_reply_field(reply, STR("Content-Language"),
			 language == GAELIC ? STR("gd") : STR("en-GB"));
	http_reply_field(reply, STR("Vary"), STR("Cookie, Accept-Encoding, Accept-Language"));
	return 0;
}

/* Not a thing of the register that was removed: whatever ends a link says so in these words. */
static bool is_of_link(const struct problem *problem)
{
	return problem->err == ERR_GONE && str_starts(problem->detail, STR("This link "));
}

/* The label of the field that it speaks of; absent where it is of no field by itself. */
static json_t *label_of(const struct flaw *w)
{
	CLEANUP(buf_done) struct buf label = BUF(400);
	struct str name = w->pointer;
	const char *known;

	for (size_t i = 0; i < w->pointer.len; i++) {
		if (w->pointer.at[i] == '/')
			name = (struct str){w->pointer.at + i + 1, w->pointer.len - i - 1};
	}
	if (name.len && name.at[0] == '?') {
		name = (struct str){name.at + 1, name.len - 1};
		known = filter_label(name);
		return known ? json_sprintf("“%s”", known)
			     : json_sprintf("“%.*s”", (int)name.len, name.at);
	}
	if (!name.len || name.at[0] < 'a' || name.at[0] > 'z')
		return json_null();
	dress_code(&label, STR("input"), name);
	return buf_err(&label) < 0 ? json_null() : json_stringn(label.at, label.len);
}

/* Where the field stands, if what was typed is given back and has it. */
static json_t *href_of(const struct flaw *w, const json_t *typed)
{
	const json_t *field;
	size_t i;

	json_array_foreach (json_object_get(typed, "fields"), i, field) {
		const char *name = json_string_value(json_object_get(field, "name"));

		if (w->pointer.len && name &&
		    str_eq(str_of(name), (struct str){w->pointer.at + 1, w->pointer.len - 1}))
			return json_sprintf("#typed-%s", name);
	}
	return json_null();
}

static json_t *flaw_list(const struct flaws *flaws, const json_t *typed)
{
	size_t kept = flaws ? flaws_kept(flaws) : 0;
	json_t *list = json_array();
	struct flaw mine[FLAW_MAX];
	struct flaws people;

	if (!kept)
		return list;
	memcpy(mine, flaws->at, kept * sizeof(*mine));
	people = *flaws;
	people.at = mine;
	flaws_for_people(&people);
	for (size_t i = 0; i < kept; i++) {
		const struct flaw *w = &mine[i];

		if (json_array_append_new(list,
					  json_pack("{s:b, s:o, s:o, s:s%, s:s%}", "is_said", 1,
						    "href", href_of(w, typed), "label", label_of(w),
						    "detail", w->detail.at, w->detail.len, "cure",
						    w->cure.at ? w->cure.at : "", w->cure.len)))
			break;
	}
	return list;
}

/* A page says what to do; the number of the request is for whoever is asked about it. */
static json_t *problem_data(const struct problem *problem, const struct err_info *info,
			    json_t *typed)
{
	struct problem_words words = problem_words(problem->err);
	struct str said = words.detail ? str_of(words.detail) : problem->detail;
	json_t *detail = said.len ? json_stringn(said.at, said.len) : json_null();
	bool is_link = is_of_link(problem);
	/* What was typed says what to do with it, but not why it may not be sent at all. */
	bool is_told = typed && (info->status != 403 || problem->detail.len);

	return json_pack("{s:s, s:b, s:s?, s:b, s:b, s:s%, s:o, s:o, s:O?}", "title",
			 is_link ? "This link works no longer" : words.title, "is_answer",
			 typed != NULL, "cure", is_told || is_link ? NULL : words.cure, "is_said",
			 1, "is_signed_out", info->status == 401, "request_id",
			 problem->instance.at, problem->instance.len, "detail", detail, "flaws",
			 flaw_list(problem->flaws, typed), "typed", typed);
}

int pages_put_reader(json_t *data, const struct principal *who)
{
	json_t *known;

	if (who == &auth_unknown)
		return json_object_set_new(data, "is_unknown", json_true()) ? ERR_NOMEM : 0;
	if (!who->csrf.len || !who->name.at)
		return 0;
	known = json_pack("{s:s%, s:s%, s:b}", "name", who->name.at, who->name.len, "csrf",
			  who->csrf.at, who->csrf.len, "has_work",
			  principal_may(who, PERM_REQUEST_ACT));
	return json_object_set_new(data, "who", known) ? ERR_NOMEM : 0;
}

const struct principal *pages_stranger(const struct http_request *r)
{
	return http_cookie_get(r, STR(AUTH_COOKIE)).len ? &auth_unknown : &auth_anonymous;
}

void pages_problem(const struct pages *p, enum language language, const struct principal *who,
		   const struct problem *problem, json_t *typed, struct http_reply *reply)
{
	const struct err_info *info = err_info(problem->err);
	json_auto_t *data = problem_data(problem, info, typed);

	blob_unref(TAKE(reply->blob));
	reply->status = info->status;
	/* Without memory for a page: an empty body is better than half of one. */
	if (!data || pages_put_reader(data, who) < 0 ||
	    (problem->has_own && json_object_set_new(data, "has_own", json_true())) ||
	    (problem->here.len &&
	     json_object_set_new(data, "here",
				 json_stringn(problem->here.at, problem->here.len))) ||
	    pages_render(p, "error", PAGE_NOWHERE, language, data, reply) < 0)
		buf_done(&reply->body);
	if (info->status == 503)
		http_reply_field(reply, STR("Retry-After"), STR("5"));
}

/* --- the start --------------------------------------------------------------------------- */

struct said_row {
	const char *where, *text;
};

static const struct said_row said_table[] = {
#define SAID(where, text) {where, text},
#include "said.inc"
#undef SAID
};

/* How the date of a deadline was found, from the tables of clocks and calendars. */
static int add_deadlines(struct gaelic *g)
{
	static const char where[] = "deadlines";
	int r = 0;

	for (int id = 0; r == 0 && id < CLOCK_COUNT; id++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)id);

		r = gaelic_hear(g, where, str_of(rule->name));
		if (r == 0)
			r = gaelic_hear(g, where, str_of(rule->start));
		if (r == 0)
			r = gaelic_hear(g, where, str_of(clock_expiry_words(rule->expiry)));
	}
	for (int id = 0; r == 0 && id < CALENDAR_COUNT; id++)
		r = gaelic_hear(g, where, str_of(calendar_words((enum calendar_id)id)));
	return r;
}

/* What C puts together from parts, and of what. */
static int add_sayings(struct gaelic *g)
{
	const struct body_condition *condition;
	struct saying saying;
	const char *text;
	int r = 0;

	for (size_t n = 0; r == 0 && (text = phrase_at(n)); n++)
		r = gaelic_hear(g, "dates", str_of(text));
	for (size_t n = 0; r == 0 && saying_at(n, &saying); n++)
		r = gaelic_hear(g, saying.where, str_of(saying.english));
	for (size_t n = 0; r == 0 && (condition = body_condition_at(n)); n++)
		r = gaelic_hear(g, "body", str_of(condition->detail));
	return r;
}

/* What C says on pages, for the list of what has Gaelic. */
static int add_words(struct pages *p)
{
	const struct err_info *info;
	struct dress_word word;
	int r = 0;

	for (size_t n = 0; r == 0 && dress_at(n, &word); n++) {
		r = gaelic_hear(p->gaelic, "words for codes", word.words);
		if (r == 0)
			r = gaelic_hear(p->gaelic, "words for codes", word.meaning);
	}
	for (size_t n = 0; r == 0 && n < COUNT(menu_table); n++)
		r = gaelic_hear(p->gaelic, "head", str_of(menu_table[n].label));
	for (size_t n = 0; r == 0 && (info = err_at(n)); n++) {
		struct problem_words words = problem_words(info->err);

		r = gaelic_hear(p->gaelic, "error", str_of(words.title));
		if (r == 0)
			r = gaelic_hear(p->gaelic, "error", str_of(words.cure));
	}
	for (size_t n = 0; r == 0 && n < COUNT(said_table); n++)
		r = gaelic_hear(p->gaelic, said_table[n].where, str_of(said_table[n].text));
	if (r == 0)
		r = add_deadlines(p->gaelic);
	if (r == 0)
		r = add_sayings(p->gaelic);
	gaelic_ready(p->gaelic);
	return r;
}

int pages_new(const struct conf *conf, struct pages **ret_pages, char **ret_why)
{
	struct pages *p = calloc(1, sizeof(*p));
	int r = ERR_NOMEM;

	*ret_why = NULL;
	if (p)
		r = add_gaelic(p, conf, ret_why);
	if (r == 0)
		r = make_sets(p);
	if (r == 0)
		r = add_templates(p, ret_why);
	if (r == 0)
		r = add_words(p);
	if (r == 0)
		r = add_site(p, conf);
	if (r == 0)
		r = guides_new(&p->guides, ret_why);
	if (r < 0) {
		pages_free(p);
		return r;
	}
	*ret_pages = p;
	return 0;
}

void pages_dump(struct buf *out)
{
	struct pages *p = NULL;
	struct conf conf = {0};
	char *why = NULL;

	if (conf_load(NULL, &conf, &why) == 0) {
		free(TAKE(why));
		if (pages_new(&conf, &p, &why) == 0)
			gaelic_dump(p->gaelic, out);
	}
	if (why)
		buf_str(out, str_of(why));
	free(why);
	pages_free(p);
	conf_done(&conf);
}
