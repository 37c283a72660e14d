/*
 * A run is what stands between two walls (markup.h). Where letters stand in it beside its values
 * and marks, it is one message; where they stand only inside its pairs, each pair is looked at
 * by itself; where there are none, its values speak for themselves.
 *
 * The language is said on the element whose whole content a message or a value is, else on a span.
 */
#include "speak.h"

#include <stdio.h>

#include "daemon/page/template.h"
#include "letters.h"
#include "libassets/base/err.h"
#include "markup.h"

enum { SCRATCH_MAX = 64 << 20 };

struct speaker {
	const struct catalogue *c;
	const struct speak_hearer *hearer;
	struct markup m;
	struct buf *out;
};

/* Tokens [from, to). */
struct span {
	int from, to;
};

/* The language of something: of none, Gaelic, English, or that of a value, known when it is there.
 */
struct tongue {
	enum { TONGUE_NONE, TONGUE_GAELIC, TONGUE_ENGLISH, TONGUE_VALUE } kind;
	struct str value;
};

static const struct tongue no_tongue;

/* What an English text says: blanks as one, &amp; as the character. False: it holds other entities.
 */
static bool put_plain(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '&' && !str_starts((struct str){text.at + i, text.len - i}, STR("&amp;")))
			return false;
		if (c == '&')
			i += 4;
		if (c == '\n' || c == '\t' || c == '\r')
			c = ' ';
		if (c != ' ' || (out->len && out->at[out->len - 1] != ' '))
			buf_char(out, c);
	}
	return true;
}

/* As HTML, and so that no brace of it becomes part of a tag. */
static void put_words(struct buf *out, struct str text)
{
	struct str rest = text;

	while (!str_is_null(rest)) {
		template_escape(out, str_cut(rest, '{', &rest));
		if (!str_is_null(rest))
			buf_str(out, STR("&#123;"));
	}
}

static void put_tongue(struct buf *out, struct tongue tongue)
{
	if (tongue.kind == TONGUE_VALUE)
		buf_fmt(out, "{{@%.*s}}", (int)tongue.value.len, tongue.value.at);
	else if (tongue.kind == TONGUE_GAELIC)
		buf_str(out, STR(" lang=\"gd\""));
	else if (tongue.kind == TONGUE_ENGLISH)
		buf_str(out, STR(" lang=\"en-GB\""));
}

/* --- messages ----------------------------------------------------------------------------- */

/* "a" for the first <a> of the span, "a2" for the second. */
static void put_run_name(const struct speaker *s, struct span span, int at, struct buf *out)
{
	int n = 0;

	for (int i = span.from; i <= at; i++)
		n += s->m.token[i].kind == TOKEN_OPEN &&
		     str_eq(s->m.token[i].name, s->m.token[at].name);
	buf_str(out, s->m.token[at].name);
	if (n > 1)
		buf_i64(out, n);
}

/* The English of a span as translators see it. False: it cannot be a message. */
static bool put_english(const struct speaker *s, struct span span, struct buf *out)
{
	for (int i = span.from; i < span.to; i++) {
		const struct token *t = &s->m.token[i];

		if (t->kind == TOKEN_OPEN || t->kind == TOKEN_CLOSE) {
			buf_str(out, t->kind == TOKEN_OPEN ? STR("<") : STR("</"));
			put_run_name(s, span, t->kind == TOKEN_OPEN ? i : t->match, out);
			buf_char(out, '>');
		} else if (t->kind == TOKEN_ALONE) {
			buf_fmt(out, "<%.*s>", (int)t->name.len, t->name.at);
		} else if (t->kind != TOKEN_TEXT) {
			buf_str(out, t->raw);
		} else if (!put_plain(out, t->raw)) {
			return false;
		}
	}
	return true;
}

/* The entry whose English this is, if there is Gaelic in it; tells the hearer either way. */
static const struct po_entry *look_up(const struct speaker *s, struct str english)
{
	const struct po_entry *entry = catalogue_find(s->c, english);
	struct message parsed;

	if (message_parse(english, &parsed) < 0)
		return NULL;
	if (s->hearer)
		s->hearer->heard(s->hearer->arg, english, entry);
	return catalogue_is_said(entry) ? entry : NULL;
}

/* A piece that is no run: text, a value, a section's tag. */
static void put_place(struct buf *out, const struct piece *piece, char sigil)
{
	struct str text = piece->text;

	switch (piece->kind) {
	case PIECE_TEXT:
		put_words(out, text);
		break;
	case PIECE_VALUE:
		buf_fmt(out, "{{%c%.*s}}", sigil, (int)text.len, text.at);
		break;
	case PIECE_SECTION:
	case PIECE_INVERTED:
	case PIECE_END:
		buf_fmt(out, "{{%c%.*s}}",
			piece->kind == PIECE_SECTION ? '#'
			: piece->kind == PIECE_END   ? '/'
						     : '^',
			(int)text.len, text.at);
		break;
	case PIECE_ALONE:
		buf_fmt(out, "<%.*s>", (int)text.len, text.at);
		break;
	case PIECE_OPEN:
	case PIECE_CLOSE:
		break;
	}
}

/* The tag that begins (+) or ends (/) what is shown of a plural for the numbers of its n-th form.
 */
static void put_form_tag(struct buf *out, const struct po_entry *e, char sigil, unsigned n)
{
	struct message english;
	struct str counted;

	if (str_is_null(e->plural) || message_parse(e->id, &english) < 0)
		return;
	counted = message_counted(&english);
	buf_fmt(out, "{{%c%u %.*s}}", sigil, n, (int)counted.len, counted.at);
}

/* The n-th form of an entry, begun; the one before it is ended. False past the last. */
static bool next_form(struct buf *out, const struct po_entry *e, unsigned n,
		      struct message *ret_said)
{
	unsigned forms = str_is_null(e->plural) ? 1 : PO_FORMS;

	if (n)
		put_form_tag(out, e, '/', n - 1);
	if (n == forms || message_parse(e->form[n], ret_said) < 0)
		return false;
	put_form_tag(out, e, '+', n);
	return true;
}

/* --- tags --------------------------------------------------------------------------------- */

/* The names of values in a text, the next one at or after *at; absent: no further one. */
static struct str value_in(struct str text, size_t *at)
{
	for (size_t i = *at; i + 4 < text.len; i++) {
		struct str body = {text.at + i + 2, 0};

		if (text.at[i] != '{' || text.at[i + 1] != '{')
			continue;
		while (i + 2 + body.len < text.len && body.at[body.len] != '}')
			body.len++;
		*at = i + 4 + body.len;
		if (body.len && !strchr("#^/!>{&", body.at[0]))
			return str_trim(body);
		i = *at - 1;
	}
	*at = text.len;
	return (struct str){NULL, 0};
}

/* The text outside its values. */
static bool has_words(struct str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = at;

		while (end < text.len &&
		       !(text.at[end] == '{' && end + 1 < text.len && text.at[end + 1] == '{'))
			end++;
		if (letters_in((struct str){text.at + at, end - at}))
			return true;
		while (end < text.len &&
		       !(text.at[end] == '}' && end + 1 < text.len && text.at[end + 1] == '}'))
			end++;
		at = end + 2;
	}
	return false;
}

static bool is_said_attribute(struct str name)
{
	return str_lists(STR("aria-label,title,alt,placeholder,data-label,label"), name);
}

/* The Gaelic of an attribute's text, NULL when it has none. */
static const struct po_entry *attribute_entry(const struct speaker *s, struct str value)
{
	CLEANUP(buf_done) struct buf english = BUF(PO_MESSAGE_MAX);

	if (!put_plain(&english, value) || buf_err(&english) < 0)
		return NULL;
	return look_up(s, str_trim(buf_view(&english)));
}

/* What language the texts in a tag's attributes are in: English where they differ. */
static struct tongue attributes_tongue(const struct speaker *s, struct str tag)
{
	struct tongue tongue = no_tongue;
	struct attribute a;

	for (size_t at = 0; markup_attribute(tag, &at, &a);) {
		size_t in = 0;
		struct str value = value_in(a.value, &in);

		if (!is_said_attribute(a.name))
			continue;
		if (has_words(a.value))
			tongue.kind = attribute_entry(s, a.value) && tongue.kind != TONGUE_ENGLISH
					      ? TONGUE_GAELIC
					      : TONGUE_ENGLISH;
		else if (!str_is_null(value) && tongue.kind == TONGUE_NONE)
			tongue = (struct tongue){TONGUE_VALUE, value};
	}
	return tongue;
}

/* An attribute's text without words of its own: its values as they are called in Gaelic. */
static void put_values(struct buf *out, struct str text)
{
	size_t from = 0, at = 0;
	struct str value;

	while (value = value_in(text, &at), !str_is_null(value)) {
		buf_str(out, (struct str){text.at + from, (size_t)(value.at - text.at) - from});
		buf_fmt(out, "%%%.*s}}", (int)value.len, value.at);
		from = at;
	}
	buf_str(out, (struct str){text.at + from, text.len - from});
}

static void put_attribute(struct speaker *s, const struct attribute *a)
{
	const struct po_entry *e = NULL;
	struct message said;

	if (str_eq(a->name, STR("lang"))) { /* of the page itself: all others are left alone */
		buf_str(s->out, STR("gd"));
		return;
	}
	if (!is_said_attribute(a->name)) {
		buf_str(s->out, a->value);
		return;
	}
	if (!has_words(a->value)) {
		put_values(s->out, a->value);
		return;
	}
	e = attribute_entry(s, a->value);
	if (!e)
		buf_str(s->out, a->value);
	for (unsigned n = 0; e && next_form(s->out, e, n, &said); n++) {
		for (size_t i = 0; i < said.count; i++)
			put_place(s->out, &said.piece[i], '%');
	}
}

/* A tag with its attributes in Gaelic. tongue: of its content, which its attributes go before. */
static void put_open(struct speaker *s, int at, struct tongue tongue)
{
	struct str tag = s->m.token[at].raw;
	size_t in = s->m.token[at].name.len + 1, name = in;
	struct tongue own = attributes_tongue(s, tag);
	struct attribute a;

	buf_add(s->out, tag.at, name);
	put_tongue(s->out, own.kind ? own : tongue);
	while (markup_attribute(tag, &in, &a)) {
		buf_str(s->out, a.before);
		put_attribute(s, &a);
	}
	buf_str(s->out, (struct str){tag.at + in, tag.len - in});
}

/* --- runs --------------------------------------------------------------------------------- */

/* The n-th <name> of the span; -1: none, which the catalogue does not let happen. */
static int run_of(const struct speaker *s, struct span span, struct str name)
{
	for (int i = span.from; i < span.to; i++) {
		CLEANUP(buf_done) struct buf mine = BUF(80);

		if (s->m.token[i].kind != TOKEN_OPEN)
			continue;
		put_run_name(s, span, i, &mine);
		if (str_eq(buf_view(&mine), name))
			return i;
	}
	return -1;
}

/* The Gaelic of a span: its runs are those of the English, with their attributes. */
static void put_gaelic(struct speaker *s, const struct po_entry *e, struct span span, char sigil)
{
	struct message said;

	for (unsigned n = 0; next_form(s->out, e, n, &said); n++) {
		for (size_t i = 0; i < said.count; i++) {
			const struct piece *piece = &said.piece[i];
			int at = run_of(s, span, piece->text);

			if (piece->kind == PIECE_OPEN && at >= 0)
				put_open(s, at, no_tongue);
			else if (piece->kind == PIECE_CLOSE && at >= 0)
				buf_str(s->out, s->m.token[s->m.token[at].match].raw);
			else
				put_place(s->out, piece, sigil);
		}
	}
}

static void put_raw(struct speaker *s, struct span span)
{
	for (int i = span.from; i < span.to; i++)
		buf_str(s->out, s->m.token[i].raw);
}

static bool is_blank(const struct token *t)
{
	return t->kind == TOKEN_TEXT && !str_trim(t->raw).len;
}

/* Does it open a pair of the run? Walls have been left outside. */
static bool is_pair(const struct token *t)
{
	return (t->kind == TOKEN_OPEN || t->kind == TOKEN_SECTION) && t->match >= 0;
}

/* Do letters stand in the span? outside: of its pairs. */
static bool span_has_words(const struct speaker *s, struct span span, bool outside)
{
	for (int i = span.from; i < span.to; i++) {
		const struct token *t = &s->m.token[i];

		if (outside && is_pair(t))
			i = t->match;
		else if (t->kind == TOKEN_TEXT && letters_in(t->raw))
			return true;
	}
	return false;
}

/* The one value that the span consists of beside signs; absent: there are more, or marks. */
static struct str only_value(const struct speaker *s, struct span span)
{
	struct str value = {NULL, 0};

	for (int i = span.from; i < span.to; i++) {
		const struct token *t = &s->m.token[i];

		if (t->kind == TOKEN_TEXT)
			continue;
		if (t->kind != TOKEN_VALUE || !str_is_null(value))
			return (struct str){NULL, 0};
		value = t->name;
	}
	return value;
}

/* Text and values alone: the values as {{sigil name}}, all else as it stands. */
static void put_spoken(struct speaker *s, struct span span, char sigil)
{
	for (int i = span.from; i < span.to; i++) {
		const struct token *t = &s->m.token[i];

		if (t->kind == TOKEN_VALUE)
			buf_fmt(s->out, "{{%c%.*s}}", sigil, (int)t->name.len, t->name.at);
		else
			buf_str(s->out, t->raw);
	}
}

/* Elements in which no other may stand, so that their language is said on them alone. */
static bool is_text_only(const struct speaker *s, int element)
{
	return element >= 0 && str_lists(STR("title,option,textarea"), s->m.token[element].name);
}

/* What keeps a message apart from its neighbours: a blank at either end of its text. */
static void put_blank(struct speaker *s, int token, size_t at)
{
	const struct token *t = &s->m.token[token];

	if (t->kind == TOKEN_TEXT && strchr(" \n\t\r", t->raw.at[at]))
		buf_char(s->out, ' ');
}

static void put_message(struct speaker *s, struct span span, int element)
{
	CLEANUP(buf_done) struct buf english = BUF(PO_MESSAGE_MAX);
	bool is_bare = is_text_only(s, element);
	const struct po_entry *e = NULL;
	struct tongue tongue = {TONGUE_ENGLISH, {NULL, 0}};
	bool is_on_element;

	if (put_english(s, span, &english) && buf_err(&english) == 0)
		e = look_up(s, str_trim(buf_view(&english)));
	if (e)
		tongue.kind = TONGUE_GAELIC;
	is_on_element =
		is_bare || (element >= 0 && !attributes_tongue(s, s->m.token[element].raw).kind);
	if (element >= 0)
		put_open(s, element, is_on_element ? tongue : no_tongue);
	if (!is_on_element) {
		buf_str(s->out, STR("<span"));
		put_tongue(s->out, tongue);
		buf_char(s->out, '>');
	}
	if (e) {
		put_blank(s, span.from, 0);
		put_gaelic(s, e, span, is_bare ? '%' : '~');
		put_blank(s, span.to - 1, s->m.token[span.to - 1].raw.len - 1);
	} else {
		put_raw(s, span);
	}
	if (!is_on_element)
		buf_str(s->out, STR("</span>"));
}

/* No words of its own: false where its values and pairs are to be put out each by itself. */
static bool put_wordless(struct speaker *s, struct span span, int element)
{
	struct str value = only_value(s, span);
	bool is_bare = is_text_only(s, element);

	if (is_bare && str_is_null(value)) {
		for (int i = span.from; i < span.to && str_is_null(value); i++) {
			if (s->m.token[i].kind == TOKEN_VALUE)
				value = s->m.token[i].name;
		}
	} else if (element >= 0 && attributes_tongue(s, s->m.token[element].raw).kind) {
		value = (struct str){NULL, 0};
	}
	if (element >= 0)
		put_open(s, element,
			 (struct tongue){str_is_null(value) ? TONGUE_NONE : TONGUE_VALUE, value});
	if (!is_bare && (element < 0 || str_is_null(value)))
		return false;
	put_spoken(s, span, '%');
	return true;
}

/* Put out as one message or one value; false, with the element's tag put out: its parts are to be
 * put out each by itself. */
static bool put_whole(struct speaker *s, struct span span, int element)
{
	struct span words = span;

	while (words.from < words.to && is_blank(&s->m.token[words.from]))
		words.from++;
	while (words.from < words.to && is_blank(&s->m.token[words.to - 1]))
		words.to--;
	if (!span_has_words(s, words, false))
		return put_wordless(s, span, element);
	if (!is_text_only(s, element) && !span_has_words(s, words, true)) {
		if (element >= 0)
			put_open(s, element, no_tongue);
		return false;
	}
	if (element < 0)
		put_raw(s, (struct span){span.from, words.from});
	put_message(s, words, element);
	put_raw(s, (struct span){words.to, span.to});
	return true;
}

/* element: the tag before it whose whole content it is, put out with it; -1: there is none. */
static void put_run(struct speaker *s, struct span span, int element)
{
	struct span open[MARKUP_DEPTH_MAX]; /* what is put out part by part, one inside the other */
	size_t depth = 0;

	if (!put_whole(s, span, element))
		open[depth++] = span;
	while (depth) {
		struct span *at = &open[depth - 1], inside;
		const struct token *t = &s->m.token[at->from];

		if (at->from == at->to) {
			depth--;
			continue;
		}
		element = t->kind == TOKEN_OPEN ? at->from : -1;
		inside = (struct span){at->from + 1, t->match};
		if (!is_pair(t) || element < 0)
			put_spoken(s, (struct span){at->from, at->from + 1}, '~');
		at->from++;
		if (!is_pair(t))
			continue;
		at->from = t->match; /* which is put out when its content has been */
		if (!put_whole(s, inside, element) && depth < COUNT(open))
			open[depth++] = inside;
	}
}

static int next_wall(const struct speaker *s, int at)
{
	while (at < (int)s->m.count && !s->m.token[at].is_wall)
		at++;
	return at;
}

/* A wall, and what is put out with it; how far that went. */
static int put_wall(struct speaker *s, int at)
{
	const struct token *t = &s->m.token[at];
	bool is_page = str_eq(t->name, STR("html"));
	int wall = next_wall(s, at + 1);

	if ((t->kind != TOKEN_OPEN && t->kind != TOKEN_ALONE) ||
	    str_lists(STR("script,style"), t->name)) {
		put_raw(s, (struct span){at, at + 1});
		return at + 1;
	}
	if (!is_page && str_holds(t->raw, STR(" lang=\""))) {
		int end = t->match > at ? t->match : at;

		put_raw(s, (struct span){at, end + 1});
		return end + 1;
	}
	if (t->kind == TOKEN_OPEN && t->match == wall) {
		put_run(s, (struct span){at + 1, wall}, at);
		return wall;
	}
	/* What scripts add to a page is English, and the one thing that does not say so. */
	put_open(s, at,
		 (struct tongue){str_eq(t->name, STR("body")) ? TONGUE_ENGLISH : TONGUE_NONE,
				 {NULL, 0}});
	return at + 1;
}

int speak(const struct catalogue *c, struct str english, const struct speak_hearer *hearer,
	  struct buf *out)
{
	struct speaker s = {.c = c, .hearer = hearer, .out = out};
	struct arena scratch;
	int r;

	arena_init(&scratch, SCRATCH_MAX);
	r = markup_read(english, &scratch, &s.m);
	for (int at = 0; r == 0 && at < (int)s.m.count;) {
		int wall = next_wall(&s, at);

		if (wall > at)
			put_run(&s, (struct span){at, wall}, -1);
		at = wall < (int)s.m.count ? put_wall(&s, wall) : wall;
	}
	arena_done(&scratch);
	return r < 0 ? r : buf_err(out);
}
