/*
 * The request machine: every pair of state and event, every guard, the bar, the clocks.
 */
#include <criterion/criterion.h>

#include "libassets/deadline.h"
#include "libassets/err.h"
#include "libassets/request.h"
#include "libassets/request_item.h"

static struct arena arena;
static struct flaws flaws;
static struct day today;
static struct request request;

static struct day day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(text), &d), 0, "%s", text);
	return d;
}

static void setup(void)
{
	arena_init(&arena, 8 << 20);
	flaws_init(&flaws, &arena);
	today = day("2026-11-21");
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(request, .init = setup, .fini = teardown);

static json_t *load(const char *text)
{
	json_t *root = NULL;

	flaws_init(&flaws, &arena);
	cr_assert_eq(wire_load(str_of(text), &flaws, &root), 0, "%s", text);
	return root;
}

static int begin(const char *text)
{
	json_auto_t *root = load(text);
	struct request_form form;

	shape_clear(&request_form_shape, &form);
	shape_decode(&request_form_shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &form);
	return request_begin(&form, today, &flaws, &request);
}

static int act(const char *text)
{
	json_auto_t *root = load(text);
	struct request_act a;
	enum request_event event;
	int r;

	shape_clear(&request_act_shape, &a);
	shape_decode(&request_act_shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &a);
	r = request_act_check(root, &a, &flaws, &event);
	return r < 0 ? r : request_apply(&request, &a, event, today, &flaws);
}

#define ASSET "\"asset_id\":\"ast_00000000000000000000000001\""
#define BODY "\"community_body_id\":\"cbo_00000000000000000000000001\""
#define FORM(kind, more)                                                                           \
	"{" ASSET "," BODY ",\"kind\":\"" kind "\",\"received_on\":\"2026-10-01\"" more "}"
#define ACT(event, on, more) "{\"event\":\"" event "\",\"on\":\"" on "\"" more "}"
#define TERMS ",\"terms\":\"as asked\""
#define GROUNDS ",\"grounds\":[{\"matter\":\"H\",\"text\":\"needed for the service\"}]"

static struct request_around around_ok(void)
{
	struct request_around around;

	shape_clear(&request_around_shape, &around);
	around.legal_form = STR("SCIO");
	around.members = (struct shape_number){30, true};
	around.tenure = STR("OWNED");
	return around;
}

/* Further than to `state` it need not go. */
static void bring_to(enum request_state state)
{
	static struct request_around around;
	static const char *const path[] = {
		ACT("VALIDATE", "2026-10-01", ""), ACT("AGREE", "2026-10-05", TERMS),
		ACT("OFFER", "2026-10-06", ""),    ACT("CONCLUDE_CONTRACT", "2026-10-07", ""),
		ACT("COMPLETE", "2026-10-08", ""),
	};
	const char *name = request_state_info(state)->name;

	around = around_ok();
	cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
	request.around = &around;
	for (size_t i = 0; i < COUNT(path) && !str_eq(request.state, str_of(name)); i++)
		cr_assert_eq(act(path[i]), 0, "%s", path[i]);
	if (!str_eq(request.state, str_of(name)))
		request.state = str_of(name); /* not on the straight way */
}

static const char *sample_of(enum request_event e)
{
	switch (e) {
	case REQUEST_EVENT_EXPRESS_INTEREST:
		return ACT("EXPRESS_INTEREST", "2026-11-01", "");
	case REQUEST_EVENT_SUPPORT_EOI:
		return ACT("SUPPORT_EOI", "2026-11-01", "");
	case REQUEST_EVENT_DECLINE_EOI:
		return ACT("DECLINE_EOI", "2026-11-01", "");
	case REQUEST_EVENT_SUBMIT:
		return ACT("SUBMIT", "2026-11-01", "");
	case REQUEST_EVENT_ITEM_RECEIVED:
		return ACT("ITEM_RECEIVED", "2026-11-01", ",\"code\":\"PRICE\"");
	case REQUEST_EVENT_VALIDATE:
		return ACT("VALIDATE", "2026-11-01", "");
	case REQUEST_EVENT_AGREE:
		return ACT("AGREE", "2026-11-01", TERMS);
	case REQUEST_EVENT_REFUSE:
		return ACT("REFUSE", "2026-11-01", GROUNDS);
	case REQUEST_EVENT_OFFER:
		return ACT("OFFER", "2026-11-01", "");
	case REQUEST_EVENT_CONCLUDE_CONTRACT:
		return ACT("CONCLUDE_CONTRACT", "2026-11-01", "");
	case REQUEST_EVENT_COMPLETE:
		return ACT("COMPLETE", "2026-11-01", "");
	case REQUEST_EVENT_WITHDRAW:
		return ACT("WITHDRAW", "2026-11-01", "");
	case REQUEST_EVENT_COUNT:
		break;
	}
	return NULL;
}

/* The moves again, from the rulebook and not from the table: state, then what it allows. */
static const struct {
	enum request_state state;
	const char *allowed;
} law_table[] = {
	{REQUEST_ENQUIRY, "EXPRESS_INTEREST SUBMIT WITHDRAW"},
	{REQUEST_EXPRESSION_OF_INTEREST, "SUPPORT_EOI DECLINE_EOI SUBMIT WITHDRAW"},
	{REQUEST_EOI_SUPPORTED, "SUBMIT WITHDRAW"},
	{REQUEST_EOI_NOT_SUPPORTED, "SUBMIT WITHDRAW"},
	{REQUEST_RECEIVED, "ITEM_RECEIVED VALIDATE WITHDRAW"},
	{REQUEST_VALIDATED, "AGREE REFUSE WITHDRAW"},
	{REQUEST_AGREED, "OFFER WITHDRAW"},
	{REQUEST_REFUSED, "WITHDRAW"},
	{REQUEST_OFFER_MADE, "CONCLUDE_CONTRACT WITHDRAW"},
	{REQUEST_CONTRACT_CONCLUDED, "COMPLETE WITHDRAW"},
};

static const char *law_of(enum request_state s)
{
	for (size_t i = 0; i < COUNT(law_table); i++) {
		if (law_table[i].state == s)
			return law_table[i].allowed;
	}
	return "";
}

Test(request, every_pair_of_state_and_event)
{
	for (int s = 0; s < REQUEST_STATE_COUNT; s++) {
		const char *law = law_of((enum request_state)s);

		for (int e = 0; e < REQUEST_EVENT_COUNT; e++) {
			const char *event = request_event_info((enum request_event)e)->name;
			CLEANUP(buf_done) struct buf words = BUF(1000);
			int r;

			bring_to((enum request_state)s);
			r = act(sample_of((enum request_event)e));
			cr_assert_eq(r != ERR_TRANSITION, shape_is_word(str_of(event), law),
				     "%s in %s: %d", event, request_state_info(s)->name, r);
			if (r != ERR_TRANSITION)
				continue;
			for (size_t i = 0; i < request.allowed.count; i++)
				buf_fmt(&words, "%s%s", i ? " " : "", request.allowed.at[i].at);
			cr_assert_str_eq(buf_view(&words).at, law, "in %s",
					 request_state_info(s)->name);
		}
	}
}

Test(request, closed_states_allow_nothing)
{
	for (int s = 0; s < REQUEST_STATE_COUNT; s++) {
		struct shape_words words = request_allowed((enum request_state)s, &arena);

		if (!request_state_info(s)->is_open)
			cr_assert_eq(words.count, 0, "%s", request_state_info(s)->name);
		cr_assert(request_state_info(s)->is_open || !request_state_info(s)->bars);
	}
}

/* The part behind the last comma, which is taken off. */
static struct str last_field(struct str *line)
{
	size_t n = line->len;
	struct str field;

	while (n && line->at[n - 1] != ',')
		n--;
	cr_assert_gt(n, 0);
	field = (struct str){line->at + n, line->len - n};
	line->len = n - 1;
	return field;
}

/* sql/data holds the same table for the database:
 * code,ordinal,label,is_open,is_statutory,bars,model. */
Test(request, the_database_knows_the_same_states)
{
	FILE *in = fopen(SOURCE_DIR "/sql/data/request_state.csv", "r");
	char line[500];
	int n = 0;

	cr_assert_not_null(in);
	cr_assert_not_null(fgets(line, sizeof(line), in));
	for (; fgets(line, sizeof(line), in); n++) {
		struct str row = str_trim(str_of(line)), rest;
		struct str model = last_field(&row), bars = last_field(&row);
		const struct request_state_info *info;
		enum request_state state;

		last_field(&row);
		cr_assert_eq(request_state_parse(str_cut(row, ',', &rest), &state), 0, "%s", line);
		info = request_state_info(state);
		cr_assert_eq(str_eq(bars, STR("t")), info->bars, "%s", line);
		cr_assert_eq(str_eq(last_field(&row), STR("t")), info->is_open, "%s", line);
		cr_assert(str_eq(model,
				 strcmp(info->model, "NONE") == 0 ? STR("") : str_of(info->model)),
			  "%s", line);
	}
	fclose(in);
	cr_assert_eq(n, REQUEST_STATE_COUNT);
}

Test(request, the_straight_way_to_the_end)
{
	struct request_around around = around_ok();
	const struct ledger_entry *entry;

	cr_assert_eq(begin(FORM("OWNERSHIP", ",\"offer_pence\":5000000")), 0);
	request.around = &around;
	cr_assert(str_eq(request.state, STR("RECEIVED")));
	cr_assert_eq(request.items.count, 17);
	cr_assert_eq(act(ACT("VALIDATE", "2026-10-01", "")), 0);
	cr_assert_eq(day_cmp(request.validated_on, day("2026-10-01")), 0);
	cr_assert_eq(day_cmp(request.bar_from, day("2026-10-01")), 0);
	cr_assert_eq(act(ACT("AGREE", "2026-10-20", TERMS ",\"price_pence\":100")), 0);
	cr_assert_eq(request.agreed_price_pence.value, 100);
	cr_assert_eq(day_cmp(request.model_state_on, day("2026-10-20")), 0);
	cr_assert_eq(act(ACT("OFFER", "2026-10-21", "")), 0);
	cr_assert(day_is_none(request.bar_to));
	cr_assert_eq(act(ACT("CONCLUDE_CONTRACT", "2026-11-01", ",\"price_pence\":200")), 0);
	cr_assert_eq(day_cmp(request.bar_to, day("2026-11-01")), 0, "a contract ends the bar");
	cr_assert_eq(act(ACT("COMPLETE", "2026-11-20", "")), 0);
	cr_assert(str_eq(request.state, STR("COMPLETED")));
	cr_assert_eq(request.agreed_price_pence.value, 200);
	entry = request.ledger.at;
	cr_assert_eq(request.ledger.count, 5);
	cr_assert_eq(day_cmp(entry[1].offer_by_on, day("2027-04-20")), 0, "the least by law");
}

static const struct {
	const char *act;
	const char *pointer;
	int err;
} guard_table[] = {
	{ACT("AGREE", "2026-11-22", TERMS), "/on", ERR_DATE_IN_FUTURE},
	{ACT("AGREE", "2026-09-30", TERMS), "/on", ERR_BEFORE_CAUSE},
	{ACT("AGREE", "2026-11-01", ""), "/terms", ERR_INVALID},
	{ACT("AGREE", "2026-11-01", TERMS ",\"offer_by_on\":\"2027-04-30\""), "/offer_by_on",
	 ERR_INVALID},
	{ACT("AGREE", "2026-11-01", TERMS ",\"cost_pence\":1"), "/cost_pence", ERR_INVALID},
	{ACT("AGREE", "2026-11-01", TERMS ",\"price_pence\":-1"), "/price_pence", ERR_INVALID},
	{ACT("REFUSE", "2026-11-01", ""), "/grounds", ERR_INVALID},
	{ACT("REFUSE", "2026-11-01", ",\"grounds\":[]"), "/grounds", ERR_INVALID},
	{ACT("REFUSE", "2026-11-01", ",\"grounds\":[{\"matter\":\"Z\",\"text\":\"x\"}]"),
	 "/grounds/0/matter", ERR_INVALID},
	{ACT("WITHDRAW", "2026-11-01", ",\"terms\":\"x\""), "/terms", ERR_INVALID},
	{"{\"event\":\"WITHDRAW\"}", "/on", ERR_INVALID},
	{"{\"event\":\"VANISH\",\"on\":\"2026-11-01\"}", "/event", ERR_INVALID},
};

Test(request, guards_of_a_validated_request)
{
	for (size_t i = 0; i < COUNT(guard_table); i++) {
		bring_to(REQUEST_VALIDATED);
		cr_assert_eq(act(guard_table[i].act), guard_table[i].err, "row %zu", i);
		cr_assert_eq(flaws.count, 1, "row %zu", i);
		cr_assert_str_eq(flaws.at[0].pointer.at, guard_table[i].pointer, "row %zu", i);
		cr_assert(str_eq(request.state, STR("VALIDATED")));
		cr_assert_eq(request.ledger.count, 1);
	}
}

Test(request, validated_on_the_day_the_last_item_came)
{
	struct request_around around = around_ok();

	cr_assert_eq(begin(FORM("LEASE", ",\"items\":[{\"code\":\"WRITING\",\"received_on\":"
					 "\"2026-10-03\"},{\"code\":\"RENT\"}]")),
		     0);
	request.around = &around;
	cr_assert_eq(act(ACT("VALIDATE", "2026-10-03", "")), ERR_ITEMS_MISSING);
	cr_assert(strstr(flaws.at[0].detail.at, "PART5"), "%s", flaws.at[0].detail.at);
	cr_assert_eq(act(ACT("ITEM_RECEIVED", "2026-10-09", ",\"code\":\"PRICE\"")), ERR_INVALID);
	cr_assert_eq(act(ACT("ITEM_RECEIVED", "2026-10-09", ",\"code\":\"WRITING\"")), ERR_INVALID);
	cr_assert_eq(act(ACT("ITEM_RECEIVED", "2026-09-09", ",\"code\":\"RENT\"")),
		     ERR_BEFORE_CAUSE);
	for (size_t i = 0; request_item_at(i); i++) {
		char text[200];

		if (!request_item_is_asked(str_of(request_item_at(i)), STR("LEASE")) ||
		    strcmp(request_item_at(i), "WRITING") == 0)
			continue;
		snprintf(text, sizeof(text),
			 "{\"event\":\"ITEM_RECEIVED\",\"on\":\"2026-10-%02zu\",\"code\":\"%s\"}",
			 i + 5, request_item_at(i));
		cr_assert_eq(act(text), 0, "%s", text);
	}
	cr_assert_eq(act(ACT("VALIDATE", "2026-11-01", "")), ERR_VALIDATION_DATE);
	cr_assert(strstr(flaws.at[0].detail.at, "2026-10-23"), "%s", flaws.at[0].detail.at);
	cr_assert_eq(act(ACT("VALIDATE", "2026-10-23", "")), 0);
}

Test(request, what_a_form_may_not_say)
{
	static const struct {
		const char *form;
		const char *pointer;
		int err;
	} rows[] = {
		{"{" BODY ",\"kind\":\"LEASE\",\"received_on\":\"2026-10-01\"}", "/asset_id",
		 ERR_INVALID},
		{FORM("LEASE", ",\"land\":{\"authority_id\":\"aut_00000000000000000000000001\","
			       "\"description\":\"the old yard\"}"),
		 "/asset_id", ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"PRICE\"}]"), "/items/0", ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"RENT\"},{\"code\":\"RENT\"}]"), "/items/1",
		 ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"RENT\",\"received_on\":\"2026-09-01\"}]"),
		 "/items/0/received_on", ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"RENT\",\"received_on\":\"2026-12-01\"}]"),
		 "/items/0/received_on", ERR_DATE_IN_FUTURE},
		{FORM("LEASE", ",\"state\":\"AGREED\""), "/state", ERR_INVALID},
		{FORM("LEASE", ",\"stage\":\"VALIDATED\""), "/stage", ERR_INVALID},
		{"{" ASSET "," BODY ",\"kind\":\"LEASE\",\"received_on\":\"2026-11-22\"}",
		 "/received_on", ERR_DATE_IN_FUTURE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert_eq(begin(rows[i].form), rows[i].err, "row %zu", i);
		cr_assert_str_eq(flaws.at[0].pointer.at, rows[i].pointer, "row %zu", i);
	}
}

static const struct {
	const char *kind;
	struct str form, tenure;
	struct shape_number members;
	bool is_override;
	int err;
	const char *flag;
} eligible_table[] = {
	{"OWNERSHIP", STR_INIT("SCIO"), STR_INIT("OWNED"), {20, true}, false, 0, NULL},
	{"OWNERSHIP",
	 STR_INIT("SCIO"),
	 STR_INIT("OWNED"),
	 {19, true},
	 false,
	 ERR_NOT_ELIGIBLE,
	 NULL},
	{"OWNERSHIP",
	 STR_INIT("SCIO"),
	 STR_INIT("OWNED"),
	 {19, true},
	 true,
	 0,
	 "ELIGIBILITY_OVERRIDDEN"},
	{"OWNERSHIP", STR_INIT("SCIO"), STR_INIT("OWNED"), {0, false}, false, 0, "MEMBERS_UNKNOWN"},
	{"OWNERSHIP",
	 STR_INIT("UNINCORPORATED"),
	 STR_INIT("OWNED"),
	 {50, true},
	 false,
	 ERR_NOT_ELIGIBLE,
	 NULL},
	{"OWNERSHIP",
	 STR_INIT("COMPANY"),
	 STR_INIT("LEASED_IN"),
	 {50, true},
	 false,
	 ERR_NOT_ELIGIBLE,
	 NULL},
	{"LEASE", STR_INIT("UNINCORPORATED"), STR_INIT("LEASED_IN"), {2, true}, false, 0, NULL},
	{"OTHER_RIGHTS", STR_INIT("UNINCORPORATED"), STR_INIT("OWNED"), {2, true}, false, 0, NULL},
};

Test(request, who_may_ask_for_what)
{
	for (size_t i = 0; i < COUNT(eligible_table); i++) {
		struct request_around around = around_ok();
		char form[500];

		around.legal_form = eligible_table[i].form;
		around.tenure = eligible_table[i].tenure;
		around.members = eligible_table[i].members;
		snprintf(form, sizeof(form),
			 "{" ASSET "," BODY ",\"kind\":\"%s\",\"received_on\":\"2026-10-01\"}",
			 eligible_table[i].kind);
		cr_assert_eq(begin(form), 0, "row %zu", i);
		request.around = &around;
		cr_assert_eq(act(eligible_table[i].is_override
					 ? ACT("VALIDATE", "2026-10-01",
					       ",\"override_reason\":\"a designated body\"")
					 : ACT("VALIDATE", "2026-10-01", "")),
			     eligible_table[i].err, "row %zu", i);
		cr_assert_eq(request.flags.count, eligible_table[i].flag ? 1 : 0, "row %zu", i);
		if (eligible_table[i].flag)
			cr_assert_str_eq(request.flags.at[0].at, eligible_table[i].flag);
	}
}

Test(request, bars_and_exemptions)
{
	static const struct {
		const char *bar;
		int err;
	} rows[] = {
		{"{\"prohibits\":false}", 0},
		{"{\"exemption\":\"ADVERTISED\",\"dated_on\":\"2026-09-30\"}", 0},
		{"{\"exemption\":\"ADVERTISED\",\"dated_on\":\"2026-10-01\"}", ERR_INVALID},
		{"{\"exemption\":\"ADVERTISED\"}", ERR_INVALID},
		{"{\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-11-01\"}", 0},
		{"{\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-12-01\"}", ERR_DATE_IN_FUTURE},
		{"{\"exemption\":\"BECAUSE\",\"dated_on\":\"2026-09-01\"}", ERR_INVALID},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct request_around around = around_ok();
		char text[300];

		cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
		request.around = &around;
		snprintf(text, sizeof(text),
			 "{\"event\":\"VALIDATE\",\"on\":\"2026-10-01\",\"bar\":%s}", rows[i].bar);
		cr_assert_eq(act(text), rows[i].err, "row %zu", i);
	}
	bring_to(REQUEST_OFFER_MADE);
	((struct request_around *)request.around)->barred_by = STR("ATR-2026-1");
	cr_assert_eq(act(ACT("CONCLUDE_CONTRACT", "2026-10-10", "")), ERR_BARRED);
	cr_assert(strstr(flaws.at[0].detail.at, "ATR-2026-1"));
	bring_to(REQUEST_VALIDATED);
	((struct request_around *)request.around)->is_disposed = (struct shape_flag){true, true};
	cr_assert_eq(act(ACT("AGREE", "2026-10-10", TERMS)), ERR_LAND_DISPOSED);
	cr_assert_eq(act(ACT("REFUSE", "2026-10-10", GROUNDS)), 0);
}

Test(request, an_offer_after_its_last_day)
{
	today = day("2027-06-01");
	bring_to(REQUEST_AGREED); /* on 5 October 2026 */
	cr_assert_eq(act(ACT("OFFER", "2027-04-06", "")), ERR_TOO_LATE);
	cr_assert_eq(act(ACT("OFFER", "2027-04-05", "")), 0);
}

Test(request, from_enquiry_to_request)
{
	cr_assert_eq(begin(FORM("LEASE", ",\"stage\":\"ENQUIRY\"")), 0);
	cr_assert_eq(request.items.count, 0);
	cr_assert_eq(act(ACT("EXPRESS_INTEREST", "2026-10-05", "")), 0);
	cr_assert_eq(day_cmp(request.model_state_on, day("2026-10-01")), 0,
		     "still of interest only");
	cr_assert_eq(act(ACT("DECLINE_EOI", "2026-10-06", "")), 0);
	cr_assert_eq(act(ACT("SUBMIT", "2026-10-07", "")), 0);
	cr_assert_eq(day_cmp(request.received_on, day("2026-10-07")), 0);
	cr_assert_eq(request.items.count, 17);
	cr_assert_eq(act(ACT("VALIDATE", "2026-10-07", "")), 0);
}

Test(request, deadlines_of_the_straight_way)
{
	struct deadline d[DEADLINES_MAX];
	CLEANUP(buf_done) struct buf text = BUF(20000);
	json_t *json;

	bring_to(REQUEST_OFFER_MADE);
	cr_assert_eq(deadlines_of(request.ledger, d), 3);
	cr_assert_str_eq(d[0].clock->id, "K6");
	cr_assert_eq(day_cmp(d[0].due_on, day("2027-04-01")), 0);
	cr_assert_eq(d[0].state, DEADLINE_MET);
	cr_assert_str_eq(d[1].clock->id, "K18");
	cr_assert_eq(d[1].state, DEADLINE_MET);
	cr_assert_str_eq(d[2].clock->id, "K19");
	cr_assert_eq(day_cmp(d[2].due_on, day("2027-04-05")), 0, "beginning with 6 October");
	cr_assert_eq(d[2].state, DEADLINE_RUNNING);
	cr_assert_eq(act(ACT("WITHDRAW", "2026-11-01", "")), 0);
	cr_assert_eq(deadlines_of(request.ledger, d), 3);
	cr_assert_eq(d[2].state, DEADLINE_STOPPED);
	cr_assert_eq(d[0].state, DEADLINE_MET);
	deadlines_encode(d, 3, &text);
	json = json_loads(buf_view(&text).at, 0, NULL);
	cr_assert_eq(json_array_size(json), 3, "%s", buf_view(&text).at);
	cr_assert_eq(json_object_size(json_array_get(json, 0)), 14);
	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(json, 0), "due_on")),
			 "2027-04-01");
	cr_assert(strstr(buf_view(&text).at, "1 October 2026"));
	json_decref(json);
}

Test(request, a_decision_after_its_last_day_has_missed_it)
{
	struct deadline d[DEADLINES_MAX];

	today = day("2027-06-01");
	bring_to(REQUEST_VALIDATED);
	cr_assert_eq(act(ACT("REFUSE", "2027-04-02", GROUNDS)), 0);
	cr_assert_eq(deadlines_of(request.ledger, d), 1);
	cr_assert_eq(d[0].state, DEADLINE_MISSED);
}

/* What cannot be named for want of room is missing all the same: VALIDATE must not pass. */
Test(request, a_missing_item_that_finds_no_room_is_still_missing)
{
	struct item item[] = {{STR("WRITING"), today}, {STR("REASONS"), DAY_NONE}};
	const struct request one_missing = {.items = {item, COUNT(item)}};
	struct arena full;
	struct day last;

	arena_init(&full, 0);
	cr_assert(!str_is_null(request_items_missing(&one_missing, &full, &last)));
	cr_assert_eq(day_cmp(last, today), 0);
	arena_done(&full);
}
