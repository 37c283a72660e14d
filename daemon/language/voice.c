/*
 * A text with a number in it is found with %d in the number's place, and takes the plural form of
 * that number. Dates and quarters are taken apart into what dress.c made them of, so that the
 * catalogue says in which order their parts stand.
 */
#include "voice.h"

#include "libassets/base/err.h"

static const char *const month[] = {"January",   "February", "March",    "April",
				    "May",       "June",     "July",     "August",
				    "September", "October",  "November", "December"};

static const char date_form[] = "{{day}} {{month}} {{year}}";
static const char quarter_form[] = "{{first}} to {{last}} {{year}}";

const char *voice_at(size_t n)
{
	static const char *const more[] = {date_form,   quarter_form, "today",       "tomorrow",
					   "yesterday", "in %d days", "%d days ago", "%d entries"};

	if (n < COUNT(month))
		return month[n];
	return n < COUNT(month) + COUNT(more) ? more[n - COUNT(month)] : NULL;
}

static bool ends_with(struct str name, struct str ending)
{
	return name.len >= ending.len &&
	       str_eq((struct str){name.at + name.len - ending.len, ending.len}, ending);
}

static const struct po_entry *find_said(const struct catalogue *c, struct str english)
{
	const struct po_entry *e = catalogue_find(c, english);

	return catalogue_is_said(e) ? e : NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* --- dates -------------------------------------------------------------------------------- */

/* Parts of a text and the names under which a form has them. */
struct part {
	const char *name;
	struct str text;
};

/* The Gaelic of a form with its values in place; false: it has none. */
static bool put_form(const struct catalogue *c, const char *form, const struct part *part, size_t n,
		     struct buf *out)
{
	const struct po_entry *e = find_said(c, str_of(form));
	struct message m;

	if (!e || message_parse(catalogue_form(e, 0), &m) < 0)
		return false;
	for (size_t i = 0; i < m.count; i++) {
		struct str text = m.piece[i].text;

		for (size_t k = 0; k < n && m.piece[i].kind == PIECE_VALUE; k++) {
			if (str_eq(str_of(part[k].name), m.piece[i].text))
				text = part[k].text;
		}
		buf_str(out, text);
	}
	return true;
}

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.at[i]))
			return false;
	}
	return s.len > 0;
}

/* The Gaelic of a month's whole name, absent when it is none or has none. */
static struct str month_said(const struct catalogue *c, struct str name)
{
	for (size_t i = 0; i < COUNT(month); i++) {
		const struct po_entry *e = find_said(c, name);

		if (str_eq(str_of(month[i]), name))
			return e ? catalogue_form(e, 0) : (struct str){NULL, 0};
	}
	return (struct str){NULL, 0};
}

/* "15 June 2027" */
static bool say_date(const struct catalogue *c, struct str text, struct buf *out)
{
	struct str rest, day = str_cut(text, ' ', &rest), name = str_cut(rest, ' ', &rest);
	struct part part[] = {{"day", day}, {"month", month_said(c, name)}, {"year", rest}};

	return is_number(day) && is_number(rest) && part[1].text.at &&
	       put_form(c, date_form, part, COUNT(part), out);
}

/* "April to June 2027" */
static bool say_quarter(const struct catalogue *c, struct str text, struct buf *out)
{
	struct str rest, first = str_cut(text, ' ', &rest), to = str_cut(rest, ' ', &rest);
	struct str last = str_cut(rest, ' ', &rest);
	struct part part[] = {
		{"first", month_said(c, first)}, {"last", month_said(c, last)}, {"year", rest}};

	return str_eq(to, STR("to")) && is_number(rest) && part[0].text.at && part[1].text.at &&
	       put_form(c, quarter_form, part, COUNT(part), out);
}

/* --- words -------------------------------------------------------------------------------- */

/* The first run of digits, commas among them; its length, 0: there is none. */
static size_t number_in(struct str text, size_t *ret_at, int64_t *ret_n)
{
	size_t at = 0, len = 0;

	while (at < text.len && !is_digit(text.at[at]))
		at++;
	*ret_n = 0;
	for (; at + len < text.len; len++) {
		char c = text.at[at + len];

		if (is_digit(c) && *ret_n < INT32_MAX)
			*ret_n = *ret_n * 10 + c - '0';
		else if (!is_digit(c) &&
			 (c != ',' || at + len + 1 == text.len || !is_digit(text.at[at + len + 1])))
			break;
	}
	*ret_at = at;
	return len;
}

/* "in 12 days" by the entry of "in %d days". */
static bool say_number(const struct catalogue *c, struct str text, struct buf *out)
{
	CLEANUP(buf_done) struct buf pattern = BUF(PO_MESSAGE_MAX);
	const struct po_entry *e;
	struct str form;
	size_t at, len, place = 0;
	int64_t n;

	len = number_in(text, &at, &n);
	if (!len)
		return false;
	buf_add(&pattern, text.at, at);
	buf_str(&pattern, STR("%d"));
	buf_add(&pattern, text.at + at + len, text.len - at - len);
	e = buf_err(&pattern) < 0 ? NULL : find_said(c, buf_view(&pattern));
	if (!e)
		return false;
	form = catalogue_form(e, n);
	while (place + 2 < form.len && memcmp(form.at + place, "%d", 2) != 0)
		place++;
	buf_add(out, form.at, place);
	buf_add(out, text.at + at, len);
	buf_add(out, form.at + place + 2, form.len - place - 2);
	return true;
}

static bool say_words(const struct catalogue *c, struct str text, struct buf *out)
{
	const struct po_entry *e = find_said(c, text);

	if (!e)
		return say_number(c, text, out);
	buf_str(out, catalogue_form(e, 0));
	return true;
}

/* The Gaelic of a sentence, or of one behind the label of what it is about: "Name: It is too long."
 */
static bool say_sentence(const struct catalogue *c, struct str text, struct buf *out)
{
	size_t at = 0;

	if (say_words(c, text, out))
		return true;
	while (at + 2 < text.len && memcmp(text.at + at, ": ", 2) != 0)
		at++;
	if (at + 2 >= text.len || !say_words(c, (struct str){text.at, at}, out))
		return false;
	buf_str(out, STR(": "));
	return say_words(c, (struct str){text.at + at + 2, text.len - at - 2}, out);
}

/* The whole, else all of its sentences, or nothing. */
static bool say_sentences(const struct catalogue *c, struct str text, struct buf *out)
{
	CLEANUP(buf_done) struct buf said = BUF(PO_MESSAGE_MAX);
	struct str rest = text;

	if (say_words(c, text, out))
		return true;
	while (rest.len) {
		size_t n = 0;

		while (n + 1 < rest.len && !(rest.at[n] == '.' && rest.at[n + 1] == ' '))
			n++;
		if (said.len)
			buf_char(&said, ' ');
		if (!say_sentence(c, (struct str){rest.at, n + 1}, &said))
			return false;
		n = n + 2 < rest.len ? n + 2 : rest.len;
		rest = (struct str){rest.at + n, rest.len - n};
	}
	if (!said.len || buf_err(&said) < 0)
		return false;
	buf_str(out, buf_view(&said));
	return true;
}

/* Did the program write what stands under that name of the object? */
static bool is_ours(const json_t *owner, struct str name)
{
	if (str_lists(STR("refusal,refusal_detail,summary,wrong"), name))
		return true;
	if (str_eq(name, STR("title")) && json_is_true(json_object_get(owner, "title_is_said")))
		return true;
	if (str_eq(name, STR("name")) && json_is_string(json_object_get(owner, "clock")))
		return true;
	return str_lists(STR("title,label,hint,none,rule,name,text,detail,cure"), name) &&
	       json_is_true(json_object_get(owner, "is_said"));
}

bool voice_say(const void *catalogue, const json_t *owner, struct str name, struct str text,
	       struct buf *out)
{
	const struct catalogue *c = catalogue;

	if (ends_with(name, STR("_date")))
		return say_date(c, text, out);
	if (str_eq(name, STR("quarter_words")))
		return say_quarter(c, text, out);
	if (ends_with(name, STR("_words")) || ends_with(name, STR("_meaning")))
		return say_words(c, text, out);
	return is_ours(owner, name) && say_sentences(c, text, out);
}
