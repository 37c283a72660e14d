/*
 * What the forecast is worked out with: every parameter with its value, default, range and where
 * the default is from, growth by year apart, and the versions. An operator, or an authority's
 * FINANCE for its own rows, sets one value or loads a series, and may look first what would change.
 *
 * The form goes the steps of the API (h_parameter.c). One that was refused, or whose effect is
 * shown, comes back with what was typed.
 */
#include <stdlib.h>

#include "beside.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/forecast/h_parameter.h"
#include "daemon/forecast/parameter_value.h"
#include "daemon/forecast/parameter_words.h"
#include "daemon/route/h.h"
#include "dress.h"
#include "libassets/projection/parameter_list.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { LOADED = PAGE_FRAME + 1, COUNTS };
enum { LAID_MAX = 16 * 1024, NAME_MAX_BYTES = 1024 };

/* --- shown -------------------------------------------------------------------------------- */

/* What outcomes suggest is for those who set parameters of the register. */
static bool shows_calibration(struct flow *f, struct str authority_id)
{
	return !authority_id.len && !flow_query(f, "version").len &&
	       principal_may(f->who, PERM_PARAMETER_WRITE);
}

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
	if (shows_calibration(f, authority_id))
		calibration_ask(f);
	return flow_send(f);
}

/* What the row's parameter is called. */
static void put_name(struct page *p, json_t *row)
{
	CLEANUP(buf_done) struct buf words = BUF(NAME_MAX_BYTES);

	parameter_words(&words, page_text(row, "path"));
	page_put_in(p, row, "name", json_stringn(words.at ? words.at : "", words.len));
}

/* A value of the row's parameter as people say it; of a list that has a name, with what is typed.
 */
static void put_value(struct page *p, json_t *row, const char *key)
{
	CLEANUP(buf_done) struct buf words = BUF(NAME_MAX_BYTES);
	struct str name = str_of(page_text(row, key));

	if (dress_has(STR("slip"), name)) {
		dress_code(&words, STR("slip"), name);
		buf_fmt(&words, " (%s)", name.at);
	} else {
		parameter_value(&words, page_text(row, "path"), json_object_get(row, key));
	}
	page_put_in(p, row, key, json_stringn(words.at ? words.at : "", words.len));
}

/* An end that is the last number there is says nothing. */
static void put_range(struct page *p, json_t *row)
{
	const json_t *min = json_object_get(row, "min"), *max = json_object_get(row, "max");
	bool is_open = json_integer_value(max) == INT64_MAX;
	bool is_fixed = json_is_integer(min) && json_equal(min, max);

	page_put_in(p, row, "has_range",
		    json_boolean(json_is_integer(min) &&
				 !(is_open && json_integer_value(min) == INT64_MIN)));
	page_put_in(p, row, "is_open", json_boolean(is_open));
	page_put_in(p, row, "is_fixed", json_boolean(is_fixed));
}

/* A list is typed as programs have it, so it stands so too. */
static void put_list(struct page *p, json_t *row)
{
	const json_t *value = json_object_get(row, "value");
	char *text = json_is_array(value) ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	if (text)
		page_put_in(p, row, "list", json_string(text));
	free(text);
}

/* The rows, those of growth by year in a table of their own. */
static void put_rows(struct page *p, json_t *rows)
{
	static const char *const said[] = {"value", "default", "min", "max"};
	json_t *plain = json_array(), *growth = json_array(), *row;
	struct str chosen = flow_form(p->flow, "path");
	size_t i;

	json_array_foreach (rows, i, row) {
		const char *path = page_text(row, "path");
		bool is_same =
			json_equal(json_object_get(row, "value"), json_object_get(row, "default"));

		put_name(p, row);
		page_put_in(p, row, "is_set", json_boolean(!is_same));
		page_put_in(p, row, "is_chosen", json_boolean(str_eq(str_of(path), chosen)));
		put_range(p, row);
		page_put_in(p, row, "has_source", json_boolean(*page_text(row, "source")));
		put_list(p, row);
		for (size_t k = 0; k < COUNT(said); k++)
			put_value(p, row, said[k]);
		if (json_array_append(strstr(path, "/growth/") ? growth : plain, row) && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "rows", plain);
	page_put(p, "growth", growth);
}

/* What the totals would become; null when the projector did not answer in time. */
static void put_totals(struct page *p, json_t *preview)
{
	json_t *totals = json_object_get(preview, "totals"), *item;
	size_t i;

	page_put(p, "has_totals", json_boolean(json_is_object(totals)));
	page_put(p, "is_late", json_boolean(json_is_null(totals)));
	json_array_foreach (json_object_get(totals, "items"), i, item) {
		const char *year = page_text(item, "year");

		page_put_in(p, item, "is_said", json_true());
		if (strncmp(year, "ACTUAL:", 7) == 0)
			page_put_in(p, item, "label", json_sprintf("%s, come in so far", year + 7));
		else
			page_put_in(p, item, "label",
				    json_string(strcmp(year, "BEYOND") == 0 ? "Later" : year));
		page_put_in(p, item, "is_same",
			    json_boolean(json_equal(json_object_get(item, "was"),
						    json_object_get(item, "would_be"))));
	}
	page_put(p, "totals", totals ? json_incref(totals) : json_null());
}

/* Which of the three forms was sent. */
static bool is_laid(struct flow *f)
{
	return flow_form(f, "laid").len > 0;
}

static bool is_series(struct flow *f)
{
	return !is_laid(f) && (flow_form(f, "series").len || flow_form(f, "file").len);
}

/* A field of them, by its id, and what it is called. */
static const struct field {
	struct str id;
	const char *label;
} path_field = {STR_INIT("path"), "Parameter"}, value_field = {STR_INIT("value"), "Value"},
  note_field = {STR_INIT("note"), "Why"}, laid_field = {STR_INIT("laid-note"), "Why"},
  series_field = {STR_INIT("series"), "Series"}, area_field = {STR_INIT("area"), "Area"},
  file_field = {STR_INIT("file"), "The file"},
  source_field = {STR_INIT("series-note"), "Where it is from"};

/* The one that something is wrong with. */
static const struct field *field_of(struct flow *f, struct str pointer)
{
	bool is_note = str_eq(pointer, STR("/note"));

	if (is_laid(f))
		return &laid_field;
	if (is_series(f)) {
		if (str_eq(pointer, STR("/series")))
			return &series_field;
		if (str_eq(pointer, STR("/area")))
			return &area_field;
		return is_note ? &source_field : &file_field;
	}
	if (str_eq(pointer, STR("/path")))
		return &path_field;
	return is_note ? &note_field : &value_field;
}

/* Where within the field: a line of the file, or one of several parameters. */
static struct str place_of(struct flow *f, struct str pointer)
{
	static const struct str lines = STR_INIT("/lines/"), params = STR_INIT("/params");
	CLEANUP(buf_done) struct buf words = BUF(NAME_MAX_BYTES);

	if (str_starts(pointer, lines))
		return arena_fmt(f->arena, "Line %.*s: ", (int)(pointer.len - lines.len),
				 pointer.at + lines.len);
	if (!str_starts(pointer, params) || (!is_laid(f) && !is_series(f)))
		return STR("");
	pointer = arena_str(f->arena,
			    (struct str){pointer.at + params.len, pointer.len - params.len});
	if (pointer.at)
		parameter_words(&words, pointer.at);
	buf_str(&words, STR(": "));
	return arena_str(f->arena, buf_view(&words));
}

/* What is wrong with what was sent, beside its fields and in the list that leads there. */
static void put_wrongs(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		const struct flaw *w = &f->flaws.at[i];
		const struct field *field = field_of(f, w->pointer);
		struct str place = place_of(f, w->pointer);

		page_wrong(p, wrongs, field->id, field->label,
			   arena_fmt(f->arena, "%.*s%.*s %.*s", (int)place.len, place.at,
				     (int)w->detail.len, w->detail.at, (int)w->cure.len,
				     w->cure.at));
	}
	if (flow_rescued(f) && !json_array_size(wrongs))
		page_wrong(p, wrongs, field_of(f, STR(""))->id, NULL,
			   STR("Somebody else has changed the parameters meanwhile: "
			       "they are shown as they now are."));
	page_put(p, "wrongs", wrongs);
}

/* What was typed, into the form that it was typed into. */
static void put_typed(struct page *p)
{
	struct flow *f = p->flow;
	const char *note = is_laid(f)     ? "typed_reason"
			   : is_series(f) ? "typed_source"
					  : "typed_note";

	for (const char *const *name =
		     (const char *const[]){"value", "series", "area", "file", NULL};
	     *name; name++)
		page_put_text(p, arena_fmt(f->arena, "typed_%s", *name).at, flow_form(f, *name));
	page_put_text(p, note, flow_form(f, "note"));
}

/* The parameter as it now stands, and as it was typed. */
static void put_beside(struct page *p)
{
	json_t *row;
	size_t i;

	json_array_foreach (json_object_get(p->data, "rows"), i, row) {
		if (json_is_true(json_object_get(row, "is_chosen")))
			beside_put_text(p, page_text(row, "name"), "#value",
					str_of(page_text(row, "value")),
					flow_form(p->flow, "value"));
	}
}

/* What the form had, and what is wrong with it or what it would do. */
static void put_form(struct page *p)
{
	struct flow *f = p->flow;
	const struct parameter_flow *s = f->state;
	json_auto_t *preview = NULL;
	json_t *changes, *one;
	size_t i;

	put_wrongs(p);
	put_typed(p);
	if (flow_rescued(f) == ERR_STALE)
		put_beside(p);
	if (!s || !s->shown.at)
		return;
	preview = json_loadb(s->shown.at, s->shown.len, 0, NULL);
	changes = json_object_get(preview, "changes");
	json_array_foreach (changes, i, one) {
		put_name(p, one);
		put_value(p, one, "old");
		put_value(p, one, "new");
	}
	page_put(p, "is_preview", json_true());
	page_put_text(p, "previewed_laid", s->laid);
	put_totals(p, preview);
	page_put(p, "changes", json_incref(changes));
	page_put(p, "loaded", json_incref(json_object_get(preview, "series")));
}

/* The suggestions, and as lines those that would change something: they are what a button applies.
 */
static void put_calibration(struct page *p, const json_t *answer)
{
	CLEANUP(buf_done) struct buf laid = BUF(LAID_MAX);
	json_t *calibration = json_object_get(answer, "calibration");
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(calibration, "items"), i, one) {
		const json_t *ppm = json_object_get(one, "suggested_ppm");

		put_name(p, one);
		if (json_is_integer(ppm) && !json_equal(ppm, json_object_get(one, "current_ppm")))
			buf_fmt(&laid, "%s=%lld\n", page_text(one, "path"),
				(long long)json_integer_value(ppm));
		put_value(p, one, "current_ppm");
		put_value(p, one, "default_ppm");
		put_value(p, one, "suggested_ppm");
	}
	page_put(p, "calibration", calibration ? json_incref(calibration) : json_null());
	page_put_text(p, "laid", buf_view(&laid));
	page_put(p, "has_laid", json_boolean(laid.len > 0));
}

static enum step_result show_answer(struct flow *f)
{
	struct str authority_id = STR("");
	json_auto_t *answer = NULL;
	struct page p;
	struct parameter_at at;
	int r = parameter_shown(f, LOADED, &answer, &at);

	if (r == 0)
		r = parameter_whose(f, &authority_id);
	if (r == 0 && shows_calibration(f, authority_id))
		r = calibration_put(f, COUNTS, answer);
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
	page_put_text(&p, "authority_id", authority_id);
	page_put(&p, "is_own", json_boolean(authority_id.len));
	page_put(&p, "json_twin",
		 json_incref(json_object_get(json_object_get(answer, "links"), "self")));
	page_put(&p, "may_set",
		 json_boolean(json_is_true(json_object_get(answer, "is_current")) &&
			      parameter_may_set(f, authority_id) == 0));
	put_calibration(&p, answer);
	put_form(&p);
	return page_end(&p, "parameters", PAGE_FORECAST, flow_rescued_status(f));
}

const struct flow_step page_parameters[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- sent --------------------------------------------------------------------------------- */

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
	s->laid = str_trim(flow_form(f, "laid"));
	if (s->laid.len)
		return 0;
	s->path = flow_form(f, "path");
	s->value = parameter_typed(s->path.len ? s->path.at : "", flow_form(f, "value"));
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

/* What it would change goes back to the form with what was typed; the totals are asked for first.
 */
static enum step_result look(struct flow *f)
{
	int r = parameter_preview(f);

	if (r < 0)
		return flow_fail(f, r);
	return parameter_totals_may(f) ? parameter_totals_ask(f) : flow_become(f, page_parameters);
}

static enum step_result set_store(struct flow *f)
{
	const struct parameter_flow *s = f->state;

	return s->is_preview ? look(f) : parameter_put_store(f);
}

static enum step_result set_answer(struct flow *f)
{
	const struct parameter_flow *s = f->state;
	struct str to;

	if (s->is_preview)
		return parameter_totals_next(f);
	to = s->authority_id.len
		     ? arena_fmt(f->arena, "/parameters?authority_id=%s", s->authority_id.at)
		     : STR("/parameters");

	return page_redirect(f, to);
}

/* A page without totals says so: what would change of the parameters is worth more than an error.
 */
static enum step_result set_looked(struct flow *f)
{
	int r = parameter_totals_take(f);

	return r == ERR_NOMEM ? flow_fail(f, r) : flow_become(f, page_parameters);
}

const struct flow_step page_parameters_set[] = {
	{"read", set_read},
	{"store", set_store},
	{"answer", set_answer},
	{"looked", set_looked},
	{0},
};
