/*
 * The table of moves against the rulebook: row by row (tests/data/transitions.csv), every pair
 * of state and event that no row has, and a way through every row.
 */
#include "libassets/request/request_must.h"
#include "request_ways.h"

TestSuite(request_move, .init = requests_setup, .fini = reading_teardown);

enum { COLUMNS = 16, LINES_MAX = 100 };

struct line {
	char text[1400];
	const char *
		column[COLUMNS]; /* row from event to guard must level clocks produces citation … */
};

enum { ROW, FROM, EVENT, TO, GUARD, MUST, LEVEL, CLOCKS, PRODUCES, CITATION, MARK };

/* Takes the line apart where it stands: fields in quotes where they hold a comma. */
static void split(struct line *line)
{
	char *at = line->text;

	for (int c = 0; c < COLUMNS; c++) {
		bool is_quoted = *at == '"';
		char *end = is_quoted ? strchr(++at, '"') : at + strcspn(at, ",\n");

		cr_assert_not_null(end, "%s", line->column[ROW]);
		line->column[c] = at;
		at = end + (is_quoted ? 2 : 1);
		*end = '\0';
	}
}

static size_t rulebook(struct line ret_line[LINES_MAX])
{
	FILE *in = fopen(TEST_DATA "/transitions.csv", "r");
	char head[500];
	size_t n = 0;

	cr_assert_not_null(in);
	cr_assert_not_null(fgets(head, sizeof(head), in));
	for (; n < LINES_MAX && fgets(ret_line[n].text, sizeof(ret_line[n].text), in); n++)
		split(&ret_line[n]);
	fclose(in);
	return n;
}

/* The words of a list that are not there yet are added. */
static void gather(struct buf *to, const char *words)
{
	for (struct str rest = str_of(words); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);

		if (!shape_is_word(word, buf_view(to).at ? buf_view(to).at : ""))
			buf_fmt(to, "%s%.*s", buf_view(to).len ? " " : "", (int)word.len, word.at);
	}
}

static void expect_same_words(const char *row, const char *what, const char *a, const char *b)
{
	for (struct str rest = str_of(a); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);

		cr_expect(shape_is_word(word, b), "%s: %s has no %.*s in \"%s\"", row, what,
			  (int)word.len, word.at, b);
	}
}

/* "STOP K2 START K6 K1" as "STOP:K2 START:K6 START:K1". */
static void gather_clocks(struct buf *to, const char *clocks)
{
	struct str verb = {NULL, 0};

	for (struct str rest = str_of(clocks); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);
		char text[40];

		if (shape_is_word(word, "START STOP MOVE HOLD FREE END")) {
			verb = word;
			continue;
		}
		snprintf(text, sizeof(text), "%.*s:%.*s", (int)verb.len, verb.at, (int)word.len,
			 word.at);
		gather(to, text);
	}
}

struct gathered {
	struct buf from, guard, must, level, clocks;
};

/* A line is one event that leads to one state, or a state in which a request begins. */
static bool is_of(const struct request_move *row, const struct line *line)
{
	const char *to = row->to == REQUEST_SAME ? "SAME" : request_state_info(row->to)->name;

	if (strcmp(row->row, line->column[ROW]) != 0 || strcmp(to, line->column[TO]) != 0)
		return false;
	return strcmp(row->from, "-") == 0 ||
	       strcmp(request_event_info(row->event)->name, line->column[EVENT]) == 0;
}

static void compare(const struct line *line)
{
	struct gathered g = {BUF(500), BUF(500), BUF(500), BUF(500), BUF(500)};
	const struct request_move *row;
	const struct {
		struct buf *got;
		int column;
	} table[] = {{&g.from, FROM},
		     {&g.guard, GUARD},
		     {&g.must, MUST},
		     {&g.level, LEVEL},
		     {&g.clocks, CLOCKS}};

	for (size_t i = 0; (row = request_move_at(i)); i++) {
		bool is_begin = strcmp(row->from, "-") == 0;

		if (!is_of(row, line))
			continue;
		gather(&g.from, row->from);
		if (!is_begin) {
			gather(&g.guard, row->guard_name);
			gather(&g.must, row->must);
		}
		if (!is_begin || strcmp(line->column[FROM], "-") == 0)
			gather(&g.level, row->level == REQUEST_SAME_LEVEL
						 ? "SAME"
						 : request_level_name(row->level));
		gather_clocks(&g.clocks, row->clocks);
		cr_expect_str_eq(row->produces, line->column[PRODUCES], "%s", row->row);
		cr_expect_str_eq(row->citation, line->column[CITATION], "%s", row->row);
		cr_expect_str_eq(row->mark, line->column[MARK], "%s", row->row);
	}
	for (size_t i = 0; i < COUNT(table); i++) {
		const char *got = buf_view(table[i].got).len ? buf_view(table[i].got).at : "";
		const char *want = line->column[table[i].column];

		expect_same_words(line->column[ROW], "the table", want, got);
		expect_same_words(line->column[ROW], "the rulebook", got, want);
		buf_done(table[i].got);
	}
}

Test(request_move, the_table_is_the_rulebook_row_by_row)
{
	static struct line line[LINES_MAX];
	size_t n = rulebook(line);
	const struct request_move *row;

	cr_assert_eq(n, 69);
	for (size_t i = 0; i < n; i++)
		compare(&line[i]);
	for (size_t i = 0; (row = request_move_at(i)); i++) {
		bool is_there = shape_is_word(str_of(row->row), "REP BAR DUE K16 K20");

		for (size_t k = 0; k < n; k++)
			is_there = is_there || is_of(row, &line[k]);
		cr_expect(is_there, "row %zu, of %s, is in no rulebook", i, row->row);
	}
}

/* One thing, one table: what refuses an act is named in a row, and what a row names is there, once.
 */
Test(request_move, no_condition_is_asked_that_no_row_names)
{
	static bool is_named[100];
	const struct request_must *must;
	const struct request_move *row;

	for (size_t i = 0; (row = request_move_at(i)); i++) {
		for (struct str rest = str_of(row->must); rest.len;) {
			struct str name = str_cut(rest, ' ', &rest);
			size_t found = 0;

			for (size_t k = 0; (must = request_must_at(k)); k++) {
				if (!str_eq(name, str_of(must->name)))
					continue;
				is_named[k] = true;
				found++;
			}
			cr_expect_eq(found, 1, "%s names %.*s", row->row, (int)name.len, name.at);
		}
	}
	for (size_t k = 0; (must = request_must_at(k)); k++) {
		cr_expect(is_named[k], "%s is named by no row", must->name);
		cr_expect_neq(!must->is_wrong, !must->of_register, "%s: who asks it?", must->name);
	}
}

/* What refuses is what the row names: the same act passes a row that does not. */
Test(request_move, a_row_asks_what_it_names_and_nothing_else)
{
	static const struct request_around nothing = {.legal_form = STR_INIT("TRUST")};
	struct request r = {.kind = STR_INIT("LEASE")};
	const struct day on = {20514}; /* 2 March 2026 */
	struct request_act act = {.event = STR_INIT("REFUSE"), .on = on};
	struct acting a = {&r, &act, &nothing, on, &flaws};

	flaws_init(&flaws, &arena);
	cr_expect_eq(request_must(&a, ""), 0);
	cr_expect_eq(request_must(&a, "copies_are_ready land_is_free"), 0, "the register's to ask");
	cr_expect_eq(flaws.count, 0);
	cr_expect_eq(request_must(&a, "land_is_there grounds_are_given"), ERR_INVALID);
	cr_expect_eq(flaws.count, 1);
	cr_expect_eq(request_must(&a, "no_such_condition"), ERR_BUG);
}

Test(request_move, there_is_a_way_through_every_row_to_every_state)
{
	static bool row_seen[200], state_seen[REQUEST_STATE_COUNT];
	const struct request_move *row;

	for (size_t w = 0; w < COUNT(way_table); w++) {
		const struct ledger_entry *entry;
		enum request_state state;

		follow(&way_table[w]);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		state_seen[state] = true;
		entry = request.ledger.at;
		for (size_t i = 0; i < request.ledger.count; i++) {
			const struct request_move *of = request_move_of(&entry[i]);

			cr_assert_not_null(of, "%s", entry[i].event.at);
			row_seen[of - request_move_at(0)] = true;
		}
	}
	for (int s = 0; s < REQUEST_STATE_COUNT; s++)
		cr_expect(state_seen[s], "%s", request_state_info((enum request_state)s)->name);
	for (size_t i = 0; (row = request_move_at(i)); i++) {
		for (size_t k = 0; k < i;
		     k++) { /* told apart by the act alone: one entry for both */
			const struct request_move *other = request_move_at(k);

			if (row->event != other->event || row->to != other->to ||
			    strcmp(row->from, other->from) != 0 || row->level != other->level)
				continue;
			row_seen[i] = row_seen[i] || row_seen[k];
			cr_expect_str_eq(row->clocks, other->clocks, "%s", row->guard_name);
			cr_expect_str_eq(row->flag, other->flag, "%s", row->guard_name);
		}
		cr_expect(row_seen[i], "no way through %s, %s", row->row, row->guard_name);
	}
}

/* --- What no row has ---------------------------------------------------------------------- */

/* True if some line of the rulebook has the event in that state. */
/* What is kept when it comes too late, from any state, is kept where there was a day to be late
 * for. */
static bool had_right(const char *event)
{
	bool is_direction = strcmp(event, "DIRECTION_APPLIED") == 0;
	struct request_clocks c;

	request_clocks(&request, &c);
	for (size_t i = 0; i < c.count; i++) {
		const struct clock_rule *clock = c.at[i].clock;

		if (is_direction ? strcmp(clock->id, "K19") == 0
				 : shape_is_word(str_of(event), clock->met_by))
			return true;
	}
	return false;
}

/* A challenge to silence that is sent on the last day itself is kept, and takes effect at its end
 * (5.2). */
static bool is_last_day(const char *event)
{
	struct request_clocks c;

	request_clocks(&request, &c);
	for (size_t i = 0; i < c.count; i++) {
		if (c.at[i].state == DEADLINE_RUNNING && day_cmp(c.at[i].due_on, today) == 0 &&
		    shape_is_word(str_of(c.at[i].clock->id), "K6 K7 K14 K19"))
			return shape_is_word(str_of(event), "REVIEW_APPLIED APPEAL_LODGED "
							    "NO_CONTRACT_APPEAL_LODGED");
	}
	return false;
}

static bool is_law(const struct line *line, size_t n, enum request_state s, const char *event)
{
	const struct request_state_info *info = request_state_info(s);

	if (strcmp(event, "BAR_LIFTED") == 0)
		return info->is_open;
	if (strcmp(event, "DIRECTION_APPLIED") == 0)
		return had_right(event); /* kept where it is too late, whatever has become of it */
	if (strcmp(event, "REPRESENTATION_RECEIVED") == 0 &&
	    (s == REQUEST_REPRESENTATIONS_OPEN || s == REQUEST_NO_DECISION))
		return true;
	if (is_last_day(event))
		return true;
	for (size_t i = 0; i < n; i++) {
		const char *from = line[i].column[FROM];

		if (shape_is_word(str_of(event), line[i].column[EVENT]) &&
		    ((strcmp(from, "*") == 0 && had_right(event)) ||
		     (strcmp(from, "*OPEN") == 0 && info->is_open) ||
		     shape_is_word(str_of(info->name), from)))
			return true;
	}
	return false;
}

/* An act of today, which nothing that time did has to give way to. */
static struct request_act bare_act(enum request_event e)
{
	struct request_act a;

	shape_clear(&request_act_shape, &a);
	a.event = str_of(request_event_info(e)->name);
	a.on = today;
	return a;
}

Test(request_move, every_pair_that_is_not_in_the_rulebook_is_refused)
{
	static struct line line[LINES_MAX];
	size_t n = rulebook(line), refused = 0, named = 0;

	for (size_t w = 0; w < COUNT(way_table); w++) {
		enum request_state state;

		follow(&way_table[w]);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		for (int e = 0; e < REQUEST_EVENT_COUNT; e++) {
			const struct request_event_info *info =
				request_event_info((enum request_event)e);
			struct request_act a = bare_act((enum request_event)e);
			bool is_named;

			if (info->is_timed)
				continue;
			is_named = false;
			for (size_t i = 0; i < request.allowed.count; i++)
				is_named = is_named || str_eq(request.allowed.at[i], a.event);
			flaws_init(&flaws, &arena);
			if (is_named) {
				named++;
				cr_expect(is_law(line, n, state, info->name), "%s is named in %s",
					  info->name, request.state.at);
				cr_expect_neq(tell_act(&a, (enum request_event)e), ERR_TRANSITION,
					      "%s is named in %s, and refused there", info->name,
					      request.state.at);
				follow(&way_table[w]);
			} else if (!is_law(line, n, state, info->name)) {
				refused++;
				cr_expect_eq(tell_act(&a, (enum request_event)e), ERR_TRANSITION,
					     "%s in %s", info->name, request.state.at);
			}
		}
	}
	cr_assert_gt(refused, 1000);
	cr_assert_gt(named, 100);
}

Test(request_move, what_is_allowed_in_each_state)
{
	static const struct {
		size_t way;
		const char *allowed;
	} table[] = {
		{0, "EXPRESS_INTEREST SUBMIT WITHDRAW"},
		{1, "SUPPORT_EOI DECLINE_EOI SUBMIT WITHDRAW"},
		{4, "INELIGIBLE DECLINE_REPEAT MISSING_ITEMS ITEM_RECEIVED VALIDATE WITHDRAW"},
		{5, "INELIGIBLE DECLINE_REPEAT ITEM_RECEIVED VALIDATE WITHDRAW"},
		{6, ""},
		{8, "NOTICES_ISSUED EXTEND WITHDRAW BAR_LIFTED"},
		{12,
		 "ACKNOWLEDGED REPRESENTATION_RECEIVED EXTEND AGREE REFUSE WITHDRAW BAR_LIFTED"},
		{14, "REVIEW_APPLIED WITHDRAW BAR_LIFTED"},
	};

	for (size_t t = 0; t < COUNT(table); t++) {
		CLEANUP(buf_done) struct buf words = BUF(2000);

		follow(&way_table[table[t].way]);
		for (size_t i = 0; i < request.allowed.count; i++)
			buf_fmt(&words, "%s%s", i ? " " : "", request.allowed.at[i].at);
		cr_expect_str_eq(words.len ? buf_view(&words).at : "", table[t].allowed, "%s",
				 request.state.at);
	}
}

Test(request_move, closed_states_allow_nothing)
{
	for (size_t w = 0; w < COUNT(way_table); w++) {
		enum request_state state;

		follow(&way_table[w]);
		cr_assert_eq(request_state_parse(request.state, &state), 0);
		if (!request_state_info(state)->is_open)
			cr_expect_eq(request.allowed.count, 0, "%s", request.state.at);
		cr_expect(request_state_info(state)->is_open || !request_state_info(state)->bars);
	}
}
