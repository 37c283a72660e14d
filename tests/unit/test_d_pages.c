/*
 * The templates as they are built in: all of them parse and find their partials, and every
 * error has a page of its own that says what to do.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/base/conf.h"
#include "daemon/base/embed.h"
#include "daemon/language/gaelic.h"
#include "daemon/page/chart_bridge.h"
#include "daemon/page/chart_fan.h"
#include "daemon/page/pages.h"
#include "daemon/page/problem_words.h"
#include "daemon/page/template_said.h"
#include "daemon/route/auth.h"
#include "daemon/route/problem.h"
#include "deadlines.h"
#include "libassets/base/err.h"
#include "libassets/request/deadline.h"

static struct pages *built_in(void)
{
	static struct conf conf;
	struct pages *pages;
	char *why = NULL;

	cr_assert_eq(conf_load(NULL, &conf, &why), 0, "%s", why);
	cr_assert_eq(pages_new(&conf, &pages, &why), 0, "%s", why);
	return pages;
}

Test(pages, show_every_error_with_what_to_do_and_escaped)
{
	struct pages *pages = built_in();
	const struct err_info *info;

	for (size_t n = 0; (info = err_at(n)); n++) {
		struct http_reply reply = {0};
		struct problem problem = {.err = info->err,
					  .instance = STR("req_<1>"),
					  .detail = STR("a < b & \"c\"")};

		pages_problem(pages, ENGLISH, &auth_anonymous, &problem, NULL, &reply);
		buf_char(&reply.body, '\n');
		cr_assert_eq(buf_err(&reply.body), 0);
		cr_expect_eq(reply.status, info->status);
		cr_expect_not_null(strstr(reply.body.at, "</html>"), "%s", info->slug);
		cr_expect_eq(strstr(reply.body.at, "a &lt; b &amp; &quot;c&quot;") != NULL,
			     problem_words(info->err).detail == NULL, "%s", info->slug);
		cr_expect_not_null(strstr(reply.body.at, "req_&lt;1&gt;"));
		buf_done(&reply.body);
	}
	pages_free(pages);
}

Test(pages, do_not_have_a_template_of_another_name)
{
	struct pages *pages = built_in();
	struct http_reply reply = {0};
	json_auto_t *data = json_object();

	cr_expect_eq(pages_render(pages, "none", PAGE_HOME, ENGLISH, data, &reply), ERR_BUG);
	pages_free(pages);
}

/* What the pages no longer say would be confirmed for nothing. */
Test(pages, have_no_gaelic_of_what_stands_on_none_of_them)
{
	struct pages *pages = built_in();
	const struct po_entry *e;

	for (size_t n = 0; (e = gaelic_unused(pages_gaelic(pages), n)); n++)
		cr_expect_fail("gd.po, line %u: %s", e->line, e->id.at);
	pages_free(pages);
}

/* Gaelic that nobody who speaks it has read is for those to see who check it. */
Test(pages, show_only_what_a_speaker_has_confirmed_unless_asked_for_all)
{
	struct pages *pages = built_in();

	cr_expect_not(gaelic_has_unconfirmed(pages_gaelic(pages)));
	pages_free(pages);
}

/* The quoted text of a line such as msgid "…", its quotes included. */
static struct str quoted(struct str line)
{
	const char *quote = memchr(line.at, '"', line.len);

	return quote ? (struct str){quote, line.len - (size_t)(quote - line.at)} : STR("");
}

/* What --dump-messages prints, with each message said by itself, between brackets. */
static void say_all(struct buf *out)
{
	CLEANUP(buf_done) struct buf dump = BUF(4 << 20);
	struct str rest, english = STR(""), line;
	bool is_header = true;

	buf_str(out,
		STR("msgid \"\"\nmsgstr \"Plural-Forms: nplurals=4; plural=(n==1 || n==11) ? 0 : "
		    "(n==2 || n==12) ? 1 : (n > 2 && n < 20) ? 2 : 3;\\n\"\n"));
	pages_dump(&dump);
	rest = buf_view(&dump);
	while (line = str_cut(rest, '\n', &rest), !str_is_null(rest)) {
		is_header = is_header && line.len;
		if (str_starts(line, STR("msgid")))
			english = quoted(line);
		if (is_header)
			continue;
		if (str_starts(line, STR("msgstr")))
			buf_fmt(out, "%.*s[%.*s]\"\n", (int)(line.len - 1), line.at,
				(int)english.len - 2, english.at + 1);
		else
			buf_fmt(out, "%.*s\n", (int)line.len, line.at);
	}
}

/* All that pages say, each message said by itself. */
static struct gaelic *all_said(void)
{
	CLEANUP(buf_done) struct buf catalogue = BUF(PO_TEXT_MAX);
	struct po_fault fault = {0};
	struct gaelic *g;

	say_all(&catalogue);
	cr_assert_eq(gaelic_new(buf_view(&catalogue), true, &g, &fault), 0, "%u: %s", fault.line,
		     fault.why);
	return g;
}

/* So a speaker who fills in the list has said every template. */
Test(pages, can_all_be_said_by_what_is_listed)
{
	struct template_set *set = template_set_new();
	const struct gaelic_message *m;
	struct template_fault bad = {0};
	struct gaelic *g = all_said();
	struct embed_page page;
	struct str text;
	size_t n;

	template_set_speak(set, gaelic_voice(g));
	for (n = 0; embed_page_at(n, &page) == 0; n++) {
		cr_assert_eq(gaelic_template(g, page.name, page.text, &text), 0, "%s", page.name);
		cr_expect_eq(template_add(set, str_of(page.name), text, &bad), 0, "%s: %s",
			     page.name, bad.why);
	}
	gaelic_ready(g);
	for (n = 0; (m = gaelic_at(g, n)); n++)
		cr_assert(m->entry && m->entry->is_shown, "%s: %.*s", m->where, (int)m->english.len,
			  m->english.at);
	cr_expect_gt(n, 1000);
	template_set_free(set);
	gaelic_free(g);
}

static void expect_said(const struct gaelic *g, const json_t *owner, const char *name,
			const json_t *text)
{
	const struct template_voice *v = gaelic_voice(g);
	struct str english = {json_string_value(text), json_string_length(text)};
	CLEANUP(buf_done) struct buf said = BUF(1 << 16);

	cr_expect(v->say(v->arg, owner, str_of(name), english, &said), "%s: %s", name, english.at);
}

/* So saying.def has each sentence that period_how.c and deadline_how.c write. */
Test(pages, can_say_how_the_date_of_each_deadline_was_worked_out)
{
	static struct deadline at[DEADLINES_MAX];
	struct gaelic *g = all_said();

	for (int id = 0; id < CLOCK_COUNT; id++) {
		struct deadlines d = {.at = at, .calendars = &calendars_default};
		CLEANUP(buf_done) struct buf text = BUF(1 << 16);
		json_auto_t *one = NULL;
		const json_t *how;
		size_t i;

		deadline_start(&d, (enum clock_id)id, test_day("2026-12-11"), DAY_NONE);
		if (clock_rule((enum clock_id)id)->period.unit <= PERIOD_YEARS)
			deadline_start(&d, (enum clock_id)id, test_day("2026-11-03"),
				       test_day("2027-12-25"));
		for (size_t n = 0; n < d.count; n++) {
			at[n].is_held = at[n].is_provisional = true;
			at[n].move[0] = (struct deadline_move){at[n].starts_on, at[n].due_on};
			at[n].moves = n;
			buf_clear(&text);
			deadline_encode(&at[n], &text);
			json_decref(one);
			one = json_loadb(text.at, text.len, 0, NULL);
			cr_assert_not_null(one);
			expect_said(g, one, "name", json_object_get(one, "name"));
			json_array_foreach (json_object_get(one, "how"), i, how)
				expect_said(g, one, "how", how);
		}
	}
	gaelic_free(g);
}

/* A chart in Gaelic says English of its picture alone, if all of its texts are said. */
static void expect_chart_said(const struct gaelic *g, struct str chart)
{
	CLEANUP(buf_done) struct buf said = BUF(1 << 16);
	const char *english;

	template_said(gaelic_voice(g), chart, &said);
	cr_assert_eq(buf_err(&said), 0);
	english = strstr(said.at, " lang=\"en-GB\"");
	cr_assert_not_null(english, "%s", said.at);
	cr_expect_null(strstr(english + 1, " lang=\"en-GB\""), "%s", said.at);
	for (const char *text = said.at; (text = strstr(text, "<text")); text++) {
		struct str element = {text, strcspn(text + 1, "<") + 1};
		bool is_said = str_holds(element, STR(" lang=\"gd\">["));

		/* Years and amounts are of no language. */
		cr_expect(is_said || strcspn(strchr(text, '>'), "0123456789") < element.len, "%s",
			  text);
	}
}

Test(pages, can_say_the_words_of_charts)
{
	static const struct chart_year year[] = {
		{STR_INIT("2026-27"), 40000000, 30000000, false, false},
		{STR_INIT("2027-28"), 0, 0, true, false}};
	static const struct fan_year fan[] = {{STR_INIT("2026-27"), 100, 200, 300, 200, true}};
	static const struct bridge_step step[] = {{STR_INIT("Before"), 100, true},
						  {STR_INIT("After"), 200, true}};
	static const char *const labels[] = {
		"All years together: baseline not shown, adjusted for communities £1.2m.",
		"From £20k before to −£3 after: Date £20k, Kind or place −£20k.",
		"Two bars a year. All years together: baseline £1, adjusted for communities £2. "
		"The table below has every figure.",
		"Request 2026/12 · 67%",
		"It stays · under 0.01%",
		"Oct to Dec 2027 · 13.61% · £200,000.00",
		"Oct to Dec 2027 · 13.61% · too large",
		"Jan 2027",
		"2027-28, come in so far",
		"Forecast 2",
		"Difference of 2 to 1",
		"Decision notice: done in time"};
	static const char *const odd[] = {"From us",
					  "It stays · maybe",
					  "Not counted: , Friday 25 December 2026.",
					  "From £1 before to £2 after: £3.",
					  "The count starts on Sunday, the date of the offer.",
					  "It rests on what was recorded by 3 Septembre 2025.",
					  "So the last day is , to midnight."};
	struct gaelic *g = all_said();

	for (int form = CHART_WIDE; form <= CHART_NARROW; form++) {
		CLEANUP(buf_done) struct buf out = BUF(1 << 16);
		const struct str id = STR("x"), title = STR("The dates of this request along time");

		cr_assert_eq(chart_bars(&out, &(struct chart){id, title, title, year, COUNT(year)},
					(enum chart_form)form),
			     0);
		expect_chart_said(g, buf_view(&out));
		buf_clear(&out);
		cr_assert_eq(chart_fan(&out, &(struct chart_fan){id, title, title, fan, COUNT(fan)},
				       (enum chart_form)form),
			     0);
		expect_chart_said(g, buf_view(&out));
		buf_clear(&out);
		cr_assert_eq(chart_bridge(&out,
					  &(struct bridge){id, title, title, step, COUNT(step)},
					  (enum chart_form)form),
			     0);
		expect_chart_said(g, buf_view(&out));
	}
	for (size_t i = 0; i < COUNT(labels); i++) {
		json_auto_t *text = json_string(labels[i]);

		expect_said(g, NULL, TEMPLATE_MARKUP, text);
	}
	for (size_t i = 0; i < COUNT(odd); i++) {
		CLEANUP(buf_done) struct buf said = BUF(1000);
		const struct template_voice *v = gaelic_voice(g);

		cr_expect_not(v->say(v->arg, NULL, STR(TEMPLATE_MARKUP), str_of(odd[i]), &said),
			      "%s: %s", odd[i], said.at);
	}
	gaelic_free(g);
}

Test(embed, has_each_static_part_under_its_content_with_what_it_names)
{
	struct embed_static part, other;
	size_t css = 0;

	for (size_t n = 0; embed_static_at(n, &part) == 0; n++) {
		cr_expect_not_null(strstr(part.file, part.hash), "%s", part.file);
		cr_expect_gt(part.plain.len, 0);
		cr_expect_lt(part.gzip.len, part.plain.len);
		if (strcmp(part.name, "assetd.css") != 0)
			continue;
		css++;
		for (size_t k = 0; embed_static_at(k, &other) == 0; k++) {
			if (strstr(other.file, ".woff2"))
				cr_expect_not_null(strstr(part.plain.at, other.file), "%s",
						   other.file);
		}
	}
	cr_assert_eq(css, 1);
}
