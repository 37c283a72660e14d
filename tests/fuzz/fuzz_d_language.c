/*
 * A catalogue and a template: the text up to the first NUL is the PO file, what follows is the
 * template. What is read is found again and agrees with its English; a template that parses in
 * English parses in Gaelic, and shows no tag that the English does not have. The same text as a
 * picture (template_said.h) gains no tag either.
 */
#include <assert.h>

#include "daemon/language/catalogue.h"
#include "daemon/language/gaelic.h"
#include "daemon/page/template_said.h"
#include "libassets/base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char header[] = "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=4; plural=(n==1 || "
			     "n==11) ? 0 : (n==2 || n==12) ? "
			     "1 : (n > 2 && n < 20) ? 2 : 3;\\n\"\n\n";

static void look_at(struct str text)
{
	struct po_fault fault = {0};
	const struct po_entry *e;
	struct catalogue *c;
	int r = catalogue_new(text, true, &c, &fault);

	assert(r != ERR_INVALID || fault.why[0]);
	for (size_t i = 0; r == 0 && (e = catalogue_at(c, i)); i++) {
		struct message english, said;

		assert(catalogue_find(c, e->id) == e);
		for (int64_t n = 0; n < 25 && catalogue_is_said(e); n++) {
			assert(message_parse(e->id, &english) == 0);
			assert(message_parse(catalogue_form(e, n), &said) == 0);
			assert(message_agrees(&english, &said));
		}
	}
	if (r == 0)
		catalogue_free(c);
}

/* 0 where the text is a template. */
static int compile(struct str text, const struct template_voice *voice)
{
	struct template_set *set = template_set_new();
	struct template_fault fault;
	CLEANUP(buf_done) struct buf out = BUF(1 << 18);
	json_auto_t *values = json_pack("{s:s, s:i}", "a", "Home", "n", 12);
	int r = -1;

	if (set && voice)
		template_set_speak(set, voice);
	if (set)
		r = template_add(set, STR("main"), text, &fault);
	if (r == 0 && values)
		(void)!template_render(template_find(set, STR("main")), values, &out);
	template_set_free(set);
	return r;
}

/* Tags that begin, <span> and <s> apart. */
static size_t tags(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < text.len; i++)
		n += text.at[i] == '<' && text.at[i + 1] >= 'a' && text.at[i + 1] <= 'z' &&
		     text.at[i + 1] != 's';
	return n;
}

static void look_at_picture(const struct gaelic *g, struct str markup)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);

	template_said(gaelic_voice(g), markup, &out);
	if (buf_err(&out) == 0)
		assert(tags(buf_view(&out)) <= tags(markup));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, 0, size) : NULL;
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	struct str page = STR(""), gaelic;
	struct po_fault fault;
	struct gaelic *g;

	buf_str(&text, str_of(header));
	buf_add(&text, data, cut ? (size_t)(cut - data) : size);
	look_at(buf_view(&text));
	if (cut)
		page = (struct str){(const char *)cut + 1, size - (size_t)(cut + 1 - data)};
	if (gaelic_new(buf_view(&text), true, &g, &fault) < 0)
		return 0;
	if (gaelic_template(g, "main", page, &gaelic) == 0 && compile(page, NULL) == 0) {
		assert(tags(gaelic) <= PO_FORMS * tags(page));
		assert(compile(gaelic, gaelic_voice(g)) == 0);
	}
	look_at_picture(g, page);
	gaelic_free(g);
	return 0;
}
