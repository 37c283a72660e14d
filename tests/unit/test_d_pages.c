/*
 * The templates as they are built in: all of them parse and find their partials, and every
 * error has a page of its own that says what to do.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/base/conf.h"
#include "daemon/base/embed.h"
#include "daemon/language/gaelic.h"
#include "daemon/page/pages.h"
#include "daemon/route/problem.h"
#include "libassets/base/err.h"

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

		pages_problem(pages, ENGLISH, &problem, NULL, &reply);
		buf_char(&reply.body, '\n');
		cr_assert_eq(buf_err(&reply.body), 0);
		cr_expect_eq(reply.status, info->status);
		cr_expect_not_null(strstr(reply.body.at, "</html>"), "%s", info->slug);
		cr_expect_not_null(strstr(reply.body.at, "a &lt; b &amp; &quot;c&quot;"));
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

/* So a speaker who fills in the list has said every template. */
Test(pages, can_all_be_said_by_what_is_listed)
{
	CLEANUP(buf_done) struct buf catalogue = BUF(PO_TEXT_MAX);
	struct template_set *set = template_set_new();
	const struct gaelic_message *m;
	struct template_fault bad = {0};
	struct po_fault fault = {0};
	struct embed_page page;
	struct gaelic *g;
	struct str text;
	size_t n;

	say_all(&catalogue);
	cr_assert_eq(gaelic_new(buf_view(&catalogue), true, &g, &fault), 0, "%u: %s", fault.line,
		     fault.why);
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
