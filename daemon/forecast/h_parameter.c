/*
 * Versions of the parameters. A PUT lays down the whole set of changes to the defaults; what it
 * says is read by the model's own reader, so that what is stored can be projected with. Nothing is
 * overwritten: the next version is a row, its event names old and new values, and every projector
 * makes its book anew when it meets that event (projector.c).
 *
 * The one thing that differs between the register's and an authority's rows is struct frame: which
 * reader, which rows.
 */
#include "h_parameter.h"

#include "daemon/route/h.h"
#include "h_parameter_private.h"
#include "libassets/projection/parameter_list.h"
#include "libassets/projection/projection_wire.h"
#include "libassets/shape/shape_form.h"
#include "q.h"

enum {
	ARENA_MAX = 4 << 20,
	EVENT_CHANGES_MAX = 200, /* named in an event; all are counted */
	NOTE_MAX = 2000,
	NAME_MAX_BYTES = 40,
};

/* The subject of the register's; an authority's is named after it. */
#define SUBJECT "par_00000000000000000000000000"

int parameter_whose(struct flow *f, struct str *ret_authority_id)
{
	struct str id = flow_query(f, "authority_id");

	if (str_is_null(id))
		id = flow_form(f, "authority_id"); /* of a page's form */
	*ret_authority_id = (struct str){NULL, 0};
	if (!id.len)
		return 0;
	if (!shape_is_id(id) || !str_starts(id, STR("aut_")))
		return ERR_NOT_FOUND;
	*ret_authority_id = id;
	/* A stranger is not told whether there is such an authority with rows of its own. */
	return principal_may_at(f->who, PERM_SIGNED_IN, id) && f->who->grant_count ? 0
										   : ERR_NOT_FOUND;
}

/* Somebody who acts for its finance; operators as such do not. */
static bool finances(const struct principal *who, struct str authority_id)
{
	for (size_t i = 0; i < who->grant_count; i++) {
		const struct grant *g = &who->grant[i];

		if (g->roles & ROLE_FINANCE &&
		    (!g->authority_id.len || str_eq(g->authority_id, authority_id)))
			return true;
	}
	return false;
}

int parameter_may_set(const struct flow *f, struct str authority_id)
{
	if (!principal_may(f->who, PERM_PARAMETER_WRITE))
		return ERR_FORBIDDEN;
	if (authority_id.len)
		return finances(f->who, authority_id) ? 0 : ERR_FORBIDDEN;
	return f->who->is_operator ? 0 : ERR_FORBIDDEN;
}

static struct str subject_of(struct flow *f, struct str authority_id)
{
	return authority_id.len > 4 ? arena_fmt(f->arena, "par_%s", authority_id.at + 4)
				    : STR(SUBJECT);
}

void parameter_load(struct flow *f, struct str authority_id, int32_t wanted, bool has_wanted)
{
	q_parameter_load_add(flow_batch(f), &(struct q_parameter_load){
						    .authority_id = authority_id,
						    .wanted = wanted,
						    .has_wanted = has_wanted,
					    });
}

/* --- reading ------------------------------------------------------------------------------ */

json_t *parameter_json(struct str text)
{
	return text.at ? json_loadb(text.at, text.len, 0, NULL) : NULL;
}

int parameter_flatten(const struct frame *frame, struct flaws *flaws, json_t **ret_now,
		      json_t **ret_usual)
{
	struct projection_params *p, *usual;
	struct projection_partner partner;
	struct arena arena;
	int r;

	*ret_now = *ret_usual = NULL;
	arena_init(&arena, ARENA_MAX);
	r = parameters_read(frame->model, "params", &arena, flaws, &p);
	if (r == 0)
		r = parameters_read(NULL, "params", &arena, flaws, &usual);
	if (r == 0 && flaws->count)
		r = flaws_err(flaws);
	if (r == 0 && !frame->own) {
		*ret_now = parameters_flat(p);
		*ret_usual = parameters_flat(usual);
	} else if (r == 0) {
		partner = p->partner_default;
		partner.is_local_authority = frame->is_council;
		*ret_usual = parameters_flat_partner(&partner);
		projection_partner_read(&partner, frame->own, &WIRE_KEY(&WIRE_TOP, "params"),
					flaws);
		*ret_now = parameters_flat_partner(&partner);
		r = flaws_err(flaws);
	}
	arena_done(&arena);
	if (r == 0 && (!*ret_now || !*ret_usual))
		r = ERR_NOMEM;
	return r;
}

int parameter_flatten_stored(struct flow *f, const struct frame *frame, json_t **ret_now,
			     json_t **ret_usual)
{
	struct flaws flaws;
	int r;

	flaws_init(&flaws, f->arena);
	r = frame->model ? parameter_flatten(frame, &flaws, ret_now, ret_usual) : ERR_NOMEM;
	return r == ERR_INVALID || r == ERR_RANGE ? ERR_BUG : r;
}

/* Who set it is for those who set such, and for the authority's own people. */
static void hide_actors(struct flow *f, json_t *versions, struct str authority_id)
{
	json_t *one;
	size_t i;

	if (f->who->is_operator || authority_id.len)
		return;
	json_array_foreach (versions, i, one)
		(void)json_object_del(one, "actor");
}

json_t *parameter_text(struct str s)
{
	return s.at ? json_stringn(s.at, s.len) : json_null();
}

int parameter_shown(struct flow *f, int n, json_t **ret_answer, struct parameter_at *ret_at)
{
	struct str authority_id;
	struct q_parameter_load_row row = {0};
	json_auto_t *fields = NULL, *model = NULL, *now = NULL, *usual = NULL;
	struct frame frame;
	json_t *versions;
	bool is_own;
	int r = parameter_whose(f, &authority_id);

	*ret_answer = NULL;
	if (r == 0)
		r = q_parameter_load_one(f->got, n, &row);
	if (r < 0)
		return r;
	is_own = authority_id.len > 0;
	fields = parameter_json(row.fields);
	model = is_own ? parameter_json(row.params) : json_incref(fields);
	frame = (struct frame){model, is_own ? fields : NULL, row.is_council};
	r = parameter_flatten_stored(f, &frame, &now, &usual);
	if (r < 0)
		return r;
	versions = parameter_json(row.versions);
	hide_actors(f, versions, authority_id);
	*ret_at = (struct parameter_at){row.version, row.newest, row.params_version};
	*ret_answer = json_pack(
		"{s:i, s:b, s:o, s:o, s:o, s:s, s:O, s:o, s:o, s:{s:o}}", "version",
		(int)row.version, "is_current", row.version == row.newest, "authority_id",
		parameter_text(authority_id), "created_at", parameter_text(row.created_at), "note",
		parameter_text(row.note), "meaning", PARAMETER_MEANING, "params", fields,
		"parameters", parameters_rows(now, usual), "versions", versions, "links", "self",
		is_own ? json_sprintf("/v1/projections/parameters?authority_id=%s", authority_id.at)
		       : json_string("/v1/projections/parameters"));
	return *ret_answer ? 0 : ERR_NOMEM;
}

int parameter_wants(struct flow *f, const char *name, bool *ret_wants)
{
	struct str word = flow_query(f, name);

	*ret_wants = str_eq(word, STR("yes"));
	if (*ret_wants || !word.len || str_eq(word, STR("no")))
		return 0;
	h_flaw(f, name, "NOT_ONE_OF", STR("It is wanted or not."), STR("Send yes or no."));
	return ERR_QUERY;
}

/* Stages are the register's, and their outcomes for those who set parameters. */
static int wants_calibration(struct flow *f, struct str authority_id, bool *ret_wants)
{
	int r = parameter_wants(f, "calibrate", ret_wants);

	if (r == 0 && *ret_wants && authority_id.len) {
		h_flaw(f, "calibrate", "NOT_TOGETHER", STR("Stages are the register's alone."),
		       STR("Leave authority_id out."));
		return ERR_QUERY;
	}
	return r == 0 && *ret_wants && !principal_may(f->who, PERM_PARAMETER_WRITE) ? ERR_FORBIDDEN
										    : r;
}

static enum step_result show_load(struct flow *f)
{
	struct str authority_id;
	int32_t version = 0;
	bool is_given = false, is_calibrated = false;
	int r = parameter_whose(f, &authority_id);

	if (r == 0)
		r = h_version(f, STR("Send the number of one, 0 for the defaults of the model."),
			      &version, &is_given);
	if (r == 0)
		r = wants_calibration(f, authority_id, &is_calibrated);
	if (r < 0)
		return flow_fail(f, r);
	parameter_load(f, authority_id, version, is_given);
	if (is_calibrated)
		calibration_ask(f);
	return flow_send(f);
}

/*
 * The list of versions and an authority's defaults move under a version that stays, and operators
 * see who it was. True when the client has it. Version 0 is no row that a change could name.
 */
static bool tag(struct flow *f, const struct parameter_at *at)
{
	struct str view = arena_fmt(f->arena, "%s%d.%d", f->who->is_operator ? "o" : "p",
				    (int)at->newest, (int)at->model);

	if (str_is_null(view))
		return false;
	return at->version ? flow_etag(f, at->version, view.at) : flow_etag_weak(f, view);
}

static enum step_result show_answer(struct flow *f)
{
	json_auto_t *answer = NULL;
	struct parameter_at at;
	bool is_calibrated = false;
	int r = parameter_wants(f, "calibrate", &is_calibrated);

	if (r == 0)
		r = parameter_shown(f, 0, &answer, &at);
	if (r == 0 && is_calibrated)
		r = calibration_put(f, 1, answer);
	if (r < 0)
		return flow_fail(f, r);
	/* Outcomes move without a version. */
	return !is_calibrated && tag(f, &at) ? STEP_DONE : h_answer_json(f, answer);
}

const struct flow_step flow_parameters_show[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

int parameter_in_full(struct flow *f, struct str changes, json_t **ret_rows)
{
	json_auto_t *model = str_is_null(changes) ? json_object() : parameter_json(changes);
	json_auto_t *now = NULL, *usual = NULL;
	const struct frame frame = {.model = model};
	int r = parameter_flatten_stored(f, &frame, &now, &usual);

	*ret_rows = r == 0 ? parameters_rows(now, usual) : NULL;
	return r == 0 && !*ret_rows ? ERR_NOMEM : r;
}

/* --- what is sent ------------------------------------------------------------------------- */

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return s.len >= 1 && s.len <= NAME_MAX_BYTES;
}

void parameter_check_note(struct flow *f, const char *field, struct str note)
{
	if (!str_trim(note).len)
		h_flaw(f, field, "REQUIRED", STR("It is not said why."),
		       STR("Say in a sentence why they change: everybody reads it."));
	else if (note.len > NOTE_MAX)
		h_flaw(f, field, "WRONG_LENGTH", STR("This is longer than 2000 bytes."),
		       STR("Say it in fewer words."));
}

bool parameter_is_discount(const struct parameter_flow *s)
{
	return str_eq(s->series, STR("DISCOUNT"));
}

/* Its bands are of no place. */
static int read_bands(struct flow *f, struct parameter_flow *s, struct str file)
{
	if (!s->area.len)
		return discount_csv_read(file, &f->flaws, &s->bands);
	h_flaw(f, "area", "UNKNOWN_FIELD", STR("The discount rate is of no area."),
	       STR("Leave it out."));
	return ERR_INVALID;
}

int parameter_series(struct flow *f, struct parameter_flow *s, struct str file)
{
	struct arena arena;
	int r;

	if (s->authority_id.len || !is_name(s->series)) {
		h_flaw(f, "series", "NOT_ONE_OF", STR("There is no such series."),
		       STR("Send DEFLATOR, DISCOUNT, or the name of an index of the register in "
			   "capitals."));
		return ERR_INVALID;
	}
	if (!str_is_utf8(file)) {
		flow_detail(f, STR("The file is not UTF-8, or holds a NUL."));
		return ERR_INVALID;
	}
	if (parameter_is_discount(s))
		return read_bands(f, s, file);
	arena_init(&arena, ARENA_MAX);
	r = series_csv_read(file, s->area, &arena, &f->flaws, &s->growth);
	arena_done(&arena);
	return r;
}

/* {"params", "note"} and nothing else. */
static int decode_json(struct flow *f, struct parameter_flow *s)
{
	const char *name;
	json_t *value;
	int r = flow_body(f);

	if (r < 0)
		return r;
	s->next = wire_member(f->body, "params");
	value = wire_member(f->body, "note");
	if (json_is_string(value))
		s->note = (struct str){json_string_value(value), json_string_length(value)};
	else if (value)
		h_flaw(f, "note", "WRONG_TYPE", STR("This is not a text."), STR("Send a text."));
	if (!s->next)
		h_flaw(f, "params", "REQUIRED", STR("There are no changes to the defaults."),
		       STR("Send them as an object; an empty one goes back to the defaults."));
	else
		(void)wire_is_object(s->next, &WIRE_KEY(&WIRE_TOP, "params"), &f->flaws);
	json_object_foreach (f->body, name, value) {
		if (strcmp(name, "params") != 0 && strcmp(name, "note") != 0)
			wire_flaw(&f->flaws, &WIRE_KEY(&WIRE_TOP, name), STR("UNKNOWN_FIELD"),
				  STR("This is not one of its fields."),
				  STR("Send params and note."));
	}
	return 0;
}

static enum step_result put_read(struct flow *f)
{
	struct parameter_flow *s = f->state = ARENA_NEW(f->arena, struct parameter_flow);
	int r = s ? parameter_whose(f, &s->authority_id) : ERR_NOMEM;

	if (r == 0)
		r = parameter_may_set(f, s->authority_id);
	if (r == 0) {
		s->series = flow_query(f, "series");
		s->area = flow_query(f, "area");
		s->note = flow_query(f, "note");
		s->is_preview = f->request->method == METHOD_POST;
		if (str_is_null(s->series))
			r = decode_json(f, s);
		else if ((r = flow_body_type(f, STR("text/csv"))) == 0)
			r = parameter_series(f, s, f->request->body);
	}
	if (r < 0)
		return flow_fail(f, r);
	if (!s->is_preview)
		parameter_check_note(f, str_is_null(s->series) ? "note" : "?note", s->note);
	/* With a set to be read all its faults are told together. */
	if (f->flaws.count && !json_is_object(s->next))
		return flow_fail(f, flaws_err(&f->flaws));
	return parameter_put_ask(f);
}

enum step_result parameter_put_ask(struct flow *f)
{
	const struct parameter_flow *s = f->state;

	parameter_load(f, s->authority_id, 0, false);
	return flow_send(f);
}

/* --- storing ------------------------------------------------------------------------------ */

/* What the event tells: who asks for all of many changes reads the version. */
static struct str event_data(struct flow *f, const json_t *preview, int32_t version)
{
	const struct parameter_flow *s = f->state;
	const json_t *all = json_object_get(preview, "changes");
	json_auto_t *told = json_array(), *data = NULL;

	for (size_t i = 0; i < json_array_size(all) && i < EVENT_CHANGES_MAX; i++)
		(void)json_array_append(told, json_array_get(all, i));
	data = json_pack("{s:o, s:i, s:s%, s:i, s:O}", "authority_id",
			 parameter_text(s->authority_id), "version", (int)version, "note",
			 s->note.at, s->note.len, "change_count", (int)json_array_size(all),
			 "changes", told);
	return h_text(f, data);
}

static void add_version(struct flow *f, const json_t *preview, int32_t seen)
{
	struct parameter_flow *s = f->state;
	char *text = json_dumps(s->next, JSON_COMPACT | JSON_SORT_KEYS);

	q_parameter_put_add(
		flow_batch(f),
		&(struct q_parameter_put){
			.authority_id = s->authority_id,
			.seen = seen,
			.fields = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0},
			.note = s->note,
			.stale = h_stale(f),
		});
	free(text);
	s->event_id = h_change(f, &(struct h_change){
					  .type = "parameters.changed",
					  .subject = subject_of(f, s->authority_id),
					  .seq = seen + 1,
					  .authority_id = s->authority_id,
					  .data = event_data(f, preview, seen + 1),
					  .is_hidden = s->authority_id.len > 0,
				  });
	s->is_stored = true;
}

int parameter_preview(struct flow *f)
{
	struct parameter_flow *s = f->state;
	json_auto_t *preview = NULL;
	int32_t version;
	bool is_same;
	int r = parameter_compare(f, &preview, &is_same, &version);

	if (r < 0)
		return r;
	s->shown = h_text(f, preview);
	return s->shown.at ? 0 : ERR_NOMEM;
}

/* With totals the projector is asked, which takes seconds of a large register. */
static enum step_result preview_answer(struct flow *f)
{
	const struct parameter_flow *s = f->state;
	bool has_totals = false;
	int r = parameter_wants(f, "totals", &has_totals);

	if (r == 0 && has_totals && !parameter_totals_may(f))
		r = ERR_FORBIDDEN;
	if (r == 0)
		r = parameter_preview(f);
	if (r < 0)
		return flow_fail(f, r);
	return has_totals ? parameter_totals_ask(f) : flow_answer(f, 200, s->shown);
}

static enum step_result preview_totals(struct flow *f)
{
	const struct parameter_flow *s = f->state;
	int r = parameter_totals_take(f);

	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, s->shown);
}

const struct flow_step flow_parameters_preview[] = {
	{"read", put_read},
	{"answer", preview_answer},
	{"next", parameter_totals_next},
	{"totals", preview_totals},
	{0},
};

enum step_result parameter_put_store(struct flow *f)
{
	struct parameter_flow *s = f->state;
	json_auto_t *preview = NULL;
	int32_t version = 0;
	bool is_same = false;
	int r;

	r = parameter_compare(f, &preview, &is_same, &version);
	if (r == 0)
		r = flow_if_match(f, version);
	if (r < 0)
		return flow_fail(f, r);
	/* What stands already is not a version more, and no book is made anew for it. */
	if (!is_same)
		add_version(f, preview, version);
	parameter_load(f, s->authority_id, 0, false);
	return flow_send(f);
}

static enum step_result put_answer(struct flow *f)
{
	const struct parameter_flow *s = f->state;
	json_auto_t *answer = NULL;
	struct parameter_at at;
	int r = parameter_shown(f, s->is_stored ? 2 : 0, &answer, &at);

	if (r < 0)
		return flow_fail(f, r);
	(void)tag(f, &at);
	return h_answer_put(f, answer, s->event_id);
}

const struct flow_step flow_parameters_put[] = {
	{"read", put_read},
	{"store", parameter_put_store},
	{"answer", put_answer},
	{0},
};
