/*
 * Random requests over ten years in the pure machine: whatever happens, in whatever order and
 * however late it is recorded, the invariants of the rulebook (5.2 and 22) hold after each step.
 *
 * The walks come from a fixed seed; a failure names its walk and tells its ledger.
 */
#include "libassets/request_correct.h"
#include "libassets/request_past.h"
#include "random.h"
#include "requests.h"

TestSuite(request_walk, .init = requests_setup, .fini = reading_teardown);

enum { WALKS = 1000, WALKS_LONG = 10000, YEARS = 10, STEPS_MAX = 60 };

/* Of so many walks one has each of its acts corrected, which is as much work as twenty walks. */
enum { CORRECTED_EVERY = 10 };

static const char *const route_table[] = {"LA_REVIEW", "MINISTERS_REVIEW", "MINISTERS_APPEAL",
					  "LA_STYLE_REVIEW"};

static struct day days_on(struct day d, uint64_t *seed, uint32_t most)
{
	return day_add(d, (int32_t)random_below(seed, most + 1));
}

/* An act with whatever its event may need; half of them of some day gone by. */
static struct request_act any_act(enum request_event e, uint64_t *seed)
{
	static const char *const outcome[] = {"CONFIRM", "MODIFY", "SUBSTITUTE", "ALLOW",
					      "DISMISS"};
	static struct matter ground = {STR_INIT("H"), STR_INIT("x")};
	static struct item none;
	struct request_act a;

	shape_clear(&request_act_shape, &a);
	a.event = str_of(request_event_info(e)->name);
	a.on = random_below(seed, 2) ? today : day_add(today, -(int32_t)random_below(seed, 40));
	a.items = (struct shape_list){random_below(seed, 2) ? &none : NULL, 0};
	a.code = STR("PRICE");
	a.terms = STR("as asked");
	a.terms_differ = (struct shape_flag){random_below(seed, 2), true};
	a.grounds = (struct shape_list){&ground, random_below(seed, 4) ? 1 : 0};
	a.earlier = STR("a letter");
	a.reasons = STR("so");
	a.outcome = str_of(outcome[random_below(seed, COUNT(outcome))]);
	if (!str_eq(a.outcome, STR("CONFIRM")))
		a.decision = random_below(seed, 2) ? STR("AGREE") : STR("REFUSE");
	a.representations_close_on = days_on(day_add(a.on, 20), seed, 40);
	a.comments_close_on = days_on(day_add(a.on, 20), seed, 40);
	a.until_on = days_on(a.on, seed, 500);
	a.exemption = STR("DIRECTION");
	a.dated_on = a.on;
	if (random_below(seed, 4) == 0)
		a.override_reason = STR("an officer accepts it");
	return a;
}

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

#define HOLDS(claim, what) cr_assert(claim, "walk %d: %s%s", walk, what, story())

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

static void check(int walk)
{
	check_clocks(walk);
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
	static const char *const becomes[] = {"AGREE\",\"terms\":\"as asked", "WITHDRAW",
					      "ACKNOWLEDGED", "CLOSE", "REVIEW_APPLIED"};
	static struct request_act acts[LEDGER_MAX];
	struct request was = request, again;

	for (size_t i = 1; i < was.ledger.count; i++) {
		struct correction c = {.now = &was, .said = acts, .target = i};
		const struct ledger_entry *entry = was.ledger.at;
		char body[300], on[DAY_TEXT];
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

static size_t walk_on(int walk, uint64_t *seed)
{
	struct day end;
	size_t done = 0;

	arena_done(&arena);
	arena_init(&arena, 64 << 20);
	today = day_add(day("2017-01-23"), (int32_t)random_below(seed, 365 * YEARS));
	end = day_add(today, 365 * YEARS);
	{
		char form[300], on[DAY_TEXT];

		day_format(today, on);
		snprintf(form, sizeof(form),
			 "{" ASSET "," BODY ",\"kind\":\"OWNERSHIP\",\"received_on\":\"%s\"}", on);
		cr_assert_eq(begin_as(form, route_table[random_below(seed, COUNT(route_table))]),
			     0);
	}
	shape_clear(&request_act_shape, &said[0]);
	said[0].event = request.state;
	said[0].on = request.received_on;
	said[0].items = request.items;
	said_count = 1;
	for (int step = 0; step < STEPS_MAX && day_cmp(today, end) < 0; step++) {
		enum request_event e = any_event(seed);
		struct request_act a = any_act(e, seed);
		enum request_state state;

		if (e == REQUEST_EVENT_VALIDATE)
			a.on = request.received_on;
		flaws_init(&flaws, &arena);
		if (!request_event_info(e)->is_timed && tell_act(&a, e) == 0) {
			done++;
			said[said_count++] = a;
		} else
			request.allowed = request_allowed(&request, &arena);
		check(walk);
		today = days_on(today, seed, random_below(seed, 6) ? 20 : 200);
		pass(&request, &(struct request_until){today, REQUEST_EVENT_COUNT, today});
		check(walk);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		if (!request_state_info(state)->is_open && random_below(seed, 3) == 0)
			break;
	}
	check_past(walk);
	check_replay(walk, seed);
	if (walk % CORRECTED_EVERY == 0)
		check_corrections(walk, seed);
	return done;
}

/* A thousand of them; ten thousand where there is time for it (tools/test walk_long). */
Test(request_walk, requests_over_ten_years, .timeout = 900)
{
	const int walks = getenv("ASSETD_LONG") ? WALKS_LONG : WALKS;
	static size_t ended_in[REQUEST_STATE_COUNT];
	uint64_t seed = 20261122;
	size_t done = 0;

	for (int walk = 0; walk < walks; walk++) {
		enum request_state state;

		done += walk_on(walk, &seed);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		ended_in[state]++;
	}
	cr_assert_gt(done, (size_t)(3 * walks), "walks that go nowhere");
	cr_assert_gt(corrected, (size_t)walks / CORRECTED_EVERY, "corrections that never pass");
	/* Every end is met, so that what holds was not held by never going there. */
	for (int s = 0; s < REQUEST_STATE_COUNT; s++) {
		const struct request_state_info *info = request_state_info((enum request_state)s);

		if (!info->is_open)
			cr_expect(ended_in[s], "no walk ended in %s", info->name);
	}
}
