/*
 * The words of codes are those of the pages (words.def). A date is never told without who is to act
 * on it, nor the next one without the sentences by which libassets worked it out.
 */
#include "tell.h"

#include <string.h>

#include "daemon/page/dress.h"
#include "daemon/request/due.h"

static struct str text_of(const json_t *object, const char *key)
{
	return str_of(json_string_value(json_object_get(object, key)));
}

static bool is(const json_t *object, const char *key, const char *value)
{
	return str_eq(text_of(object, key), str_of(value));
}

/* A text of what it is about, and what is said behind it. */
static void put(struct buf *out, const json_t *object, const char *key, const char *behind)
{
	buf_str(out, text_of(object, key));
	buf_str(out, str_of(behind));
}

static void put_code(struct buf *out, const char *field, struct str code)
{
	dress_code(out, str_of(field), code);
}

static void put_day(struct buf *out, struct str on)
{
	struct day d;

	if (day_parse(on, &d) == 0)
		dress_day(out, d);
}

static void put_distance(struct buf *out, struct str on, struct day today)
{
	struct day d;

	if (day_parse(on, &d) < 0)
		return;
	buf_str(out, STR(" ("));
	dress_distance(out, d, today);
	buf_char(out, ')');
}

void tell_path(struct buf *out, struct str subject)
{
	buf_str(out, str_starts(subject, STR("atr_")) ? STR("/requests/") : STR("/assets/"));
	buf_str(out, subject);
}

void tell_what(struct buf *out, struct str type, struct str due_name, struct str due_on)
{
	put_code(out, "type", type);
	if (str_is_null(due_on))
		return;
	buf_str(out, STR(": "));
	buf_str(out, due_name);
	buf_str(out, due_name.len ? STR(", ") : STR(""));
	put_day(out, due_on);
}

/* The sentences that say how the day was found, and the law. */
static void put_how(struct buf *out, const json_t *deadline)
{
	const json_t *how = json_object_get(deadline, "how"), *sentence;
	size_t i;

	if (!json_array_size(how))
		return;
	buf_str(out, STR("How we worked out this date:"));
	json_array_foreach (how, i, sentence) {
		buf_char(out, ' ');
		buf_str(out, str_of(json_string_value(sentence)));
	}
	if (text_of(deadline, "citation").len) {
		buf_str(out, STR(" ("));
		put(out, deadline, "citation", ")");
	}
	buf_char(out, '\n');
}

static void put_due(struct buf *out, const char *what, const json_t *due, struct day today)
{
	buf_str(out, str_of(what));
	put_day(out, text_of(due, "due_on"));
	put_distance(out, text_of(due, "due_on"), today);
	buf_str(out, STR(": "));
	put(out, due, "name", ". Who must act, or may: ");
	put_code(out, "whose", text_of(due, "whose"));
	buf_str(out, STR(".\n"));
	put_how(out, due);
}

static void put_next(struct buf *out, const json_t *about, struct day today)
{
	const json_t *due = due_next(about, today), *binding = due_binding(about, today);

	if (!due) {
		buf_str(out, STR("Next date: none is running.\n"));
		return;
	}
	put_due(out, "Next date: ", due, today);
	if (!binding)
		return;
	buf_str(out, STR("That date reminds the authority, which can still act after it.\n"));
	put_due(out, "The next date on which something depends: ", binding, today);
}

/* Running, and what the community body or anybody may still do. True if something was said. */
static bool put_right(struct buf *out, const json_t *about, const json_t *deadline,
		      struct str subject, const char *base_url)
{
	bool is_bodys = is(deadline, "whose", "COMMUNITY_BODY");

	if (!is(deadline, "state", "RUNNING") || (!is_bodys && !is(deadline, "whose", "ANYBODY")))
		return false;
	if (is_bodys) {
		buf_str(out, STR("- If you act for "));
		put(out, about, "community_body_name", ": ");
		put(out, deadline, "name", "");
	} else if (is(about, "state", "REPRESENTATIONS_OPEN")) {
		buf_str(out, STR("- Tell the authority what you think, at "));
		buf_str(out, str_of(base_url));
		tell_path(out, subject);
		buf_str(out, STR("/comment"));
	} else {
		buf_str(out, STR("- "));
		put(out, deadline, "name", "");
	}
	buf_str(out, STR(", until "));
	put_day(out, text_of(deadline, "due_on"));
	buf_str(out, STR(".\n"));
	return true;
}

static void put_rights(struct buf *out, const json_t *about, struct str subject,
		       const char *base_url)
{
	const json_t *deadline;
	bool is_said = false;
	size_t i;

	buf_str(out, STR("What you can do now:\n"));
	json_array_foreach (json_object_get(about, "deadlines"), i, deadline)
		is_said |= put_right(out, about, deadline, subject, base_url);
	if (!is_said)
		buf_str(out, STR("- Nothing has a last day for you or the community body now.\n"));
}

static void put_address(struct buf *out, struct str subject, const char *base_url)
{
	buf_str(out, str_of(base_url));
	tell_path(out, subject);
	buf_char(out, '\n');
}

static void stand_request(struct buf *out, const json_t *about, struct str subject,
			  struct day today, const char *base_url)
{
	put(out, about, "community_body_name", " asks ");
	put(out, about, "authority_name", " for ");
	put(out, about, "land", ".\nWhere it stands: ");
	put_code(out, "state", text_of(about, "state"));
	buf_str(out, STR(". "));
	buf_str(out, dress_meaning(STR("state"), text_of(about, "state")));
	buf_char(out, '\n');
	put_next(out, about, today);
	put_rights(out, about, subject, base_url);
}

static void stand_asset(struct buf *out, const json_t *about)
{
	bool is_gone = json_is_true(json_object_get(about, "is_removed"));

	put(out, about, "name", ", ");
	if (text_of(about, "address").len)
		put(out, about, "address", ", ");
	buf_str(out, STR("of "));
	put(out, about, "authority_name", ".\nWhere it stands: ");
	if (is_gone) {
		buf_str(out, STR("it is no longer in the register.\n"));
		return;
	}
	put_code(out, "lifecycle", text_of(about, "lifecycle"));
	buf_str(out, STR(". "));
	buf_str(out, dress_meaning(STR("lifecycle"), text_of(about, "lifecycle")));
	buf_str(out, STR("\nWhat you can do now:\n"));
	if (is(about, "lifecycle", "DISPOSED"))
		buf_str(out, STR("- Nothing: it is no longer its owner's to transfer.\n"));
	else
		buf_str(out, STR("- A community body can ask for it at any time; there is no last "
				 "day.\n"));
}

void tell_stand(struct buf *out, const json_t *about, struct str subject, struct day today,
		const char *base_url)
{
	if (str_starts(subject, STR("atr_")))
		stand_request(out, about, subject, today, base_url);
	else
		stand_asset(out, about);
	put_address(out, subject, base_url);
}

/* The authority's, and missed or running out. */
static bool is_due(const json_t *deadline, const char *last)
{
	bool is_theirs = is(deadline, "whose", "AUTHORITY") || is(deadline, "whose", "BOTH");
	const char *due_on = json_string_value(json_object_get(deadline, "due_on"));

	return is_theirs && due_on &&
	       (is(deadline, "state", "MISSED") ||
		(is(deadline, "state", "RUNNING") && strcmp(due_on, last) <= 0));
}

void tell_due(struct buf *out, const json_t *about, struct str subject, struct day today, int days,
	      const char *base_url)
{
	const json_t *deadline;
	char last[DAY_TEXT], now[DAY_TEXT];
	size_t i;

	day_format(day_add(today, days), last);
	day_format(today, now);
	put(out, about, "reference", ", ");
	put(out, about, "land", ", for ");
	put(out, about, "community_body_name", ": ");
	put_code(out, "state", text_of(about, "state"));
	buf_char(out, '\n');
	json_array_foreach (json_object_get(about, "deadlines"), i, deadline) {
		struct str due_on = text_of(deadline, "due_on");

		if (!is_due(deadline, last))
			continue;
		buf_str(out,
			str_cmp(due_on, str_of(now)) < 0 ? STR("- OVERDUE since ") : STR("- Due "));
		put_day(out, due_on);
		put_distance(out, due_on, today);
		buf_str(out, STR(": "));
		put(out, deadline, "name", "\n");
	}
	put_address(out, subject, base_url);
}
