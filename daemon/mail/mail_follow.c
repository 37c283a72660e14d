/*
 * Letters to followers. What they say is read at the moment at which they are sent, by a connection
 * that may read what everybody may, so that a letter never tells what was corrected, moved or taken
 * back while it waited, and never what is not public. It tells all up to where the feed stands
 * then.
 */
#include "daemon/base/clock.h"
#include "daemon/notify/scope.h"
#include "daemon/notify/tell.h"
#include "daemon/page/dress.h"
#include "libassets/base/err.h"
#include "libassets/base/moment.h"
#include "mail_private.h"
#include "q.h"

/* Bytes; events of a letter; subjects told of one by one; days ahead and requests of an officer's.
 */
enum { BODY_MAX = 512 * 1024, EVENTS = 400, SUBJECTS = 25, DUE_DAYS = 14, DUE_MOST = 200 };

/* Statements of the batch. */
enum { SCOPE, ROWS };

static bool is_kind(const struct q_mail_due_row *row, const char *kind)
{
	return str_eq(row->kind, str_of(kind));
}

bool mail_follow_is(const struct q_mail_due_row *row)
{
	return is_kind(row, "FOLLOW") || is_kind(row, "NEWS") || is_kind(row, "DUE");
}

struct str mail_follow_actor(const struct q_mail_due_row *row)
{
	return is_kind(row, "DUE") ? row->principal_id : (struct str){NULL, 0};
}

void mail_follow_ask(struct db_batch *b, const struct q_mail_due_row *row)
{
	q_scope_show_add(b, &(struct q_scope_show){.filter = row->filter});
	if (is_kind(row, "NEWS"))
		q_follow_news_add(b, &(struct q_follow_news){.filter = row->filter,
							     .after = row->since,
							     .most = EVENTS + 1});
	if (is_kind(row, "DUE"))
		q_follow_due_add(b, &(struct q_follow_due){.authority_id = row->authority_id,
							   .days = DUE_DAYS,
							   .most = DUE_MOST});
}

static void put_day(struct buf *out, struct str moment)
{
	int64_t us;

	if (moment_parse(moment, &us) == 0)
		dress_day(out, clock_today(us));
}

static void put_link(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *row,
		     const char *page)
{
	buf_fmt(out, "%s/%s?token=%.*s.%.*s", s->base_url, page, (int)row->about.len, row->about.at,
		(int)row->ticket.len, row->ticket.at);
}

/* What is followed, in words. */
static void put_what(struct buf *out, const struct q_mail_due_row *row,
		     const struct db_reply *reply)
{
	struct scope scope = {.question = row->question, .is_unconfirmed = is_kind(row, "FOLLOW")};
	struct q_scope_show_row shown;

	if (q_scope_show_one(reply, SCOPE, &shown) == 0)
		scope_title(out, &scope, scope.is_unconfirmed ? shown.plain : shown.name);
}

static void put_foot(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *row,
		     const struct db_reply *reply)
{
	buf_fmt(out, "--\nThe %s writes to you because this address follows ", s->name);
	put_what(out, row, reply);
	buf_str(out,
		STR(".\nTo stop these letters; the address is deleted here once it follows nothing "
		    "more:\n"));
	put_link(out, s, row, "unfollow");
	buf_char(out, '\n');
}

static void put_confirm(struct buf *out, const struct mail_setup *s,
			const struct q_mail_due_row *row, const struct db_reply *reply)
{
	const char *when = str_eq(row->rhythm, STR("INSTANT")) ? "when something happens"
			   : str_eq(row->rhythm, STR("DAILY"))
				   ? "once a day, when something has happened"
				   : "each Monday, of what is due and overdue";

	buf_fmt(out,
		"Somebody, we hope you, asked the %s to write to this address\n"
		"%s, about\n\n",
		s->name, when);
	put_what(out, row, reply);
	buf_str(out, STR("\n\nTo begin, open this page and press its button:\n\n"));
	put_link(out, s, row, "confirm");
	buf_str(out, STR("\n\nThe link works until "));
	put_day(out, row->expires_at);
	buf_str(out, STR(". If it was not you, do nothing: no further letter\n"
			 "comes of it, and the address is deleted here on that day.\n"));
}

/* --- News ------------------------------------------------------------------------------ */

static int rows_of(const struct db_reply *reply)
{
	struct q_follow_news_row row;
	int rows = db_rows(reply, ROWS);

	return rows > 0 && q_follow_news_row(reply, ROWS, 0, &row) == 0 && str_is_null(row.id)
		       ? 0
		       : rows;
}

/* Would the two be told by the same line? */
static bool is_same(const struct q_follow_news_row *a, const struct q_follow_news_row *b)
{
	int64_t a_us, b_us;

	return str_eq(a->subject, b->subject) && str_eq(a->type, b->type) &&
	       str_is_null(a->due_on) == str_is_null(b->due_on) && str_eq(a->due_on, b->due_on) &&
	       str_eq(a->due_name, b->due_name) && moment_parse(a->at, &a_us) == 0 &&
	       moment_parse(b->at, &b_us) == 0 &&
	       day_cmp(clock_today(a_us), clock_today(b_us)) == 0;
}

/* Whoever corrects an entry three times in a morning has changed it: that is said once. */
static bool is_said(const struct db_reply *reply, int i, const struct q_follow_news_row *row)
{
	struct q_follow_news_row before;

	for (int j = 0; j < i; j++) {
		if (q_follow_news_row(reply, ROWS, j, &before) == 0 && is_same(&before, row))
			return true;
	}
	return false;
}

/* What happened to one subject, and where it stands. */
static void put_subject(struct buf *out, const struct mail_setup *s, const struct db_reply *reply,
			const struct q_follow_news_row *newest, struct day today)
{
	json_auto_t *about = json_loadb(newest->about.at, newest->about.len, 0, NULL);
	struct q_follow_news_row row;

	buf_str(out, newest->name);
	buf_char(out, '\n');
	for (int i = 0; i < rows_of(reply); i++) {
		if (q_follow_news_row(reply, ROWS, i, &row) < 0 ||
		    !str_eq(row.subject, newest->subject) || is_said(reply, i, &row))
			continue;
		buf_str(out, STR("- "));
		put_day(out, row.at);
		buf_str(out, STR(": "));
		tell_what(out, row.type, row.due_name, row.due_on);
		buf_char(out, '\n');
	}
	if (about)
		tell_stand(out, about, newest->subject, today, s->base_url);
	buf_char(out, '\n');
}

/* The newest event of each subject carries what it is about. */
static int put_news(struct buf *out, const struct mail_setup *s, const struct db_reply *reply,
		    struct day today, struct buf *subject)
{
	int rows = rows_of(reply), subjects = 0;
	struct q_follow_news_row row;

	for (int i = 0; i < rows; i++) {
		int r = q_follow_news_row(reply, ROWS, i, &row);

		if (r < 0)
			return r;
		if (str_is_null(row.about))
			continue;
		if (++subjects <= SUBJECTS)
			put_subject(out, s, reply, &row, today);
		buf_clear(subject);
		buf_str(subject, row.name);
		buf_str(subject, STR(": "));
		tell_what(subject, row.type, row.due_name, row.due_on);
	}
	if (subjects > SUBJECTS || rows > EVENTS)
		buf_fmt(out,
			"And more than can be told in a letter: %s/v1/feeds/changes.atom has "
			"the newest.\n\n",
			s->base_url);
	if (subjects > 1) {
		buf_clear(subject);
		buf_fmt(subject, "%d things that you follow have changed", subjects);
	}
	return rows ? 0 : ERR_NOT_FOUND;
}

/* --- What is due ----------------------------------------------------------------------- */

/* A week without a letter would look like one whose letter was lost. */
static void put_nothing_due(struct buf *out, const struct mail_setup *s,
			    const struct q_mail_due_row *letter, struct day today,
			    struct buf *subject)
{
	buf_str(out, STR("No request has anything overdue, and none has anything due by "));
	dress_day(out, day_add(today, DUE_DAYS));
	buf_fmt(out, ".\nAll of them, with what is due later: %s/requests\n\n", s->base_url);
	buf_fmt(subject, "Nothing due or overdue, %.*s", (int)letter->authority_name.len,
		letter->authority_name.at);
}

static int put_due(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *letter,
		   const struct db_reply *reply, struct day today, struct buf *subject)
{
	int rows = db_rows(reply, ROWS);
	struct q_follow_due_row row;

	for (int i = 0; i < rows; i++) {
		int r = q_follow_due_row(reply, ROWS, i, &row);
		json_auto_t *about = NULL;

		if (r < 0)
			return r;
		if (!row.is_member)
			return ERR_FORBIDDEN;
		if (str_is_null(row.subject)) {
			put_nothing_due(out, s, letter, today, subject);
			return 0;
		}
		about = json_loadb(row.about.at, row.about.len, 0, NULL);
		if (about)
			tell_due(out, about, row.subject, today, DUE_DAYS, s->base_url);
		buf_char(out, '\n');
	}
	if (rows == DUE_MOST)
		buf_fmt(out, "And more: %s/requests has all of them.\n\n", s->base_url);
	buf_fmt(subject, "%d request%s with something due or overdue, %.*s", rows,
		rows == 1 ? "" : "s", (int)letter->authority_name.len, letter->authority_name.at);
	return rows ? 0 : ERR_BUG;
}

int mail_follow_make(const struct mail_setup *s, const struct q_mail_due_row *row,
		     const struct db_reply *reply, int64_t now_us, struct arena *a,
		     struct mail_told *ret_told)
{
	CLEANUP(buf_done) struct buf body = BUF(BODY_MAX);
	CLEANUP(buf_done) struct buf subject = BUF(BODY_MAX);
	struct day today = clock_today(now_us);
	struct q_follow_news_row news;
	int r = 0;

	if (is_kind(row, "NEWS")) {
		r = q_follow_news_row(reply, ROWS, 0, &news);
		if (r < 0)
			return r;
		ret_told->upto = news.upto;
		r = put_news(&body, s, reply, today, &subject);
	} else if (is_kind(row, "DUE")) {
		r = put_due(&body, s, row, reply, today, &subject);
	} else {
		buf_str(&subject, STR("Please confirm that you want to be told"));
		put_confirm(&body, s, row, reply);
	}
	if (r < 0)
		return r;
	if (!is_kind(row, "FOLLOW"))
		put_foot(&body, s, row, reply);
	if (buf_err(&body) < 0 || buf_err(&subject) < 0)
		return ERR_NOMEM;
	return mail_letter_wrap(s, row, &(struct mail_words){buf_view(&subject), buf_view(&body)},
				now_us, a, &ret_told->letter);
}
