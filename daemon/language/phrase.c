/*
 * A text with a number in it is found with %d in the number's place, and takes the plural form of
 * that number. Dates and quarters are taken apart into what dress.c and period_how.c made them of,
 * so that the catalogue says in which order their parts stand.
 */
#include "phrase.h"

#include "libassets/base/err.h"

static const char *const month[] = {"January",   "February", "March",    "April",
				    "May",       "June",     "July",     "August",
				    "September", "October",  "November", "December"};

static const char date_form[] = "{{day}} {{month}} {{year}}";
static const char day_form[] = "{{weekday}} {{date}}";
static const char quarter_form[] = "{{first}} to {{last}} {{year}}";
static const char substitute_form[] = "{{holiday}} (substitute day)";
static const char substitute[] = " (substitute day)";

const char *phrase_at(size_t n)
{
	static const char *const more[] = {
		date_form,         day_form,     quarter_form, substitute_form,
		"today",           "tomorrow",   "yesterday",  "in %d days",
		"%d days ago",     "%d entries", "%d days",    "%d weeks",
		"%d working days", "%d months",  "%d years",   "%d days of weekends",
		"Monday",          "Tuesday",    "Wednesday",  "Thursday",
		"Friday",          "Saturday",   "Sunday"};

	if (n < COUNT(month))
		return month[n];
	return n < COUNT(month) + COUNT(more) ? more[n - COUNT(month)] : NULL;
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

bool phrase_form(const struct catalogue *c, struct str form, const struct phrase_part *part,
		 size_t n, struct buf *out)
{
	const struct po_entry *e = find_said(c, form);
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

/* --- a number among words ------------------------------------------------------------------ */

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

bool phrase_words(const struct catalogue *c, struct str text, struct buf *out)
{
	const struct po_entry *e = find_said(c, text);

	if (!e)
		return say_number(c, text, out);
	buf_str(out, catalogue_form(e, 0));
	return true;
}

/* --- dates --------------------------------------------------------------------------------- */

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.at[i]))
			return false;
	}
	return s.len > 0;
}

/* The Gaelic of a word alone, absent when it has none. */
static struct str word_said(const struct catalogue *c, struct str word)
{
	const struct po_entry *e = find_said(c, word);

	return e ? catalogue_form(e, 0) : (struct str){NULL, 0};
}

static bool is_month(struct str name)
{
	for (size_t i = 0; i < COUNT(month); i++) {
		if (str_eq(str_of(month[i]), name))
			return true;
	}
	return false;
}

bool phrase_date(const struct catalogue *c, struct str text, struct buf *out)
{
	struct str rest, day = str_cut(text, ' ', &rest), name = str_cut(rest, ' ', &rest);
	struct phrase_part part[] = {{"day", day}, {"month", word_said(c, name)}, {"year", rest}};

	return is_number(day) && is_number(rest) && is_month(name) && part[1].text.at &&
	       phrase_form(c, str_of(date_form), part, COUNT(part), out);
}

bool phrase_day(const struct catalogue *c, struct str text, struct buf *out)
{
	CLEANUP(buf_done) struct buf date = BUF(PO_MESSAGE_MAX);
	struct str rest, weekday = str_cut(text, ' ', &rest);
	struct phrase_part part[] = {{"weekday", word_said(c, weekday)}, {"date", {NULL, 0}}};

	if (!part[0].text.at || !phrase_date(c, rest, &date) || buf_err(&date) < 0)
		return false;
	part[1].text = buf_view(&date);
	return phrase_form(c, str_of(day_form), part, COUNT(part), out);
}

bool phrase_quarter(const struct catalogue *c, struct str text, struct buf *out)
{
	struct str rest, first = str_cut(text, ' ', &rest), to = str_cut(rest, ' ', &rest);
	struct str last = str_cut(rest, ' ', &rest);
	struct phrase_part part[] = {
		{"first", word_said(c, first)}, {"last", word_said(c, last)}, {"year", rest}};

	return str_eq(to, STR("to")) && is_number(rest) && part[0].text.at && part[1].text.at &&
	       phrase_form(c, str_of(quarter_form), part, COUNT(part), out);
}

bool phrase_holiday(const struct catalogue *c, struct str text, struct buf *out)
{
	size_t n = sizeof(substitute) - 1;
	struct phrase_part part = {"holiday", {NULL, 0}};

	if (text.len <= n || memcmp(text.at + text.len - n, substitute, n) != 0)
		return phrase_words(c, text, out);
	part.text = word_said(c, (struct str){text.at, text.len - n});
	return part.text.at && phrase_form(c, str_of(substitute_form), &part, 1, out);
}
