/*
 * What officers may do with a representation, each against each way it can stand; and by which
 * closing date one is late.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/request/representation.h"

#define COUNTED                                                                                    \
	{                                                                                          \
		.mark = STR_INIT("COUNTED")                                                        \
	}
#define REDACTED                                                                                   \
	{                                                                                          \
		.mark = STR_INIT("COUNTED"), .redacted_text = STR_INIT("For it")                   \
	}
#define SHOWN                                                                                      \
	{                                                                                          \
		.mark = STR_INIT("COUNTED"), .redacted_text = STR_INIT("For it"), .shown = {       \
			true,                                                                      \
			true                                                                       \
		}                                                                                  \
	}
#define UNREAD                                                                                     \
	{                                                                                          \
		.mark = STR_INIT("UNREAD")                                                         \
	}

static const struct {
	const char *about;
	struct representation_row was;
	struct representation_act act;
	int err;
	bool is_shown;
} table[] = {
	{"unread, published", UNREAD, {.event = STR_INIT("PUBLISH")}, ERR_REPRESENTATION, false},
	{"counted, published", COUNTED, {.event = STR_INIT("PUBLISH")}, ERR_REPRESENTATION, false},
	{"redacted, published", REDACTED, {.event = STR_INIT("PUBLISH")}, 0, true},
	{"shown, withheld without a reason",
	 SHOWN,
	 {.event = STR_INIT("WITHHOLD")},
	 ERR_INVALID,
	 true},
	{"shown, withheld",
	 SHOWN,
	 {.event = STR_INIT("WITHHOLD"), .reasons = STR_INIT("a name")},
	 0,
	 false},
	{"hidden, withheld",
	 REDACTED,
	 {.event = STR_INIT("WITHHOLD"), .reasons = STR_INIT("a name")},
	 ERR_REPRESENTATION,
	 false},
	{"shown, set aside",
	 SHOWN,
	 {.event = STR_INIT("MARK"),
	  .mark = STR_INIT("NOT_A_REPRESENTATION"),
	  .reasons = STR_INIT("no")},
	 0,
	 false},
	{"set aside without a reason",
	 SHOWN,
	 {.event = STR_INIT("MARK"), .mark = STR_INIT("NOT_A_REPRESENTATION")},
	 ERR_INVALID,
	 true},
	{"a duplicate of nothing",
	 COUNTED,
	 {.event = STR_INIT("MARK"), .mark = STR_INIT("DUPLICATE"), .reasons = STR_INIT("same")},
	 ERR_INVALID,
	 false},
	{"what repeats another and counts",
	 COUNTED,
	 {.event = STR_INIT("MARK"),
	  .mark = STR_INIT("COUNTED"),
	  .duplicate_of = STR_INIT("rep_1")},
	 ERR_INVALID,
	 false},
	{"shown, redacted anew",
	 SHOWN,
	 {.event = STR_INIT("REDACT"), .text = STR_INIT("For")},
	 0,
	 true},
	{"redacted to nothing", SHOWN, {.event = STR_INIT("REDACT")}, ERR_INVALID, true},
	{"unread, erased", UNREAD, {.event = STR_INIT("ERASE")}, ERR_REPRESENTATION, false},
	{"counted, erased", COUNTED, {.event = STR_INIT("ERASE")}, ERR_REPRESENTATION, false},
	{"shown, erased", SHOWN, {.event = STR_INIT("ERASE")}, 0, true},
	{"a text that erasing does not take",
	 SHOWN,
	 {.event = STR_INIT("ERASE"), .text = STR_INIT("x")},
	 ERR_INVALID,
	 true},
};

Test(representation, what_may_be_done_follows_from_how_it_stands)
{
	for (size_t i = 0; i < COUNT(table); i++) {
		CLEANUP(arena_done) struct arena a;
		struct representation_row now = table[i].was;
		const char *type = NULL, *why = NULL;
		struct flaws flaws;

		arena_init(&a, 64 * 1024);
		flaws_init(&flaws, &a);
		cr_assert_eq(representation_apply(&now, &table[i].act, &flaws, &type, &why),
			     table[i].err, "%s", table[i].about);
		cr_assert_eq(why != NULL, table[i].err == ERR_REPRESENTATION, "%s", table[i].about);
		cr_assert_eq(now.shown.value, table[i].is_shown, "%s", table[i].about);
	}
}

Test(representation, without_a_notice_there_is_no_closing_date)
{
	struct request r = {.route = STR_INIT("LA_REVIEW")};

	struct deadline window;

	cr_assert_not(representation_window(&r, "REPRESENTATION", &window));
	cr_assert_not(representation_window(&r, "COMMENTS", &window));
}
