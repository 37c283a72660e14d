/*
 * What the forecast is worked out with: every parameter with its value, default, range and where
 * the default is from, growth by year apart, and the versions. An operator, or an authority's
 * FINANCE for its own rows, sets one value or loads a series, and may look first what would change.
 *
 * The form goes the steps of the API (h_parameter.c). One that was refused, or whose effect is
 * shown, comes back with what was typed.
 */
#include "flow_rescue.h"
#include "h.h"
#include "h_parameter.h"
#include "libassets/parameter_list.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { LOADED = PAGE_FRAME + 1 };

/* --- shown -------------------------------------------------------------------------------- */

static enum step_result show_load(struct flow *f)
{
	struct str authority_id, text = flow_query(f, "version");
	int64_t version = 0;
	int r = parameter_whose(f, &authority_id);

	if (r == 0 && text.len &&
	    (str_to_i64(text, &version) < 0 || version < 0 || version > INT32_MAX))
		r = ERR_NOT_FOUND;
	if (r < 0)
		return flow_fail(f, r);
	(void)page_batch(f);
	parameter_load(f, authority_id, (int32_t)version, text.len > 0);
	return flow_send(f);
}

/* Lists and flags as text: a template shows texts and numbers alone. */
static void put_words(struct page *p, json_t *row, const char *key)
{
	json_t *value = json_object_get(row, key);
	char *text;

	if (!json_is_array(value) && !json_is_boolean(value) && !json_is_null(value))
		return;
	if (json_is_null(value)) {
		page_put_in(p, row, key, json_string("none"));
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	page_put_in(p, row, key, json_string(text ? text : ""));
	free(text);
}

/* The rows, those of growth by year in a table of their own. */
static void put_rows(struct page *p, json_t *rows)
{
	json_t *plain = json_array(), *growth = json_array(), *row;
	struct str chosen = flow_form(p->flow, "path");
	size_t i;

	json_array_foreach (rows, i, row) {
		const char *path = page_text(row, "path");
		bool is_same =
			json_equal(json_object_get(row, "value"), json_object_get(row, "default"));

		page_put_in(p, row, "is_set", json_boolean(!is_same));
		page_put_in(p, row, "is_chosen", json_boolean(str_eq(str_of(path), chosen)));
		page_put_in(p, row, "has_range",
			    json_boolean(json_is_integer(json_object_get(row, "min"))));
		put_words(p, row, "value");
		put_words(p, row, "default");
		if (json_array_append(strstr(path, "/growth/") ? growth : plain, row) && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "rows", plain);
	page_put(p, "growth", growth);
}

/* What the form had, and what is wrong with it or what it would do. */
static void put_form(struct page *p)
{
	struct flow *f = p->flow;
	const struct parameter_flow *s = f->state;
	json_auto_t *preview = NULL;
	json_t *wrongs = json_array(), *changes, *one;
	size_t i;

	for (i = 0; i < flaws_kept(&f->flaws); i++) {
		const struct flaw *w = &f->flaws.at[i];

		(void)json_array_append_new(wrongs, json_sprintf("%.*s: %.*s %.*s",
								 (int)w->pointer.len, w->pointer.at,
								 (int)w->detail.len, w->detail.at,
								 (int)w->cure.len, w->cure.at));
	}
	if (flow_rescued(f) && !json_array_size(wrongs))
		(void)json_array_append_new(
			wrongs, json_string("Somebody else has changed the parameters meanwhile: "
					    "they are shown as they now are."));
	page_put(p, "wrongs", wrongs);
	for (const char *const *name =
		     (const char *const[]){"value", "note", "series", "area", "file", NULL};
	     *name; name++)
		page_put_text(p, arena_fmt(f->arena, "typed_%s", *name).at, flow_form(f, *name));
	if (!s || !s->shown.at)
		return;
	preview = json_loadb(s->shown.at, s->shown.len, 0, NULL);
	changes = json_object_get(preview, "changes");
	json_array_foreach (changes, i, one) {
		put_words(p, one, "old");
		put_words(p, one, "new");
	}
	page_put(p, "is_preview", json_true());
	page_put(p, "changes", json_incref(changes));
	page_put(p, "loaded", json_incref(json_object_get(preview, "series")));
}

static enum step_result show_answer(struct flow *f)
{
	struct str authority_id;
	json_auto_t *answer = NULL;
	struct page p;
	struct parameter_at at;
	int r = parameter_shown(f, LOADED, &answer, &at);

	if (r == 0)
		r = parameter_whose(f, &authority_id);
	if (r < 0)
		return flow_fail(f, r);
	p = page_begin(f, authority_id.len ? "What our receipts are worked out with"
					   : "What the forecast is worked out with");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	put_rows(&p, json_object_get(answer, "parameters"));
	page_put(&p, "versions", json_incref(json_object_get(answer, "versions")));
	page_put(&p, "version", json_integer(at.version));
	page_put(&p, "is_current", json_incref(json_object_get(answer, "is_current")));
	page_put_text(&p, "meaning", STR(PARAMETER_MEANING));
	page_put_text(&p, "authority_id", authority_id);
	page_put(&p, "is_own", json_boolean(authority_id.len));
	page_put(&p, "json_twin",
		 json_incref(json_object_get(json_object_get(answer, "links"), "self")));
	page_put(&p, "may_set",
		 json_boolean(json_is_true(json_object_get(answer, "is_current")) &&
			      parameter_may_set(f, authority_id) == 0));
	put_form(&p);
	return page_end(&p, "parameters", PAGE_FORECAST,
			flow_rescued(f) ? err_info(flow_rescued(f))->status : 200);
}

const struct flow_step page_parameters[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- sent --------------------------------------------------------------------------------- */

/* A number, a flag or a list as JSON has it, and anything else as the text that it is. */
static json_t *value_of(struct flow *f)
{
	struct str typed = str_trim(flow_form(f, "value"));
	json_t *value;

	if (!typed.len)
		return json_null();
	value = json_loadb(typed.at, typed.len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	return value ? value : json_stringn(typed.at, typed.len);
}

static int read_form(struct flow *f, struct parameter_flow *s)
{
	struct str act = flow_form(f, "act");
	int r = parameter_whose(f, &s->authority_id);

	if (r == 0)
		r = parameter_may_set(f, s->authority_id);
	if (r < 0)
		return r;
	s->is_preview = str_eq(act, STR("LOOK"));
	s->note = flow_form(f, "note");
	s->area = str_trim(flow_form(f, "area"));
	if (!s->is_preview)
		parameter_check_note(f, "note", s->note);
	s->series = str_trim(flow_form(f, "series"));
	if (s->series.len)
		return parameter_series(f, s, flow_form(f, "file"));
	s->path = flow_form(f, "path");
	s->value = value_of(f);
	f->body = json_pack("{s:o}", "value", s->value); /* whose end it is to free it */
	if (!f->body)
		return ERR_NOMEM;
	if (s->path.len < 2 || s->path.at[0] != '/')
		h_flaw(f, "path", "REQUIRED", STR("No parameter is chosen."), STR("Choose one."));
	return 0;
}

static enum step_result set_read(struct flow *f)
{
	struct parameter_flow *s = f->state = ARENA_NEW(f->arena, struct parameter_flow);
	int r = s ? read_form(f, s) : ERR_NOMEM;

	flow_rescue(f, page_parameters);
	if (r == 0 && f->flaws.count)
		r = flaws_err(&f->flaws);
	return r < 0 ? flow_fail(f, r) : parameter_put_ask(f);
}

/* What it would change goes back to the form with what was typed. */
static enum step_result look(struct flow *f)
{
	struct parameter_flow *s = f->state;
	json_auto_t *preview = NULL;
	int32_t version;
	bool is_same;
	int r = parameter_compare(f, &preview, &is_same, &version);
	char *text;

	if (r < 0)
		return flow_fail(f, r);
	text = json_dumps(preview, JSON_COMPACT);
	s->shown = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};
	free(text);
	return s->shown.at ? flow_become(f, page_parameters) : flow_fail(f, ERR_NOMEM);
}

static enum step_result set_store(struct flow *f)
{
	const struct parameter_flow *s = f->state;

	return s->is_preview ? look(f) : parameter_put_store(f);
}

static enum step_result set_answer(struct flow *f)
{
	const struct parameter_flow *s = f->state;
	struct str to = s->authority_id.len ? arena_fmt(f->arena, "/parameters?authority_id=%s",
							s->authority_id.at)
					    : STR("/parameters");

	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

const struct flow_step page_parameters_set[] = {
	{"read", set_read},
	{"store", set_store},
	{"answer", set_answer},
	{0},
};
