/*
 * assetctl rules: the list of what is not confirmed (unconfirmed.def), then every clock and every
 * move of a request that does not rest on the law's own words. A table in lines, its columns
 * between tabs: for an operator's eyes, and for cut and sort.
 */
#include "rules.h"

#include <stdio.h>

#include "libassets/clock_rule.h"
#include "libassets/request_move.h"

static const struct {
	int number;
	const char *item, *until, *where;
} unconfirmed_table[] = {
#define UNCONFIRMED(number, item, until, where) {number, item, until, where},
#include "libassets/unconfirmed.def"
#undef UNCONFIRMED
};

static bool is_confirmed(const char *mark)
{
	return strcmp(mark, "C") == 0;
}

static void print_clocks(void)
{
	for (int id = 0; id < CLOCK_COUNT; id++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)id);

		if (!is_confirmed(rule->confidence))
			printf("clock\t%s\t%s\t%s\t%s\n", rule->id, rule->confidence, rule->name,
			       rule->citation);
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

int rules_run(const struct invocation *call)
{
	if (call->argc != 0) {
		complain("rules takes no argument; see assetctl rules --help");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < COUNT(unconfirmed_table); i++)
		printf("item\t%d\tU\t%s: %s\t%s\n", unconfirmed_table[i].number,
		       unconfirmed_table[i].item, unconfirmed_table[i].until,
		       unconfirmed_table[i].where);
	print_clocks();
	print_moves();
	return EXIT_OK;
}
