/*
 * Questions to the projector. What must be included is asked of the database first (min_event),
 * the answer itself comes from memory; a frozen run comes from its table.
 *
 * Waiting is by a ticket: the projector's thread puts its answer into it, and the flow goes on
 * on its own worker. Rights are decided here: of an asset before the question is asked, of sums
 * by what struct projector_reader says of the reader (projector_shown.h).
 */
#include "h_projection.h"

#include "daemon/flow/flow_query.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/projector/projector.h"
#include "daemon/route/as_at.h"
#include "daemon/route/h.h"
#include "h_receipts.h"
#include "libassets/projection/projection_print.h"
#include "q.h"

/* For the projector to answer, its own two seconds of waiting included. */

/* --- what is asked ------------------------------------------------------------------------ */

static bool reads_money(const struct principal *who, size_t i)
{
	return (who->grant[i].roles & permission_roles(PERM_MONEY_READ)) &&
	       (who->scopes & UINT64_C(1) << PERM_MONEY_READ);
}

/* Whose money this caller reads. */
struct projector_reader h_reader(struct flow *f)
{
	const struct principal *who = f->who;
	struct str *id = ARENA_ARRAY(f->arena, who->grant_count + 1, struct str);
	struct projector_reader reader = {.authority_id = id};

	for (size_t i = 0; id && i < who->grant_count; i++) {
		if (!reads_money(who, i))
			continue;
		if (who->grant[i].authority_id.len == 0)
			reader.is_everywhere = true;
		else
			id[reader.authorities++] = who->grant[i].authority_id;
	}
	return reader;
}

struct str h_whose_receipts(struct flow *f)
{
	struct str chosen = flow_query(f, "authority_id");
	struct projector_reader reader = h_reader(f);

	if (str_is_null(chosen) && !reader.is_everywhere && reader.authorities)
		return reader.authority_id[0];
	return chosen.len ? chosen : (struct str){NULL, 0};
}

static void not_one_of(struct flow *f, const char *field, const char *cure)
{
	h_flaw(f, field, "NOT_ONE_OF", STR("There is no such word here."), str_of(cure));
}

static int one_group(struct str word, enum projector_group *ret)
{
	for (enum projector_group g = 0; g < GROUPS; g++) {
		if (str_eq(word, str_of(projector_group_word(g)))) {
			*ret = g;
			return 0;
		}
	}
	return ERR_QUERY;
}

static bool goes_with(enum projector_group one, enum projector_group two)
{
	return one != GROUP_STAGE || two == GROUPS || two == GROUP_YEAR || two == GROUP_QUARTER;
}

/* One dimension or two; in the order that struct projector_question wants of them. */
static int groups_of(struct flow *f, struct projector_question *q)
{
	struct str rest = flow_query(f, "group_by"), first;
	enum projector_group one = GROUP_YEAR, two = GROUPS;
	int r = 0;

	if (str_is_null(rest) && receipts_is_file(f) && str_is_null(flow_query(f, "authority_id")))
		rest = STR(RECEIPTS_FILE_GROUPS);

	if (!str_is_null(rest)) {
		bool has_two = memchr(rest.at, ',', rest.len) != NULL;

		first = str_cut(rest, ',', &rest);
		r = one_group(first, &one);
		if (r == 0 && has_two)
			r = one_group(rest, &two);
	}
	if (r < 0 || one == two || !goes_with(one, two) || !goes_with(two, one)) {
		not_one_of(f, "group_by",
			   "Send one of YEAR, QUARTER, AUTHORITY, CPP, LOCALITY, DECILE, CLASS, "
			   "STAGE, or two different ones with a comma between them; STAGE goes "
			   "with YEAR and QUARTER.");
		return ERR_QUERY;
	}
	/* Time is first among them as they are listed, and of the two of time QUARTER. */
	q->group = one < two ? one : two;
	q->is_by_two = two != GROUPS;
	q->second = one < two ? two : one;
	if (q->group == GROUP_YEAR && q->second == GROUP_QUARTER) {
		q->group = GROUP_QUARTER;
		q->second = GROUP_YEAR;
	}
	return 0;
}

static int scenario_of(struct flow *f, enum projection_scenario *ret)
{
	struct str word = flow_query(f, "scenario");

	*ret = SCENARIO_LIKELY;
	if (str_is_null(word) || projection_scenario_parse(word, ret) == 0)
		return 0;
	not_one_of(f, "scenario", "Send one of BEST, LIKELY, WORST.");
	return ERR_QUERY;
}

enum step_result h_ask(struct flow *f, const struct projector_question *q, int deadline_ms)
{
	struct flow_ticket *ticket = flow_ticket_new(f, deadline_ms);

	if (!ticket)
		return flow_fail(f, ERR_NOMEM);
	projector_ask(f->worker->process->projector, q, ticket);
	return STEP_WAIT;
}

const json_t *receipts_of_year(const json_t *answer, const char *year)
{
	json_t *item;
	size_t i;

	if (!year)
		return json_object_get(answer, "totals");
	json_array_foreach (json_object_get(answer, "items"), i, item) {
		const char *one =
			json_string_value(json_object_get(json_object_get(item, "group"), "year"));

		if (one && strcmp(one, year) == 0)
			return item;
	}
	return NULL;
}

const json_t *receipts_net(const json_t *item, const char *track)
{
	return track ? json_object_get(json_object_get(item, track), "net_pence")
		     : json_object_get(item, "adjustment_pence");
}

static int too_many(struct flow *f, struct str cure)
{
	h_flaw(f, "group_by", "TOO_MANY",
	       STR("More figures would come of these two dimensions than one answer has."), cure);
	return ERR_QUERY;
}

/* What was waited for is a projector that catches up, so the client may ask again. */
int projection_answer_err(struct flow *f)
{
	int err = flow_send_err(f);

	if (err == ERR_LIMIT)
		return too_many(f, STR("Narrow it with authority_id, cpp_id, locality_id or class, "
				       "or ask for YEAR instead of QUARTER."));
	return err == ERR_DEADLINE ? ERR_NOT_READY : err;
}

static enum step_result show_answer(struct flow *f)
{
	int err = projection_answer_err(f);

	return err < 0 ? flow_fail(f, err) : flow_answer(f, 200, f->got_mail);
}

/* Ask where the event stands that the answer must include; its row is number `statement`. */
bool h_ask_event(struct flow *f)
{
	struct str event = flow_query(f, "min_event");

	if (str_is_null(event))
		return false;
	q_event_position_add(flow_batch(f), &(struct q_event_position){.id = event});
	return true;
}

void h_take_event(struct flow *f, int statement, struct projector_question *q)
{
	struct q_event_position_row row;

	if (str_is_null(flow_query(f, "min_event")))
		return;
	if (q_event_position_one(f->got, statement, &row) == 0)
		q->position = row.position;
	else
		q->event_id = flow_query(f, "min_event");
}

/* --- one asset ------------------------------------------------------------------------------ */

enum step_result projection_asset_load(struct flow *f)
{
	q_projection_asset_add(flow_batch(f), &(struct q_projection_asset){.id = f->param[0]});
	(void)h_ask_event(f);
	return flow_send(f);
}

bool h_reads_money(const struct flow *f, struct str lead, struct str input_text)
{
	json_auto_t *input = json_loadb(input_text.at, input_text.len, 0, NULL);
	json_t *owner;
	size_t i;

	if (principal_may_at(f->who, PERM_MONEY_READ, lead))
		return true;
	json_array_foreach (json_object_get(input, "owners"), i, owner) {
		if (principal_may_at(f->who, PERM_MONEY_READ,
				     str_of(json_string_value(json_object_get(owner, "partner")))))
			return true;
	}
	return false;
}

enum step_result projection_asset_ask(struct flow *f)
{
	struct q_projection_asset_row row;
	struct projector_question q = {.kind = ASK_ASSET, .reader = h_reader(f)};
	int r = q_projection_asset_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r == 0 && !h_reads_money(f, row.lead, row.input))
		r = ERR_FORBIDDEN;
	if (r < 0)
		return flow_fail(f, r);
	q.asset_id = row.id;
	q.model_id = row.model_id;
	q.lead = row.lead;
	q.cpp = row.cpp;
	q.locality = row.locality;
	q.class = row.class;
	q.decile = row.decile;
	q.input = row.input;
	h_take_event(f, 1, &q);
	return h_ask(f, &q, PROJECTOR_ANSWER_MS);
}

static enum step_result asset_load(struct flow *f)
{
	if (as_at_is_given(f))
		return flow_become(f, flow_projection_asset_at);
	return projection_asset_load(f);
}

const struct flow_step flow_projection_asset[] = {
	{"load", asset_load},
	{"ask", projection_asset_ask},
	{"answer", show_answer},
	{0},
};

/* --- receipts --------------------------------------------------------------------------------- */

static int question_of(struct flow *f, struct projector_question *q)
{
	int r = receipts_read(f);

	if (r == 0)
		r = groups_of(f, q);

	if (r == 0)
		r = scenario_of(f, &q->scenario);
	q->kind = ASK_RECEIPTS;
	q->filter = (struct projector_filter){
		.authority_id = flow_query(f, "authority_id"),
		.cpp_id = flow_query(f, "cpp_id"),
		.locality_id = flow_query(f, "locality_id"),
		.class = flow_query(f, "class"),
	};
	return r;
}

/* How a run keeps its figures: "" or "authority_id=aut_…". ERR_QUERY: it keeps no such. */
static int kept_filter(struct flow *f, const struct projector_question *q, struct str *ret_filter)
{
	const struct {
		const char *name;
		struct str value;
	} given[] = {
		{"authority_id", q->filter.authority_id},
		{"cpp_id", q->filter.cpp_id},
		{"locality_id", q->filter.locality_id},
		{"class", q->filter.class},
	};
	int count = 0;

	*ret_filter = STR("");
	for (size_t i = 0; i < COUNT(given); i++) {
		if (str_is_null(given[i].value))
			continue;
		*ret_filter = arena_fmt(f->arena, "%s=%s", given[i].name, given[i].value.at);
		count++;
	}
	if (q->group < GROUPS_KEPT && (count == 0 || (count == 1 && q->group == GROUP_YEAR)))
		return 0;
	flow_detail(
		f,
		STR("A frozen run keeps every grouping but STAGE as a whole, and by year "
		    "for one filter. Ask for group_by=YEAR with one filter, or without filters."));
	return ERR_QUERY;
}

static enum step_result run_show(struct flow *f)
{
	struct q_event_position_row event;
	struct q_run_receipts_row row;
	int r = q_run_receipts_one(f->got, 0, &row);

	if (r == ERR_NOT_FOUND)
		flow_detail(f, STR("There is no such run that you may know of, or nothing of it "
				   "that you may read. Of the run that closes a year send the "
				   "authority_id whose money you read. Runs frozen by an "
				   "earlier version lack deciles by year."));
	if (r == 0 && !str_is_null(flow_query(f, "min_event")) &&
	    q_event_position_one(f->got, 1, &event) < 0)
		r = ERR_NOT_READY;
	return r < 0 ? flow_fail(f, r) : receipts_answer(f, row.body);
}

static const struct flow_step flow_run_receipts[] = {
	{"show", run_show},
	{0},
};

/* Of two dimensions a run has what it keeps for each key: the years. */
static enum step_result run_by_show(struct flow *f)
{
	struct q_event_position_row event;
	struct q_run_receipts_by_row row;
	int r = q_run_receipts_by_one(f->got, 0, &row);

	if (r == 0 && str_is_null(row.body))
		r = too_many(f, STR("Ask for group_by=YEAR with one of them as its filter."));
	if (r == 0 && !str_is_null(flow_query(f, "min_event")) &&
	    q_event_position_one(f->got, 1, &event) < 0)
		r = ERR_NOT_READY;
	return r < 0 ? flow_fail(f, r) : receipts_answer(f, row.body);
}

static const struct flow_step flow_run_receipts_by[] = {
	{"show", run_by_show},
	{0},
};

/* The member of an item's group of each dimension of which a run keeps a series for each key. */
static const char *const kept_member[GROUPS] = {
	[GROUP_AUTHORITY] = "authority_id",
	[GROUP_CPP] = "cpp_id",
	[GROUP_LOCALITY] = "locality_id",
	[GROUP_CLASS] = "class",
};

/* ERR_QUERY: a run keeps no such two dimensions. */
static int kept_by_two(struct flow *f, const struct projector_question *q)
{
	const struct projector_filter *w = &q->filter;
	bool is_filtered = w->authority_id.at || w->cpp_id.at || w->locality_id.at || w->class.at;

	if (!is_filtered && q->group == GROUP_YEAR &&
	    (kept_member[q->second] || q->second == GROUP_DECILE))
		return 0;
	flow_detail(f, STR("A frozen run keeps two dimensions where one is YEAR and the other "
			   "AUTHORITY, CPP, LOCALITY, DECILE or CLASS, without filters."));
	return ERR_QUERY;
}

static enum step_result run_load_by(struct flow *f, const struct projector_question *q)
{
	int r = principal_may(f->who, PERM_MONEY_READ) ? kept_by_two(f, q) : ERR_FORBIDDEN;

	if (r < 0)
		return flow_fail(f, r);
	q_run_receipts_by_add(flow_batch(f),
			      &(struct q_run_receipts_by){
				      .run_id = flow_query(f, "run"),
				      .scenario = str_of(projection_scenario_word(q->scenario)),
				      .member = str_of(kept_member[q->second]),
				      .most = PROJECTOR_PAIRS_MAX,
			      });
	(void)h_ask_event(f);
	(void)flow_become(f, flow_run_receipts_by);
	return flow_send(f);
}

/* One set of figures: a grouping, a filter by year, or the years of each decile. */
static enum step_result run_load(struct flow *f, const struct projector_question *q)
{
	struct str filter = STR("");
	int r = !principal_may(f->who, PERM_MONEY_READ) ? ERR_FORBIDDEN
		: q->is_by_two                          ? kept_by_two(f, q)
							: kept_filter(f, q, &filter);

	if (r < 0)
		return flow_fail(f, r);
	q_run_receipts_add(flow_batch(f),
			   &(struct q_run_receipts){
				   .run_id = flow_query(f, "run"),
				   .scenario = str_of(projection_scenario_word(q->scenario)),
				   .grouping_by = q->is_by_two
							  ? STR(PROJECTOR_YEAR_DECILE)
							  : str_of(projector_group_word(q->group)),
				   .filter = filter,
			   });
	(void)h_ask_event(f);
	(void)flow_become(f, flow_run_receipts);
	return flow_send(f);
}

int receipts_check(struct flow *f, struct str question)
{
	struct projector_question q = {0};
	struct str filter;
	void *state = f->state; /* receipts_read has its own */
	int r = flow_query_become(f, question, "");

	f->state = NULL;
	if (r == 0)
		r = question_of(f, &q);
	if (r == 0 && !str_is_null(flow_query(f, "run")))
		r = q.is_by_two ? kept_by_two(f, &q) : kept_filter(f, &q, &filter);
	f->state = state;
	return r;
}

/* Who comes by an address asks what that is for, as its maker, who must still read money. */
static int take_address(struct flow *f)
{
	if (str_is_null(flow_query(f, "token")))
		return 0;
	if (!f->who->question.at && f->who->id.len) {
		h_flaw(f, "token", "UNKNOWN_PARAMETER", STR("A key came with it."),
		       STR("Send a key or a token."));
		return ERR_QUERY;
	}
	if (!f->who->question.at)
		return ERR_NOT_FOUND;
	if (!principal_may(f->who, PERM_MONEY_READ)) {
		flow_detail(f, STR("Whoever made this address may not read money any more."));
		return ERR_FORBIDDEN;
	}
	return flow_query_become(f, f->who->question, "token,format,guard");
}

static enum step_result receipts_begin(struct flow *f)
{
	struct projector_question q = {0};
	int r = take_address(f);

	if (r == 0)
		r = question_of(f, &q);
	if (r < 0)
		return flow_fail(f, r);
	if (!str_is_null(flow_query(f, "run")))
		return q.is_by_two && q.second != GROUP_DECILE ? run_load_by(f, &q)
							       : run_load(f, &q);
	return h_ask_event(f) ? flow_send(f) : STEP_NEXT;
}

static enum step_result receipts_ask(struct flow *f)
{
	struct projector_question q = {.reader = h_reader(f)};
	int r = question_of(f, &q);

	if (r < 0)
		return flow_fail(f, r);
	h_take_event(f, 0, &q);
	return h_ask(f, &q, PROJECTOR_ANSWER_MS);
}

static enum step_result receipts_show(struct flow *f)
{
	int err = projection_answer_err(f);

	return err < 0 ? flow_fail(f, err) : receipts_answer(f, f->got_mail);
}

const struct flow_step flow_projection_receipts[] = {
	{"read", receipts_begin},
	{"ask", receipts_ask},
	{"answer", receipts_show},
	{0},
};
