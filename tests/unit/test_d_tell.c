/*
 * What letters and feeds say, whole: a date never without who must act on it and how it was worked
 * out, and what the reader can do until when.
 */
#include <criterion/criterion.h>

#include "daemon/notify/tell.h"
#include "daemon/page/dress.h"

#define REQUEST                                                                                    \
	"{\"reference\": \"ATR-2026-1\", \"state\": \"REPRESENTATIONS_OPEN\", "                    \
	"\"authority_name\": \"Glen Council\", \"community_body_name\": \"Hall Trust\", "          \
	"\"land\": \"Old Hall\", \"deadlines\": ["                                                 \
	"{\"clock\": \"K4\", \"state\": \"RUNNING\", \"name\": \"Comments close\", "               \
	"\"whose\": \"ANYBODY\", \"due_on\": \"2026-10-29\", "                                     \
	"\"how\": [\"From 1 October.\", \"Twenty working days.\"], \"citation\": \"s. 7\"}, "      \
	"{\"clock\": \"K6\", \"state\": \"RUNNING\", \"name\": \"Decide\", "                       \
	"\"whose\": \"AUTHORITY\", \"due_on\": \"2027-01-15\"}, "                                  \
	"{\"clock\": \"K1\", \"state\": \"MISSED\", \"name\": \"Acknowledge\", "                   \
	"\"whose\": \"AUTHORITY\", \"due_on\": \"2026-10-10\"}]}"

#define SUBJECT "atr_00000000000000000000000001"
#define PLACE "https://r.example/requests/" SUBJECT "\n"
#define ASSET "ast_00000000000000000000000001"

static struct day today(void)
{
	struct day d;

	cr_assert_eq(day_parse(STR("2026-10-20"), &d), 0);
	return d;
}

static json_t *read(const char *text)
{
	json_t *about = json_loads(text, 0, NULL);

	cr_assert(about);
	return about;
}

static void same(const struct buf *out, const char *want)
{
	cr_assert_eq(buf_err(out), 0);
	cr_assert(str_eq(buf_view(out), str_of(want)), "%.*s", (int)out->len, out->at);
}

/* The words of a code stand in words.def alone: in `want` they are at the @. */
static void stands(const char *about_text, const char *subject, struct str meaning,
		   const char *want)
{
	CLEANUP(buf_done) struct buf out = BUF(10000), whole = BUF(10000);
	json_auto_t *about = read(about_text);
	struct str rest = str_of(want);

	buf_str(&whole, str_cut(rest, '@', &rest));
	buf_str(&whole, meaning);
	buf_str(&whole, rest);
	buf_char(&whole, '\0');
	tell_stand(&out, about, str_of(subject), today(), "https://r.example");
	same(&out, whole.at);
}

Test(tell, what_happened)
{
	CLEANUP(buf_done) struct buf out = BUF(1000);

	tell_what(&out, STR("request.notices_issued"), (struct str){NULL, 0},
		  (struct str){NULL, 0});
	buf_char(&out, '\n');
	tell_what(&out, STR("request.extended"), (struct str){NULL, 0}, STR("2027-05-01"));
	buf_char(&out, '\n');
	tell_what(&out, STR("deadline.moved"), STR("Decision notice"), STR("2027-01-15"));
	same(&out, "Opened for comments\nLonger time agreed: 1 May 2027\n"
		   "A date has moved: Decision notice, 15 January 2027");
}

Test(tell, request_that_takes_comments)
{
	stands(REQUEST, SUBJECT, dress_meaning(STR("state"), STR("REPRESENTATIONS_OPEN")),
	       "Hall Trust asks Glen Council for Old Hall.\n"
	       "Where it stands: Open for comments. @\n"
	       "Next date: 29 October 2026 (in 9 days): Comments close. Who must act, or may: "
	       "anybody.\n"
	       "How we worked out this date: From 1 October. Twenty working days. (s. 7)\n"
	       "What you can do now:\n"
	       "- Tell the authority what you think, at https://r.example/requests/" SUBJECT
	       "/comment, until 29 October 2026.\n" PLACE);
}

Test(tell, request_whose_turn_is_the_bodys)
{
	stands("{\"state\": \"VALIDATED\", \"authority_name\": \"A\", \"community_body_name\": "
	       "\"Hall Trust\", \"land\": \"L\", \"deadlines\": [{\"clock\": \"K5\", \"state\": "
	       "\"RUNNING\", \"name\": \"Answer\", \"whose\": \"COMMUNITY_BODY\", \"due_on\": "
	       "\"2026-10-21\"}]}",
	       SUBJECT, dress_meaning(STR("state"), STR("VALIDATED")),
	       "Hall Trust asks A for L.\n"
	       "Where it stands: Being decided. @\n"
	       "Next date: 21 October 2026 (tomorrow): Answer. Who must act, or may: the community "
	       "body.\n"
	       "What you can do now:\n"
	       "- If you act for Hall Trust: Answer, until 21 October 2026.\n" PLACE);
}

Test(tell, reminder_before_what_matters)
{
	stands("{\"state\": \"VALIDATED\", \"authority_name\": \"A\", \"community_body_name\": "
	       "\"Hall Trust\", \"land\": \"L\", \"deadlines\": [{\"clock\": \"K6\", \"state\": "
	       "\"RUNNING\", \"name\": \"Decide\", \"whose\": \"AUTHORITY\", \"due_on\": "
	       "\"2027-01-15\"}, {\"clock\": \"K1\", \"state\": \"RUNNING\", \"name\": "
	       "\"Acknowledge\", \"whose\": \"AUTHORITY\", \"due_on\": \"2026-10-21\"}]}",
	       SUBJECT, dress_meaning(STR("state"), STR("VALIDATED")),
	       "Hall Trust asks A for L.\n"
	       "Where it stands: Being decided. @\n"
	       "Next date: 21 October 2026 (tomorrow): Acknowledge. Who must act, or may: the "
	       "authority.\n"
	       "That date reminds the authority, which can still act after it.\n"
	       "The next date on which something depends: 15 January 2027 (in 87 days): Decide. "
	       "Who "
	       "must act, or may: the authority.\n"
	       "What you can do now:\n"
	       "- Nothing has a last day for you or the community body now.\n" PLACE);
}

Test(tell, request_with_no_date)
{
	stands("{\"state\": \"WITHDRAWN\", \"authority_name\": \"A\", \"community_body_name\": "
	       "\"B\", \"land\": \"L\", \"deadlines\": []}",
	       SUBJECT, dress_meaning(STR("state"), STR("WITHDRAWN")),
	       "B asks A for L.\n"
	       "Where it stands: Withdrawn. @\n"
	       "Next date: none is running.\n"
	       "What you can do now:\n"
	       "- Nothing has a last day for you or the community body now.\n" PLACE);
}

Test(tell, asset)
{
	stands("{\"name\": \"Hall\", \"lifecycle\": \"LISTED\", \"address\": \"1 High Street\", "
	       "\"authority_name\": \"A\", \"is_removed\": true}",
	       ASSET, STR(""),
	       "Hall, 1 High Street, of A.\nWhere it stands: it is no longer in the register.\n"
	       "https://r.example/assets/" ASSET "\n");
	stands("{\"name\": \"Hall\", \"lifecycle\": \"DISPOSED\", \"authority_name\": \"A\", "
	       "\"is_removed\": false}",
	       ASSET, dress_meaning(STR("lifecycle"), STR("DISPOSED")),
	       "Hall, of A.\nWhere it stands: Disposed of. @\n"
	       "What you can do now:\n- Nothing: it is no longer its owner's to transfer.\n"
	       "https://r.example/assets/" ASSET "\n");
}

Test(tell, what_is_due)
{
	CLEANUP(buf_done) struct buf out = BUF(10000);
	json_auto_t *about = read(REQUEST);

	tell_due(&out, about, STR(SUBJECT), today(), 14, "https://r.example");
	buf_char(&out, '\n');
	tell_due(&out, about, STR(SUBJECT), today(), 87, "");
	same(&out, "ATR-2026-1, Old Hall, for Hall Trust: Open for comments\n"
		   "- OVERDUE since 10 October 2026 (10 days ago): Acknowledge\n" PLACE "\n"
		   "ATR-2026-1, Old Hall, for Hall Trust: Open for comments\n"
		   "- Due 15 January 2027 (in 87 days): Decide\n"
		   "- OVERDUE since 10 October 2026 (10 days ago): Acknowledge\n"
		   "/requests/" SUBJECT "\n");
}
