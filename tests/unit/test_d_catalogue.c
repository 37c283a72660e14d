/*
 * Catalogues of translations: what is read of the PO format (gettext's manual, "PO Files"), what is
 * refused and where, and that a translation has the places of its English.
 */
#include <criterion/criterion.h>

#include "daemon/language/catalogue.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

#define HEADER                                                                                     \
	"msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=4; plural=(n==1 || n==11) ? 0 : "       \
	"(n==2 || n==12) ? 1 : (n > 2 && n < 20) ? 2 : 3;\\n\"\n"
#define FORMS(a, b, c, d)                                                                          \
	"msgstr[0] \"" a "\"\nmsgstr[1] \"" b "\"\nmsgstr[2] \"" c "\"\nmsgstr[3] \"" d "\"\n"

static struct catalogue *made(const char *text, bool shows_unconfirmed)
{
	struct po_fault fault = {0};
	struct catalogue *c;

	cr_assert_eq(catalogue_new(str_of(text), shows_unconfirmed, &c, &fault), 0, "%u: %s",
		     fault.line, fault.why);
	return c;
}

static void expect_form(const struct catalogue *c, const char *english, int64_t n, const char *said)
{
	const struct po_entry *e = catalogue_find(c, str_of(english));

	cr_assert_not_null(e, "%s", english);
	cr_expect(str_eq(catalogue_form(e, n), str_of(said)), "%s: %.*s", english,
		  (int)catalogue_form(e, n).len, catalogue_form(e, n).at);
}

Test(catalogue, reads_entries_with_comments_lines_that_go_on_and_escapes)
{
	struct catalogue *c = made(
		"# A comment.\n" HEADER "\n#. for translators\n#: head.mustache:12\n#, fuzzy\n"
		"#| msgid \"before\"\nmsgid \"\"\n\"Se\"\n\"arch\"\nmsgstr \"Lo\" \n\t\"rg\"\r\n\n"
		"msgid \"Say \\\"a\\\\b\\\"\\n\"\nmsgstr \"\\t\"\nmsgid \"Home\"\nmsgstr "
		"\"Dachaigh\"\n"
		"#~ msgid \"gone\"\n#~ msgstr \"x\"\nmsgid \"New\"\nmsgstr \"\"",
		true);

	expect_form(c, "Search", 0, "Lorg");
	cr_expect(catalogue_find(c, STR("Search"))->is_unconfirmed);
	cr_expect_eq(catalogue_find(c, STR("Search"))->line, 10);
	expect_form(c, "Say \"a\\b\"\n", 0, "\t");
	expect_form(c, "Home", 7, "Dachaigh");
	cr_expect_not(catalogue_find(c, STR("Home"))->is_unconfirmed);
	cr_expect_not(catalogue_is_said(catalogue_find(c, STR("New"))));
	cr_expect_null(catalogue_find(c, STR("gone")));
	cr_expect_null(catalogue_find(c, STR("")));
	cr_expect_not(catalogue_is_said(NULL));
	cr_expect(str_eq(catalogue_at(c, 0)->id, STR("Home")));
	cr_expect_null(catalogue_at(c, 4));
	catalogue_free(c);
}

Test(catalogue, has_four_forms_of_a_number)
{
	struct catalogue *c = made(HEADER "\nmsgid \"%d day\"\nmsgid_plural \"%d days\"\n" FORMS(
					   "%d a", "%d b", "%d c", "%d d"),
				   true);
	static const struct {
		int64_t n;
		const char *said;
	} rows[] = {{0, "%d d"},  {1, "%d a"},  {2, "%d b"},  {3, "%d c"},
		    {11, "%d a"}, {12, "%d b"}, {19, "%d c"}, {20, "%d d"},
		    {21, "%d d"}, {22, "%d d"}, {-1, "%d d"}, {111, "%d d"}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		expect_form(c, "%d day", rows[i].n, rows[i].said);
		expect_form(c, "%d days", rows[i].n, rows[i].said);
	}
	catalogue_free(c);
}

Test(catalogue, holds_back_what_nobody_confirmed_where_that_is_wanted)
{
	static const char text[] =
		HEADER "\n#, fuzzy\nmsgid \"a\"\nmsgstr \"b\"\n\nmsgid \"c\"\nmsgstr \"d\"\n";
	struct catalogue *all = made(text, true), *confirmed = made(text, false);

	cr_expect(catalogue_is_said(catalogue_find(all, STR("a"))));
	cr_expect_not(catalogue_is_said(catalogue_find(confirmed, STR("a"))));
	cr_expect(catalogue_is_said(catalogue_find(confirmed, STR("c"))));
	catalogue_free(all);
	catalogue_free(confirmed);
}

Test(catalogue, is_refused_with_line_and_reason_where_it_cannot_be_read)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *why;
	} rows[] = {
		{"", 1, "the catalogue has no header"},
		{"msgid \"a\"\nmsgstr \"b\"\n", 1, "the first entry is not the header"},
		{"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n", 1,
		 "the header does not name the plural forms of Gaelic"},
		{HEADER "\nmsgctxt \"x\"\n", 5,
		 "msgctxt is none of msgid, msgid_plural, msgstr and msgstr[0] to msgstr[3]"},
		{HEADER "\nmsgstr \"x\"\n", 5, "before it stands no msgid"},
		{HEADER "\n\"x\"\n", 5, "the text belongs to nothing"},
		{HEADER "\nmsgid \"x\n", 5, "a text stands between two quotation marks"},
		{HEADER "\nmsgid \"x\"y\"\n", 5, "a quotation mark within a text is written \\\""},
		{HEADER "\nmsgid \"x\\q\"\n", 5, "behind \\ stands n, t, \" or another \\"},
		{HEADER "\nmsgid \"x\\\"\n", 5, "behind \\ stands n, t, \" or another \\"},
		{HEADER "\nmsgid \"x\"\n\n", 5, "the message has no msgstr"},
		{HEADER "\nmsgid \"x\"\nmsgstr \"a\"\nmsgstr \"b\"\n", 7,
		 "the entry has that already"},
		{HEADER "\nmsgid \"x\"\nmsgstr[1] \"a\"\n", 5, "the message has no msgstr"},
		{HEADER "\nmsgid \"x\"\nmsgstr[0] \"a\"\nmsgstr[1] \"\"\n", 5,
		 "a message without msgid_plural has one msgstr"},
		{HEADER "\nmsgid \"%d x\"\nmsgid_plural \"%d y\"\nmsgstr \"%d a\"\n", 5,
		 "a message with msgid_plural has msgstr[0] to msgstr[3]"},
		{HEADER "\nmsgid \"%d x\"\nmsgid_plural \"%d y\"\n" FORMS("%d", "", "%d", "%d"), 5,
		 "some of its four forms are not translated"},
		{HEADER "\nmsgid \"x\"\nmsgstr[4] \"a\"\n", 6,
		 "msgstr[4] is none of msgid, msgid_plural, msgstr and msgstr[0] to msgstr[3]"},
		{HEADER "\nmsgid \"\"\nmsgstr \"again\"\n", 5, "the message has no English"},
		{HEADER "\nmsgid \"x\"\nmsgstr \"\xff\"\n", 1, "the catalogue is not UTF-8"},
		{HEADER "\nmsgid \"x\"\nmsgstr \"\"\n\nmsgid \"x\"\nmsgstr \"\"\n", 8,
		 "the message is there twice"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct po_fault fault = {0};
		struct catalogue *c;

		cr_expect_eq(catalogue_new(str_of(rows[i].text), true, &c, &fault), ERR_INVALID,
			     "%s", rows[i].text);
		cr_expect_str_eq(fault.why, rows[i].why);
		if (i != COUNT(rows) - 1) /* of two that are alike either may be named */
			cr_expect_eq(fault.line, rows[i].line, "%s: %u", rows[i].why, fault.line);
	}
}

Test(catalogue, refuses_a_translation_whose_places_are_not_those_of_the_english)
{
	static const struct {
		const char *english, *said;
		bool is_right;
	} rows[] = {
		{"{{a}} of {{b}}", "{{b}} {{a}}", true},
		{"{{a}} of {{b}}", "{{a}}", false},
		{"{{a}}", "{{a}} {{a}}", false},
		{"{{a}}", "{{A}}", false},
		{"{{a}}", "{{{a}}}", false},
		{"{{a}}", "{{>a}}{{a}}", false},
		{"{{a}}", "{{a}", false},
		{"{{a}}", "{{=| |=}}{{a}}", false},
		{"x", "{{x}}", false},
		{"x", "x}} {x", true},
		{"<a>x</a>", "y <a>z</a>", true},
		{"<a>x</a>", "x", false},
		{"<a>x</a>", "<a>x", false},
		{"<a>x</a>", "<b>x</b>", false},
		{"<a>x</a> <a2>y</a2>", "<a2>y</a2> <a>x</a>", true},
		{"<a>x</a> <b>y</b>", "<a>x <b>y</a></b>", false},
		{"x", "<script>x</script>", true}, /* shown as it stands, as text */
		{"x", "<a href=''>x</a>", false},
		{"x<br>y", "x<br>y", true},
		{"x<br>y", "x y", false},
		{"{{#a}}{{b}}{{/a}} c", "c{{#a}} {{b}}{{/a}}", true},
		{"{{#a}}{{b}}{{/a}} c", "{{b}} {{#a}}c{{/a}}", false},
		{"{{#a}}{{b}}{{/a}} c", "{{^a}}{{b}}{{/a}} c", false},
		{"{{#a}}{{b}}{{/a}} c", "{{#a}}{{b}} c", false},
		{"{{#a}}x{{/a}}<b>y</b>", "{{#a}}<b>y{{/a}}</b>", false},
		{"in %d days", "%d", true},
		{"in %d days", "%s", false},
		{"in %d days", "%d %d", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_done) struct buf text = BUF(4000);
		struct po_fault fault = {0};
		struct catalogue *c;
		int r;

		buf_fmt(&text, HEADER "\nmsgid \"%s\"\nmsgstr \"%s\"\n", rows[i].english,
			rows[i].said);
		r = catalogue_new(buf_view(&text), true, &c, &fault);
		cr_expect_eq(r, rows[i].is_right ? 0 : ERR_INVALID, "%s | %s", rows[i].english,
			     rows[i].said);
		if (r == 0)
			catalogue_free(c);
		else
			cr_expect_eq(fault.line, 5);
	}
}
