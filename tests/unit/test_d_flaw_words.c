/*
 * What decoders say to programs, as pages say it to people.
 */
#include <criterion/criterion.h>

#include "daemon/page/flaw_words.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena, 1 << 20);
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(flaw_words, .init = setup, .fini = teardown);

static void says(const char *detail, const char *cure, const char *want_detail,
		 const char *want_cure)
{
	struct flaws f;

	flaws_init(&f, &arena);
	flaw_add(&f, STR("/name"), STR("X"), str_of(detail), str_of(cure));
	for (int i = 0; i < 2; i++) {
		flaws_for_people(&f);
		cr_assert(str_eq(f.at[0].detail, str_of(want_detail)), "%.*s",
			  (int)f.at[0].detail.len, f.at[0].detail.at);
		cr_assert(str_eq(f.at[0].cure, str_of(want_cure)), "%.*s", (int)f.at[0].cure.len,
			  f.at[0].cure.at);
	}
}

Test(flaw_words, what_is_missing_is_to_be_filled_in)
{
	says("This cannot be left without a value.", "Send a value.", "This is empty.",
	     "Fill it in.");
	says("This field is needed and was not sent.", "Add \"name\".", "This is empty.",
	     "Fill it in.");
}

Test(flaw_words, fields_are_called_by_their_labels)
{
	says("Leave agreed_on out.", "Send earlier, or notice_on.", "Leave “Agreed on” out.",
	     "Give earlier, or “Date of the authority's new notice”.");
}

Test(flaw_words, codes_and_days_are_as_people_read_them)
{
	says("What is owned is held by no lease.",
	     "Send the tenure LEASED_IN, or leave the lease out.",
	     "What is owned is held by no lease.",
	     "Give the tenure “Leased in”, or leave the lease out.");
	says("At least 20 working days must be left, which end on 2026-12-22.", "",
	     "At least 20 working days must be left, which end on 22 December 2026.", "");
	says("REFUSE needs this field.", "Send it.", "This is empty.", "Fill it in.");
	says("The UPRN X2026-12-22 of the ONS; WGS 84, 2026-13-01.", "",
	     "The UPRN X2026-12-22 of the ONS; WGS 84, 2026-13-01.", "");
}

Test(flaw_words, other_words_stay)
{
	says("This is before the day.", "Give that day or a later one.", "This is before the day.",
	     "Give that day or a later one.");
	says("Asset ast_00000000000000000000000001 has it; your_own stays.", "",
	     "Asset "
	     "ast_00000000000000000000000001 has it; your_own stays.",
	     "");
}
