/*
 * Public bodies for everybody, found by name and kind; and for those who run the register a form
 * that enters one and one that puts one into a partnership. Their steps are those of
 * /v1/authorities and /v1/cpps (h_authority.c, h_cpp.c); `act` says which.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/register/h_authority.h"
#include "daemon/route/h.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/authority.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; bodies of a page. */
enum { BODIES = PAGE_FRAME + 1, CHOICES };
enum { ROWS = 50, KINDS_MAX = 20 };

/* clang-format off */
static const struct form_row body_rows[] = {
	{"name",            FORM_TEXT,   FORM_NEEDED, .label = "Name"},
	{"name_gd",         FORM_TEXT,   0,           .label = "Name in Gaelic"},
	{"kind",            FORM_CHOICE, FORM_NEEDED, .label = "Kind of public body"},
	{"code",            FORM_TEXT,   FORM_NEEDED | FORM_SHORT, .label = "Code",
	 .hint = "By which programs and lists name it, such as S12000024 or NHS-TAYSIDE. No other public body has it."},
	{"challenge_route", FORM_CHOICE, 0,           .label = "How its decisions are challenged",
	 .hint = "Empty: as its kind has it."},
};
static const struct form_row join_rows[] = {
	{"authority_id", FORM_CHOICE, FORM_NEEDED, .label = "Public body", .choices = "bodies"},
	{"cpp_id",       FORM_CHOICE, FORM_NEEDED, .label = "Partnership", .choices = "cpps"},
};
/* clang-format on */

static const struct form form_body = {body_rows, COUNT(body_rows), &authority_shape, NULL, "b-"};
static const struct form form_join = {join_rows, COUNT(join_rows), &cpp_shape, NULL, "j-"};
static const struct form *const forms[] = {&form_body, &form_join};

static bool is_act(struct flow *f, const char *word)
{
	return str_eq(flow_form(f, "act"), str_of(word));
}

static bool is_operator(const struct flow *f)
{
	return principal_may(f->who, PERM_OPERATE);
}

/* --- shown ---------------------------------------------------------------------------------- */

static struct str wish(struct flow *f, const char *name)
{
	struct str value = str_trim(flow_query(f, name));

	return value.len ? value : (struct str){NULL, 0};
}

static enum step_result list_load(struct flow *f)
{
	struct str name = wish(f, "after_name"), id = wish(f, "after");
	struct db_batch *b = page_batch(f);

	q_page_authorities_add(b, &(struct q_page_authorities){
					  .words = wish(f, "q"),
					  .kind = wish(f, "kind"),
					  .after_name = str_is_null(id) ? id : name,
					  .after_id = str_is_null(name) ? name : id,
					  .take = ROWS + 1,
				  });
	if (is_operator(f))
		q_page_authority_choices_add(b);
	return flow_send(f);
}

static void put_list(struct page *p)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, BODIES);
	struct q_page_authorities_row last;
	struct page_filter filter[4];

	page_put(p, "bodies", items);
	if (q_page_authorities_count(f->got, BODIES) <= ROWS ||
	    q_page_authorities_row(f->got, BODIES, ROWS - 1, &last) < 0)
		return;
	json_array_remove(items, ROWS);
	filter[0] = (struct page_filter){"q", flow_query(f, "q")};
	filter[1] = (struct page_filter){"kind", flow_query(f, "kind")};
	filter[2] = (struct page_filter){"after_name", last.name};
	filter[3] = (struct page_filter){"after", last.id};
	page_put_text(p, "next", page_address(f->arena, "/authorities", filter, COUNT(filter)));
}

static void put_filters(struct page *p)
{
	struct flow *f = p->flow;
	struct str rest = STR(AUTHORITY_KINDS);
	const char *code[KINDS_MAX];
	json_t *kinds;
	size_t n = 0;

	while (rest.len && n < COUNT(code)) {
		struct str word = arena_str(f->arena, str_cut(rest, ' ', &rest));

		code[n++] = word.at ? word.at : "";
	}
	kinds = page_choices(STR("kind"), code, n);
	page_choose(p, kinds, flow_query(f, "kind"));
	page_put(p, "kinds", kinds);
	page_put_text(p, "q", flow_query(f, "q"));
	page_put(p, "is_found", json_boolean(flow_query(f, "q").len || flow_query(f, "kind").len));
}

/* A form's questions, with what was typed where it was this one that was refused. */
static void put_form(struct page *p, const char *key, const struct form *form, const char *act,
		     const json_t *choices)
{
	bool is_sent = flow_rescued(p->flow) && is_act(p->flow, act);
	json_auto_t *sent = is_sent ? form_sent(p, form) : NULL;

	page_put(p, key, json_pack("{s:o}", "fields", form_fields(p, form, NULL, choices, sent)));
}

static void put_forms(struct page *p)
{
	struct flow *f = p->flow;
	json_auto_t *choices = page_item(f, CHOICES);

	put_form(p, "form_body", &form_body, "ADD", NULL);
	if (json_array_size(json_object_get(choices, "cpps")))
		put_form(p, "form_join", &form_join, "JOIN", choices);
	if (!flow_rescued(f))
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, forms, COUNT(forms), "main-content"));
}

static enum step_result list_answer(struct flow *f)
{
	struct page p = page_begin(f, "Public bodies");

	page_crumb(&p, "/", STR("Home"));
	put_list(&p);
	put_filters(&p);
	page_put(&p, "may_add", json_boolean(is_operator(f)));
	if (is_operator(f))
		put_forms(&p);
	return page_end(&p, "authorities", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_authorities[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

/* --- sent ----------------------------------------------------------------------------------- */

static enum step_result body_read(struct flow *f)
{
	int r = form_read(f, &form_body);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* What it still has not: the schedules of the Act in which it stands. */
static enum step_result body_made(struct flow *f)
{
	struct str id = flow_stored_id(f);
	return page_redirect(f,
			     arena_fmt(f->arena, "/authorities/%.*s/settings", (int)id.len, id.at));
}

/* Who joins what. */
struct join_state {
	struct str cpp_id, authority_id;
};

static struct str chosen(struct flow *f, const char *field)
{
	struct str id = shape_form_id(flow_form(f, field), f->arena);

	if (!id.len)
		h_flaw(f, field, "REQUIRED", STR("None is chosen."),
		       STR("Choose one of the list."));
	return id;
}

static enum step_result join_load(struct flow *f)
{
	struct join_state *s = f->state = ARENA_NEW(f->arena, struct join_state);
	int r = s ? 0 : ERR_NOMEM;

	if (r == 0) {
		*s = (struct join_state){chosen(f, "cpp_id"), chosen(f, "authority_id")};
		r = flaws_err(&f->flaws);
	}
	if (r < 0)
		return flow_fail(f, r);
	q_cpp_load_add(flow_batch(f),
		       &(struct q_cpp_load){
			       .id = s->cpp_id,
			       .partners = db_text_array(f->arena, &s->authority_id, 1),
		       });
	return flow_send(f);
}

/* The partners there are and this one, as the API takes them: nobody is taken out by a list that
 * was shown before. */
static json_t *joined(struct flow *f, const struct q_cpp_load_row *row)
{
	const struct join_state *s = f->state;
	struct str id = s->authority_id;
	json_auto_t *fields = json_loadb(row->fields.at, row->fields.len, 0, NULL);
	json_t *partners = json_incref(json_object_get(fields, "partners")), *one;
	size_t i;

	if (!json_is_array(partners)) {
		json_decref(partners);
		partners = json_array();
	}
	json_array_foreach (partners, i, one) {
		if (str_eq(str_of(json_string_value(one)), id))
			h_flaw(f, "authority_id", "CONFLICT",
			       STR("This public body is in that partnership already."),
			       STR("Choose another one."));
	}
	(void)json_array_append_new(partners, json_stringn(id.at, id.len));
	return partners;
}

static enum step_result join_read(struct flow *f)
{
	const struct join_state *s = f->state;
	struct q_cpp_load_row row;
	int r = q_cpp_load_one(f->got, 0, &row);

	if (r == 0 && !row.has_version)
		h_unknown(f, "cpp_id");
	if (r == 0 && !str_is_null(row.unknown_partner))
		h_unknown(f, "authority_id");
	if (r == 0)
		r = flaws_err(&f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	f->body = json_pack("{s:o}", "partners", joined(f, &row));
	r = f->body ? flaws_err(&f->flaws) : ERR_NOMEM;
	if (r < 0)
		return flow_fail(f, r);
	f->param = &s->cpp_id; /* the form names it where the path of the API does */
	return STEP_NEXT;
}

static enum step_result join_made(struct flow *f)
{
	const struct join_state *s = f->state;
	return page_redirect(f, arena_fmt(f->arena, "/authorities/%.*s", (int)s->authority_id.len,
					  s->authority_id.at));
}

static const struct flow_step add_steps[] = {
	{"read", body_read},
	{"store", authority_add_store},
	{"answer", body_made},
	{0},
};
static const struct flow_step join_steps[] = {
	{"load", join_load},
	{"read", join_read},
	{"store", cpp_patch_store},
	{"answer", join_made},
	{0},
};

static enum step_result act_begin(struct flow *f)
{
	flow_rescue(f, page_authorities);
	if (is_act(f, "ADD"))
		return flow_become(f, add_steps);
	if (is_act(f, "JOIN"))
		return flow_become(f, join_steps);
	h_flaw(f, "act", "NOT_IN_LIST", STR("This form does not say what is to be done."),
	       STR("Load the page again."));
	return flow_fail(f, flaws_err(&f->flaws));
}

const struct flow_step page_authorities_act[] = {
	{"choose", act_begin},
	{0},
};
