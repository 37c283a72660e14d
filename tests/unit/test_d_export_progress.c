/*
 * How far files are: whose, by what numbers, and what gives way when there is no place. Time is an
 * argument. Each test is a process of its own, whose table is empty.
 */
#include <criterion/criterion.h>

#include "daemon/export/export_progress.h"

static const int64_t SECOND = 1000000, HOUR = 3600 * INT64_C(1000000);

static struct export_note got[EXPORT_NOTES_EACH];

static struct str person(int n, char text[16])
{
	return (struct str){text, (size_t)snprintf(text, 16, "prn_%d", n)};
}

Test(export_progress, tells_each_person_of_their_own_alone)
{
	uint64_t a = export_progress_begin(STR("prn_a"), STR("assets.csv"), SECOND);
	uint64_t b = export_progress_begin(STR("prn_a"), STR("requests.csv"), 2 * SECOND);

	cr_assert(a && b > a);
	cr_assert_eq(export_progress_list(STR("prn_b"), SECOND, got), 0);
	cr_assert_eq(export_progress_list(STR("prn"), SECOND, got), 0);
	cr_assert_eq(export_progress_list(STR("prn_a"), 2 * SECOND, got), 2);
	cr_assert_str_eq(got[0].file, "requests.csv", "the newest first");
	cr_assert_eq(got[0].begun_us, 2 * SECOND);
	cr_assert_str_eq(got[1].file, "assets.csv");
}

Test(export_progress, counts_to_the_end)
{
	uint64_t a = export_progress_begin(STR("prn_a"), STR("assets.csv"), SECOND);

	export_progress_rows(a, 10);
	cr_assert_eq(export_progress_list(STR("prn_a"), SECOND, got), 1);
	cr_assert(got[0].rows == 10 && got[0].of == -1 && got[0].state == EXPORT_RUNNING);
	export_progress_of(a, 30);
	export_progress_rows(a, 20);
	(void)export_progress_list(STR("prn_a"), SECOND, got);
	cr_assert(got[0].rows == 20 && got[0].of == 30);
	export_progress_rows(a, 35);
	(void)export_progress_list(STR("prn_a"), SECOND, got);
	cr_assert_eq(got[0].of, 35, "never more than there are");
	export_progress_of(a, 40);
	export_progress_end(a, true, SECOND);
	export_progress_end(a, false, SECOND);
	(void)export_progress_list(STR("prn_a"), SECOND, got);
	cr_assert_eq(got[0].state, EXPORT_DONE, "the first end counts");
	cr_assert(got[0].rows == 35 && got[0].of == 35, "what is whole has what was sent");
}

Test(export_progress, what_was_cut_off_keeps_how_far_it_was)
{
	uint64_t a = export_progress_begin(STR("prn_a"), STR("assets.csv"), SECOND);

	export_progress_of(a, 30);
	export_progress_rows(a, 20);
	export_progress_end(a, false, SECOND);
	(void)export_progress_list(STR("prn_a"), SECOND, got);
	cr_assert(got[0].state == EXPORT_CUT && got[0].rows == 20 && got[0].of == 30);
}

Test(export_progress, what_has_ended_stays_an_hour)
{
	uint64_t a = export_progress_begin(STR("prn_a"), STR("assets.csv"), SECOND);

	cr_assert_eq(export_progress_list(STR("prn_a"), 9 * HOUR, got), 1, "it goes on");
	export_progress_end(a, true, HOUR);
	cr_assert_eq(export_progress_list(STR("prn_a"), 2 * HOUR - 1, got), 1);
	cr_assert_eq(export_progress_list(STR("prn_a"), 2 * HOUR, got), 0);
}

Test(export_progress, who_has_many_gives_up_their_own)
{
	uint64_t other = export_progress_begin(STR("prn_b"), STR("b.csv"), 0), first = 0;

	export_progress_end(other, true, 0);
	for (int i = 0; i < EXPORT_NOTES_EACH; i++) {
		uint64_t n = export_progress_begin(STR("prn_a"), STR("a.csv"), 0);

		first = first ? first : n;
	}
	cr_assert_eq(export_progress_begin(STR("prn_a"), STR("a.csv"), 0), 0, "all go on");
	export_progress_rows(0, 5);
	export_progress_end(0, true, 0);
	export_progress_end(first, true, 0);
	cr_assert(export_progress_begin(STR("prn_a"), STR("new.csv"), 0));
	cr_assert_eq(export_progress_list(STR("prn_a"), 0, got), EXPORT_NOTES_EACH);
	cr_assert_str_eq(got[0].file, "new.csv");
	for (size_t i = 0; i < EXPORT_NOTES_EACH; i++)
		cr_assert(got[i].number != first && got[i].rows == 0);
	cr_assert_eq(export_progress_list(STR("prn_b"), 0, got), 1, "another's stays");
}

Test(export_progress, a_full_table_gives_up_what_has_ended)
{
	uint64_t number[EXPORT_NOTES];
	char text[16];

	for (int i = 0; i < EXPORT_NOTES; i++)
		number[i] = export_progress_begin(person(i / 2, text), STR("a.csv"), 0);
	cr_assert(number[EXPORT_NOTES - 1]);
	cr_assert_eq(export_progress_begin(STR("prn_new"), STR("a.csv"), 0), 0, "all go on");
	export_progress_end(number[6], true, SECOND);
	export_progress_end(number[7], false, 0);
	cr_assert(export_progress_begin(STR("prn_new"), STR("a.csv"), SECOND));
	cr_assert_eq(export_progress_list(STR("prn_3"), SECOND, got), 1);
	cr_assert_eq(got[0].number, number[6], "the one that ended first went");
	export_progress_end(number[7], true, SECOND);
	cr_assert_eq(export_progress_list(STR("prn_new"), SECOND, got), 1);
	cr_assert_eq(got[0].state, EXPORT_RUNNING, "whose place it was notes nothing there");
}
