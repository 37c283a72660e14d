/*
 * Mustache: every case of the specification's required modules, then what the specification
 * leaves open and we promise in template.h.
 * Source of the cases: tests/data/mustache-spec (mustache/spec, MIT).
 */
#include <criterion/criterion.h>

#include "daemon/page/template.h"
#include "libassets/base/err.h"

static struct str text_of(const json_t *value)
{
	return (struct str){json_string_value(value), json_string_length(value)};
}

/* Compile "main" and its partials, render, give the text: yours to free(). */
static char *render(const char *text, const json_t *partials, const json_t *data, int *ret_err)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	struct template_set *set = template_set_new();
	struct template_fault fault = {0};
	const char *name;
	json_t *value;
	size_t len;

	*ret_err = template_add(set, STR("main"), str_of(text), &fault);
	json_object_foreach ((json_t *)(uintptr_t)partials, name, value) {
		int r = template_add(set, str_of(name), text_of(value), &fault);

		cr_assert_eq(r, 0, "%s: %s", fault.name, fault.why);
	}
	if (*ret_err == 0) {
		int r = template_link(set, &fault);

		cr_assert(r == 0 || r == ERR_NOT_FOUND);
		*ret_err = template_render(template_find(set, STR("main")), data, &out);
	}
	template_set_free(set);
	buf_add(&out, "", 0);
	return buf_detach(&out, &len);
}

static void run_case(const char *module, const json_t *c)
{
	int r;
	char *got = render(json_string_value(json_object_get(c, "template")),
			   json_object_get(c, "partials"), json_object_get(c, "data"), &r);

	cr_expect_eq(r, 0, "%s: %s: error %d", module, text_of(json_object_get(c, "name")).at, r);
	cr_expect_str_eq(got ? got : "", json_string_value(json_object_get(c, "expected")),
			 "%s: %s", module, text_of(json_object_get(c, "name")).at);
	free(got);
}

Test(template, meets_every_case_of_the_specification)
{
	static const char *const modules[] = {"comments", "delimiters", "interpolation",
					      "inverted", "partials",   "sections"};
	size_t seen = 0;

	for (size_t i = 0; i < COUNT(modules); i++) {
		char path[512];
		json_error_t error;
		json_t *c;
		size_t n;

		(void)snprintf(path, sizeof(path), TEST_DATA "/mustache-spec/%s.json", modules[i]);
		json_auto_t *root = json_load_file(path, 0, &error);
		cr_assert_not_null(root, "%s: %s", path, error.text);
		json_array_foreach (json_object_get(root, "tests"), n, c) {
			run_case(modules[i], c);
			seen++;
		}
	}
	cr_assert_eq(seen, 136);
}

Test(template, says_where_and_why_it_does_not_parse)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *why;
	} rows[] = {
		{"a\n{{#b}}\n", 2, "the section b is not closed"},
		{"{{#a.b}}", 1, "the section a.b is not closed"},
		{"{{#a}}{{/b}}", 1, "the section b is closed, but is not the one last opened"},
		{"\n\n{{/b}}", 3, "the section b was not opened"},
		{"x\n{{name", 2, "the tag {{name is not closed"},
		{"{{{name}}", 1, "the tag {{{name}} is not closed"},
		{"{{}}", 1, "the tag {{}} has no name"},
		{"{{# }}", 1, "the tag {{# }} has no name"},
		{"{{a b}}", 1, "the name a b has a blank in it"},
		{"{{a..b}}", 1, "the name a..b has an empty part"},
		{"{{.a}}", 1, "the name .a has an empty part"},
		{"{{=<%=}}", 1, "the delimiters <% are not two runs without blanks"},
		{"{{=a b c=}}", 1, "the delimiters a b c are not two runs without blanks"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct template_set *set = template_set_new();
		struct template_fault fault = {0};

		cr_expect_eq(template_add(set, STR("page"), str_of(rows[i].text), &fault),
			     ERR_INVALID, "%s", rows[i].text);
		cr_expect_str_eq(fault.why, rows[i].why);
		cr_expect_str_eq(fault.name, "page");
		cr_expect_eq(fault.line, rows[i].line, "%s: line %u", rows[i].text, fault.line);
		template_set_free(set);
	}
}

Test(template, names_the_partial_that_is_missing_and_the_name_that_is_taken)
{
	struct template_set *set = template_set_new();
	struct template_fault fault = {0};

	cr_assert_eq(template_add(set, STR("page"), STR("a\n{{> gone }}\n{{>lost}}"), &fault), 0);
	cr_assert_eq(template_add(set, STR("page"), STR(""), &fault), ERR_DUPLICATE);
	cr_assert_eq(template_link(set, &fault), ERR_NOT_FOUND);
	cr_assert_str_eq(fault.name, "page");
	cr_assert_str_eq(fault.why, "there is no template gone");
	cr_assert_eq(fault.line, 2);
	template_set_free(set);
}

Test(template, escapes_for_text_and_for_both_kinds_of_quotes)
{
	CLEANUP(buf_done) struct buf out = BUF(200);

	template_escape(&out, STR("<a href=\"x\" id='y'>&amp;</a>"));
	cr_assert_str_eq(out.at, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

Test(template, bounds_depth_steps_and_length)
{
	json_auto_t *data = json_pack("{s:[i,i], s:s}", "twice", 1, 2, "word", "0123456789");
	json_auto_t *endless = json_pack("{s:s}", "again", "{{>again}}");
	json_auto_t *twofold = json_pack("{s:s}", "again", "{{#twice}}{{>again}}{{/twice}}");
	struct template_set *set = template_set_new();
	CLEANUP(buf_done) struct buf small = BUF(8);
	struct template_fault fault;
	int r;

	free(render("{{>again}}", endless, data, &r));
	cr_assert_eq(r, ERR_LIMIT);
	free(render("{{>again}}", twofold, data, &r));
	cr_assert_eq(r, ERR_LIMIT);
	cr_assert_eq(template_add(set, STR("a"), STR("{{word}}"), &fault), 0);
	cr_assert_eq(template_render(template_find(set, STR("a")), data, &small), ERR_LIMIT);
	template_set_free(set);
}

Test(template, interpolates_only_scalars_and_holds_only_false_things_false)
{
	json_auto_t *data =
		json_pack("{s:b, s:b, s:n, s:[], s:{}, s:s, s:i, s:f}", "yes", 1, "no", 0, "null",
			  "list", "object", "text", "", "zero", 0, "real", 0.1);
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{"{{yes}}{{no}}{{null}}{{list}}{{object}}{{gone}}", "truefalse"},
		{"{{#yes}}1{{/yes}}{{#no}}2{{/no}}{{#null}}3{{/null}}{{#list}}4{{/list}}", "1"},
		{"{{#object}}5{{/object}}{{#text}}6{{/text}}{{#zero}}7{{/zero}}", "567"},
		{"{{^object}}5{{/object}}{{^gone}}6{{/gone}}", "6"},
		{"{{real}}", "0.1"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int r;
		char *got = render(rows[i].text, NULL, data, &r);

		cr_assert_eq(r, 0);
		cr_expect_str_eq(got, rows[i].expected);
		free(got);
	}
}

Test(template, indents_each_line_of_a_partial_once_and_never_what_is_interpolated)
{
	static const struct {
		const char *text, *inner, *expected;
	} rows[] = {
		{"  {{>p}}\n", "a\n{{two}}\nb\n", "  a\n  x\ny\n  b\n"},
		{"  {{>p}}\n", "{{#yes}}\n{{two}}\n{{/yes}}\nb", "  x\ny\n  b"},
		{"  {{>p}}\n", "{{#yes}}a{{/yes}}b\n", "  ab\n"},
		{"  {{>p}}\n", "{{#no}}a{{/no}}b\n", "  b\n"},
		{"  {{>p}}\n", "{{!c}}a\n", "  a\n"},
		{"  {{>p}}\n", "a\n  {{>q}}\nb\n", "  a\n    1\n    2\n  b\n"},
		{"  {{>p}}\n", "a\n{{>q}} b\n", "  a\n  1\n2\n b\n"},
	};
	json_auto_t *data = json_pack("{s:s, s:b, s:b}", "two", "x\ny", "yes", 1, "no", 0);

	for (size_t i = 0; i < COUNT(rows); i++) {
		json_auto_t *partials = json_pack("{s:s, s:s}", "p", rows[i].inner, "q", "1\n2\n");
		int r;
		char *got = render(rows[i].text, partials, data, &r);

		cr_assert_eq(r, 0);
		cr_expect_str_eq(got, rows[i].expected);
		free(got);
	}
}
