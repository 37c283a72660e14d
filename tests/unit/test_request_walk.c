/*
 * Random requests over ten years in the pure machine: of any kind, from any stage, whole or not, by
 * any body. Whatever happens, in whatever order and however late it is recorded, the invariants of
 * the rulebook (5.2 and 22) hold after each step.
 *
 * Each walk has a seed of its own. A failure names its walk, its trace and tells its ledger;
 * ASSETD_WALK=N walks that one alone, the same way.
 */
#include <inttypes.h>

#include "libassets/request/request_correct.h"
#include "libassets/request/request_past.h"
#include "walk_act.h"
#include "walk_law.h"

TestSuite(request_walk, .init = requests_setup, .fini = reading_teardown);

enum { WALKS = 600, WALKS_LONG = 10000, STEPS_MAX = 60 };

/* Of so many walks one has each of its acts corrected, which is as much work as twenty walks, and
 * one is walked again, to the same trace. */
enum { CORRECTED_EVERY = 10, REPEATED_EVERY = 25 };

static const char *const route_table[] = {"LA_REVIEW", "MINISTERS_REVIEW", "MINISTERS_APPEAL",
					  "LA_STYLE_REVIEW"};

static uint64_t walked; /* the trace of this walk */

/* The ledger as a text, for the one who looks into a failure. */
static const char *story(void)
{
	static struct buf text = {.max = 20000};
	const struct ledger_entry *entry = request.ledger.at;

	buf_clear(&text);
	for (size_t i = 0; i < request.ledger.count; i++) {
		char on[DAY_TEXT];

		day_format(entry[i].on, on);
		buf_fmt(&text, "\n\t%s %s: %s", on, entry[i].event.at, entry[i].state_to.at);
	}
	return buf_view(&text).at;
}

#define HOLDS(claim, what)                                                                         \
	cr_assert(claim, "ASSETD_WALK=%d, trace %016" PRIx64 ": %s%s", walk, walked, what, story())

static void check_clocks(int walk)
{
	static struct request_clocks clocks;
	int challenges = 0, decisions = 0;
	enum request_state state;

	request_clocks(&request, &clocks);
	cr_assert_eq(request_state_parse(request.state, &state), 0);
	for (size_t i = 0; i < clocks.count; i++) {
		const struct deadline *d = &clocks.at[i];

		if (d->state != DEADLINE_RUNNING)
			continue;
		challenges += request_clock_is_challenge(d);
		decisions += request_clock_is(d, STR("K6")) || request_clock_is(d, STR("K7"));
		HOLDS(day_cmp(d->due_on, d->late_after_on) <= 0,
		      "a right is late before it is due");
		HOLDS(!request_clock_is_challenge(d) || day_cmp(d->late_after_on, today) >= 0,
		      "a challenge runs past its last day");
		HOLDS(!(request_clock_is(d, STR("K16")) || request_clock_is(d, STR("K23"))) ||
			      day_cmp(d->late_after_on, today) >= 0,
		      "a time that nothing follows runs past its last day");
	}
	HOLDS(challenges <= 1, "more than one challenge clock runs");
	HOLDS(decisions <= 1, "more than one decision clock runs");
	HOLDS((decisions == 1) == shape_is_word(request.state, "VALIDATED REPRESENTATIONS_OPEN "
							       "CTB_COMMENT UNDER_ASSESSMENT"),
	      "a decision is owed when one is being made, and then alone");
}

static void check_bar(int walk)
{
	bool has_begun = !day_is_none(request.bar_from), has_ended = !day_is_none(request.bar_to);
	enum request_state state;

	cr_assert_eq(request_state_parse(request.state, &state), 0);
	HOLDS(has_begun == !day_is_none(request.validated_on), "the bar begins with validation");
	HOLDS(!has_begun || day_cmp(request.bar_from, request.validated_on) == 0, "and on its day");
	HOLDS(!has_ended || (has_begun && day_cmp(request.bar_to, request.bar_from) >= 0),
	      "the bar ends before it begins");
	HOLDS(!has_begun || !str_is_null(request.bar_exemption) ||
		      has_ended == !request_state_info(state)->bars,
	      "the bar runs in the states that bar, and in them alone");
}

static void check_ledger(int walk)
{
	const struct ledger_entry *entry = request.ledger.at;
	int reviews = 0;
	bool is_after_review = false, is_after_last = false;

	for (size_t i = 0; i < request.ledger.count; i++) {
		enum request_level level = request_level_parse(entry[i].level_to);

		HOLDS(request_move_of(&entry[i]), "an entry of the ledger is in no row");
		if (i)
			HOLDS(str_eq(entry[i].state_from, entry[i - 1].state_to),
			      "the ledger has a gap");
		reviews += str_eq(entry[i].state_to, STR("UNDER_REVIEW")) &&
			   !str_eq(entry[i].state_from, STR("UNDER_REVIEW"));
		HOLDS(!is_after_review || level != REQUEST_FIRST, "the level goes back");
		HOLDS(!is_after_last || level == REQUEST_LAST, "the level goes back from the last");
		is_after_review = is_after_review || level == REQUEST_REVIEW;
		is_after_last = is_after_last || level == REQUEST_LAST;
	}
	HOLDS(reviews <= 1, "more than one review");
	HOLDS(!is_after_review || str_eq(request.route, STR("LA_REVIEW")) ||
		      str_eq(request.route, STR("LA_STYLE_REVIEW")),
	      "level REVIEW without a council");
	HOLDS(str_eq(entry[request.ledger.count - 1].state_to, request.state),
	      "the state is not the ledger's");
	HOLDS(!str_eq(request.route, STR("MINISTERS_REVIEW")) || !is_state("NO_CONTRACT"),
	      "an appeal against Ministers to Ministers");
}

/* Nothing waits that should have happened, and a closed request stays closed. */
static void check_time(int walk)
{
	struct request again = request;
	const struct request_until now = {today, REQUEST_EVENT_COUNT, today};
	struct request_act timed;
	enum request_state state;

	HOLDS(!request_pass(&again, &now, &arena, &timed), "time has not done all it does");
	cr_assert_eq(request_state_parse(request.state, &state), 0);
	HOLDS(request_state_info(state)->is_open || request.allowed.count == 0,
	      "a closed request allows something");
}

static bool is_same_day(struct day a, struct day b)
{
	return day_cmp(a, b) == 0;
}

/* The ledger says of today what the request says, and of each of its days something sound. */
static void check_past(int walk)
{
	const struct request now = request;
	struct day day_of[REQUEST_DAYS_MAX];
	const struct ledger_entry *entry = now.ledger.at;
	size_t days = request_past_days(&now, entry[0].on, day_add(today, 1), day_of);
	struct request was;

	HOLDS(days > 0 && is_same_day(day_of[0], entry[0].on), "the past begins with the request");
	HOLDS(!request_past(&now, day_add(entry[0].on, -1), &arena, &was), "or before it");
	HOLDS(request_past(&now, today, &arena, &was), "or has no today");
	HOLDS(str_eq(was.state, now.state) && str_eq(was.level, now.level) &&
		      is_same_day(was.state_on, now.state_on) &&
		      is_same_day(was.model_state_on, now.model_state_on),
	      "today's state is another by the ledger");
	HOLDS(is_same_day(was.received_on, now.received_on) &&
		      is_same_day(was.validated_on, now.validated_on) &&
		      is_same_day(was.acknowledged_on, now.acknowledged_on),
	      "or its days are");
	HOLDS(is_same_day(was.bar_from, now.bar_from) && is_same_day(was.bar_to, now.bar_to) &&
		      str_eq(was.bar_exemption, now.bar_exemption),
	      "or its bar is");
	HOLDS(was.allowed.count == now.allowed.count, "or what it allows is");
	for (size_t i = 0; i < days; i++) {
		HOLDS(request_past(&now, day_of[i], &arena, &request), "a day of it is not there");
		HOLDS(i == 0 || day_cmp(day_of[i - 1], day_of[i]) < 0, "its days are in disorder");
		check_bar(walk);
		check_ledger(walk);
	}
	request = now;
}

static void check_law(int walk)
{
	static struct request_clocks clocks;
	const char *broken;

	request_clocks(&request, &clocks);
	broken = law_of_items(&clocks);
	broken = broken ? broken : law_of_eligibility();
	broken = broken ? broken : law_of_extensions(&clocks);
	broken = broken ? broken : law_of_printed_days();
	broken = broken ? broken : law_of_challenges();
	HOLDS(!broken, broken);
}

static void check_how(int walk)
{
	static struct request_clocks clocks;
	const char *missing;

	request_clocks(&request, &clocks);
	missing = law_of_how(&clocks);
	HOLDS(!missing, missing);
}

static void check(int walk)
{
	check_clocks(walk);
	check_law(walk);
	check_bar(walk);
	check_ledger(walk);
	check_time(walk);
}

/* What was said in each act of the walk, in the order in which it was recorded. */
static struct request_act said[STEPS_MAX + 1];
static size_t said_count;

/* The request's ledger with ids, and what was said of each entry. */
static void give_ids(int walk, struct correction *c)
{
	struct ledger_entry *entry = request.ledger.at;
	size_t k = 0;
	char id[32];

	for (size_t i = 0; i < request.ledger.count; i++) {
		snprintf(id, sizeof(id), "evt_%zu", i);
		entry[i].id = arena_str(&arena, str_of(id));
		shape_clear(&request_act_shape, &c->said[i]);
		c->said[i].event = entry[i].event;
		c->said[i].on = entry[i].on;
		if (!entry[i].is_by_time.value)
			c->said[i] = said[k++];
	}
	cr_assert_eq(k, said_count, "walk %d: %zu acts of %zu%s", walk, k, said_count, story());
}

static int correct(struct correction *c, const char *body, struct request *ret_again)
{
	json_auto_t *sent = json_loads(body, 0, NULL);
	struct request_act act;
	int r;

	cr_assert_not_null(sent, "%s", body);
	flaws_init(&flaws, &arena);
	shape_clear(&request_act_shape, &act);
	shape_decode(&request_act_shape, sent, SHAPE_PATCH, &WIRE_TOP, &flaws, &act);
	cr_assert_eq(flaws.count, 0, "%s", body);
	r = request_correct_take(c, sent, &act, &flaws);
	return r < 0 ? r : request_correct(c, today, &flaws, ret_again);
}

/* To correct an act into what it was changes nothing: the replay is the recording. */
static void check_replay(int walk, uint64_t *seed)
{
	static struct request_act acts[LEDGER_MAX];
	struct ledger_entry *entry = request.ledger.at;
	struct correction c = {.now = &request, .said = acts};
	CLEANUP(buf_done) struct buf told = BUF(1 << 20);
	struct request again;
	int r;

	give_ids(walk, &c);
	do
		c.target = random_below(seed, (uint32_t)request.ledger.count);
	while (entry[c.target].is_by_time.value);
	r = correct(&c, "{}", &again);
	cr_assert_eq(r, 0, "walk %d: %s%s", walk,
		     str_is_null(c.why) ? entry[c.target].event.at : c.why.at, story());
	HOLDS(str_eq(again.state, request.state) && str_eq(again.level, request.level),
	      "a replay ends elsewhere");
	HOLDS(day_cmp(again.state_on, request.state_on) == 0, "or on another day");
	HOLDS(day_cmp(again.bar_from, request.bar_from) == 0 &&
		      day_cmp(again.bar_to, request.bar_to) == 0,
	      "or with another bar");
	request_correct_tell(&c, &again, &told);
	HOLDS(strstr(buf_view(&told).at, "\"moves\":[]"), "or moves a date");
}

static size_t corrected;

/* Whatever is struck out, of another day or another event: refused, or sound. */
static void check_corrections(int walk, uint64_t *seed)
{
	static const char *const becomes[] = {"AGREE\"" MATTERS ",\"terms\":\"as asked", "WITHDRAW",
					      "ACKNOWLEDGED", "CLOSE", "REVIEW_APPLIED"};
	static struct request_act acts[LEDGER_MAX];
	struct request was = request, again;

	for (size_t i = 1; i < was.ledger.count; i++) {
		struct correction c = {.now = &was, .said = acts, .target = i};
		const struct ledger_entry *entry = was.ledger.at;
		char body[1000], on[DAY_TEXT];
		uint32_t kind = random_below(seed, 3);

		if (entry[i].is_by_time.value)
			continue;
		request = was;
		give_ids(walk, &c);
		day_format(day_add(entry[i].on, (int32_t)random_below(seed, 60) - 30), on);
		if (kind == 0)
			snprintf(body, sizeof(body), "{\"strike_out\":true}");
		else if (kind == 1)
			snprintf(body, sizeof(body), "{\"on\":\"%s\"}", on);
		else
			snprintf(body, sizeof(body), "{\"becomes\":\"%s\",\"reasons\":\"so\"}",
				 becomes[random_below(seed, COUNT(becomes))]);
		if (correct(&c, body, &again) < 0)
			continue;
		corrected++;
		request = again;
		check(walk);
		check_past(walk);
	}
	request = was;
}

/* One of the events that are allowed, or, now and then, any at all. */
static enum request_event any_event(uint64_t *seed)
{
	enum request_event e = (enum request_event)random_below(seed, REQUEST_EVENT_COUNT);
	bool is_end;

	if (request.allowed.count && random_below(seed, 8)) {
		struct str name = request.allowed.at[random_below(seed, request.allowed.count)];

		cr_assert_eq(request_event_parse(name, &e), 0);
	}
	/* Ends are rare, so that walks go far. */
	is_end = e == REQUEST_EVENT_WITHDRAW || e == REQUEST_EVENT_INELIGIBLE ||
		 e == REQUEST_EVENT_DECLINE_REPEAT || e == REQUEST_EVENT_CLOSE;
	return is_end && random_below(seed, 10) ? REQUEST_EVENT_VALIDATE : e;
}

/* Any kind, from any stage, with all its items, some or none. */
static void any_beginning(uint64_t *seed)
{
	static const char *const stage[] = {"ENQUIRY", "EXPRESSION_OF_INTEREST", "RECEIVED",
					    "RECEIVED"};
	struct request_form form;

	today = day_add(day("2017-02-23"), (int32_t)random_below(seed, 365 * YEARS));
	any_around(seed);
	shape_clear(&request_form_shape, &form);
	form.asset_id = STR("ast_00000000000000000000000001");
	form.community_body_id = STR("cbo_00000000000000000000000001");
	form.kind = str_of(kind_table[random_below(seed, COUNT(kind_table))]);
	form.stage = str_of(stage[random_below(seed, COUNT(stage))]);
	form.received_on = day_add(today, -(int32_t)random_below(seed, 30));
	if (one_in(seed, 2))
		form.items = any_items(form.kind.at, form.received_on, seed);
	flaws_init(&flaws, &arena);
	cr_assert_eq(request_begin(&form, today, &flaws, &request), 0);
	request.route = str_of(route_table[random_below(seed, COUNT(route_table))]);
	request.around = &around;
	shape_clear(&request_act_shape, &said[0]);
	said[0].event = request.state;
	said[0].on = request.received_on;
	said[0].items = request.items;
	said_count = 1;
}

static bool is_challenge(enum request_event e)
{
	return e == REQUEST_EVENT_REVIEW_APPLIED || e == REQUEST_EVENT_APPEAL_LODGED ||
	       e == REQUEST_EVENT_NO_CONTRACT_APPEAL_LODGED;
}

/* There was a time for that challenge, it was missed, and the act is of a day after it. */
static bool is_too_late(const struct request_act *a)
{
	static struct request_clocks clocks;
	const struct deadline *last = NULL;

	request_clocks(&request, &clocks);
	for (size_t i = 0; i < clocks.count; i++) {
		if (shape_is_word(a->event, clocks.at[i].clock->met_by))
			last = &clocks.at[i];
	}
	return last && last->state == DEADLINE_MISSED && day_cmp(a->on, last->late_after_on) > 0;
}

/* A refusal was told with its grounds, an agreement with its terms; a late challenge was kept. */
static void check_told(int walk, const struct request_act *a, enum request_event e, int r,
		       bool was_too_late)
{
	const struct ledger_entry *entry = request.ledger.at;
	bool is_review = e == REQUEST_EVENT_REVIEW_DECIDED && !str_eq(a->outcome, STR("CONFIRM"));

	/* Of a day before the last act of a person it is refused aloud: that one is to be
	 * corrected. */
	HOLDS(!(is_challenge(e) && was_too_late) || r == 0 ||
		      (r == ERR_BEFORE_CAUSE && day_cmp(a->on, request.state_on) < 0),
	      arena_fmt(&arena, "a late challenge was dropped: %s, %d",
			shape_day_text(a->on, &arena).at, r)
		      .at);
	if (r != 0)
		return;
	HOLDS(!(is_challenge(e) && was_too_late) || has_flag("LATE_CHALLENGE") ||
		      has_flag("LATE_ON_ONE_READING"),
	      "a late challenge has no flag");
	HOLDS(!(e == REQUEST_EVENT_REFUSE || (is_review && str_eq(a->decision, STR("REFUSE")))) ||
		      a->grounds.count > 0,
	      "a refusal has no grounds");
	HOLDS(!(e == REQUEST_EVENT_AGREE || (is_review && str_eq(a->decision, STR("AGREE")))) ||
		      a->matters.count == 14,
	      "an agreement was not weighed");
	HOLDS(day_cmp(entry[request.ledger.count - 1].on, today) <= 0, "or is of a day to come");
}

/* The rows of the table, and the states, that some walk came through. */
static bool row_seen[200], state_seen[REQUEST_STATE_COUNT];
static size_t ended_in[REQUEST_STATE_COUNT];

static void see(void)
{
	const struct ledger_entry *entry = request.ledger.at;

	for (size_t i = 0; i < request.ledger.count; i++) {
		const struct request_move *row = request_move_of(&entry[i]);
		enum request_state state;

		cr_assert_eq(request_state_parse(entry[i].state_to, &state), 0);
		state_seen[state] = true;
		row_seen[row - request_move_at(0)] = true;
	}
}

/* Today is the last day of a time after which silence can be challenged. */
static bool is_last_day(void)
{
	static struct request_clocks clocks;

	request_clocks(&request, &clocks);
	for (size_t i = 0; i < clocks.count; i++) {
		const struct deadline *d = &clocks.at[i];

		if (d->state == DEADLINE_RUNNING && day_cmp(d->due_on, today) == 0 &&
		    shape_is_word(str_of(d->clock->id), "K6 K7 K14 K19"))
			return true;
	}
	return false;
}

static void step(int walk, uint64_t *seed)
{
	static const enum request_event challenge[] = {REQUEST_EVENT_REVIEW_APPLIED,
						       REQUEST_EVENT_APPEAL_LODGED,
						       REQUEST_EVENT_NO_CONTRACT_APPEAL_LODGED};
	const bool is_early = is_last_day() && one_in(seed, 2);
	enum request_event e = is_early ? challenge[random_below(seed, 3)] : any_event(seed);
	struct request_act a = any_act(e, seed);
	bool was_too_late;
	int r = 1;

	a.on = is_early ? today : a.on;
	was_too_late = is_too_late(&a);

	flaws_init(&flaws, &arena);
	if (!request_event_info(e)->is_timed && e != REQUEST_EVENT_CORRECT) {
		r = day_cmp(a.on, today) > 0 ? 1 : tell_act(&a, e);
		check_told(walk, &a, e, r, was_too_late);
	}
	if (r == 0)
		said[said_count++] = a;
	else
		request.allowed = request_allowed(&request, &arena);
	trace(&walked, a.event.at, a.event.len);
	trace_request(&walked, r);
	check(walk);
	today = any_next_day(seed);
	pass(&request, &(struct request_until){today, REQUEST_EVENT_COUNT, today});
	check(walk);
}

static size_t walk_on(int walk)
{
	uint64_t seed = walk_seed(walk);
	enum request_state state;
	struct day end;

	arena_done(&arena);
	arena_init(&arena, 64 << 20);
	walked = FNV_BEGIN;
	any_beginning(&seed);
	trace_request(&walked, 0);
	check(walk);
	end = day_add(today, 365 * YEARS);
	for (int i = 0; i < STEPS_MAX && day_cmp(today, end) < 0; i++) {
		step(walk, &seed);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		if (!request_state_info(state)->is_open && one_in(&seed, 3))
			break;
	}
	trace_request(&walked, 0);
	see();
	check_how(walk);
	check_past(walk);
	check_replay(walk, &seed);
	if (walk % CORRECTED_EVERY == 0)
		check_corrections(walk, &seed);
	return said_count - 1;
}

/* The same seed, the same walk. */
static void walk_again(int walk)
{
	uint64_t first = walked;

	walk_on(walk);
	cr_assert_eq(walked, first,
		     "ASSETD_WALK=%d went another way: %016" PRIx64 ", not %016" PRIx64, walk,
		     walked, first);
}

/* Rows that are told apart by the act alone leave one entry for both. */
static bool is_seen(size_t n)
{
	const struct request_move *row = request_move_at(n), *other;

	for (size_t k = 0; (other = request_move_at(k)); k++) {
		if (row_seen[k] && row->event == other->event && row->to == other->to &&
		    strcmp(row->from, other->from) == 0 && row->level == other->level)
			return true;
	}
	return false;
}

/* What holds was not held by never going there. */
static void expect_all_seen(void)
{
	const struct request_move *row;

	for (int s = 0; s < REQUEST_STATE_COUNT; s++) {
		const struct request_state_info *info = request_state_info((enum request_state)s);

		cr_expect(state_seen[s], "no walk came to %s", info->name);
		cr_expect(info->is_open || ended_in[s], "no walk ended in %s", info->name);
	}
	for (size_t i = 0; (row = request_move_at(i)); i++)
		cr_expect(is_seen(i), "no walk went %s from %s", row->row, row->from);
}

/* Six hundred of them; ten thousand where there is time for it (tools/test walk_long). */
Test(request_walk, requests_over_ten_years, .timeout = 900)
{
	const int walks = getenv("ASSETD_LONG") ? WALKS_LONG : WALKS;
	const char *one = getenv("ASSETD_WALK");
	const int first = one ? (int)strtol(one, NULL, 10) : 0;
	size_t done = 0;

	for (int walk = first; walk < (one ? first + 1 : walks); walk++) {
		enum request_state state;

		done += walk_on(walk);
		if (walk % REPEATED_EVERY == 0)
			walk_again(walk);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		ended_in[state]++;
	}
	if (one) {
		printf("walk %d: trace %016" PRIx64 "%s\n", first, walked, story());
		return;
	}
	cr_assert_gt(done, (size_t)(3 * walks), "walks that go nowhere");
	cr_assert_gt(corrected, (size_t)walks / CORRECTED_EVERY, "corrections that never pass");
	expect_all_seen();
}
