/*
 * The request machine: forms, items, eligibility, the bar, what every act must fulfil, and the
 * ways through. How the table agrees with the rulebook is test_request_move.c's, what time does
 * test_request_time.c's.
 */
#include "libassets/request/request_item.h"
#include "requests.h"

TestSuite(request, .init = requests_setup, .fini = reading_teardown);

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
	const struct ledger_entry *entry;

	GO("LA_REVIEW", VALIDATE, NOTICES,
	   ACT("AGREE", "2026-02-10", TERMS ",\"price_pence\":100"));
	cr_assert_eq(request.items.count, 17);
	is_day(request.validated_on, "2026-01-05", "validated_on");
	is_day(request.bar_from, "2026-01-05", "bar_from");
	is_day(request.model_state_on, "2026-02-10", "model_state_on");
	cr_assert_eq(request.agreed_price_pence.value, 100);
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-02", ""));
	cr_assert(day_is_none(request.bar_to));
	today = day("2026-06-01");
	cr_assert_eq(tell(ACT("CONCLUDE_CONTRACT", "2026-04-01", ",\"price_pence\":200")), 0);
	is_day(request.bar_to, "2026-04-01", "a contract ends the bar; bar_to");
	cr_assert_eq(tell(ACT("COMPLETE", "2026-05-20", "")), 0);
	cr_assert(is_state("COMPLETED"));
	cr_assert_eq(request.agreed_price_pence.value, 200);
	entry = request.ledger.at;
	cr_assert_eq(request.ledger.count, 8);
	is_day(entry[4].offer_by_on, "2026-08-10", "the least by law, which is");
}

static const struct {
	const char *act;
	const char *pointer;
	int err;
} guard_table[] = {
	{ACT("AGREE", "2026-11-22", TERMS), "/on", ERR_DATE_IN_FUTURE},
	{ACT("AGREE", "2026-02-05", TERMS), NULL, ERR_TRANSITION},
	{ACT("AGREE", "2026-02-11", MATTERS), "/terms", ERR_INVALID},
	{ACT("AGREE", "2026-02-11", ",\"terms\":\"as asked\""), "/matters", ERR_INVALID},
	{ACT("AGREE", "2026-02-11", ",\"terms\":\"as asked\"" MATTERS_BUT_J "]"), "/matters",
	 ERR_INVALID},
	{ACT("AGREE", "2026-02-11",
	     ",\"terms\":\"as asked\"" MATTERS_BUT_J "," WEIGHED_OF("I") "]"),
	 "/matters", ERR_INVALID},
	{ACT("AGREE", "2026-02-11", TERMS ",\"offer_by_on\":\"2026-08-10\""), "/offer_by_on",
	 ERR_INVALID},
	{ACT("AGREE", "2026-02-11", TERMS ",\"cost_pence\":1"), "/cost_pence", ERR_INVALID},
	{ACT("AGREE", "2026-02-11", TERMS ",\"price_pence\":-1"), "/price_pence", ERR_INVALID},
	{ACT("REFUSE", "2026-02-11", ""), "/grounds", ERR_INVALID},
	{ACT("REFUSE", "2026-02-11", ",\"grounds\":[]"), "/grounds", ERR_INVALID},
	{ACT("REFUSE", "2026-02-11", ",\"grounds\":[{\"matter\":\"Z\",\"text\":\"x\"}]"),
	 "/grounds/0/matter", ERR_INVALID},
	{ACT("WITHDRAW", "2026-02-11", ",\"terms\":\"x\""), "/terms", ERR_INVALID},
	{ACT("WITHDRAW", "2026-01-04", ""), "/on", ERR_BEFORE_CAUSE},
	{ACT("EXTEND", "2026-02-11", ""), "/until_on", ERR_INVALID},
	{ACT("EXTEND", "2026-02-11", ",\"until_on\":\"2026-07-05\""), "/until_on", ERR_INVALID},
	{ACT("EXTEND", "2026-02-11", ",\"until_on\":\"2026-08-05\",\"agreed_on\":\"2026-01-04\""),
	 "/agreed_on", ERR_BEFORE_CAUSE},
	{ACT("EXTEND", "2026-02-11", ",\"until_on\":\"2026-08-05\",\"agreed_on\":\"2026-11-22\""),
	 "/agreed_on", ERR_DATE_IN_FUTURE},
	{ACT("BAR_LIFTED", "2026-02-11",
	     ",\"exemption\":\"ADVERTISED\",\"dated_on\":\"2026-02-01\",\"reasons\":\"x\""),
	 "/exemption", ERR_INVALID},
	{ACT("BAR_LIFTED", "2026-02-11",
	     ",\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-02-12\",\"reasons\":\"x\""),
	 "/dated_on", ERR_INVALID},
	{"{\"event\":\"WITHDRAW\"}", "/on", ERR_INVALID},
	{"{\"event\":\"VANISH\",\"on\":\"2026-11-01\"}", "/event", ERR_INVALID},
	{"{\"event\":\"NO_DECISION\",\"on\":\"2026-11-01\"}", "/event", ERR_INVALID},
};

/* The flaw that an act was refused with stands at that place; NULL: nowhere in what was sent. */
static void expect_refused(const char *act, const char *pointer, int err)
{
	cr_assert_eq(tell(act), err, "%s", act);
	cr_assert_eq(flaws.count, pointer ? 1 : 0, "%s", act);
	if (pointer)
		cr_assert_str_eq(flaws.at[0].pointer.at, pointer, "%s", act);
}

Test(request, guards_of_a_request_that_is_assessed)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-02-12");
	for (size_t i = 0; i < COUNT(guard_table); i++) {
		expect_refused(guard_table[i].act, guard_table[i].pointer, guard_table[i].err);
		cr_assert(is_state("UNDER_ASSESSMENT"), "%s", guard_table[i].act);
		cr_assert_eq(request.ledger.count, 4);
	}
}

Test(request, validated_on_the_day_the_last_item_came)
{
	cr_assert_eq(begin(FORM("LEASE", ",\"items\":[{\"code\":\"WRITING\",\"received_on\":"
					 "\"2026-01-07\"},{\"code\":\"RENT\"}]")),
		     0);
	cr_assert_eq(tell(ACT("VALIDATE", "2026-01-07", "")), ERR_ITEMS_MISSING);
	cr_assert(strstr(flaws.at[0].detail.at, "; a contact address; "), "%s",
		  flaws.at[0].detail.at);
	cr_assert_eq(tell(ACT("ITEM_RECEIVED", "2026-01-09", ",\"code\":\"PRICE\"")), ERR_INVALID);
	cr_assert_eq(tell(ACT("ITEM_RECEIVED", "2026-01-09", ",\"code\":\"WRITING\"")),
		     ERR_INVALID);
	cr_assert_eq(tell(ACT("ITEM_RECEIVED", "2026-01-04", ",\"code\":\"RENT\"")),
		     ERR_BEFORE_CAUSE);
	for (size_t i = 0; request_item_at(i); i++) {
		char text[200];

		if (!request_item_is_asked(str_of(request_item_at(i)), STR("LEASE")) ||
		    strcmp(request_item_at(i), "WRITING") == 0)
			continue;
		snprintf(text, sizeof(text),
			 "{\"event\":\"ITEM_RECEIVED\",\"on\":\"2026-01-%02zu\",\"code\":\"%s\"}",
			 i + 8, request_item_at(i));
		cr_assert_eq(tell(text), 0, "%s", text);
	}
	cr_assert_eq(tell(ACT("VALIDATE", "2026-02-01", "")), ERR_VALIDATION_DATE);
	cr_assert(strstr(flaws.at[0].detail.at, "2026-01-26"), "%s", flaws.at[0].detail.at);
	cr_assert_eq(tell(ACT("VALIDATE", "2026-01-26", "")), 0);
}

Test(request, what_is_missing_is_told_and_waited_for)
{
	static const char *const items =
		",\"items\":[{\"code\":\"NAME\",\"received_on\":\"2026-01-05\"},"
		"{\"code\":\"ADDRESS\",\"received_on\":\"2026-01-05\"}]";
	char text[400];

	snprintf(text, sizeof(text),
		 "{" ASSET "," BODY ",\"kind\":\"LEASE\",\"received_on\":\"2026-01-05\"%s}", items);
	cr_assert_eq(begin(text), 0);
	cr_assert_eq(tell(ACT("MISSING_ITEMS", "2026-01-06", "")), 0);
	cr_assert(is_state("RECEIVED"), "below the least nothing statutory follows");
	cr_assert_eq(tell(ACT("ITEM_RECEIVED", "2026-01-07", ",\"code\":\"PART5\"")), 0);
	expect_refused(ACT("MISSING_ITEMS", "2026-01-08", ",\"items\":[\"PART5\"]"), "/items/0",
		       ERR_INVALID);
	expect_refused(ACT("MISSING_ITEMS", "2026-01-08", ",\"items\":[\"PRICE\"]"), "/items/0",
		       ERR_INVALID);
	expect_refused(ACT("MISSING_ITEMS", "2026-01-08", ",\"items\":[7]"), "/items/0",
		       ERR_INVALID);
	cr_assert_eq(tell(ACT("MISSING_ITEMS", "2026-01-08", ",\"items\":[\"RENT\",\"LAND\"]")), 0);
	cr_assert(is_state("INCOMPLETE"));
	expect_refused(ACT("MISSING_ITEMS", "2026-01-09", ""), NULL, ERR_TRANSITION);
	cr_assert_eq(tell(ACT("ITEM_RECEIVED", "2026-01-20", ",\"code\":\"RENT\"")), 0);
	cr_assert(is_state("INCOMPLETE"));
	cr_assert_eq(begin(FORM("LEASE", "")), 0);
	expect_refused(ACT("MISSING_ITEMS", "2026-01-06", ""), "/event", ERR_INVALID);
}

static const struct {
	const char *act;
	bool was_refused;
	const char *kind, *validated, *pointer;
	bool is_other_land;
	int err;
} repeat_table[] = {
#define REPEAT(more) ACT("DECLINE_REPEAT", "2026-01-09", ",\"reasons\":\"as before\"" more)
#define BY_ID ",\"earlier_request_id\":\"atr_00000000000000000000000001\""
	{REPEAT(BY_ID), true, "OWNERSHIP", "2024-01-06", NULL, false, 0},
	{REPEAT(BY_ID), true, "OWNERSHIP", "2025-10-06", NULL, false, 0},
	{REPEAT(BY_ID), true, "OWNERSHIP", "2024-01-05", "/override_reason", false, ERR_INVALID},
	{REPEAT(BY_ID), true, "OWNERSHIP", "2026-01-06", "/earlier_request_id", false, ERR_INVALID},
	{REPEAT(BY_ID ",\"override_reason\":\"the day itself\""), true, "OWNERSHIP", "2024-01-05",
	 NULL, false, 0},
	{REPEAT(BY_ID), true, "OWNERSHIP", "2024-01-04", "/earlier_request_id", false, ERR_INVALID},
	{REPEAT(BY_ID), false, "OWNERSHIP", "2025-01-04", "/earlier_request_id", false,
	 ERR_INVALID},
	{REPEAT(BY_ID), true, "LEASE", "2025-01-04", "/earlier_request_id", false, ERR_INVALID},
	{REPEAT(BY_ID), true, "OWNERSHIP", "2025-01-04", "/override_reason", true, ERR_INVALID},
	{REPEAT(BY_ID ",\"override_reason\":\"its two halves\""), true, "OWNERSHIP", "2025-01-04",
	 NULL, true, 0},
	{REPEAT(BY_ID), false, NULL, NULL, "/earlier_request_id", false, ERR_INVALID},
	{REPEAT(",\"earlier\":\"a letter of 2024\""), false, NULL, NULL, NULL, false, 0},
	{REPEAT(BY_ID ",\"earlier\":\"a letter of 2024\""), false, NULL, NULL,
	 "/earlier_request_id", false, ERR_INVALID},
	{REPEAT(""), false, NULL, NULL, "/earlier_request_id", false, ERR_INVALID},
	{ACT("DECLINE_REPEAT", "2026-01-09", ",\"earlier\":\"a letter\""), false, NULL, NULL,
	 "/reasons", false, ERR_INVALID},
};

Test(request, a_repeat_is_of_like_land_and_kind_within_two_years)
{
	for (size_t i = 0; i < COUNT(repeat_table); i++) {
		cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
		around.earlier_kind = (struct str){NULL, 0};
		around.earlier_was_refused = (struct shape_flag){repeat_table[i].was_refused, true};
		if (repeat_table[i].kind) {
			around.earlier_kind = str_of(repeat_table[i].kind);
			around.earlier_validated_on = day(repeat_table[i].validated);
			around.earlier_is_same_land =
				(struct shape_flag){!repeat_table[i].is_other_land, true};
		}
		if (repeat_table[i].err)
			expect_refused(repeat_table[i].act, repeat_table[i].pointer,
				       repeat_table[i].err);
		else
			cr_assert_eq(tell(repeat_table[i].act), 0, "row %zu", i);
		cr_assert(is_state(repeat_table[i].err ? "RECEIVED" : "DECLINED_REPEAT"), "%zu", i);
	}
}

Test(request, ineligible_is_not_refused)
{
	cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
	expect_refused(ACT("INELIGIBLE", "2026-01-09", ""), "/reasons", ERR_INVALID);
	cr_assert_eq(tell(ACT("INELIGIBLE", "2026-01-09", ",\"reasons\":\"no constitution\"")), 0);
	cr_assert(is_state("INELIGIBLE"));
	cr_assert(day_is_none(request.bar_from), "no clock, no bar");
	cr_assert_eq(request.allowed.count, 0);
}

Test(request, what_a_form_may_not_say)
{
	static const struct {
		const char *form;
		const char *pointer;
		int err;
	} rows[] = {
		{"{" BODY ",\"kind\":\"LEASE\",\"received_on\":\"2026-01-05\"}", "/asset_id",
		 ERR_INVALID},
		{FORM("LEASE", ",\"land\":{\"authority_id\":\"aut_00000000000000000000000001\","
			       "\"description\":\"the old yard\"}"),
		 "/asset_id", ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"PRICE\"}]"), "/items/0", ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"RENT\"},{\"code\":\"RENT\"}]"), "/items/1",
		 ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"RENT\",\"received_on\":\"2026-01-01\"}]"),
		 "/items/0/received_on", ERR_INVALID},
		{FORM("LEASE", ",\"items\":[{\"code\":\"RENT\",\"received_on\":\"2026-12-01\"}]"),
		 "/items/0/received_on", ERR_DATE_IN_FUTURE},
		{FORM("LEASE", ",\"state\":\"AGREED\""), "/state", ERR_INVALID},
		{FORM("LEASE", ",\"stage\":\"VALIDATED\""), "/stage", ERR_INVALID},
		{"{" ASSET "," BODY ",\"kind\":\"LEASE\",\"received_on\":\"2026-11-22\"}",
		 "/received_on", ERR_DATE_IN_FUTURE},
		{"{" ASSET "," BODY ",\"kind\":\"LEASE\",\"received_on\":\"2017-01-22\"}",
		 "/received_on", ERR_INVALID},
		{"{" ASSET "," BODY ",\"kind\":\"LEASE\",\"stage\":\"ENQUIRY\","
		 "\"received_on\":\"1999-12-31\"}",
		 "/received_on", ERR_INVALID},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert_eq(begin(rows[i].form), rows[i].err, "row %zu", i);
		cr_assert_str_eq(flaws.at[0].pointer.at, rows[i].pointer, "row %zu", i);
	}
	cr_assert_eq(begin("{" ASSET "," BODY ",\"kind\":\"LEASE\","
			   "\"received_on\":\"2017-01-23\"}"),
		     0, "on the day on which Part 5 began");
	cr_assert_eq(begin("{" ASSET "," BODY ",\"kind\":\"LEASE\",\"stage\":\"ENQUIRY\","
			   "\"received_on\":\"2015-06-01\"}"),
		     0, "an enquiry has no law to wait for");
	expect_refused(ACT("SUBMIT", "2016-06-01", ""), "/on", ERR_INVALID);
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
	today = day("2026-01-06");
	for (size_t i = 0; i < COUNT(eligible_table); i++) {
		char form[500];

		around.legal_form = eligible_table[i].form;
		around.tenure = eligible_table[i].tenure;
		around.members = eligible_table[i].members;
		snprintf(form, sizeof(form),
			 "{" ASSET "," BODY ",\"kind\":\"%s\",\"received_on\":\"2026-01-05\"}",
			 eligible_table[i].kind);
		cr_assert_eq(begin(form), 0, "row %zu", i);
		cr_assert_eq(tell(eligible_table[i].is_override
					  ? ACT("VALIDATE", "2026-01-05",
						",\"override_reason\":\"a designated body\"")
					  : ACT("VALIDATE", "2026-01-05", "")),
			     eligible_table[i].err, "row %zu", i);
		cr_assert_eq(request.flags.count, eligible_table[i].flag ? 1 : 0, "row %zu", i);
		if (eligible_table[i].flag)
			cr_assert_str_eq(request.flags.at[0].at, eligible_table[i].flag);
	}
}

/* Of winding up only companies and community benefit societies are asked, that would own land. */
Test(request, each_condition_that_a_constitution_lacks_is_named)
{
	static struct str lacks[] = {STR_INIT("CC3"), STR_INIT("CC6"), STR_INIT("WINDING_UP")};
	static const struct {
		const char *kind, *form;
		size_t flaws;
	} row[] = {{"LEASE", "COMPANY", 2},
		   {"OWNERSHIP", "COMPANY", 3},
		   {"OWNERSHIP", "SCIO", 2},
		   {"OWNERSHIP", "UNINCORPORATED", 3}};

	today = day("2026-01-06");
	for (size_t i = 0; i < COUNT(row); i++) {
		char form[500];

		around.unmet = (struct shape_words){lacks, COUNT(lacks)};
		around.legal_form = str_of(row[i].form);
		around.tenure = STR("OWNED");
		around.members = (struct shape_number){30, true};
		snprintf(form, sizeof(form),
			 "{" ASSET "," BODY ",\"kind\":\"%s\",\"received_on\":\"2026-01-05\"}",
			 row[i].kind);
		cr_assert_eq(begin(form), 0, "row %zu", i);
		cr_assert_eq(tell(ACT("VALIDATE", "2026-01-05", "")), ERR_NOT_ELIGIBLE, "row %zu",
			     i);
		cr_assert_eq(flaws.count, row[i].flaws, "row %zu: %zu", i, flaws.count);
	}
}

Test(request, bars_and_exemptions)
{
	static const struct {
		const char *bar;
		int err;
	} rows[] = {
		{"{\"prohibits\":true}", 0},
		{"{\"prohibits\":false}", ERR_INVALID},
		{"{\"prohibits\":false,\"dated_on\":\"2026-01-04\"}", ERR_INVALID},
		{"{\"prohibits\":false,\"exemption\":\"ADVERTISED\",\"dated_on\":\"2026-01-04\"}",
		 0},
		{"{\"exemption\":\"ADVERTISED\",\"dated_on\":\"2026-01-04\"}", 0},
		{"{\"exemption\":\"ADVERTISED\",\"dated_on\":\"2026-01-05\"}", ERR_INVALID},
		{"{\"exemption\":\"ADVERTISED\"}", ERR_INVALID},
		{"{\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-11-01\"}", 0},
		{"{\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-12-01\"}", ERR_DATE_IN_FUTURE},
		{"{\"exemption\":\"BECAUSE\",\"dated_on\":\"2026-09-01\"}", ERR_INVALID},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[300];

		cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
		snprintf(text, sizeof(text),
			 "{\"event\":\"VALIDATE\",\"on\":\"2026-01-05\",\"bar\":%s}", rows[i].bar);
		cr_assert_eq(tell(text), rows[i].err, "row %zu", i);
	}
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-02", ""));
	around.barred_by = STR("ATR-2026-1");
	expect_refused(ACT("CONCLUDE_CONTRACT", "2026-03-02", ""), "/event", ERR_BARRED);
	cr_assert(strstr(flaws.at[0].detail.at, "ATR-2026-1"));
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-02-11");
	around.is_disposed = (struct shape_flag){true, true};
	cr_assert_eq(tell(AGREE), ERR_LAND_DISPOSED);
	cr_assert_eq(tell(REFUSE), 0);
}

Test(request, a_direction_ends_the_bar_once)
{
	GO("LA_REVIEW", VALIDATE,
	   ACT("BAR_LIFTED", "2026-02-01",
	       ",\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-01-30\",\"reasons\":\"for the "
	       "school\""));
	cr_assert(day_cmp(request.bar_to, day("2026-02-01")) == 0);
	cr_assert(str_eq(request.bar_exemption, STR("DIRECTION")));
	wait_until("2030-01-01");
	is_day(request.bar_to, "2026-02-01", "bar_to");
	expect_refused(ACT("BAR_LIFTED", "2027-02-01",
			   ",\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-01-30\",\"reasons\":"
			   "\"again\""),
		       NULL, ERR_TRANSITION);
}

Test(request, from_enquiry_to_request)
{
	cr_assert_eq(begin(FORM("LEASE", ",\"stage\":\"ENQUIRY\"")), 0);
	cr_assert_eq(request.items.count, 0);
	cr_assert_eq(tell(ACT("EXPRESS_INTEREST", "2026-01-06", "")), 0);
	is_day(request.model_state_on, "2026-01-05", "still of interest only; model_state_on");
	cr_assert_eq(tell(ACT("DECLINE_EOI", "2026-01-07", "")), 0);
	cr_assert_eq(tell(ACT("SUBMIT", "2026-01-08", "")), 0);
	is_day(request.received_on, "2026-01-08", "received_on");
	cr_assert_eq(request.items.count, 17);
	cr_assert_null(clock_of("K2"), "nothing is missing");
	cr_assert_eq(tell(ACT("VALIDATE", "2026-01-08", "")), 0);
	cr_assert_eq(begin(FORM("LEASE", ",\"stage\":\"ENQUIRY\"")), 0);
	cr_assert_eq(
		tell(ACT("SUBMIT", "2026-01-08",
			 ",\"items\":[{\"code\":\"WRITING\",\"received_on\":\"2026-01-08\"}]")),
		0);
	cr_assert_not_null(clock_of("K2"));
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
