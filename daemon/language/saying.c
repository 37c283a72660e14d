/*
 * A text is cut by what stands between the places: a place holds what there is up to the next such
 * piece, the last one up to the end.
 */
#include "saying.h"

#include "letters.h"
#include "libassets/base/err.h"
#include "phrase.h"

enum { PLACES_MAX = 4, NAME_MAX = 16 };

static const struct saying saying_table[] = {
#define SAYING(where, english) {where, english},
#include "saying.def"
#undef SAYING
};

bool saying_at(size_t n, struct saying *ret_saying)
{
	if (n >= COUNT(saying_table))
		return false;
	*ret_saying = saying_table[n];
	return true;
}

/* --- kinds of places ----------------------------------------------------------------------- */

static bool say_as_it_is(const struct catalogue *c, struct str text, struct buf *out)
{
	(void)c;
	buf_str(out, text);
	return text.len > 0;
}

/* "2027", "2027-28" */
static bool say_year(const struct catalogue *c, struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] != '-' && (text.at[i] < '0' || text.at[i] > '9'))
			return false;
	}
	return say_as_it_is(c, text, out);
}

/* "£1.2m", "−£20k", "13.61 %"; or words such as "not shown". */
static bool say_figure(const struct catalogue *c, struct str text, struct buf *out)
{
	struct str digits = text;

	while (digits.len > 1 && strchr("kmbn", digits.at[digits.len - 1]))
		digits.len--;
	return letters_in(digits) ? phrase_words(c, text, out) : say_as_it_is(c, text, out);
}

/* How far the text goes up to `end`, or whole. */
static size_t up_to(struct str text, struct str end)
{
	size_t n = 0;

	while (n + end.len <= text.len && memcmp(text.at + n, end.at, end.len) != 0)
		n++;
	return n + end.len <= text.len ? n : text.len;
}

/* "Christmas Day, Friday 25 December 2026"; "8 days of weekends" */
static bool say_not_counted(const struct catalogue *c, struct str text, struct buf *out)
{
	size_t n = up_to(text, STR(", "));

	if (n == text.len)
		return phrase_words(c, text, out);
	if (!phrase_holiday(c, (struct str){text.at, n}, out))
		return false;
	buf_str(out, STR(", "));
	return phrase_day(c, (struct str){text.at + n + 2, text.len - n - 2}, out);
}

/* "Sold −£20k" */
static bool say_move(const struct catalogue *c, struct str text, struct buf *out)
{
	size_t n = text.len;

	while (n && text.at[n - 1] != ' ')
		n--;
	if (!n || !phrase_words(c, (struct str){text.at, n - 1}, out))
		return false;
	buf_char(out, ' ');
	return say_figure(c, (struct str){text.at + n, text.len - n}, out);
}

static bool say_each(const struct catalogue *c, struct str text, struct str between,
		     bool (*say)(const struct catalogue *, struct str, struct buf *),
		     struct buf *out)
{
	while (text.len) {
		size_t n = up_to(text, between);

		if (!say(c, (struct str){text.at, n}, out))
			return false;
		if (n == text.len)
			return true;
		buf_str(out, between);
		text = (struct str){text.at + n + between.len, text.len - n - between.len};
	}
	return false;
}

static bool say_list(const struct catalogue *c, struct str text, struct buf *out)
{
	return say_each(c, text, STR("; "), say_not_counted, out);
}

static bool say_moves(const struct catalogue *c, struct str text, struct buf *out)
{
	return say_each(c, text, STR(", "), say_move, out);
}

static const struct kind {
	const char *name;
	bool (*say)(const struct catalogue *c, struct str text, struct buf *out);
} kind_table[] = {
	{"day", phrase_day},         {"date", phrase_date},  {"quarter", phrase_quarter},
	{"holiday", phrase_holiday}, {"name", say_as_it_is}, {"year", say_year},
	{"figure", say_figure},      {"list", say_list},     {"moves", say_moves},
};

static bool say_place(const struct catalogue *c, struct str name, struct str text, struct buf *out)
{
	while (name.len && name.at[name.len - 1] >= '0' && name.at[name.len - 1] <= '9')
		name.len--;
	for (size_t i = 0; i < COUNT(kind_table); i++) {
		if (str_eq(str_of(kind_table[i].name), name))
			return kind_table[i].say(c, text, out);
	}
	return phrase_words(c, text, out);
}

/* --- a text by its places ------------------------------------------------------------------ */

/* Places with what a text has in them; a name may stand behind the last. */
struct fit {
	struct str name[PLACES_MAX + 1], text[PLACES_MAX];
	size_t count;
};

/* The text of a place: up to the literal behind it, which for the last one ends the text. */
static bool take_place(struct fit *f, struct str literal, bool is_last, struct str *rest)
{
	size_t n = up_to(*rest, literal);

	if (is_last && rest->len >= literal.len)
		n = rest->len - literal.len;
	if (f->count == PLACES_MAX || !n ||
	    !str_starts((struct str){rest->at + n, rest->len - n}, literal))
		return false;
	f->text[f->count++] = (struct str){rest->at, n};
	*rest = (struct str){rest->at + n + literal.len, rest->len - n - literal.len};
	return true;
}

static bool fits(struct str form, struct str text, struct fit *ret_fit)
{
	size_t n = up_to(form, STR("{{"));

	ret_fit->count = 0;
	if (!str_starts(text, (struct str){form.at, n}))
		return false;
	text = (struct str){text.at + n, text.len - n};
	form = (struct str){form.at + n, form.len - n};
	while (form.len) {
		size_t end = up_to(form, STR("}}"));
		struct str literal = {form.at + end + 2, 0};

		literal.len = up_to((struct str){literal.at, form.len - end - 2}, STR("{{"));
		ret_fit->name[ret_fit->count] = (struct str){form.at + 2, end - 2};
		form = (struct str){literal.at + literal.len, form.len - end - 2 - literal.len};
		if (!take_place(ret_fit, literal, !form.len, &text))
			return false;
	}
	return !text.len;
}

static bool say_fit(const struct catalogue *c, struct str form, const struct fit *f,
		    struct buf *out)
{
	struct buf said[PLACES_MAX] = {BUF(PO_MESSAGE_MAX), BUF(PO_MESSAGE_MAX),
				       BUF(PO_MESSAGE_MAX), BUF(PO_MESSAGE_MAX)};
	char name[PLACES_MAX][NAME_MAX];
	struct phrase_part part[PLACES_MAX];
	bool is_said = true;

	for (size_t i = 0; i < f->count && is_said; i++) {
		is_said = f->name[i].len < NAME_MAX &&
			  say_place(c, f->name[i], f->text[i], &said[i]) && buf_err(&said[i]) == 0;
		if (!is_said)
			break;
		memcpy(name[i], f->name[i].at, f->name[i].len);
		name[i][f->name[i].len] = '\0';
		part[i] = (struct phrase_part){name[i], buf_view(&said[i])};
	}
	is_said = is_said && phrase_form(c, form, part, f->count, out);
	for (size_t i = 0; i < PLACES_MAX; i++)
		buf_done(&said[i]);
	return is_said;
}

bool saying_say(const struct catalogue *c, struct str text, struct buf *out)
{
	for (size_t i = 0; i < COUNT(saying_table); i++) {
		struct str form = str_of(saying_table[i].english);
		struct fit fit;

		if (fits(form, text, &fit) && fit.count && say_fit(c, form, &fit, out))
			return true;
	}
	return false;
}
