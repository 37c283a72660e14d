/*
 * Which notices are due: what each act asks for, what covers it, and what never is.
 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "libassets/base/err.h"
#include "libassets/notice/notice_due.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena, 16 << 20);
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(notice_due, .init = setup, .fini = teardown);

#define ACT(id_, event_, from, to)                                                                 \
	{                                                                                          \
		.id = STR_INIT(id_), .event = STR_INIT(event_), .on = {20000},                     \
		.state_from = STR_INIT(from), .state_to = STR_INIT(to),                            \
		.level_to = STR_INIT("FIRST"), .prohibits = {                                      \
			true,                                                                      \
			true                                                                       \
		}                                                                                  \
	}

/* "N2:e1 N3:e1": each code with the act that asks for it, in the order told. */
static const char *due(struct notice_act *act, size_t n)
{
	static char told[500];
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	json_auto_t *list = NULL;
	const json_t *one;
	size_t i;

	cr_assert_eq(notices_due((struct shape_list){act, n}, &arena, &out), 0);
	list = json_loadb(buf_view(&out).at, buf_view(&out).len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(list, "%s", buf_view(&out).at);
	told[0] = '\0';
	json_array_foreach (list, i, one) {
		size_t len = strlen(told);

		cr_assert_not_null(json_string_value(json_object_get(one, "title")));
		snprintf(told + len, sizeof(told) - len, "%s%s:%s", i ? " " : "",
			 json_string_value(json_object_get(one, "code")),
			 json_string_value(json_object_get(one, "event_id")));
	}
	return told;
}

Test(notice_due, nothing_is_due_of_nothing)
{
	struct notice_act silent =
		ACT("e1", "COMMENTS_RECEIVED", "CTB_COMMENT", "UNDER_ASSESSMENT");

	cr_expect_str_eq(due(NULL, 0), "");
	cr_expect_str_eq(due(&silent, 1), "");
}

Test(notice_due, what_is_issued_is_due_no_more)
{
	struct notice_act acts[] = {
		ACT("e1", "VALIDATE", "RECEIVED", "VALIDATED"),
		ACT("e2", "NOTICES_ISSUED", "VALIDATED", "REPRESENTATIONS_OPEN"),
	};

	cr_expect_str_eq(due(acts, 1), "N2:e1 N3:e1 N4:e1");
	cr_expect_str_eq(due(acts, 2), "N2:e1 N3:e2 N4:e2");
	acts[0].issued = STR("N2");
	acts[1].issued = STR("N4");
	cr_expect_str_eq(due(acts, 2), "N3:e2");
	acts[1].issued = STR("N3 N4");
	cr_expect_str_eq(due(acts, 2), "");
}

/* What tells that all were given is due before that is recorded, and not again of the record. */
Test(notice_due, a_notice_is_due_ahead_of_the_act_that_it_tells_of)
{
	struct notice_act acts[] = {
		ACT("e1", "VALIDATE", "RECEIVED", "VALIDATED"),
		ACT("e2", "ACKNOWLEDGED", "VALIDATED", "VALIDATED"),
		ACT("e3", "NOTICES_ISSUED", "VALIDATED", "REPRESENTATIONS_OPEN"),
		ACT("e4", "NOTICES_ISSUED", "REPRESENTATIONS_OPEN", "REPRESENTATIONS_OPEN"),
	};
	struct notice_act withdrawn[] = {
		ACT("e1", "VALIDATE", "RECEIVED", "VALIDATED"),
		ACT("e2", "WITHDRAW", "VALIDATED", "WITHDRAWN"),
	};

	acts[0].issued = STR("N2 N3");
	cr_expect_str_eq(due(acts, 1), "N4:e1");
	cr_expect_str_eq(due(acts, 2), "N4:e1");
	cr_expect_str_eq(due(acts, 3), "N4:e3");
	cr_expect_str_eq(due(acts, 4), "N4:e3 N3:e4");
	cr_expect_null(strstr(due(withdrawn, 2), "N3"));
}

/* Given once for a request: of the newest act that asks for it, until any of them has it. */
Test(notice_due, an_acknowledgement_is_due_once)
{
	struct notice_act acts[] = {
		ACT("e1", "VALIDATE", "RECEIVED", "VALIDATED"),
		ACT("e2", "ACKNOWLEDGED", "VALIDATED", "VALIDATED"),
	};

	cr_expect_not_null(strstr(due(acts, 2), "N2:e2"));
	cr_expect_null(strstr(due(acts, 2), "N2:e1"));
	acts[0].issued = STR("N2");
	cr_expect_null(strstr(due(acts, 2), "N2"));
}

/* Of two decisions the newest alone has its notice to come, whatever the first one had. */
Test(notice_due, a_decision_notice_is_due_of_the_newest_decision)
{
	struct notice_act acts[] = {
		ACT("e1", "REFUSE", "UNDER_ASSESSMENT", "REFUSED"),
		ACT("e2", "REVIEW_APPLIED", "REFUSED", "UNDER_REVIEW"),
		ACT("e3", "REVIEW_DECIDED", "UNDER_REVIEW", "REFUSED_AFTER_REVIEW"),
	};

	acts[2].level_to = STR("REVIEW");
	cr_expect_str_eq(due(acts, 1), "N7:e1");
	cr_expect_not_null(strstr(due(acts, 3), "N7:e3"));
	cr_expect_null(strstr(due(acts, 3), "N7:e1"));
	acts[0].issued = STR("N7");
	cr_expect_not_null(strstr(due(acts, 3), "N7:e3"));
	acts[2].issued = STR("N7");
	cr_expect_null(strstr(due(acts, 3), "N7"));
}

/* Each longer period has its own. */
Test(notice_due, an_extension_has_each_its_own)
{
	struct notice_act acts[] = {
		ACT("e1", "EXTEND", "UNDER_ASSESSMENT", "UNDER_ASSESSMENT"),
		ACT("e2", "EXTEND", "UNDER_ASSESSMENT", "UNDER_ASSESSMENT"),
	};

	cr_expect_str_eq(due(acts, 2), "N6:e1 N6:e2");
	acts[0].issued = STR("N6");
	cr_expect_str_eq(due(acts, 2), "N6:e2");
}

Test(notice_due, without_room_it_says_so)
{
	CLEANUP(buf_done) struct buf out = BUF(16);
	struct notice_act act = ACT("e1", "VALIDATE", "RECEIVED", "VALIDATED");

	cr_expect_eq(notices_due((struct shape_list){&act, 1}, &arena, &out), ERR_LIMIT);
}
