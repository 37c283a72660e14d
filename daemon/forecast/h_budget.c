/*
 * A budget is sent whole: a list of years that takes the place of the one before, which stays to be
 * read. The event that tells of it names no amount, since an authority's other members read events
 * too and a budget for a year with one sale in it is that sale's price.
 */
#include "h_budget.h"

#include "daemon/route/h.h"
#include "h_projection.h"
#include "libassets/base/money.h"
#include "libassets/shape/shape_form.h"
#include "q.h"

enum { NOTE_MAX = 2000 };

int budget_whose(struct flow *f, struct str *ret_authority_id)
{
	struct projector_reader reader = h_reader(f);
	struct str id = flow_query(f, "authority_id");

	if (!id.len)
		id = flow_form(f, "authority_id"); /* of a page's form */
	if (!id.len && !reader.is_everywhere && reader.authorities == 1)
		id = reader.authority_id[0];
	if (!id.len) {
		h_flaw(f, "authority_id", "REQUIRED", STR("Whose budget is not said."),
		       STR("Name one authority."));
		return ERR_QUERY;
	}
	*ret_authority_id = id;
	if (!shape_is_id(id) || !str_starts(id, STR("aut_")))
		return ERR_NOT_FOUND;
	return principal_may_at(f->who, PERM_MONEY_READ, id) ? 0 : ERR_FORBIDDEN;
}

int budget_may_set(const struct flow *f, struct str authority_id)
{
	return principal_may_at(f->who, PERM_BUDGET_WRITE, authority_id) ? 0 : ERR_FORBIDDEN;
}

void budget_load(struct flow *f, struct str authority_id, int32_t wanted, bool has_wanted)
{
	q_budget_load_add(flow_batch(f), &(struct q_budget_load){
						 .authority_id = authority_id,
						 .wanted = wanted,
						 .has_wanted = has_wanted,
					 });
}

/* --- reading ------------------------------------------------------------------------------ */

static json_t *text_json(struct str s)
{
	return s.at ? json_stringn(s.at, s.len) : json_null();
}

static json_t *loaded(struct str text)
{
	return json_loadb(text.at, text.len, 0, NULL);
}

int budget_shown(struct flow *f, int n, struct str authority_id, json_t **ret_answer)
{
	struct q_budget_load_row row;
	int r = q_budget_load_one(f->got, n, &row);

	*ret_answer = NULL;
	if (r < 0)
		return r;
	*ret_answer = json_pack(
		"{s:i, s:b, s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o}}", "version", (int)row.version,
		"is_current", row.version == row.newest, "authority_id", authority_id.at,
		"created_at", text_json(row.created_at), "note", text_json(row.note), "years",
		loaded(row.years), "versions", loaded(row.versions), "links", "self",
		json_sprintf("/v1/projections/budget?authority_id=%s", authority_id.at), "outturn",
		json_sprintf("/v1/projections/outturn?authority_id=%s", authority_id.at));
	return *ret_answer ? 0 : ERR_NOMEM;
}

static enum step_result show_load(struct flow *f)
{
	struct str authority_id;
	int32_t version = 0;
	bool is_given = false;
	int r = budget_whose(f, &authority_id);

	if (r == 0)
		r = h_version(f, STR("Send the number of one."), &version, &is_given);
	if (r < 0)
		return flow_fail(f, r);
	budget_load(f, authority_id, version, is_given);
	return flow_send(f);
}

/* The list of versions moves under one that stays. Version 0 is no row that a change could name. */
static bool tag(struct flow *f, const json_t *answer)
{
	int version = (int)json_integer_value(json_object_get(answer, "version"));
	size_t all = json_array_size(json_object_get(answer, "versions"));
	struct str view = arena_fmt(f->arena, "f%zu", all);

	if (str_is_null(view))
		return false;
	return version ? flow_etag(f, version, view.at) : flow_etag_weak(f, view);
}

static enum step_result show_answer(struct flow *f)
{
	json_auto_t *answer = NULL;
	struct str authority_id;
	int r = budget_whose(f, &authority_id);

	if (r == 0)
		r = budget_shown(f, 0, authority_id, &answer);
	if (r < 0)
		return flow_fail(f, r);
	return tag(f, answer) ? STEP_DONE : h_answer_json(f, answer);
}

const struct flow_step flow_budget_show[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- setting ------------------------------------------------------------------------------ */

void budget_check_note(struct flow *f, const char *field, struct str note)
{
	if (!str_trim(note).len)
		h_flaw(f, field, "REQUIRED", STR("It is not said where it is from."),
		       STR("Name the paper or the meeting that set it."));
	else if (note.len > NOTE_MAX)
		h_flaw(f, field, "WRONG_LENGTH", STR("This is longer than 2000 bytes."),
		       STR("Say it in fewer words."));
}

/* {"years", "note"} and nothing else. */
static int decode_json(struct flow *f, struct budget_flow *s)
{
	const char *name;
	json_t *value;
	int r = flow_body(f);

	if (r < 0)
		return r;
	value = wire_member(f->body, "note");
	if (json_is_string(value))
		s->note = (struct str){json_string_value(value), json_string_length(value)};
	else if (value)
		h_flaw(f, "note", "WRONG_TYPE", STR("This is not a text."), STR("Send a text."));
	value = wire_member(f->body, "years");
	if (!value)
		h_flaw(f, "years", "REQUIRED", STR("There are no years."),
		       STR("Send them as a list; an empty one takes the budget away."));
	r = budget_read(value, &WIRE_KEY(&WIRE_TOP, "years"), &f->flaws, &s->budget);
	json_object_foreach (f->body, name, value) {
		if (strcmp(name, "years") != 0 && strcmp(name, "note") != 0)
			wire_flaw(&f->flaws, &WIRE_KEY(&WIRE_TOP, name), STR("UNKNOWN_FIELD"),
				  STR("This is not one of its fields."),
				  STR("Send years and note."));
	}
	return r == ERR_INVALID ? 0 : r; /* all faults are told together */
}

static int decode_csv(struct flow *f, struct budget_flow *s)
{
	int r = flow_body_type(f, STR("text/csv"));

	s->note = flow_query(f, "note");
	if (r == 0 && !str_is_utf8(f->request->body)) {
		flow_detail(f, STR("The file is not UTF-8, or holds a NUL."));
		r = ERR_INVALID;
	}
	if (r == 0)
		r = budget_read_csv(f->request->body, &f->flaws, &s->budget);
	return r;
}

static bool is_csv(const struct flow *f)
{
	return str_starts(http_field_get(f->request, STR("content-type")), STR("text/csv"));
}

static enum step_result put_read(struct flow *f)
{
	struct budget_flow *s = f->state = ARENA_NEW(f->arena, struct budget_flow);
	int r = s ? budget_whose(f, &s->authority_id) : ERR_NOMEM;

	if (r == 0)
		r = budget_may_set(f, s->authority_id);
	if (r == 0)
		r = is_csv(f) ? decode_csv(f, s) : decode_json(f, s);
	if (r < 0)
		return flow_fail(f, r);
	budget_check_note(f, is_csv(f) ? "?note" : "note", s->note);
	return f->flaws.count ? flow_fail(f, flaws_err(&f->flaws)) : budget_put_ask(f);
}

enum step_result budget_put_ask(struct flow *f)
{
	const struct budget_flow *s = f->state;

	budget_load(f, s->authority_id, 0, false);
	return flow_send(f);
}

static int add_version(struct flow *f, const json_t *years, int32_t seen)
{
	struct budget_flow *s = f->state;
	json_auto_t *told = json_pack("{s:s, s:i, s:s%, s:i}", "authority_id", s->authority_id.at,
				      "version", (int)seen + 1, "note", s->note.at, s->note.len,
				      "year_count", (int)s->budget.count);
	struct str data = h_text(f, told), text = h_text(f, years);

	if (!data.at || !text.at)
		return ERR_NOMEM;
	q_budget_put_add(flow_batch(f), &(struct q_budget_put){
						.authority_id = s->authority_id,
						.seen = seen,
						.years = text,
						.note = s->note,
						.stale = h_stale(f),
					});
	s->event_id = h_change(
		f, &(struct h_change){
			   .type = "budget.changed",
			   .subject = arena_fmt(f->arena, "bud_%s", s->authority_id.at + 4),
			   .seq = seen + 1,
			   .authority_id = s->authority_id,
			   .data = data,
			   .is_hidden = true,
		   });
	s->is_stored = true;
	return 0;
}

enum step_result budget_put_store(struct flow *f)
{
	struct budget_flow *s = f->state;
	struct q_budget_load_row row;
	json_auto_t *years = budget_json(&s->budget), *stands = NULL;
	int r = years ? q_budget_load_one(f->got, 0, &row) : ERR_NOMEM;

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	stands = loaded(row.years);
	/* What stands already is not a version more. */
	if (row.version && json_equal(stands, years))
		s->event_id = arena_str(f->arena, row.event_id);
	else
		r = add_version(f, years, row.version);
	if (r < 0)
		return flow_fail(f, r);
	budget_load(f, s->authority_id, 0, false);
	return flow_send(f);
}

static enum step_result put_answer(struct flow *f)
{
	const struct budget_flow *s = f->state;
	json_auto_t *answer = NULL;
	int r = budget_shown(f, s->is_stored ? 2 : 0, s->authority_id, &answer);

	if (r < 0)
		return flow_fail(f, r);
	(void)tag(f, answer);
	return h_answer_put(f, answer, s->event_id);
}

const struct flow_step flow_budget_put[] = {
	{"read", put_read},
	{"store", budget_put_store},
	{"answer", put_answer},
	{0},
};
