/*
 * The words of letters that ask for something, and the head of all. A letter says who sends it, why
 * the reader gets it, what to do and until when, and what happens if they do nothing. A further
 * kind is a function and a row of kind_table; those that tell something are mail_follow.c.
 */
#include "daemon/base/clock.h"
#include "daemon/hook/hook.h"
#include "daemon/page/dress.h"
#include "libassets/base/err.h"
#include "libassets/base/moment.h"
#include "libassets/notify/mail.h"
#include "libassets/request/representation.h"
#include "mail_private.h"
#include "q.h"

enum { BODY_MAX = 16 * 1024, FIELD_MAX = 2048, FIELDS = 9 };

/* "29 November 2026" of a moment, in London. */
static void put_day(struct buf *out, struct str moment)
{
	int64_t us;

	if (moment_parse(moment, &us) == 0)
		dress_day(out, clock_today(us));
}

static void put_confirm(struct buf *out, const struct mail_setup *s,
			const struct q_mail_due_row *row)
{
	buf_fmt(out,
		"Somebody, we hope you, filled in a form of the %s and gave this address:\n"
		"a representation to %.*s on the asset transfer request %.*s.\n\n"
		"To make it count, open this page and press its button:\n\n"
		"%s/confirm?token=%.*s.%.*s\n\n"
		"The link works once, until ",
		s->name, (int)row->authority_name.len, row->authority_name.at,
		(int)row->reference.len, row->reference.at, s->base_url, (int)row->about.len,
		row->about.at, (int)row->ticket.len, row->ticket.at);
	put_day(out, row->expires_at);
	buf_str(out, STR(". What you wrote then counts as received on the day on\n"
			 "which you sent the form.\n\n"
			 "If it was not you, do nothing: what was written is deleted, and nobody\n"
			 "will have read it.\n"));
}

/* None of what was typed goes to an address that nobody has confirmed. */
static void put_ask(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *row)
{
	buf_fmt(out,
		"Somebody, we hope you, filled in a form of the %s and gave this address,\n"
		"to ask %.*s for:\n\n%.*s\n\n"
		"To send it, open this page and press its button:\n\n"
		"%s/confirm?token=%.*s.%.*s\n\n"
		"The link works once, until ",
		s->name, (int)row->authority_name.len, row->authority_name.at,
		(int)row->reference.len, row->reference.at, s->base_url, (int)row->about.len,
		row->about.at, (int)row->ticket.len, row->ticket.at);
	put_day(out, row->expires_at);
	buf_str(out,
		STR(". It then counts as received on the day on\n"
		    "which you sent the form, and you get a page of your own on which you see\n"
		    "what becomes of it and what is asked of you.\n\n"
		    "If it was not you, do nothing: what was written is deleted, and nobody\n"
		    "will have read it.\n"));
}

/* The link to all that is asked of a community body. */
static void put_case(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *row)
{
	buf_fmt(out,
		"To %.*s\n\n"
		"This is the page of your own for %.*s, which you asked of\n"
		"%.*s: what has become of it, what is asked of you and by when, and what\n"
		"you can do yourselves, without an account:\n\n"
		"%s/mine?token=%.*s.%.*s\n\n"
		"The link works until ",
		(int)row->body_name.len, row->body_name.at, (int)row->reference.len,
		row->reference.at, (int)row->authority_name.len, row->authority_name.at,
		s->base_url, (int)row->about.len, row->about.at, (int)row->ticket.len,
		row->ticket.at);
	put_day(out, row->expires_at);
	buf_fmt(out,
		". Afterwards, or if it has gone astray, ask for\n"
		"it again at %s/mine with this address: you get this link again, or,\n"
		"in its last week, a new one in its place.\n\n"
		"Whoever has this link can act for you: keep it to yourselves. If somebody\n"
		"has it who should not, ask the authority to end it.\n",
		s->base_url);
}

static void put_copies(struct buf *out, const struct mail_setup *s,
		       const struct q_mail_due_row *row)
{
	buf_fmt(out,
		"To %.*s\n\n"
		"%.*s sends you what others said about your asset transfer request\n"
		"%.*s. You may read it and answer it here, without an account:\n\n"
		"%s/answer?token=%.*s.%.*s\n\n",
		(int)row->body_name.len, row->body_name.at, (int)row->authority_name.len,
		row->authority_name.at, (int)row->reference.len, row->reference.at, s->base_url,
		(int)row->about.len, row->about.at, (int)row->ticket.len, row->ticket.at);
}

static void put_by(struct buf *out, const struct q_mail_due_row *row)
{
	struct day by;

	if (!day_parse(row->by_on, &by))
		dress_day(out, by);
}

static void put_copies_foot(struct buf *out)
{
	buf_str(out,
		STR("\nWhoever has this link can answer for you: keep it to yourselves. If it\n"
		    "has gone astray, ask the authority for another, and this one ends.\n"));
}

static void put_answer(struct buf *out, const struct mail_setup *s,
		       const struct q_mail_due_row *row)
{
	put_copies(out, s, row);
	buf_str(out, STR("Your answer counts if it arrives by "));
	put_by(out, row);
	buf_str(out,
		STR("; that page says how the day was worked\n"
		    "out. If you send nothing, the authority goes on to decide without it.\n"));
	put_copies_foot(out);
}

/* The same, where it comes too late for that. */
static void put_late(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *row)
{
	put_copies(out, s, row);
	buf_str(out, STR("The time to answer ended on "));
	put_by(out, row);
	buf_fmt(out,
		". What you send now is kept and\n"
		"marked as late; %.*s may still consider it, and need not.\n",
		(int)row->authority_name.len, row->authority_name.at);
	put_copies_foot(out);
}

/* What it asks is in the letter, why on the page alone: letters are forwarded. */
static void put_longer(struct buf *out, const struct mail_setup *s,
		       const struct q_mail_due_row *row)
{
	struct day by = DAY_NONE;

	buf_fmt(out, "To %.*s\n\n%.*s asks you to agree to a longer time\n%s %.*s: until ",
		(int)row->body_name.len, row->body_name.at, (int)row->authority_name.len,
		row->authority_name.at,
		str_eq(row->kind, STR("EXTEND")) ? "to decide on your request"
						 : "to conclude the contract on your request",
		(int)row->reference.len, row->reference.at);
	if (!day_parse(row->by_on, &by))
		dress_day(out, by);
	buf_fmt(out,
		".\n\nRead why, and agree or do not, on the page of your own:\n\n"
		"%s/mine?token=%.*s.%.*s\n\n"
		"You need not agree. If you do nothing, the day that holds now stays, and that\n"
		"page says how it was worked out.\n\n"
		"The link works until ",
		s->base_url, (int)row->about.len, row->about.at, (int)row->ticket.len,
		row->ticket.at);
	put_day(out, row->expires_at);
	buf_str(out, STR(". Whoever has it can act for you: keep it to\n"
			 "yourselves. If it has gone astray, ask the authority to end it.\n"));
}

/* Which webhook it is about, and who looks after it. Its address may hold a secret, its host not.
 */
static void put_webhook(struct buf *out, const struct mail_setup *s,
			const struct q_mail_due_row *row)
{
	buf_fmt(out,
		"This address is named as the contact of a webhook, by which the %s\n"
		"tells another system what happens",
		s->name);
	if (row->authority_name.len) {
		buf_str(out, STR(", for "));
		buf_str(out, row->authority_name);
	}
	buf_str(out, STR(":\n\n"));
	buf_str(out, row->about);
	buf_str(out, STR(", to "));
	buf_str(out, row->reference);
	buf_str(out, STR("\n\n"));
}

/* What was tried, where to read it, and how this address gets rid of these letters. */
static void put_webhook_foot(struct buf *out, const struct mail_setup *s,
			     const struct q_mail_due_row *row)
{
	buf_fmt(out,
		"What was tried, and what the other side answered:\n"
		"    assetctl webhook deliveries %.*s\n"
		"    GET %s/v1/webhooks/%.*s/deliveries\n\n"
		"You are written to three times before a webhook is switched off, and when it is.\n"
		"Whoever looks after the webhook can name somebody else, or nobody:\n"
		"    assetctl webhook edit %.*s contact:=null\n",
		(int)row->about.len, row->about.at, s->base_url, (int)row->about.len, row->about.at,
		(int)row->about.len, row->about.at);
}

static void put_failing(struct buf *out, const struct mail_setup *s,
			const struct q_mail_due_row *row)
{
	int64_t us;

	put_webhook(out, s, row);
	buf_str(out, STR("It has taken nothing since "));
	put_day(out, row->failing_since);
	if (moment_parse(row->failing_since, &us) == 0) {
		buf_str(out, STR(". If it takes nothing until "));
		dress_day(out, day_add(clock_today(us), HOOK_FAIL_DAYS));
	}
	buf_str(out,
		STR(",\nit is switched off. Nothing is lost by that: what it has missed waits for "
		    "it.\n\n"
		    "What you can do now: have the other system answer again; what it missed is "
		    "then\nsent by itself, and nothing more is to be done here. If it has moved, "
		    "give the\nwebhook its new address. If you do nothing, it is switched off on "
		    "that day.\n\n"));
	put_webhook_foot(out, s, row);
}

static void put_disabled(struct buf *out, const struct mail_setup *s,
			 const struct q_mail_due_row *row)
{
	put_webhook(out, s, row);
	buf_str(out, STR("It is switched off, and is called no more. Why: "));
	buf_str(out, row->reason);
	buf_fmt(out,
		"\nNothing is lost: what it has missed, and what happens meanwhile, waits for "
		"it.\n\n"
		"What you can do, when the other system answers again, without a last day:\n"
		"    assetctl webhook prove %.*s\n"
		"    POST %s/v1/webhooks/%.*s/verify\n"
		"It then goes on from where it stood. If you do nothing, it stays off.\n\n",
		(int)row->about.len, row->about.at, s->base_url, (int)row->about.len,
		row->about.at);
	put_webhook_foot(out, s, row);
}

static const struct {
	const char *kind;
	const char *subject; /* the request's reference follows, or a webhook's host */
	void (*put)(struct buf *out, const struct mail_setup *s, const struct q_mail_due_row *row);
} kind_table[] = {
	{"CONFIRM", "Please confirm your representation on", put_confirm},
	{"ANSWER", "Your turn to answer: what others said about", put_answer},
	{"LATE", "What others said about", put_late},
	{"ASK", "Please confirm what you ask for:", put_ask},
	{"CASE", "Your own page for", put_case},
	{"EXTEND", "A longer time is asked of you for", put_longer},
	{"EXTEND_CONTRACT", "A longer time is asked of you for", put_longer},
	{"FAILING", "A webhook takes nothing:", put_failing},
	{"DISABLED", "A webhook was switched off:", put_disabled},
};

/* "Name: value" in the arena. NULL without memory. */
static const char *field(struct arena *a, const char *name, struct str value, const char *behind)
{
	CLEANUP(buf_done) struct buf out = BUF(FIELD_MAX);

	buf_fmt(&out, "%s: ", name);
	mail_put_text(&out, value);
	buf_str(&out, str_of(behind));
	return buf_err(&out) < 0 ? NULL : arena_str(a, buf_view(&out)).at;
}

/* What ends it, for mail programs' own buttons (RFC 2369, RFC 8058). */
static void put_unsubscribe(const struct mail_setup *s, const struct q_mail_due_row *row,
			    struct arena *a, const char **head, size_t *n)
{
	head[(*n)++] =
		arena_fmt(a, "List-Unsubscribe: <%s/unfollow?token=%.*s.%.*s>", s->base_url,
			  (int)row->about.len, row->about.at, (int)row->ticket.len, row->ticket.at)
			.at;
	head[(*n)++] = "List-Unsubscribe-Post: List-Unsubscribe=One-Click";
}

static int put_head(const struct mail_setup *s, const struct q_mail_due_row *row,
		    struct str subject, int64_t now_us, struct arena *a, const char **head)
{
	const char *domain = strchr(s->from, '@');
	struct str from = arena_fmt(a, " <%s>", s->from);
	char date[MAIL_DATE_TEXT];
	size_t n = 0;

	if (!domain || str_is_null(subject) || str_is_null(from))
		return ERR_NOMEM;
	mail_date(now_us, date);
	head[n++] = field(a, "From", str_of(s->name), from.at);
	head[n++] = arena_fmt(a, "To: <%.*s>", (int)row->recipient.len, row->recipient.at).at;
	head[n++] = field(a, "Subject", subject, "");
	head[n++] = arena_fmt(a, "Date: %s", date).at;
	head[n++] = arena_fmt(a, "Message-ID: <%.*s%s>", (int)row->id.len, row->id.at, domain).at;
	head[n++] = "Auto-Submitted: auto-generated";
	if (mail_follow_is(row) && !str_eq(row->kind, STR("FOLLOW")))
		put_unsubscribe(s, row, a, head, &n);
	for (size_t i = 0; i < n; i++) {
		if (!head[i])
			return ERR_NOMEM;
	}
	head[n] = NULL;
	return 0;
}

/* Lines end as those of mail do; else quoted-printable would encode each end (RFC 2045, 6.7). */
static struct str lines_of(struct arena *a, struct str text)
{
	CLEANUP(buf_done) struct buf out = BUF(2 * text.len + 1);

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\n')
			buf_char(&out, '\r');
		buf_char(&out, text.at[i]);
	}
	return buf_err(&out) < 0 ? (struct str){NULL, 0} : arena_str(a, buf_view(&out));
}

int mail_letter_wrap(const struct mail_setup *s, const struct q_mail_due_row *row,
		     const struct mail_words *words, int64_t now_us, struct arena *a,
		     struct mail_letter *ret_letter)
{
	const char **head = (const char **)arena_alloc(a, (FIELDS + 1) * sizeof(*head));
	int r;

	if (!head)
		return ERR_NOMEM;
	if (!mail_address_ok(row->recipient))
		return ERR_INVALID;
	r = put_head(s, row, words->subject, now_us, a, head);
	*ret_letter = (struct mail_letter){
		.from = s->from,
		.to = arena_str(a, row->recipient).at,
		.head = head,
		.subject = arena_str(a, words->subject),
		.body = lines_of(a, words->body),
	};
	return r < 0 || !ret_letter->to || !ret_letter->body.at ? ERR_NOMEM : 0;
}

/* What there is to say by now to who was to be sent copies: their day may be over, or the decision
 * made. */
static struct str kind_now(const struct q_mail_due_row *row, int64_t now_us)
{
	struct day by;

	if (!str_eq(row->kind, STR("ANSWER")))
		return row->kind;
	if (!representation_is_taken_in(row->state))
		return STR("CASE");
	return !day_parse(row->by_on, &by) && day_cmp(clock_today(now_us), by) > 0 ? STR("LATE")
										   : row->kind;
}

int mail_letter_make(const struct mail_setup *s, const struct q_mail_due_row *row, int64_t now_us,
		     struct arena *a, struct mail_letter *ret_letter)
{
	CLEANUP(buf_done) struct buf body = BUF(BODY_MAX);
	struct str kind = kind_now(row, now_us);

	for (size_t i = 0; i < COUNT(kind_table); i++) {
		if (!str_eq(kind, str_of(kind_table[i].kind)))
			continue;
		kind_table[i].put(&body, s, row);
		if (buf_err(&body) < 0)
			return ERR_NOMEM;
		return mail_letter_wrap(
			s, row,
			&(struct mail_words){
				.subject = arena_fmt(a, "%s %.*s", kind_table[i].subject,
						     (int)row->reference.len, row->reference.at),
				.body = buf_view(&body),
			},
			now_us, a, ret_letter);
	}
	return ERR_BUG;
}
