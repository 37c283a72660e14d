/*
 * What an authority settles for all its cases, and how the 2015 Act reaches it: for its members to
 * read, for its ADMIN to settle, for operators to change its record. Below stands who changed
 * what, from what to what. Who has no role there finds nothing here.
 *
 * The forms go the steps of the API (h_case.c, h_authority.c) and come back here; one that is
 * refused is shown again as it was filled in, and one that met a change by somebody else with what
 * they wrote.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/register/h_authority.h"
#include "daemon/request/h_case.h"
#include "daemon/route/h.h"
#include "libassets/register/authority.h"
#include "libassets/request/case.h"
#include "p.h"
#include "p_asset_form.h"
#include "q.h"

enum { ABOUT = PAGE_FRAME + 1 };
/* Rows of schedules: as many as the API takes, and how many blank ones are offered. */
enum { DUTIES_MAX = 30, ROWS_MORE = 2 };

/* clang-format off */
static const struct form_row setting_rows[] = {
	{"second_person", FORM_TICK,  0, .label = "A decision needs a second person"},
	{"inspect_at",    FORM_LINES, 0, .label = "Where documents can be seen",
	 .hint = "Notices say it. Write the place and when it is open."},
	{"respond_to",    FORM_LINES, 0, .label = "How to make representations",
	 .hint = "Notices say it. Write where to send them."},
};
static const struct form_row record_rows[] = {
	{"name",            FORM_TEXT,   FORM_NEEDED, .label = "Name"},
	{"name_gd",         FORM_TEXT,   0,           .label = "Name in Gaelic"},
	{"kind",            FORM_CHOICE, FORM_NEEDED, .label = "Kind of public body"},
	{"challenge_route", FORM_CHOICE, 0,           .label = "How its decisions are challenged",
	 .hint = "Empty: as its kind has it."},
};
static const struct form_row duty_rows[] = {
	{"schedule", FORM_CHOICE, FORM_NEEDED, .label = "Schedule", .choices = "schedules"},
	{"from_on",  FORM_DAY,    FORM_SHORT,  .label = "First day", .hint = "Empty: from the beginning."},
	{"to_on",    FORM_DAY,    FORM_SHORT,  .label = "Last day", .hint = "Empty: until further notice."},
};
/* clang-format on */

#define FORM(rows, of, ids)                                                                        \
	{                                                                                          \
		rows, COUNT(rows), &of##_shape, NULL, ids                                          \
	}
static const struct form form_setting = FORM(setting_rows, authority_setting, "set-");
static const struct form form_record = FORM(record_rows, authority, "rec-");
#undef FORM

static const struct form *const all_forms[] = {&form_setting, &form_record};

/* The n-th row of schedules as a form of its own: its names begin with "duties_n". */
static struct form duty_form(struct flow *f, size_t n)
{
	struct str part = arena_fmt(f->arena, "duties_%zu", n);

	return (struct form){duty_rows, COUNT(duty_rows), &duty_shape, part.at ? part.at : "duties",
			     "rec-"};
}

static bool is_act(struct flow *f, const char *word)
{
	return str_eq(flow_form(f, "act"), str_of(word));
}

/* --- The schedules ------------------------------------------------------------------------ */

/* The rows that are filled in, as the list of the API; what is no number is a flaw of its row. */
static json_t *read_duties(struct flow *f)
{
	json_t *list = json_array();

	for (size_t n = 0; list && n < DUTIES_MAX; n++) {
		struct form form = duty_form(f, n);
		json_t *one;

		if (form_read(f, &form) < 0)
			break;
		one = json_object_get(f->body, form.part);
		if (json_is_object(one))
			json_array_append(list, one);
		(void)json_object_del(f->body, form.part);
	}
	return list;
}

/* Empty rows may stand anywhere: flaws count the others, and so does what is shown again. */
static size_t put_typed(struct page *p, json_t *rows, const json_t *choices)
{
	size_t count = 0;

	for (size_t i = 0; i < DUTIES_MAX; i++) {
		struct form typed = duty_form(p->flow, i), shown = duty_form(p->flow, count);
		json_auto_t *sent = form_sent(p, &typed);
		const char *key;
		json_t *value;
		bool is_blank = true;

		json_object_foreach (sent, key, value)
			is_blank = is_blank && !json_string_length(value);
		if (is_blank)
			continue;
		json_array_append_new(rows, form_fields(p, &shown, NULL, choices, sent));
		count++;
	}
	return count;
}

/* A text of the list, by which it is known whether a form changed it. */
static struct str duties_text(struct flow *f, const json_t *duties)
{
	char *text = json_dumps(duties, JSON_COMPACT | JSON_SORT_KEYS);
	struct str kept = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};

	free(text);
	return kept;
}

/* What is wrong with a row as a whole, such as that it overlaps another; null when nothing is. */
static json_t *row_wrong(struct flow *f, size_t n)
{
	struct str place = arena_fmt(f->arena, "duties/%zu", n);
	const struct flaw *flaw = page_flaw_at(f, place);

	return flaw ? json_string(page_flaw(f, flaw).at) : json_null();
}

static void put_duties(struct page *p, const json_t *stored, bool is_sent)
{
	static const char *const words[] = {"1: community planning partner",
					    "2: participation requests", "3: asset transfer"};
	struct flow *f = p->flow;
	bool is_typed = is_sent && json_object_get(f->body, "duties");
	json_auto_t *choices = json_object();
	json_t *list = json_array(), *rows = json_array(), *shown = json_array(), *fields;
	size_t count, i;

	for (i = 0; i < COUNT(words); i++)
		json_array_append_new(list,
				      json_pack("{s:o, s:s}", "id", json_sprintf("%zu", i + 1),
						"name", words[i]));
	json_object_set_new(choices, "schedules", list);
	count = is_typed ? put_typed(p, rows, choices) : json_array_size(stored);
	for (i = json_array_size(rows); i < count + ROWS_MORE && i < DUTIES_MAX; i++) {
		struct form form = duty_form(f, i);

		json_array_append_new(rows, form_fields(p, &form,
							is_typed ? NULL : json_array_get(stored, i),
							choices, NULL));
	}
	json_array_foreach (rows, i, fields)
		json_array_append_new(shown,
				      json_pack("{s:I, s:O, s:o}", "number", (json_int_t)i + 1,
						"fields", fields, "row_wrong",
						is_typed ? row_wrong(f, i) : json_null()));
	json_decref(rows);
	page_put(p, "duty_rows", shown);
	page_put_text(p, "duties_were", duties_text(f, stored));
}

/* --- The page ------------------------------------------------------------------------------- */

static enum step_result show_load(struct flow *f)
{
	int64_t seen = 0;

	/* Of a form shown again: what others have changed since it was begun. */
	if (!flow_rescued(f) || str_to_i64(flow_form(f, "seen_version"), &seen) < 0 || seen < 0 ||
	    seen > INT32_MAX)
		seen = INT32_MAX;
	q_page_authority_add(page_batch(f),
			     &(struct q_page_authority){.id = f->param[0],
							.act = is_act(f, "SETTLE") ? STR("SETTLE")
										   : STR("RECORD"),
							.seen = (int32_t)seen});
	return flow_send(f);
}

/* A form's questions as stored or as typed; for who has no form, the answers in words. */
static void put_form(struct page *p, const char *key, const struct form *form, bool is_sent,
		     const json_t *root, const json_t *stored)
{
	json_auto_t *sent = is_sent ? form_sent(p, form) : NULL;

	if (is_sent && flow_rescued(p->flow) == ERR_STALE)
		asset_changes_meet(p, form, sent, stored, json_object_get(root, "changes"), NULL);
	page_put(p, key, json_pack("{s:o}", "fields", form_fields(p, form, stored, NULL, sent)));
}

static void put_answers(struct page *p, const char *key, const struct form *form,
			const json_t *stored)
{
	json_t *list = json_array();

	for (size_t i = 0; i < form->count; i++) {
		CLEANUP(buf_done) struct buf out = BUF(16 * 1024);
		const struct form_row *row = &form->row[i];

		if (row->kind == FORM_TICK)
			buf_str(&out, json_is_true(json_object_get(stored, row->name)) ? STR("yes")
										       : STR("no"));
		else
			form_value(&out, row, json_object_get(stored, row->name));
		if (buf_err(&out) == 0)
			json_array_append_new(list, json_pack("{s:s, s:s%}", "label", row->label,
							      "answer", out.at, out.len));
	}
	page_put(p, key, list);
}

/* What is wrong as a whole, with what others changed meanwhile. */
static void put_refusal(struct page *p, const json_t *root)
{
	struct flow *f = p->flow;
	const struct form *form[COUNT(all_forms) + DUTIES_MAX];
	struct form duty[DUTIES_MAX];
	size_t n = 0;

	if (!flow_rescued(f))
		return;
	for (; n < COUNT(all_forms); n++)
		form[n] = all_forms[n];
	for (size_t i = 0; i < DUTIES_MAX; i++) {
		duty[i] = duty_form(f, i);
		form[n++] = &duty[i];
	}
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, form, n, "main-content"));
	page_put(p, "is_stale", json_boolean(flow_rescued(f) == ERR_STALE));
	page_put(p, "changes",
		 asset_changes_told(json_object_get(root, "changes"), all_forms, COUNT(all_forms)));
}

static void put_all(struct page *p, const struct q_page_authority_row *row, const json_t *root)
{
	struct flow *f = p->flow;
	json_t *setting = json_object_get(root, "setting");
	json_t *authority = json_object_get(root, "authority");
	bool is_settling = flow_rescued(f) && is_act(f, "SETTLE");
	bool is_recording = flow_rescued(f) && is_act(f, "RECORD");

	if (h_may(f, PERM_SETTING_WRITE, f->param[0]) == 0)
		put_form(p, "form_setting", &form_setting, is_settling, root, setting);
	else
		put_answers(p, "setting", &form_setting, setting);
	if (h_may(f, PERM_OPERATE, f->param[0]) == 0)
		put_form(p, "form_record", &form_record, is_recording, root, authority);
	else
		put_answers(p, "record", &form_record, authority);
	put_duties(p, json_object_get(authority, "duties"), is_recording);
	put_refusal(p, root);
	page_put(p, "may_people", json_boolean(h_may(f, PERM_ACCOUNT_WRITE, f->param[0]) == 0));
	page_put(p, "settled", json_integer(row->settled));
	page_put(p, "version", json_integer(row->version));
	page_put(p, "history",
		 asset_changes_told(json_object_get(root, "history"), all_forms, COUNT(all_forms)));
}

static enum step_result show_answer(struct flow *f)
{
	struct q_page_authority_row row;
	int r = q_page_authority_one(f->got, ABOUT, &row);
	json_auto_t *root = NULL;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "Settings of a public body");
	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "authority", json_incref(json_object_get(root, "authority")));
	put_all(&p, &row, root);
	return page_end(&p, "authority", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_authority[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- What is sent --------------------------------------------------------------------------- */

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/authorities/%s/settings", f->param[0].at));
}

static enum step_result setting_read(struct flow *f)
{
	int r = form_read(f, &form_setting);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* The schedules are sent on only where they differ from what the form began with. */
static enum step_result record_read(struct flow *f)
{
	int r = h_may(f, PERM_OPERATE, f->param[0]);
	json_auto_t *duties = NULL;

	if (r == 0)
		r = form_read(f, &form_record);
	if (r < 0)
		return flow_fail(f, r);
	duties = read_duties(f);
	if (!duties)
		return flow_fail(f, ERR_NOMEM);
	if (!str_eq(duties_text(f, duties), flow_form(f, "duties_were")) &&
	    json_object_set(f->body, "duties", duties))
		return flow_fail(f, ERR_NOMEM);
	return STEP_NEXT;
}

static const struct flow_step settle_steps[] = {
	{"read", setting_read},
	{"load", setting_put_load},
	{"store", setting_put_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step record_steps[] = {
	{"read", record_read},
	{"load", authority_patch_load},
	{"store", authority_patch_store},
	{"answer", go_back},
	{0},
};

static enum step_result act_begin(struct flow *f)
{
	flow_rescue(f, page_authority);
	if (is_act(f, "SETTLE"))
		return flow_become(f, settle_steps);
	if (is_act(f, "RECORD"))
		return flow_become(f, record_steps);
	h_flaw(f, "act", "NOT_IN_LIST", STR("This form does not say what is to be done."),
	       STR("Load the page again."));
	return flow_fail(f, flaws_err(&f->flaws));
}

const struct flow_step page_authority_act[] = {
	{"choose", act_begin},
	{0},
};
