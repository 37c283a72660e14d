/*
 * Values in Gaelic: dates, quarters, distances with their plural forms, words for codes; and that
 * nothing is said of what people typed.
 */
#include <criterion/criterion.h>

#include "daemon/base/embed.h"
#include "daemon/language/letters.h"
#include "daemon/language/voice.h"

static struct catalogue *built_in(void)
{
	struct po_fault fault = {0};
	struct catalogue *c;

	cr_assert_eq(catalogue_new(embed_catalogue(), true, &c, &fault), 0, "%u: %s", fault.line,
		     fault.why);
	return c;
}

struct row {
	const char *name, *text, *said; /* said: NULL, there is nothing to say */
};

static void expect_rows(const struct row *row, size_t n, const json_t *owner)
{
	struct catalogue *c = built_in();

	for (size_t i = 0; i < n; i++) {
		CLEANUP(buf_done) struct buf out = BUF(1000);
		bool is_said = voice_say(c, owner, str_of(row[i].name), str_of(row[i].text), &out);

		cr_expect_eq(is_said, row[i].said != NULL, "%s %s", row[i].name, row[i].text);
		cr_expect(str_eq(buf_view(&out), str_of(row[i].said ? row[i].said : "")), "%s: %s",
			  row[i].text, out.at);
	}
	catalogue_free(c);
}

Test(voice, says_dates_and_quarters)
{
	static const struct row rows[] = {
		{"due_date", "15 June 2027", "15 Ògmhios 2027"},
		{"due_date", "1 January 2026", "1 Faoilleach 2026"},
		{"updated_date", "31 December 1999", "31 Dùbhlachd 1999"},
		{"due_date", "June 2027", NULL},
		{"due_date", "15 June", NULL},
		{"due_date", "15 Juni 2027", NULL},
		{"due_date", "x June 2027", NULL},
		{"due_date", "15 June 2027 or so", NULL},
		{"due_date", "", NULL},
		{"date", "15 June 2027", NULL},
		{"quarter_words", "April to June 2027", "Giblean gu Ògmhios 2027"},
		{"quarter_words", "April and June 2027", NULL},
		{"quarter_words", "April to June", NULL},
	};

	expect_rows(rows, COUNT(rows), NULL);
}

Test(voice, says_how_far_off_a_day_is_by_four_forms)
{
	static const struct row rows[] = {
		{"due_words", "today", "an-diugh"},
		{"due_words", "in 2 days", "an ceann 2 latha"},
		{"due_words", "in 3 days", "an ceann 3 làithean"},
		{"due_words", "in 11 days", "an ceann 11 latha"},
		{"due_words", "in 12 days", "an ceann 12 latha"},
		{"due_words", "in 19 days", "an ceann 19 làithean"},
		{"due_words", "in 20 days", "an ceann 20 latha"},
		{"due_words", "in 1,003 days", "an ceann 1,003 latha"},
		{"due_words", "0 days ago", "o chionn 0 latha"},
		{"due_words", "5 days ago", "o chionn 5 làithean"},
		{"due_words", "in 5 weeks", NULL},
		{"due_words", "in % days", NULL},
		{"due_words", "99999999999999999999 days ago",
		 "o chionn 99999999999999999999 latha"},
	};

	expect_rows(rows, COUNT(rows), NULL);
}

Test(voice, says_nothing_of_what_people_typed)
{
	json_auto_t *said = json_pack("{s:b}", "is_said", 1), *typed = json_object();
	json_auto_t *page = json_pack("{s:b}", "title_is_said", 1);
	static const struct row ours[] = {{"label", "Home", "Dachaigh"},
					  {"name", "Home", "Dachaigh"},
					  {"value", "Home", NULL}};
	static const struct row theirs[] = {
		{"label", "Home", NULL}, {"name", "Home", NULL}, {"title", "Home", NULL}};
	static const struct row title[] = {{"title", "Home", "Dachaigh"}, {"name", "Home", NULL}};

	expect_rows(ours, COUNT(ours), said);
	expect_rows(theirs, COUNT(theirs), typed);
	expect_rows(theirs, COUNT(theirs), NULL);
	expect_rows(title, COUNT(title), page);
}

Test(voice, says_what_is_wrong_where_each_of_its_sentences_is_there)
{
	static const char text[] =
		"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=4; plural=(n==1 || n==11) ? 0 : (n==2 "
		"|| "
		"n==12) ? 1 : (n > 2 && n < 20) ? 2 : 3;\\n\"\n\n"
		"msgid \"It is long.\"\nmsgstr \"A.\"\n\nmsgid \"Cut it.\"\nmsgstr \"B.\"\n\n"
		"msgid \"Both. Of them.\"\nmsgstr \"D. E.\"\n\n"
		"msgid \"Name\"\nmsgstr \"Ainm\"\n\nmsgid \"Up to %d.\"\nmsgstr \"%d C.\"\n";
	static const struct row rows[] = {
		{"wrong", "It is long. Cut it.", "A. B."},
		{"wrong", "It is long.", "A."},
		{"hint", "Both. Of them.", "D. E."},
		{"refusal", "Cut it. ", "B."},
		{"summary", "Up to 1,200.", "1,200 C."},
		{"summary", "Up to 7 with “x”.", NULL},
		{"text", "Name: It is long. Cut it.", "Ainm: A. B."},
		{"text", "Name: Up to 7. Cut it.", "Ainm: 7 C. B."},
		{"text", "Name: Name: Cut it.", NULL},
		{"wrong", "It is long. Unknown.", NULL},
		{"wrong", "Unknown: It is long.", NULL},
		{"wrong", ": ", NULL},
		{"wrong", "", NULL},
		{"note", "Cut it.", NULL},
	};
	json_auto_t *said = json_pack("{s:b}", "is_said", 1),
		    *due = json_pack("{s:s}", "clock", "K6");
	struct po_fault fault = {0};
	struct catalogue *c;

	cr_assert_eq(catalogue_new(str_of(text), true, &c, &fault), 0, "%s", fault.why);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_done) struct buf out = BUF(1000);
		bool is_said = voice_say(c, said, str_of(rows[i].name), str_of(rows[i].text), &out);

		cr_expect_eq(is_said, rows[i].said != NULL, "%s", rows[i].text);
		cr_expect(!is_said || str_eq(buf_view(&out), str_of(rows[i].said)), "%s: %s",
			  rows[i].text, out.at);
	}
	catalogue_free(c);
	expect_rows(&(struct row){"name", "Home", "Dachaigh"}, 1, due);
}

Test(letters, are_what_makes_a_text_one_of_a_language)
{
	static const char *const with[] = {"a", "Z", "£5m", "à", "Ω", "日", "5 & x"};
	static const char *const without[] = {"",  "£200,000.00", "−5",    "12 %", "·",
					      "–", "²",           "&amp;", "“1”",  "2026-27"};

	for (size_t i = 0; i < COUNT(with); i++)
		cr_expect(letters_in(str_of(with[i])), "%s", with[i]);
	for (size_t i = 0; i < COUNT(without); i++)
		cr_expect_not(letters_in(str_of(without[i])), "%s", without[i]);
}
