/*
 * What stands for {field} in the text of a notice: taken from the register, from what an officer
 * added, or made of both. A field without a value is missing, and its row says what cures that.
 *
 * A further field is a row of field_table with its function.
 */
#include "libassets/clock/clock_setting.h"
#include "libassets/clock/period_how.h"
#include "notice_private.h"

/* Bytes of one value that is made. */
enum { VALUE_MAX = 64 * 1024 };

static const struct str absent = {NULL, 0};

static struct str made(const struct drafting *d, const struct buf *b)
{
	return b->err || !b->len ? absent : arena_str(d->arena, buf_view(b));
}

static struct str day_words(const struct drafting *d, struct day day)
{
	CLEANUP(buf_done) struct buf b = BUF(100);

	if (day_is_none(day))
		return absent;
	period_day_words(day, &b);
	return made(d, &b);
}

const struct notice_date *notice_date_of(const struct drafting *d, const char *clocks)
{
	const struct notice_date *date = d->facts->dates.at;

	for (struct str rest = str_of(clocks); rest.len;) {
		struct str clock = str_cut(rest, ' ', &rest);

		for (size_t i = d->facts->dates.count; i-- > 0;) {
			if (str_eq(date[i].clock, clock))
				return &date[i];
		}
	}
	return NULL;
}

static struct str due_words(const struct drafting *d, const char *clocks)
{
	const struct notice_date *date = notice_date_of(d, clocks);

	return date ? day_words(d, date->due_on) : absent;
}

/* What an officer wrote, else what the register has. */
static struct str either(struct str form, struct str facts)
{
	return str_is_null(form) ? facts : form;
}

/* clang-format off */
#define FACT(field, member) \
	static struct str value_##field(const struct drafting *d) { return d->facts->member; }
#define FORM(field) \
	static struct str value_##field(const struct drafting *d) { return d->form->field; }
#define DAY(field, member) \
	static struct str value_##field(const struct drafting *d) { return day_words(d, d->facts->member); }
FACT(community_body, body_name)
FACT(authority, authority_name)
FACT(reference, reference)
FACT(land, land)
FACT(terms, terms)
FACT(act_reasons, act_reasons)
DAY(validated_on, validated_on)
DAY(close_on, representations_close_on)
DAY(comments_close_on, comments_close_on)
DAY(until_on, until_on)
DAY(agreed_on, agreed_on)
DAY(offer_by_on, offer_by_on)
FORM(parties)
FORM(procedure)
FORM(matters_weighed)
FORM(contact)
FORM(steps_taken)
FORM(why)
FORM(appeal)
/* clang-format on */

static struct str value_gist(const struct drafting *d)
{
	return either(d->form->gist, d->facts->reasons);
}

/* What the body agreed to by its link the register knows: nobody is asked who did. */
static struct str value_agreed_by(const struct drafting *d)
{
	if (!str_is_null(d->form->agreed_by) || !d->facts->is_by_link.value)
		return d->form->agreed_by;
	return arena_fmt(d->arena, "%s, which asked for it\n%s, by the link to its own request",
			 d->facts->authority_name.at, d->facts->body_name.at);
}

static struct str value_inspect_at(const struct drafting *d)
{
	return either(d->form->inspect_at, d->facts->inspect_at);
}

static struct str value_respond_to(const struct drafting *d)
{
	return either(d->form->respond_to, d->facts->respond_to);
}

/* The copies that the act sent, one a line, then what else an officer lists. */
static struct str value_documents(const struct drafting *d)
{
	CLEANUP(buf_done) struct buf b = BUF(2 * VALUE_MAX);
	const struct notice_copy *copy = d->facts->copies.at;

	for (size_t i = 0; i < d->facts->copies.count; i++) {
		buf_fmt(&b, "%sRepresentation %lld, received on ", i ? "\n" : "",
			(long long)copy[i].number.value);
		period_day_words(copy[i].received_on, &b);
	}
	if (d->form->documents.len) {
		buf_str(&b, b.len ? STR("\n") : STR(""));
		buf_str(&b, d->form->documents);
	}
	return made(d, &b);
}

static struct str value_kind(const struct drafting *d)
{
	if (str_eq(d->facts->kind, STR("OWNERSHIP")))
		return STR("ownership of");
	return str_eq(d->facts->kind, STR("LEASE")) ? STR("a lease of")
						    : STR("rights, other than a lease, in");
}

static struct str value_notice_on(const struct drafting *d)
{
	return day_words(d, day_is_none(d->facts->notice_on) ? d->facts->on : d->facts->notice_on);
}

/* An acknowledgement may go out when a longer period has been agreed already (s.82(8)). */
static struct str value_decision_period(const struct drafting *d)
{
	if (notice_date_of(d, "K7"))
		return STR("within the longer time that you have agreed to");
	return arena_fmt(d->arena, "within %d months of that day",
			 clock_rule(CLOCK_K6)->period.length);
}

static struct str value_decision_due_on(const struct drafting *d)
{
	return due_words(d, "K7 K6");
}

/* Had it not arrived on the day of the act, as the act says it or as the request stands? */
static bool was_missing(const struct drafting *d, struct str code)
{
	bool is_said = d->facts->missing_items.count;
	struct shape_list list = is_said ? d->facts->missing_items : d->facts->items;
	const struct item *item = list.at;

	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(item[i].code, code))
			return is_said || day_is_none(item[i].received_on) ||
			       day_cmp(item[i].received_on, d->facts->on) > 0;
	}
	return false;
}

/* As the law lists them. */
static struct str value_missing_items(const struct drafting *d)
{
	CLEANUP(buf_done) struct buf b = BUF(VALUE_MAX);

	for (size_t i = 0; request_item_at(i); i++) {
		struct str code = str_of(request_item_at(i));

		if (was_missing(d, code))
			buf_fmt(&b, "%s%s", b.len ? "\n" : "", request_item_said(code));
	}
	return made(d, &b);
}

static struct str value_others(const struct drafting *d)
{
	if (str_is_null(d->facts->others))
		return STR("We know of no other asset transfer request that covers all or part of "
			   "this land.");
	return arena_fmt(d->arena,
			 "All or part of this land is also asked for in: %s. Where the law bars us "
			 "from disposing of the land to others, it does so for the earliest of "
			 "these requests.",
			 d->facts->others.at);
}

static const char *exemption_words(struct str exemption)
{
	if (str_eq(exemption, STR("ADVERTISED")))
		return "the land had been advertised for sale or lease";
	if (str_eq(exemption, STR("NEGOTIATIONS")))
		return "negotiations with another person to sell or let it had begun";
	if (str_eq(exemption, STR("PROCEEDINGS")))
		return "proceedings with another person about it had begun";
	return NULL;
}

/* Whoever asked before comes first (statute 5.3 and 9). */
static struct str bar_runs(const struct drafting *d)
{
	struct str from = day_words(d, d->facts->validated_on), first = d->facts->barred_first;
	struct str but = STR("");

	if (first.len)
		but = arena_fmt(d->arena,
				" But it is kept first for a request that was made before yours "
				"(%s): while that is open, the land may go to that body and not "
				"to you.",
				first.at);
	return arena_fmt(d->arena,
			 "No. From %s on we may not sell, let or otherwise dispose of it to "
			 "anybody but you, until your request is disposed of (section 84 of the "
			 "Act).%s",
			 from.at, but.at);
}

static struct str value_bar(const struct drafting *d)
{
	const char *why = exemption_words(d->facts->bar_exemption);
	struct str since = day_words(d, d->facts->bar_dated_on);

	if (d->facts->prohibits.value && str_is_null(d->facts->bar_exemption))
		return bar_runs(d);
	if (why)
		return arena_fmt(d->arena,
				 "We think that section 84 of the Act does not stop us from "
				 "disposing of it to others, because before your request was made "
				 "%s%s%s.",
				 why, since.at ? ", on " : "", since.at ? since.at : "");
	if (str_eq(d->facts->bar_exemption, STR("DIRECTION")))
		return STR("The Scottish Ministers have directed that section 84 of the Act does "
			   "not stop us from disposing of it to others.");
	if (str_is_null(d->form->bar_reason))
		return absent;
	return arena_fmt(
		d->arena,
		"We think that section 84 of the Act does not stop us from disposing of it "
		"to others. %s",
		d->form->bar_reason.at);
}

/* The last day before this act gave a later one. */
static struct str value_was_due_on(const struct drafting *d)
{
	struct period k19 = clock_period_of(d->facts->clocks, CLOCK_K19, d->facts->offered_on);
	const struct notice_date *date = d->facts->dates.at;
	struct day last;

	if (!day_is_none(d->facts->moved_to_on))
		return day_words(d, d->facts->moved_to_on);
	if (d->variant->notice == NOTICE_N6) {
		for (size_t i = 0; i < d->facts->dates.count; i++) {
			if (str_eq(date[i].clock, STR("K6")))
				return day_words(d, date[i].due_on);
		}
		return absent;
	}
	if (day_is_none(d->facts->offered_on) ||
	    period_last(&k19, &(struct calendar){0}, d->facts->offered_on, &last) < 0)
		return absent;
	return day_words(d, last);
}

static struct str value_period_wanted(const struct drafting *d)
{
	struct str until = day_words(d, d->facts->until_on);

	return until.at ? arena_fmt(d->arena, "Until %s.", until.at) : absent;
}

static struct str value_response_due_on(const struct drafting *d)
{
	return due_words(d, "K22");
}

static struct str value_review_dates(const struct drafting *d)
{
	struct str close = day_words(d, d->facts->representations_close_on);
	struct str due = due_words(d, "K14");

	if (!close.at)
		close = due_words(d, "K16");
	if (str_eq(d->facts->event, STR("PARTIES_NOTIFIED")) && close.at)
		return arena_fmt(d->arena,
				 "Representations on the review must reach us by %s.%s%s%s",
				 close.at, due.at ? " The review is to be decided by " : "",
				 due.at ? due.at : "", due.at ? "." : "");
	if (due.at)
		return arena_fmt(d->arena, "The review is to be decided by %s.", due.at);
	return str_eq(d->facts->route, STR("MINISTERS_REVIEW"))
		       ? STR("No day is fixed by law by which the Scottish Ministers must decide.")
		       : absent;
}

static struct str value_earlier(const struct drafting *d)
{
	return either(d->facts->earlier_reference, d->facts->earlier);
}

static bool is_agreed(const struct drafting *d)
{
	return str_eq(d->facts->state_to, STR("AGREED"));
}

static struct str value_decision(const struct drafting *d)
{
	if (!is_agreed(d))
		return STR("We refuse the request.");
	return d->facts->terms_differ.value
		       ? STR("We agree to the request, on terms that differ from those asked for. "
			     "They stand below.")
		       : STR("We agree to the request, on the terms that stand below.");
}

static struct str value_offer_owed(const struct drafting *d)
{
	(void)d;
	return STR("To go on you must send us an offer that follows these terms (section 83 of the "
		   "Act).");
}

struct str notice_matter_text(const struct drafting *d, struct str matter)
{
	const struct shape_list list[] = {d->form->matters, d->facts->matters, d->facts->grounds};

	for (size_t n = 0; n < COUNT(list); n++) {
		const struct matter *m = list[n].at;

		for (size_t i = 0; i < list[n].count; i++) {
			if (str_eq(m[i].matter, matter))
				return m[i].text;
		}
	}
	return absent;
}

/* All of them or none: who reads it must see that each was looked at. */
static struct str value_matters(const struct drafting *d)
{
	CLEANUP(buf_done) struct buf b = BUF(1 << 20);

	for (size_t n = 0; notice_matter_at(n); n++) {
		struct str code = str_of(notice_matter_at(n));
		struct str text = notice_matter_text(d, code);

		if (str_is_null(text))
			return absent;
		buf_fmt(&b, "%s%s: %.*s", n ? "\n" : "", notice_matter_words(code), (int)text.len,
			text.at);
	}
	return made(d, &b);
}

/* A refusal has its grounds; to agree is what the law expects where there are none. */
static struct str value_reasons(const struct drafting *d)
{
	CLEANUP(buf_done) struct buf b = BUF(1 << 20);
	const struct matter *ground = d->facts->grounds.at;

	if (!str_is_null(d->form->reasons))
		buf_str(&b, d->form->reasons);
	for (size_t i = 0; !is_agreed(d) && i < d->facts->grounds.count; i++)
		buf_fmt(&b, "%s%s: %.*s", b.len ? "\n" : "", notice_matter_words(ground[i].matter),
			(int)ground[i].text.len, ground[i].text.at);
	if (!is_agreed(d))
		return d->facts->grounds.count ? made(d, &b) : absent;
	if (b.len)
		return made(d, &b);
	if (strcmp(d->variant->id, "APPEAL_AGREED") == 0)
		return STR("The Scottish Ministers allowed the appeal.");
	return STR("Having weighed what stands below, we found no reasonable ground for refusing "
		   "the request (section 82(5) of the Act).");
}

/* Who may be asked to look at a decision again, by route and level (statute 5.1 and 13). */
static const struct challenge {
	const char *route;
	bool is_review_level;
	const char *clocks;
	enum clock_id clock;
	const char *act;   /* "You may …" */
	const char *reach; /* "Your … must reach …" */
} challenge_table[] = {
	{"LA_REVIEW", false, "K8", CLOCK_K8,
	 "apply for a review of the decision by councillors (section 86 of the Act)",
	 "application must reach the council"},
	{"LA_STYLE_REVIEW", false, "K8", CLOCK_K8,
	 "apply for a review of the decision (section 89 of the Act)", "application must reach us"},
	{"MINISTERS_REVIEW", false, "K10", CLOCK_K10,
	 "apply to the Scottish Ministers for a review of the decision (section 87 of the Act)",
	 "application must reach them"},
	{"MINISTERS_APPEAL", false, "K11", CLOCK_K11,
	 "appeal to the Scottish Ministers (section 85 of the Act)", "appeal must reach them"},
	{"LA_REVIEW", true, "K13", CLOCK_K13,
	 "appeal to the Scottish Ministers (section 88 of the Act)", "appeal must reach them"},
	{"LA_STYLE_REVIEW", true, "K13", CLOCK_K13,
	 "appeal to the Scottish Ministers (section 88 of the Act)", "appeal must reach them"},
};

static const struct challenge *challenge_of(const struct drafting *d)
{
	enum request_level level = request_level_parse(d->facts->level_to);

	if (d->variant->notice != NOTICE_N7)
		level = REQUEST_FIRST;
	for (size_t i = 0; level != REQUEST_LAST && i < COUNT(challenge_table); i++) {
		const struct challenge *c = &challenge_table[i];

		if (str_eq(d->facts->route, str_of(c->route)) &&
		    c->is_review_level == (level == REQUEST_REVIEW))
			return c;
	}
	return NULL;
}

/* As asked for: there is nothing to challenge. */
static bool is_as_asked(const struct drafting *d)
{
	return d->variant->notice == NOTICE_N7 && is_agreed(d) && !d->facts->terms_differ.value;
}

const char *notice_challenge_clocks(const struct drafting *d)
{
	const struct challenge *c = challenge_of(d);

	return c && !is_as_asked(d) ? c->clocks : "";
}

/* What the acknowledgement says of rights that do not run yet. */
static struct str challenge_to_come(const struct drafting *d, const struct challenge *c)
{
	struct str due = value_decision_due_on(d);

	if (!due.at)
		return absent;
	return arena_fmt(
		d->arena,
		"If we refuse the request, agree to it on terms that differ to a significant "
		"extent "
		"from those you asked for, or give you no decision in time, you may %s. Your %s "
		"within %d working days, beginning with the date of the decision notice or, if "
		"there was none, with the last day for it (%s).",
		c->act, c->reach, clock_rule(c->clock)->period.length, due.at);
}

static struct str value_challenge(const struct drafting *d)
{
	const struct challenge *c = challenge_of(d);
	struct str due;

	if (!c)
		return STR("There is no further review of this decision and no appeal against it. "
			   "Whether it is lawful can be asked of a court.");
	if (d->variant->notice != NOTICE_N7)
		return challenge_to_come(d, c);
	if (is_as_asked(d))
		return arena_fmt(d->arena,
				 "You could %s if we had refused the request, or agreed to it on "
				 "terms that differ to a significant extent from those asked for. "
				 "This notice does neither.",
				 c->act);
	due = due_words(d, c->clocks);
	if (!due.at)
		return absent;
	return arena_fmt(d->arena,
			 "You may %s. Your %s by %s: %d working days, beginning with the date of "
			 "this notice.",
			 c->act, c->reach, due.at, clock_rule(c->clock)->period.length);
}

/* clang-format off */
#define ROW(field, is_list, words, cure) {#field, is_list, words, cure, value_##field}
static const struct notice_field field_table[] = {
	ROW(community_body, false, "which body asks",
	    "Name the community body."),
	ROW(authority, false, "which authority it is",
	    "Name the authority."),
	ROW(reference, false, "which request it is about",
	    "Record the request."),
	ROW(land, false, "which land it is about",
	    "Describe the land."),
	ROW(kind, false, "what kind of request it is",
	    "Say what kind of request it is."),
	ROW(gist, false, "what the request is for",
	    "Say in gist what the request is for, or give its reasons to the request."),
	ROW(inspect_at, false, "where the documents can be seen",
	    "Say where and when the documents can be seen, here or once for all in the authority's settings."),
	ROW(respond_to, false, "how to make representations",
	    "Say how and where to write, here or once for all in the authority's settings."),
	ROW(close_on, false, "by when to make representations",
	    "Give close_on: at least 20 working days after the last of these notices is given."),
	ROW(missing_items, true, "what is missing",
	    "Nothing is missing: validate the request instead."),
	ROW(validated_on, false, "on which day the request was validated",
	    "Validate the request."),
	ROW(decision_period, false, "how long the decision may take",
	    "Validate the request."),
	ROW(decision_due_on, false, "by when the decision is due",
	    "Validate the request."),
	ROW(challenge, false, "who can be asked to look at the decision again, and until when",
	    "The time to challenge does not run: look at the request's dates."),
	ROW(others, false, "whether others have asked for the land",
	    "Record the request."),
	ROW(bar, false, "whether the land may go to others, and why",
	    "Say in bar_reason why the land may be disposed of to others."),
	ROW(documents, true, "which documents come with it",
	    "List the documents, one a line."),
	ROW(comments_close_on, false, "by when to comment",
	    "Give comments_close_on with the act that sends the representations."),
	ROW(was_due_on, false, "which last day there was before",
	    "The earlier last day is not in the ledger: look at the request's dates."),
	ROW(until_on, false, "the new last day",
	    "Give until_on with the act."),
	ROW(agreed_on, false, "when that was agreed",
	    "Give agreed_on with the act."),
	ROW(agreed_by, true, "who agreed",
	    "Say who agreed for the authority and who for the community body, one a line."),
	ROW(decision, false, "what was decided",
	    "Decide the request."),
	ROW(reasons, true, "the reasons",
	    "Give the grounds with the decision."),
	ROW(matters, true, "how each matter was weighed",
	    "Say of each matter of section 82(3) how it was weighed, or that it is not relevant."),
	ROW(terms, false, "the terms and conditions",
	    "Give the terms with the decision."),
	ROW(offer_owed, false, "that an offer is needed",
	    "Decide the request."),
	ROW(offer_by_on, false, "by when the offer is needed",
	    "Give offer_by_on with the decision."),
	ROW(notice_on, false, "its own date",
	    "Decide the request."),
	ROW(parties, true, "who is told",
	    "Say who is told of the review, as kinds of people and not by name."),
	ROW(procedure, false, "which procedure there is to be",
	    "Say how the review or appeal is to be carried out."),
	ROW(review_dates, false, "the dates of the review",
	    "Give representations_close_on with the act that tells the parties."),
	ROW(matters_weighed, false, "what should be weighed",
	    "Say what should be weighed in the appeal."),
	ROW(contact, false, "who applies and how to reach them",
	    "Give the name and contact address of the applicant."),
	ROW(steps_taken, false, "what was done so far",
	    "Say what was done to conclude a contract and to agree on more time."),
	ROW(why, false, "why a direction is asked for",
	    "Say why a direction is asked for."),
	ROW(period_wanted, false, "how long is asked for",
	    "Give until_on with the act: the day asked for."),
	ROW(appeal, false, "what the appeal says",
	    "Give the text of the notice of appeal."),
	ROW(response_due_on, false, "by when to respond",
	    "The time to respond does not run: look at the request's dates."),
	ROW(earlier, false, "which earlier request was refused",
	    "Name the earlier request with the act."),
	ROW(act_reasons, false, "the reasons",
	    "Give the reasons with the act."),
};
/* clang-format on */

const struct notice_field *notice_field_of(struct str name)
{
	for (size_t i = 0; i < COUNT(field_table); i++) {
		if (str_eq(name, str_of(field_table[i].name)))
			return &field_table[i];
	}
	return NULL;
}
