/*
 * What of the pages has Gaelic: for whoever translates and whoever runs the register. By places
 * first, templates and the words that stand on many pages; of one of them each message with its
 * Gaelic, in the form in which the catalogue (language/gd.po) wants it.
 */
#include "daemon/language/gaelic.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "p.h"
#include "page.h"

struct tally {
	json_int_t missing, unconfirmed, confirmed;
};

static bool is_missing(const struct po_entry *e)
{
	return !e || !e->form[0].len;
}

static void count(struct tally *t, const struct po_entry *e)
{
	if (is_missing(e))
		t->missing++;
	else if (e->is_unconfirmed)
		t->unconfirmed++;
	else
		t->confirmed++;
}

static json_t *tally_json(const struct tally *t)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "missing_count", t->missing, "unconfirmed_count",
			 t->unconfirmed, "confirmed_count", t->confirmed, "all_count",
			 t->missing + t->unconfirmed + t->confirmed);
}

/* A row for each place, and all of them together. */
static void put_places(struct page *p, const struct gaelic *g)
{
	const struct gaelic_message *m, *next;
	json_t *places = json_array();
	struct tally all = {0}, one = {0};

	for (size_t n = 0; (m = gaelic_at(g, n)); n++) {
		count(&all, m->entry);
		count(&one, m->entry);
		next = gaelic_at(g, n + 1);
		if (next && strcmp(next->where, m->where) == 0)
			continue;
		json_array_append_new(places, tally_json(&one));
		page_put_in(p, json_array_get(places, json_array_size(places) - 1), "where",
			    json_string(m->where));
		page_put_in(p, json_array_get(places, json_array_size(places) - 1), "name",
			    page_spaced(m->where));
		one = (struct tally){0};
	}
	page_put(p, "places", places);
	page_put(p, "all", tally_json(&all));
}

static json_t *forms_json(const struct po_entry *e)
{
	json_t *forms = json_array();

	for (size_t i = 0; !is_missing(e) && i < PO_FORMS; i++) {
		if (i == 0 || !str_is_null(e->plural))
			json_array_append_new(forms, json_stringn(e->form[i].at, e->form[i].len));
	}
	return forms;
}

static json_t *message_json(struct str english, const struct po_entry *e)
{
	const char *state = is_missing(e)       ? "MISSING"
			    : e->is_unconfirmed ? "UNCONFIRMED"
						: "CONFIRMED";

	return json_pack("{s:s%, s:o, s:s}", "english", english.at, english.len, "forms",
			 forms_json(e), "gaelic_state", state);
}

/* The messages of a place; show: of one state alone. */
static void put_messages(struct page *p, const struct gaelic *g, struct str where, struct str show)
{
	const struct gaelic_message *m;
	json_t *messages = json_array();

	for (size_t n = 0; (m = gaelic_at(g, n)); n++) {
		json_t *one;

		if (!str_eq(str_of(m->where), where))
			continue;
		one = message_json(m->english, m->entry);
		if (!show.len || str_eq(show, str_of(page_text(one, "gaelic_state"))))
			json_array_append(messages, one);
		json_decref(one);
	}
	page_put(p, "messages", messages);
}

static void put_unused(struct page *p, const struct gaelic *g)
{
	json_t *unused = json_array();
	const struct po_entry *e;

	for (size_t n = 0; (e = gaelic_unused(g, n)); n++)
		json_array_append_new(unused, json_stringn(e->id.at, e->id.len));
	page_put(p, "unused", unused);
}

static enum step_result translations_load(struct flow *f)
{
	(void)page_batch(f);
	return flow_send(f);
}

static enum step_result translations_answer(struct flow *f)
{
	static const char *const states[] = {"MISSING", "UNCONFIRMED", "CONFIRMED"};
	const struct gaelic *g = pages_gaelic(f->worker->process->pages);
	struct str where = flow_query(f, "where"), show = flow_query(f, "show");
	json_t *shows = page_choices(STR("gaelic_state"), states, COUNT(states));
	struct page p = page_begin(f, "What has Gaelic");

	page_crumb(&p, "/", STR("Home"));
	put_places(&p, g);
	if (where.len) {
		page_crumb(&p, "/translations", STR("What has Gaelic"));
		page_put_text(&p, "where", where);
		page_put(&p, "name", page_spaced(arena_str(f->arena, where).at));
		put_messages(&p, g, where, show);
		page_choose(&p, shows, show);
		page_put(&p, "shows", shows);
	} else {
		json_decref(shows);
		put_unused(&p, g);
	}
	return page_end(&p, "translations", PAGE_NOWHERE, 200);
}

const struct flow_step page_translations[] = {
	{"load", translations_load},
	{"answer", translations_answer},
	{0},
};
