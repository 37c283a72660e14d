/*
 * What is told of deadlines by time alone: when, once, and the same however often one looks.
 */
#include "libassets/request/request_remind.h"
#include "random.h"
#include "requests.h"

TestSuite(request_remind, .init = requests_setup, .fini = reading_teardown);

enum { DAYS_AHEAD = 7 };

static struct buf told = {.max = 20000};

/* What time does until today, in the order of its days, as a text. */
static const char *look(struct request *r)
{
	const struct request_until now = {today, REQUEST_EVENT_COUNT, today};
	struct request_reminder m;
	struct request_act act;
	char on[DAY_TEXT];

	do {
		while (request_remind(r, &now, DAYS_AHEAD, &arena, &m)) {
			day_format(m.on, on);
			buf_fmt(&told, "%s%s %s %s", buf_view(&told).len ? "; " : "", on,
				m.is_missed ? "missed" : "nears", m.deadline->clock->id);
		}
		if (!request_pass(r, &now, &arena, &act))
			break;
		day_format(act.on, on);
		buf_fmt(&told, "%s%s %s", buf_view(&told).len ? "; " : "", on, act.event.at);
	} while (true);
	return buf_view(&told).len ? buf_view(&told).at : "";
}

static void validated(void)
{
	buf_clear(&told);
	today = day("2026-01-05");
	cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
	cr_assert_eq(tell(VALIDATE), 0);
}

static void on(const char *text, const char *want)
{
	today = day(text);
	buf_clear(&told);
	cr_expect_str_eq(look(&request), want, "on %s", text);
}

Test(request_remind, each_once_on_its_day)
{
	validated();
	on("2026-01-18", "");
	on("2026-01-19", "2026-01-19 nears K1; 2026-01-19 nears K3");
	on("2026-01-26", "");
	on("2026-01-27", "2026-01-26 missed K1; 2026-01-26 missed K3");
	on("2026-01-27", "");
	on("2026-06-28", "2026-06-28 nears K6");
	on("2026-07-05", "");
	on("2026-07-06", "2026-07-05 missed K6; 2026-07-05 NO_DECISION");
	on("2026-07-24", "2026-07-24 nears K9");
	on("2026-07-31", "");
	on("2026-08-01", "2026-07-31 RIGHT_LAPSED");
	on("2036-08-01", "");
	cr_assert(day_is_none(request_look_on(&request, DAYS_AHEAD)));
}

Test(request_remind, after_any_downtime_the_same)
{
	validated();
	on("2026-09-01",
	   "2026-01-19 nears K1; 2026-01-19 nears K3; 2026-01-26 missed K1; 2026-01-26 missed K3; "
	   "2026-06-28 nears K6; 2026-07-05 missed K6; 2026-07-05 NO_DECISION; "
	   "2026-07-24 nears K9; 2026-07-31 RIGHT_LAPSED");
}

Test(request_remind, the_next_look_is_the_day_on_which_there_is_something)
{
	validated();
	for (int n = 0; n < 20; n++) {
		struct day next = request_look_on(&request, DAYS_AHEAD);

		if (day_is_none(next))
			break;
		today = day_add(next, -1);
		buf_clear(&told);
		cr_expect_str_eq(look(&request), "", "before the day");
		today = next;
		cr_expect_str_neq(look(&request), "", "on the day");
	}
	cr_assert(day_is_none(request_look_on(&request, DAYS_AHEAD)));
}

Test(request_remind, a_last_day_that_moves_is_told_of_anew)
{
	validated();
	on("2026-06-29", "2026-01-19 nears K1; 2026-01-19 nears K3; 2026-01-26 missed K1; "
			 "2026-01-26 missed K3; 2026-06-28 nears K6");
	cr_assert_eq(tell(ACT("EXTEND", "2026-06-29", ",\"until_on\":\"2026-09-01\"")), 0);
	on("2026-08-24", "");
	on("2026-08-25", "2026-08-25 nears K7");
	/* Agreed within the week: it nears from the day on which that was known. */
	cr_assert_eq(tell(ACT("EXTEND", "2026-08-31", ",\"until_on\":\"2026-09-04\"")),
		     ERR_DATE_IN_FUTURE);
	on("2026-08-31", "");
	cr_assert_eq(tell(ACT("EXTEND", "2026-08-31", ",\"until_on\":\"2026-09-04\"")), 0);
	on("2026-08-31", "2026-08-31 nears K7");
}

Test(request_remind, what_was_known_after_its_last_day_never_neared)
{
	validated();
	on("2026-03-02", "2026-01-19 nears K1; 2026-01-19 nears K3; 2026-01-26 missed K1; "
			 "2026-01-26 missed K3");
	buf_clear(&told);
	today = day("2026-03-02");
	cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
	cr_assert_eq(tell(VALIDATE), 0);
	on("2026-03-02", "2026-01-26 missed K1; 2026-01-26 missed K3");
	/* Done in time and told of late: nothing is told of what was never open. */
	cr_assert_eq(begin(FORM("OWNERSHIP", "")), 0);
	cr_assert_eq(tell(ACT("VALIDATE", "2026-01-05", ",\"acknowledged_on\":\"2026-01-06\"")), 0);
	on("2026-03-02", "2026-01-26 missed K3");
}

Test(request_remind, what_waits_for_ministers_is_let_be)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""),
	   ACT("DIRECTION_APPLIED", "2026-08-20", ",\"until_on\":\"2027-01-01\""));
	buf_clear(&told);
	look(&request);
	on("2026-12-01", "");
	cr_assert_eq(tell(ACT("DIRECTION_GIVEN", "2026-12-01", ",\"until_on\":\"2026-12-24\"")), 0);
	on("2026-12-25", "2026-12-17 nears K19; 2026-12-24 NO_CONTRACT");
}

/* Nothing in the ledger says so: what was told does, and the act that comes late, or in time after
 * all, is taken as ever. */
Test(request_remind, an_alarm_is_missed_from_the_day_after)
{
	validated();
	on("2026-01-26", "2026-01-19 nears K1; 2026-01-19 nears K3");
	cr_expect_eq(the_clock("K1")->state, DEADLINE_RUNNING, "the whole day is left");
	on("2026-01-27", "2026-01-26 missed K1; 2026-01-26 missed K3");
	cr_expect_eq(the_clock("K1")->state, DEADLINE_MISSED);
	cr_expect_eq(the_clock("K3")->state, DEADLINE_MISSED);
	cr_expect_eq(the_clock("K6")->state, DEADLINE_RUNNING);
	cr_assert_eq(tell(ACT("ACKNOWLEDGED", "2026-01-26", "")), 0);
	cr_expect_eq(the_clock("K1")->state, DEADLINE_MET, "done that day, typed in the next");
	cr_assert_eq(tell(ACT("NOTICES_ISSUED", "2026-01-27",
			      ",\"representations_close_on\":\"2026-02-24\"")),
		     0);
	cr_expect_eq(the_clock("K3")->state, DEADLINE_MISSED);
	cr_expect_eq(the_clock("K4")->state, DEADLINE_RUNNING);
}

/* Ten working days after 20 March end on 3 April; without Good Friday on the 6th. */
Test(request_remind, another_calendar_makes_no_missed_alarm_run_again)
{
	struct calendars other = calendars_default;

	GO("LA_REVIEW", VALIDATE, NOTICES, ACT("REFUSE", "2026-03-10", GROUNDS),
	   ACT("REVIEW_APPLIED", "2026-03-20", ""));
	look(&request);
	on("2026-04-04", "2026-03-27 nears K15; 2026-04-03 missed K15");
	other.of[INSTRUMENT_SSI_2016_358] = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	request.calendars = &other;
	cr_expect_eq(the_clock("K15")->state, DEADLINE_MISSED);
	is_day(the_clock("K15")->due_on, "2026-04-06", "by the other calendar it");
	on("2026-04-07", "");
}

/* A challenge of the day on which silence becomes one comes after what was missed that day. */
Test(request_remind, before_an_act_only_what_comes_before_it)
{
	struct request_until until = {day("2026-07-05"), REQUEST_EVENT_APPEAL_LODGED, DAY_NONE};
	struct request_reminder m;

	validated();
	on("2026-07-01", "2026-01-19 nears K1; 2026-01-19 nears K3; 2026-01-26 missed K1; "
			 "2026-01-26 missed K3; 2026-06-28 nears K6");
	until.today = day("2026-07-10");
	cr_assert(request_remind(&request, &until, DAYS_AHEAD, &arena, &m));
	cr_assert(m.is_missed);
	request.reminders.count--;
	until.event = REQUEST_EVENT_REFUSE;
	cr_assert(!request_remind(&request, &until, DAYS_AHEAD, &arena, &m));
}

Test(request_remind, as_it_goes_out)
{
	CLEANUP(buf_done) struct buf out = BUF(2000);
	const struct request_until now = {day("2026-01-19"), REQUEST_EVENT_COUNT,
					  day("2026-01-19")};
	struct request_reminder m;

	validated();
	cr_assert(request_remind(&request, &now, DAYS_AHEAD, &arena, &m));
	request_reminder_encode(&m, &out);
	cr_assert_str_eq(
		buf_view(&out).at,
		"{\"clock\":\"K1\",\"name\":\"Acknowledgement\",\"whose\":\"AUTHORITY\","
		"\"on\":\"2026-01-19\",\"starts_on\":\"2026-01-05\",\"due_on\":\"2026-01-26\","
		"\"late_after_on\":\"2026-01-26\"}");
}
