/*
 * assetctl rules: the list of what is not confirmed (unconfirmed.def), then every clock and every
 * move of a request that does not rest on the law's own words; of a clock also how long it runs,
 * by the rulebook or by a version of the calendars. A table in lines, its columns between tabs:
 * for an operator's eyes, and for cut and sort.
 */
#include "rules.h"

#include <stdio.h>

#include "input.h"
#include "libassets/base/err.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/request/request_move.h"

/* Bytes of a version of the calendars; of what is kept of it. */
enum { FILE_MAX = 4 << 20, ARENA_MAX = 16 << 20 };

static const struct {
	int number;
	const char *item, *until, *where;
} unconfirmed_table[] = {
#define UNCONFIRMED(number, item, until, where) {number, item, until, where},
#include "libassets/clock/unconfirmed.def"
#undef UNCONFIRMED
};

static bool is_confirmed(const char *mark)
{
	return strcmp(mark, "C") == 0;
}

static void print_period(const struct clock_rule *rule, struct period p)
{
	static const char *const mode[] = {" after", " beginning with", ""};

	if (rule->period.unit == PERIOD_STATED || rule->period.unit == PERIOD_OPEN ||
	    rule->period.unit == PERIOD_REPORT || rule->period.unit == PERIOD_DATE)
		printf("no count");
	else
		printf("%d %s%s", p.length, period_unit_words(p.unit, p.length), mode[p.mode]);
}

/* How long it runs, and from when on otherwise: "15 working days after; from 2027-01-01 10 …". */
static void print_lengths(enum clock_id id, struct shape_list settings)
{
	const struct clock_setting *at = settings.at;
	const struct clock_rule *rule = clock_rule(id);

	print_period(rule, rule->period);
	for (size_t i = 0; i < settings.count; i++) {
		char from[DAY_TEXT];

		if (!str_eq(at[i].clock, str_of(rule->id)))
			continue;
		day_format(at[i].from_on, from);
		printf("; from %s ", from);
		print_period(rule, clock_period_of(settings, id, at[i].from_on));
	}
}

static void print_clocks(struct shape_list settings)
{
	for (int id = 0; id < CLOCK_COUNT; id++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)id);

		if (is_confirmed(rule->confidence))
			continue;
		printf("clock\t%s\t%s\t%s\t%s\t", rule->id, rule->confidence, rule->name,
		       rule->citation);
		print_lengths((enum clock_id)id, settings);
		printf("\t%s\n", shape_is_word(str_of(rule->id), CLOCK_SETTABLE)
					 ? "POST /v1/calendars, clocks"
					 : "libassets/clock/clock.def");
	}
}

static void print_moves(void)
{
	const struct request_move *row;

	for (size_t i = 0; (row = request_move_at(i)); i++) {
		const char *event = strcmp(row->from, "-") == 0
					    ? "begins"
					    : request_event_info(row->event)->name;

		if (strchr(row->mark, 'U'))
			printf("move\t%s\t%s\t%s: %s\t%s\n", row->row, row->mark, row->from, event,
			       row->citation);
	}
}

/* The lengths that a version of the calendars sets, as the API shows it. EXIT_OK or why not. */
static int read_settings(const char *path, struct arena *arena, struct shape_list *ret_settings)
{
	CLEANUP(buf_done) struct buf text = BUF(FILE_MAX);
	struct calendar_version version;
	int code = input_read(path, &text), r;

	if (code != EXIT_OK)
		return code;
	r = shape_stored(&calendar_version_shape, buf_view(&text), arena, &version);
	if (r < 0) {
		complain("%s: this is no version of the calendars: %s", path, err_info(r)->title);
		return EXIT_INVALID;
	}
	*ret_settings = version.clocks;
	return EXIT_OK;
}

static void print_all(struct shape_list settings)
{
	for (size_t i = 0; i < COUNT(unconfirmed_table); i++)
		printf("item\t%d\tU\t%s: %s\t%s\n", unconfirmed_table[i].number,
		       unconfirmed_table[i].item, unconfirmed_table[i].until,
		       unconfirmed_table[i].where);
	print_clocks(settings);
	print_moves();
}

int rules_run(const struct invocation *call)
{
	struct shape_list settings = {NULL, 0};
	struct arena arena;
	int code = EXIT_OK;

	if (call->argc > 1) {
		complain("rules takes one file at most; see assetctl rules --help");
		return EXIT_USAGE;
	}
	arena_init(&arena, ARENA_MAX);
	if (call->argc == 1)
		code = read_settings(call->argv[0], &arena, &settings);
	if (code == EXIT_OK)
		print_all(settings);
	arena_done(&arena);
	return code;
}
