/*
 * First the projector is asked for the partnership's receipts by year, and by year and partner, as
 * this reader is shown them; then one statement gives the plans, with the reader's own rights. Who
 * is not shown a partner's part of the partnership is told of all that the partner holds instead,
 * which everybody is told.
 *
 * Of then the projector is not asked: it knows what is so now, and the receipts of a day are a
 * run's (POST /v1/projections/runs with valid_on and known_at).
 */
#include "h_plans.h"

#include "daemon/export/h_export.h"
#include "daemon/flow/flow_format.h"
#include "daemon/page/page.h"
#include "daemon/projector/projector.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_projection.h"
#include "libassets/clock/quarter.h"
#include "plans_partner.h"
#include "plans_sheet.h"
#include "q.h"

enum { LIMIT = 100, LIMIT_MAX = 500, WITHIN_M = 500, WITHIN_MAX = 5000, FILE_MOST = 5000 };

static struct str given(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static int read_number(struct flow *f, const char *name, int32_t usual, int32_t most, int32_t *ret)
{
	struct str text = given(f, name);
	int64_t n = usual;

	if (!str_is_null(text) && (str_to_i64(text, &n) < 0 || n < 1 || n > most)) {
		h_flaw(f, name, "OUT_OF_RANGE", STR("It cannot be that."),
		       arena_fmt(f->arena, "Send a whole number from 1 to %d.", most));
		return ERR_QUERY;
	}
	*ret = (int32_t)n;
	return 0;
}

/* "2027-06-15.ast_…", or "-.ast_…" behind which only requests without a plan are. */
static int read_after(struct flow *f, struct str after, struct str *ret_on, struct str *ret_id)
{
	struct str rest = after, on = str_cut(after, '.', &rest);
	struct day day;

	*ret_on = *ret_id = (struct str){NULL, 0};
	if (str_is_null(after))
		return 0;
	*ret_id = rest;
	if (rest.len == 30 && str_starts(rest, STR("ast_")) && str_eq(on, STR("-")))
		return 0;
	*ret_on = on;
	if (rest.len == 30 && str_starts(rest, STR("ast_")) && day_parse(on, &day) == 0)
		return 0;
	h_flaw(f, "after", "NOT_ONE_OF", STR("It cannot be that."),
	       STR("Send what `next` of the last answer has."));
	return ERR_QUERY;
}

static int read_year(struct flow *f, struct str year, struct str *ret_from, struct str *ret_until)
{
	int32_t fy;

	*ret_from = *ret_until = (struct str){NULL, 0};
	if (str_is_null(year))
		return 0;
	if (fy_parse(year, &fy) < 0) {
		h_flaw(f, "year", "NOT_ONE_OF", STR("That is no financial year."),
		       STR("Send one as 2027-28."));
		return ERR_QUERY;
	}
	*ret_from = arena_fmt(f->arena, "%04d-04-01", fy);
	*ret_until = arena_fmt(f->arena, "%04d-03-31", fy + 1);
	return 0;
}

/* A page is for people, and the file that it leads to is made by the page, which knows who is
 * signed in. */
static int read_as(struct flow *f, struct plans_flow *p)
{
	struct str as = given(f, "as");

	p->is_guarded = true;
	if (str_eq(as, STR("csv")))
		p->type = STR(EXPORT_CSV);
	else if (str_eq(as, STR("xlsx")))
		p->type = STR(EXPORT_XLSX);
	else if (!str_is_null(as))
		h_flaw(f, "as", "NOT_ONE_OF", STR("There is no such file."),
		       STR("Send csv or xlsx, or nothing for the page."));
	return f->flaws.count ? ERR_QUERY : 0;
}

/* A page's twin comes as JSON or as a file of all of them. */
static int read_format(struct flow *f, struct plans_flow *p)
{
	struct str guard = given(f, "guard");
	bool is_unguarded = str_eq(guard, STR("no"));

	if (f->route->flags & ROUTE_PAGE)
		return read_as(f, p);
	if (!str_is_null(guard) && !is_unguarded && !str_eq(guard, STR("yes"))) {
		h_flaw(f, "guard", "NOT_ONE_OF", STR("It is guarded against formulas or not."),
		       STR("Send yes or no."));
		return ERR_QUERY;
	}
	p->is_guarded = !is_unguarded;
	return flow_format(f, &p->type);
}

bool plans_is_file(const struct plans_flow *p)
{
	return str_eq(p->type, STR(EXPORT_CSV)) || str_eq(p->type, STR(EXPORT_XLSX));
}

static int read_query(struct flow *f, struct plans_flow *p)
{
	struct str unused[2];
	int r = read_format(f, p);

	if (r == 0)
		r = read_number(f, "within_m", WITHIN_M, WITHIN_MAX, &p->within_m);

	if (r == 0)
		r = read_number(f, "limit", plans_is_file(p) ? FILE_MOST : LIMIT,
				plans_is_file(p) ? FILE_MOST : LIMIT_MAX, &p->limit);
	if (r == 0)
		r = f->route->flags & ROUTE_PAGE ? as_at_read_page(f, &p->at)
						 : as_at_read(f, &p->at);
	p->year = given(f, "year");
	p->authority_id = given(f, "authority_id");
	p->locality_id = given(f, "locality_id");
	p->after = given(f, "after");
	if (r == 0)
		r = read_year(f, p->year, &unused[0], &unused[1]);
	return r == 0 ? read_after(f, p->after, &unused[0], &unused[1]) : r;
}

static enum step_result ask(struct flow *f, bool is_by_partner, struct str cpp_id)
{
	const struct plans_flow *p = f->state;
	struct projector_question q = {
		.kind = ASK_RECEIPTS,
		.group = GROUP_YEAR,
		.is_by_two = is_by_partner,
		.second = GROUP_AUTHORITY,
		.scenario = SCENARIO_LIKELY,
		.filter = {.cpp_id = cpp_id},
		.reader = h_reader(f),
		.position = p->position,
		.event_id = p->event_id,
	};

	return h_ask(f, &q, PROJECTOR_ANSWER_MS);
}

enum step_result plans_ask(struct flow *f)
{
	const struct plans_flow *p = f->state;
	int r = read_query(f, f->state);

	if (r < 0)
		return flow_fail(f, r);
	return p->at.is_given ? STEP_NEXT : ask(f, false, f->param[0]);
}

/* Keep what the projector has answered. */
static int take_answer(struct flow *f, struct str *ret_answer)
{
	int r = flow_send_err(f);

	if (r < 0)
		return r == ERR_DEADLINE ? ERR_NOT_READY : r;
	*ret_answer = arena_str(f->arena, f->got_mail);
	return ret_answer->at ? 0 : ERR_NOMEM;
}

enum step_result plans_ask_partners(struct flow *f)
{
	struct plans_flow *p = f->state;
	int r;

	if (p->at.is_given)
		return STEP_NEXT;
	r = take_answer(f, &p->receipts);
	return r < 0 ? flow_fail(f, r) : ask(f, true, f->param[0]);
}

enum step_result plans_ask_land(struct flow *f)
{
	struct plans_flow *p = f->state;
	int r;

	if (p->at.is_given)
		return STEP_NEXT;
	r = take_answer(f, &p->by_partner);
	if (r < 0)
		return flow_fail(f, r);
	p->is_all_land = plans_partner_is_withheld(p->by_partner);
	return p->is_all_land ? ask(f, true, (struct str){NULL, 0}) : STEP_NEXT;
}

static void add_plans(struct flow *f, struct db_batch *b)
{
	const struct plans_flow *p = f->state;
	struct q_cpp_plans q = {.cpp_id = f->param[0],
				.authority_id = p->authority_id,
				.locality_id = p->locality_id,
				.within_m = p->within_m,
				.take = p->limit + 1};

	/* Both were read before, by read_query(). */
	(void)!read_year(f, p->year, &q.from_on, &q.until_on);
	(void)!read_after(f, p->after, &q.after_on, &q.after_id);
	if (p->at.is_given)
		q_cpp_plans_at_add(b, &(struct q_cpp_plans_at){.cpp_id = q.cpp_id,
							       .from_on = q.from_on,
							       .until_on = q.until_on,
							       .authority_id = q.authority_id,
							       .locality_id = q.locality_id,
							       .within_m = q.within_m,
							       .after_on = q.after_on,
							       .after_id = q.after_id,
							       .take = q.take,
							       .valid_on = p->at.valid_on,
							       .known_at = p->at.known_at});
	else
		q_cpp_plans_add(b, &q);
}

enum step_result plans_load(struct flow *f)
{
	struct plans_flow *p = f->state;
	int r = p->is_all_land ? take_answer(f, &p->by_partner) : 0;

	if (r < 0)
		return flow_fail(f, r);
	add_plans(f, f->route->flags & ROUTE_PAGE ? page_batch(f) : flow_batch(f));
	return flow_send(f);
}

/* One more was asked for than is shown, to know whether there are more. */
static json_t *next_of(struct flow *f, const char *path, json_t *items)
{
	const struct plans_flow *p = f->state;
	struct str after, within = arena_fmt(f->arena, "%d", p->within_m), address;
	struct str limit = arena_fmt(f->arena, "%d", p->limit);
	const char *on;
	json_t *last;

	if (json_array_size(items) <= (size_t)p->limit)
		return json_null();
	(void)json_array_remove(items, (size_t)p->limit);
	last = json_array_get(items, (size_t)p->limit - 1);
	on = json_string_value(json_object_get(json_object_get(last, "plan"), "planned_on"));
	after = arena_fmt(f->arena, "%s.%s", on ? on : "-",
			  json_string_value(json_object_get(last, "asset_id")));
	address = page_address(f->arena, path,
			       (const struct page_filter[]){{"year", p->year},
							    {"authority_id", p->authority_id},
							    {"locality_id", p->locality_id},
							    {"within_m", within},
							    {"limit", limit},
							    {"valid_on", given(f, "valid_on")},
							    {"known_at", given(f, "known_at")},
							    {"known_on", given(f, "known_on")},
							    {"after", after}},
			       9);
	return json_stringn(address.at, address.len);
}

/* What is expected by year: of then nothing, which null says. */
static int put_receipts(const struct plans_flow *p, json_t *body)
{
	json_t *receipts, *shown;

	if (p->at.is_given)
		return json_object_set_new(body, "receipts", json_null()) < 0 ? ERR_NOMEM : 0;
	receipts = json_loadb(p->receipts.at, p->receipts.len, 0, NULL);
	shown = json_object();
	json_object_set(shown, "as_of", json_object_get(receipts, "as_of"));
	json_object_set(shown, "items", json_object_get(receipts, "items"));
	json_object_set(shown, "totals", json_object_get(receipts, "totals"));
	json_object_set(shown, "told", json_object_get(receipts, "told"));
	json_decref(receipts);
	return json_object_set_new(body, "receipts", shown) < 0 ? ERR_NOMEM : 0;
}

static int read_body(struct flow *f, int statement, json_t **ret_body)
{
	const struct plans_flow *p = f->state;
	struct q_cpp_plans_row now = {0};
	struct q_cpp_plans_at_row then = {0};
	int r = p->at.is_given ? q_cpp_plans_at_one(f->got, statement, &then)
			       : q_cpp_plans_one(f->got, statement, &now);
	struct str text = p->at.is_given ? then.body : now.body;

	if (r < 0)
		return r;
	*ret_body = json_loadb(text.at, text.len, 0, NULL);
	return *ret_body ? 0 : ERR_NOMEM;
}

int plans_body(struct flow *f, const char *path, int statement, json_t **ret_body)
{
	const struct plans_flow *p = f->state;
	json_t *body;
	int r = read_body(f, statement, &body);

	if (r < 0)
		return r;
	json_object_set_new(body, "next", next_of(f, path, json_object_get(body, "items")));
	json_object_set_new(body, "within_m", json_integer(p->within_m));
	r = put_receipts(p, body);
	if (r == 0)
		r = plans_partner_put(body, p->by_partner, p->is_all_land);
	if (r < 0)
		json_decref(body);
	else
		*ret_body = body;
	return r;
}

enum step_result plans_file(struct flow *f, const json_t *body)
{
	CLEANUP(buf_done) struct buf out = BUF(PLANS_FILE_MAX);
	const struct plans_flow *p = f->state;
	bool is_book = str_eq(p->type, STR(EXPORT_XLSX));
	struct str day = shape_day_text(f->today, f->arena);
	struct str field = arena_fmt(f->arena, "attachment; filename=\"plans-%.*s.%s\"",
				     (int)day.len, day.at, is_book ? "xlsx" : "csv");
	int r = is_book ? plans_book(&out, body, f->today) : plans_csv(&out, body, p->is_guarded);

	if (r == 0 && json_is_string(json_object_get(body, "next"))) {
		h_flaw(f, "year", "TOO_MANY", STR("These are more plans than one file has."),
		       STR("Narrow them by year, authority_id or locality_id."));
		r = ERR_QUERY;
	}
	if (r == 0 && (!field.at || buf_err(&out) < 0))
		r = ERR_NOMEM;
	if (r < 0)
		return flow_fail(f, r);
	http_reply_field(f->reply, STR("Content-Disposition"), field);
	return flow_answer_as(f, 200,
			      is_book ? p->type : STR("text/csv; charset=utf-8; header=present"),
			      buf_view(&out));
}

static enum step_result plans_answer(struct flow *f)
{
	const struct plans_flow *p = f->state;
	struct str path = arena_fmt(f->arena, "/v1/cpps/%s/plans", f->param[0].at);
	json_t *body;
	int r = plans_body(f, path.at, 0, &body);
	enum step_result done;

	if (r < 0)
		return flow_fail(f, r);
	done = plans_is_file(p) ? plans_file(f, body) : h_answer_json(f, body);
	json_decref(body);
	return done;
}

/* The receipts beside plans come from the projector, which may be behind what the database has. */
static enum step_result plans_event(struct flow *f)
{
	return h_ask_event(f) ? flow_send(f) : STEP_NEXT;
}

static enum step_result plans_ask_with(struct flow *f)
{
	struct plans_flow *p = f->state;
	struct projector_question q = {0};

	h_take_event(f, 0, &q);
	p->position = q.position;
	p->event_id = q.event_id;
	return plans_ask(f);
}

const struct flow_step flow_cpp_plans[] = {
	{"event", plans_event},
	{"ask", plans_ask_with},
	{"partners", plans_ask_partners},
	{"land", plans_ask_land},
	{"load", plans_load},
	{"answer", plans_answer},
	{0},
};
