/*
 * Templates in Gaelic: what becomes a message, what says its language where, what a translation
 * may do to the page, and the plural forms when it is shown.
 */
#include <criterion/criterion.h>

#include "daemon/language/gaelic.h"
#include "libassets/base/err.h"

#define HEADER                                                                                     \
	"msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=4; plural=(n==1 || n==11) ? 0 : "       \
	"(n==2 || n==12) ? 1 : (n > 2 && n < 20) ? 2 : 3;\\n\"\n\n"

static const char catalogue[] = HEADER
	"msgid \"Search\"\nmsgstr \"Lorg\"\n\n"
	"msgid \"Signed in as {{who.name}}\"\nmsgstr \"Air a chlàradh: {{who.name}}\"\n\n"
	"msgid \"Read <a>the rules</a> & <a2>the law</a2>.\"\n"
	"msgstr \"<a2>An lagh</a2> & <a>na riaghailtean</a>.\"\n\n"
	"msgid \"Bad\"\nmsgstr \"<script>alert(1)</script> {\\\"}} & <b x='1'>\"\n\n"
	"msgid \"From{{#day}} {{day}}{{/day}} on\"\nmsgstr \"Bho{{#day}} {{day}}{{/day}}\"\n\n"
	"msgid \"{{n}} assets\"\nmsgid_plural \"{{n}} assets\"\nmsgstr[0] \"{{n}} a\"\n"
	"msgstr[1] \"{{n}} b\"\nmsgstr[2] \"{{n}} c\"\nmsgstr[3] \"{{n}} d\"\n\n"
	"msgid \"Open\"\nmsgstr \"Fosgailte\"\n\n"
	"msgid \"{{name}} asks for {{other}}\"\nmsgstr \"{{other}}: {{name}}\"\n";

/* The Gaelic template, or with data what it shows. Yours. */
static char *said(const char *english, const json_t *data)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	struct template_set *set = template_set_new();
	struct template_fault fault = {0};
	struct po_fault po_fault;
	struct gaelic *g;
	struct str text;
	size_t len;

	cr_assert_eq(gaelic_new(str_of(catalogue), true, &g, &po_fault), 0, "%u: %s", po_fault.line,
		     po_fault.why);
	cr_assert_eq(gaelic_template(g, "main", str_of(english), &text), 0, "%s", english);
	template_set_speak(set, gaelic_voice(g));
	cr_assert_eq(template_add(set, STR("main"), text, &fault), 0, "%.*s: %s", (int)text.len,
		     text.at, fault.why);
	if (data)
		cr_assert_eq(template_render(template_find(set, STR("main")), data, &out), 0);
	else
		buf_str(&out, text);
	buf_add(&out, "", 0);
	template_set_free(set);
	gaelic_free(g);
	return buf_detach(&out, &len);
}

struct row {
	const char *english, *gaelic;
};

static void expect_rows(const struct row *row, size_t n, const json_t *data)
{
	for (size_t i = 0; i < n; i++) {
		char *got = said(row[i].english, data);

		cr_expect_str_eq(got, row[i].gaelic, "%s\n is\n%s\n not\n%s", row[i].english, got,
				 row[i].gaelic);
		free(got);
	}
}

Test(speak, says_of_every_piece_which_language_it_is_in)
{
	static const struct row rows[] = {
		{"<html lang=\"en-GB\">", "<html lang=\"gd\">"},
		{"<body><p>1</p></body>", "<body lang=\"en-GB\"><p>1</p></body>"},
		{"<p>Search</p>", "<p lang=\"gd\">Lorg</p>"},
		{"<p class=\"x\">Nothing known</p>",
		 "<p lang=\"en-GB\" class=\"x\">Nothing known</p>"},
		{"<p>\n  Search\n</p>", "<p lang=\"gd\"> Lorg </p>"},
		{"<li><a href=\"/x?a={{b}}\">Search</a></li>",
		 "<li><a lang=\"gd\" href=\"/x?a={{b}}\">Lorg</a></li>"},
		{"<p>{{#a}}Search{{/a}}{{^a}}Find{{/a}}</p>",
		 "<p>{{#a}}<span lang=\"gd\">Lorg</span>{{/a}}{{^a}}<span "
		 "lang=\"en-GB\">Find</span>{{/a}}</p>"},
		{"<h1>{{title}}</h1>", "<h1{{@title}}>{{%title}}</h1>"},
		{"<td>{{a}} · {{b}}</td>", "<td>{{~a}} · {{~b}}</td>"},
		{"<td>Search: {{a}}</td>", "<td lang=\"en-GB\">Search: {{a}}</td>"},
		{"<title>{{title}} – {{site.name}}</title>",
		 "<title{{@title}}>{{%title}} – {{%site.name}}</title>"},
		{"<option value=\"\">Search</option>",
		 "<option lang=\"gd\" value=\"\">Lorg</option>"},
		{"<ul>{{#a}}<li>Search</li>{{/a}}</ul>",
		 "<ul>{{#a}}<li lang=\"gd\">Lorg</li>{{/a}}</ul>"},
		{"<p>Search <a lang=\"gd\" href=\"/\">Gàidhlig</a></p>",
		 "<p><span lang=\"gd\">Lorg </span><a lang=\"gd\" href=\"/\">Gàidhlig</a></p>"},
		{"{{>head}}<b>1</b> {{{map}}}", "{{>head}}<b>1</b> {{{map}}}"},
	};

	expect_rows(rows, COUNT(rows), NULL);
}

Test(speak, keeps_places_marks_and_sections_of_a_sentence)
{
	static const struct row rows[] = {
		{"<p>Signed in as {{who.name}}</p>",
		 "<p lang=\"gd\">Air a chlàradh: {{~who.name}}</p>"},
		{"<p>Read <a href=\"/1\">the rules</a> &amp; <a href=\"/2\" class=\"x\">the "
		 "law</a>.</p>",
		 "<p lang=\"gd\"><a href=\"/2\" class=\"x\">An lagh</a> &amp; <a href=\"/1\">na "
		 "riaghailtean</a>.</p>"},
		{"<p>From{{#day}} {{day}}{{/day}} on</p>",
		 "<p lang=\"gd\">Bho{{#day}} {{~day}}{{/day}}</p>"},
	};

	expect_rows(rows, COUNT(rows), NULL);
}

Test(speak, says_attributes_and_their_language_on_the_element)
{
	static const struct row rows[] = {
		{"<nav aria-label=\"Search\"><ul></ul></nav>",
		 "<nav lang=\"gd\" aria-label=\"Lorg\"><ul></ul></nav>"},
		{"<input aria-label=\"Search\" value=\"Search\">",
		 "<input lang=\"gd\" aria-label=\"Lorg\" value=\"Search\">"},
		{"<nav aria-label=\"Search\">Nothing</nav>",
		 "<nav lang=\"gd\" aria-label=\"Lorg\"><span lang=\"en-GB\">Nothing</span></nav>"},
		{"<td data-label=\"Open\">{{n_words}}</td>",
		 "<td lang=\"gd\" data-label=\"Fosgailte\">{{~n_words}}</td>"},
		{"<td data-label=\"Net\">1</td>", "<td lang=\"en-GB\" data-label=\"Net\">1</td>"},
		{"<form aria-label=\"{{event_words}}\">",
		 "<form{{@event_words}} aria-label=\"{{%event_words}}\">"},
	};

	expect_rows(rows, COUNT(rows), NULL);
}

Test(speak, lets_no_translation_bring_markup_or_tags)
{
	json_auto_t *data = json_pack("{s:s, s:s}", "x", "<i>", "alert", "!");
	static const struct row rows[] = {
		{"<p>Bad</p>",
		 "<p lang=\"gd\">&lt;script&gt;alert(1)&lt;/script&gt; &#123;&quot;}} &amp; "
		 "&lt;b x=&#39;1&#39;&gt;</p>"},
		{"<p title=\"Bad\"></p>",
		 "<p lang=\"gd\" title=\"&lt;script&gt;alert(1)&lt;/script&gt; "
		 "&#123;&quot;}} &amp; &lt;b x=&#39;1&#39;&gt;\"></p>"},
		{"<h2>{{x}}</h2>", "<h2 lang=\"en-GB\">&lt;i&gt;</h2>"},
	};

	expect_rows(rows, COUNT(rows), data);
}

Test(speak, shows_values_by_what_they_are)
{
	json_auto_t *data = json_loads(
		"{\"state_words\": \"Open\", \"name\": \"Open\", \"n\": 12, "
		"\"offer_pounds\": \"£2,500\", \"title\": \"Open\", \"title_is_said\": true,"
		"\"map\": \"<svg class='x'><title>Map</title></svg>\","
		"\"list\": [{\"name\": \"Open\", \"is_said\": true}]}",
		0, NULL);
	static const struct row rows[] = {
		{"<b>{{state_words}}</b> {{name}}",
		 "<b lang=\"gd\">Fosgailte</b> <span lang=\"en-GB\">Open</span>"},
		{"<td>{{n}}</td><td>{{offer_pounds}}</td>", "<td>12</td><td>£2,500</td>"},
		{"<h1>{{title}}</h1>", "<h1 lang=\"gd\">Fosgailte</h1>"},
		{"{{#list}}<option>{{name}}</option>{{/list}}",
		 "<option lang=\"gd\">Fosgailte</option>"},
		{"<div>{{{map}}}</div>",
		 "<div><svg lang=\"en-GB\" class='x'><title>Map</title></svg></div>"},
	};

	expect_rows(rows, COUNT(rows), data);
}

/* What a section was entered by is what {{.}} in it is called: a fault of ours, or a person's word.
 */
Test(speak, shows_what_a_section_was_entered_by_as_what_it_is)
{
	json_auto_t *data = json_loads("{\"fault\": {\"all_is_said\": true, \"x\": \"Open\"},"
				       "\"typed\": {\"x\": \"Open\"},"
				       "\"how\": [\"Open\", \"Openness\"], \"what\": [\"Open\"]}",
				       0, NULL);
	static const struct row rows[] = {
		{"{{#fault.x}}<p>{{.}}</p>{{/fault.x}}", "<p lang=\"gd\">Fosgailte</p>"},
		{"{{#typed.x}}<p>{{.}}</p>{{/typed.x}}", "<p lang=\"en-GB\">Open</p>"},
		{"{{#how}}<li>{{.}}</li>{{/how}}",
		 "<li lang=\"gd\">Fosgailte</li><li lang=\"en-GB\">Openness</li>"},
		{"{{#what}}<li>{{.}}</li>{{/what}}", "<li lang=\"en-GB\">Open</li>"},
	};

	expect_rows(rows, COUNT(rows), data);
}

Test(speak, shows_a_title_with_names_that_stay_as_they_are)
{
	json_auto_t *data = json_loads(
		"{\"title\": \"Open asks for <Search>\", \"title_form\": \"{{name}} asks for "
		"{{other}}\", \"title_name\": \"Open\", \"title_other\": \"<Search>\"}",
		0, NULL);
	json_auto_t *other = json_loads("{\"title\": \"Case Open\", \"title_form\": \"Case "
					"{{name}}\", \"title_name\": \"Open\"}",
					0, NULL);

	expect_rows(
		&(struct row){"<h1>{{title}}</h1>", "<h1 lang=\"gd\">&lt;Search&gt;: Open</h1>"}, 1,
		data);
	expect_rows(&(struct row){"<h1>{{title}}</h1>", "<h1 lang=\"en-GB\">Case Open</h1>"}, 1,
		    other);
}

Test(speak, says_the_texts_of_a_picture_and_brings_no_markup_into_it)
{
	json_auto_t *data = json_pack(
		"{s:s, s:s, s:s, s:s}", "chart",
		"<svg id=\"a\"><title>Open</title><text x=\"1\">Search</text><text>£1.2m</text>"
		"<text>Home &amp; x</text><text>Bad</text><rect/></svg>",
		"map", "<svg aria-label=\"Open\"><text>Search</text><text>10 m</text></svg>", "odd",
		"no <1> & <svg", "empty", "");
	static const struct row rows[] = {
		{"{{{chart}}}",
		 "<svg lang=\"en-GB\" id=\"a\"><title lang=\"gd\">Fosgailte</title><text "
		 "lang=\"gd\" "
		 "x=\"1\">Lorg</text><text>£1.2m</text><text>Home &amp; x</text><text "
		 "lang=\"gd\">&lt;script&gt;alert(1)&lt;/script&gt; {&quot;}} &amp; &lt;b "
		 "x=&#39;1&#39;&gt;</text><rect/></svg>"},
		{"{{{map}}}", "<svg lang=\"gd\" aria-label=\"Fosgailte\"><text>Lorg</text><text "
			      "lang=\"en-GB\">10 m</text></svg>"},
		{"{{{odd}}}", "no <1> & <svg lang=\"en-GB\""},
		{"{{{empty}}}", ""},
	};

	expect_rows(rows, COUNT(rows), data);
}

Test(speak, has_four_plural_forms)
{
	static const struct {
		int n;
		char form;
	} rows[] = {{0, 'd'},  {1, 'a'},  {2, 'b'},   {3, 'c'},   {10, 'c'},
		    {11, 'a'}, {12, 'b'}, {13, 'c'},  {19, 'c'},  {20, 'd'},
		    {21, 'd'}, {22, 'd'}, {101, 'd'}, {111, 'd'}, {1002, 'd'}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char words[20], expected[60];
		json_auto_t *counted = json_pack("{s:i}", "n", rows[i].n);
		char *got = said("<p>{{n}} assets</p>", counted);

		(void)snprintf(expected, sizeof(expected), "<p lang=\"gd\">%d %c</p>", rows[i].n,
			       rows[i].form);
		cr_expect_str_eq(got, expected);
		free(got);
		(void)snprintf(words, sizeof(words), rows[i].n > 999 ? "1,%03d" : "%d",
			       rows[i].n % 1000);
		json_object_set_new(counted, "n", json_string(words));
		got = said("<p>{{n}} assets</p>", counted);
		cr_expect_eq(got[strlen(got) - 5], rows[i].form, "%s: %s", words, got);
		free(got);
	}
}

Test(speak, lists_each_message_once_a_place)
{
	struct po_fault fault;
	struct gaelic *g;
	struct str text;

	cr_assert_eq(gaelic_new(str_of(catalogue), true, &g, &fault), 0);
	cr_assert_eq(
		gaelic_template(g, "b", STR("<p>Search</p><p title=\"New\">Search</p>"), &text), 0);
	cr_assert_eq(gaelic_hear(g, "a", STR("Search")), 0);
	cr_assert_eq(gaelic_hear(g, "a", STR("£ 1")), 0);
	gaelic_ready(g);
	cr_expect_str_eq(gaelic_at(g, 0)->where, "a");
	cr_expect(str_eq(gaelic_at(g, 1)->english, STR("New")));
	cr_expect_null(gaelic_at(g, 1)->entry);
	cr_expect(str_eq(gaelic_at(g, 2)->entry->form[0], STR("Lorg")));
	cr_expect_null(gaelic_at(g, 3));
	cr_expect(str_eq(gaelic_unused(g, 0)->id, STR("Bad")));
	cr_expect_null(gaelic_unused(g, 7));
	gaelic_free(g);
}

Test(speak, refuses_tags_that_it_might_read_otherwise_than_the_template_does)
{
	static const char *const texts[] = {
		"{{~a}}",   "{{%a}}", "{{@a}}", "{{+0 a}}{{/0 a}}", "{{ a }}", "{{=| |=}}",
		"{{! x }}", "{{a}",   "<p",     "<p title=\"{{a\">"};
	struct po_fault fault;
	struct gaelic *g;
	struct str text;

	cr_assert_eq(gaelic_new(str_of(catalogue), true, &g, &fault), 0);
	for (size_t i = 0; i < COUNT(texts); i++)
		cr_expect_eq(gaelic_template(g, "main", str_of(texts[i]), &text), ERR_INVALID, "%s",
			     texts[i]);
	gaelic_free(g);
}
