/*
 * A tag and the text behind it go together: an element with text in it has no other.
 */
#include "template_said.h"

#include "libassets/base/err.h"

static const char label_begin[] = " aria-label=\"";

/* The position of the sign at or after `at`; the text's length when there is none. */
static size_t next(struct str text, size_t at, char sign)
{
	while (at < text.len && text.at[at] != sign)
		at++;
	return at;
}

static struct str part(struct str text, size_t from, size_t to)
{
	return (struct str){text.at + from, to - from};
}

/* What template_escape made, as it was. */
static void put_plain(struct buf *out, struct str text)
{
	static const struct {
		struct str entity;
		char sign;
	} table[] = {{STR_INIT("&amp;"), '&'},
		     {STR_INIT("&lt;"), '<'},
		     {STR_INIT("&gt;"), '>'},
		     {STR_INIT("&quot;"), '"'},
		     {STR_INIT("&#39;"), '\''}};

	for (size_t i = 0; i < text.len;) {
		struct str rest = part(text, i, text.len);
		size_t k = 0;

		while (k < COUNT(table) && !str_starts(rest, table[k].entity))
			k++;
		buf_char(out, k < COUNT(table) ? table[k].sign : text.at[i]);
		i += k < COUNT(table) ? table[k].entity.len : 1;
	}
}

/* What an escaped text is called, escaped, and the language of that; absent: it is of none. */
static const char *say(const struct template_voice *v, struct str text, struct buf *out)
{
	CLEANUP(buf_done) struct buf plain = BUF(out->max), said = BUF(out->max);

	put_plain(&plain, text);
	if (buf_err(&plain) == 0 && plain.len &&
	    v->say(v->arg, NULL, STR(TEMPLATE_MARKUP), buf_view(&plain), &said)) {
		template_escape(out, buf_view(&said));
		return v->own;
	}
	buf_str(out, text);
	return v->has_language(text) ? v->other : NULL;
}

/* Where the label of a tag begins and how long it is; false: it has none. */
static bool label_of(struct str tag, size_t *ret_from, size_t *ret_to)
{
	size_t n = sizeof(label_begin) - 1;

	for (size_t i = 0; i + n <= tag.len; i++) {
		if (memcmp(tag.at + i, label_begin, n) != 0)
			continue;
		*ret_from = i + n;
		*ret_to = next(tag, i + n, '"');
		return true;
	}
	return false;
}

/* A tag with its label said, and its language where that is another than `around`. */
static void put_tag(struct str tag, struct str label, const char *language, const char *around,
		    struct buf *out)
{
	size_t name = 1, from = 0, to = 0;
	bool has_label = label_of(tag, &from, &to);

	while (name < tag.len && tag.at[name] >= 'a' && tag.at[name] <= 'z')
		name++;
	buf_str(out, part(tag, 0, name));
	if (language && (!around || strcmp(language, around) != 0))
		buf_fmt(out, " lang=\"%s\"", language);
	if (!has_label) {
		buf_str(out, part(tag, name, tag.len));
		return;
	}
	buf_str(out, part(tag, name, from));
	buf_str(out, label);
	buf_str(out, part(tag, to, tag.len));
}

/* An element's first tag and the text behind it; how far that went. */
static size_t put_element(const struct template_voice *v, struct str markup, size_t at,
			  const char **around, struct buf *out)
{
	CLEANUP(buf_done) struct buf label = BUF(out->max), text = BUF(out->max);
	size_t end = next(markup, at, '>'), from = 0, to = 0, stop;
	struct str tag = part(markup, at, end < markup.len ? end + 1 : end);
	const char *language = NULL, *of_text;

	stop = next(markup, at + tag.len, '<');
	if (label_of(tag, &from, &to))
		language = say(v, part(tag, from, to), &label);
	of_text = say(v, part(markup, at + tag.len, stop), &text);
	if (!*around)
		language = language ? language : v->other;
	else if (!language)
		language = of_text;
	put_tag(tag, buf_view(&label), language, *around, out);
	if (!*around)
		*around = language;
	buf_str(out, buf_view(&text));
	return stop;
}

void template_said(const struct template_voice *v, struct str markup, struct buf *out)
{
	const char *around = NULL;

	for (size_t at = 0; at < markup.len;) {
		size_t stop;

		if (markup.at[at] == '<' && at + 1 < markup.len && markup.at[at + 1] >= 'a' &&
		    markup.at[at + 1] <= 'z') {
			at = put_element(v, markup, at, &around, out);
			continue;
		}
		stop = next(markup, at + 1, '<');
		buf_str(out, part(markup, at, stop));
		at = stop;
	}
}
