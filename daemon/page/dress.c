/*
 * Additions are gathered in an object of their own and merged when the object has been read,
 * since an object may not change under its iterator; then its children are walked. The walk
 * has a bounded stack instead of recursion.
 *
 * What a member gains follows from the ending of its name, so a new amount or day needs
 * nothing here; a new code is a row of words.def. Pure; any thread.
 */
#include "dress.h"

#include <limits.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"

/* Objects and lists inside one another; bytes of what one member gains. */
enum { DEPTH_MAX = 32, WORDS_MAX = 512 };

struct word {
	struct str field; /* with its length, for it is compared with each name that is dressed */
	struct str code;
	const char *words;
	const char *tag;
	const char *meaning;
};

static const struct word word_table[] = {
#define WORD(field, code, words, tag, meaning)                                                     \
	{STR_INIT(#field), STR_INIT(code), words, tag, meaning},
#include "words.def"
#undef WORD
};

/* An object or a list being walked. */
struct level {
	json_t *value;
	void *iter;   /* of an object */
	size_t index; /* of a list */
};

static bool is_of(const struct word *w, struct str field)
{
	return w->field.len == field.len && memcmp(w->field.at, field.at, field.len) == 0;
}

static const struct word *word_find(struct str field, struct str code)
{
	for (size_t i = 0; i < COUNT(word_table); i++) {
		if (is_of(&word_table[i], field) && str_eq(word_table[i].code, code))
			return &word_table[i];
	}
	return NULL;
}

static bool is_word_field(struct str field)
{
	for (size_t i = 0; i < COUNT(word_table); i++) {
		if (is_of(&word_table[i], field))
			return true;
	}
	return false;
}

void dress_code(struct buf *out, struct str field, struct str code)
{
	const struct word *word = word_find(field, code);

	if (word && *word->words) {
		buf_str(out, str_of(word->words));
		return;
	}
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i] == '_' ? ' ' : code.at[i];

		buf_char(out, i && c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c);
	}
}

bool dress_at(size_t n, struct dress_word *ret_word)
{
	if (n >= COUNT(word_table))
		return false;
	*ret_word = (struct dress_word){str_of(word_table[n].words), str_of(word_table[n].meaning)};
	return true;
}

bool dress_has(struct str field, struct str code)
{
	const struct word *word = word_find(field, code);

	return word && *word->words;
}

struct str dress_meaning(struct str field, struct str code)
{
	const struct word *word = word_find(field, code);

	return str_of(word ? word->meaning : "");
}

static const char *month_name(struct day_civil c)
{
	static const char *const month[] = {"January",   "February", "March",    "April",
					    "May",       "June",     "July",     "August",
					    "September", "October",  "November", "December"};

	return month[c.month - 1];
}

void dress_day(struct buf *out, struct day d)
{
	struct day_civil c = day_civil(d);

	buf_fmt(out, "%d %s %d", (int)c.monthday, month_name(c), (int)c.year);
}

/* letters: of a month's name at most. */
static void put_quarter(struct buf *out, int32_t quarter, int letters)
{
	struct day_civil first = day_civil(quarter_first_day(quarter));
	struct day_civil last = day_civil(day_add(quarter_first_day(quarter + 1), -1));

	buf_fmt(out, "%.*s to %.*s %d", letters, month_name(first), letters, month_name(last),
		(int)last.year);
}

void dress_quarter(struct buf *out, int32_t quarter)
{
	put_quarter(out, quarter, INT_MAX);
}

void dress_quarter_short(struct buf *out, int32_t quarter)
{
	put_quarter(out, quarter, 3);
}

void dress_distance(struct buf *out, struct day d, struct day today)
{
	int days = d.number - today.number;

	if (days == 0)
		buf_str(out, STR("today"));
	else if (days == 1)
		buf_str(out, STR("tomorrow"));
	else if (days == -1)
		buf_str(out, STR("yesterday"));
	else if (days > 0)
		buf_fmt(out, "in %d days", days);
	else
		buf_fmt(out, "%d days ago", -days);
}

void dress_count(struct buf *out, int64_t n)
{
	char digits[24];
	size_t len;

	if (n < 0)
		buf_char(out, '-');
	len = (size_t)snprintf(digits, sizeof(digits), "%llu",
			       n < 0 ? 0ULL - (unsigned long long)n : (unsigned long long)n);
	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, digits[i]);
	}
}

/* "£200,000.00" without its pence when there are none. */
static void put_pounds(struct buf *out, int64_t pence)
{
	money_format(out, pence);
	if (pence % 100 == 0 && out->err == 0)
		out->len -= 3;
}

/* The day of "2027-06-15", or of a moment such as "2026-11-21T10:00:00.123456Z" in London. */
static int day_of_text(struct str text, struct day *ret_day)
{
	struct str date = {text.at, text.len < 10 ? text.len : 10};
	int64_t hours, minutes;
	int r = day_parse(date, ret_day);

	if (r < 0 || text.len < 16 || text.at[10] != 'T')
		return r;
	hours = (text.at[11] - '0') * 10 + text.at[12] - '0';
	minutes = (text.at[14] - '0') * 10 + text.at[15] - '0';
	*ret_day = clock_today((((int64_t)ret_day->number * 24 + hours) * 60 + minutes) * 60000000);
	return 0;
}

/* The part of a key before its ending; absent when it ends otherwise. */
static struct str stem_of(struct str key, struct str ending)
{
	if (key.len <= ending.len ||
	    !str_eq((struct str){key.at + key.len - ending.len, ending.len}, ending))
		return (struct str){NULL, 0};
	return (struct str){key.at, key.len - ending.len};
}

static int add(json_t *more, struct str stem, const char *ending, struct buf *words)
{
	char key[80];

	if (buf_err(words))
		return buf_err(words);
	(void)snprintf(key, sizeof(key), "%.*s%s", (int)stem.len, stem.at, ending);
	return json_object_set_new(more, key, json_stringn(words->at ? words->at : "", words->len))
		       ? ERR_NOMEM
		       : 0;
}

static int add_money(json_t *more, struct str stem, int64_t pence)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	int r;

	put_pounds(&words, pence);
	r = add(more, stem, "_pounds", &words);
	if (r < 0)
		return r;
	buf_clear(&words);
	money_format(&words, pence);
	return add(more, stem, "_money", &words);
}

/* What programs read as E_OVERFLOW; without words it would look as if it were held back. */
static int add_too_large(json_t *more, struct str stem)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);

	buf_str(&words, STR("too large"));
	return stem.at ? add(more, stem, "_money", &words) : 0;
}

static int add_day(json_t *more, struct str stem, struct str text, struct day today)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	struct day d;
	int r;

	if (day_of_text(text, &d) < 0)
		return 0;
	dress_day(&words, d);
	r = add(more, stem, "_date", &words);
	if (r < 0 || !str_eq(stem, STR("due")))
		return r;
	buf_clear(&words);
	dress_distance(&words, d, today);
	return add(more, stem, "_words", &words);
}

/* A request's state also says whose turn it is. */
static int add_acts(json_t *more, struct str code)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	const struct word *word = word_find(STR("acts"), code);

	if (!word)
		return 0;
	buf_str(&words, str_of(word->words));
	return add(more, STR("acts"), "_words", &words);
}

static int add_code(json_t *more, struct str field, struct str code)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	const struct word *word = word_find(field, code);
	int r;

	dress_code(&words, field, code);
	r = add(more, field, "_words", &words);
	if (r < 0 || !word)
		return r;
	buf_clear(&words);
	if (*word->tag)
		buf_fmt(&words, "ds_tag--%s", word->tag);
	r = add(more, field, "_tag", &words);
	buf_clear(&words);
	buf_str(&words, str_of(word->meaning));
	r = r < 0 ? r : add(more, field, "_meaning", &words);
	return r < 0 || !str_eq(field, STR("state")) ? r : add_acts(more, code);
}

static int add_number(json_t *more, struct str stem, int64_t n, struct str unit)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);

	dress_count(&words, n);
	buf_str(&words, unit);
	return add(more, stem, "_words", &words);
}

static int add_quarter(json_t *more, struct str label)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	int32_t quarter;

	if (quarter_parse(label, &quarter) < 0)
		return 0;
	dress_quarter(&words, quarter);
	return add(more, STR("quarter"), "_words", &words);
}

static int dress_integer(json_t *more, struct str key, int64_t n)
{
	struct str stem = stem_of(key, STR("_pence"));

	if (stem.at)
		return add_money(more, stem, n);
	stem = stem_of(key, STR("_m2"));
	if (stem.at)
		return add_number(more, stem, n, STR(" m\xC2\xB2"));
	stem = stem_of(key, STR("_count"));
	return stem.at ? add_number(more, stem, n, STR("")) : 0;
}

/* What one member of an object gains. */
static int dress_member(json_t *more, struct str key, const json_t *value, struct day today)
{
	struct str text = {json_string_value(value), json_string_length(value)};
	struct str stem;

	if (key.len > 64) /* no name of ours; add() has room for those */
		return 0;
	if (json_is_integer(value))
		return dress_integer(more, key, json_integer_value(value));
	if (!text.at)
		return 0;
	if (str_eq(text, STR("E_OVERFLOW")))
		return add_too_large(more, stem_of(key, STR("_pence")));
	if (str_eq(key, STR("quarter")))
		return add_quarter(more, text);
	stem = str_eq(key, STR("on")) ? key : stem_of(key, STR("_on"));
	if (!stem.at)
		stem = stem_of(key, STR("_at"));
	if (stem.at)
		return add_day(more, stem, text, today);
	return is_word_field(key) ? add_code(more, key, text) : 0;
}

static int dress_object(json_t *object, struct day today)
{
	json_auto_t *more = json_object();
	const char *key;
	json_t *value;

	if (!more)
		return ERR_NOMEM;
	json_object_foreach (object, key, value) {
		int r = dress_member(more, str_of(key), value, today);

		if (r < 0)
			return r;
	}
	return json_object_update_missing(object, more) ? ERR_NOMEM : 0;
}

/* The next child that has children of its own, NULL at the end. */
static json_t *level_next(struct level *l)
{
	json_t *child;

	if (json_is_array(l->value)) {
		while ((child = json_array_get(l->value, l->index++))) {
			if (json_is_array(child) || json_is_object(child))
				return child;
		}
		return NULL;
	}
	while (l->iter) {
		child = json_object_iter_value(l->iter);
		l->iter = json_object_iter_next(l->value, l->iter);
		if (json_is_array(child) || json_is_object(child))
			return child;
	}
	return NULL;
}

int dress(json_t *value, struct day today)
{
	struct level level[DEPTH_MAX];
	size_t depth = 0;

	while (value) {
		int r = json_is_object(value) ? dress_object(value, today) : 0;

		if (r < 0)
			return r;
		if (depth == DEPTH_MAX)
			return ERR_LIMIT;
		level[depth++] = (struct level){value, json_object_iter(value), 0};
		for (value = NULL; depth && !value;) {
			value = level_next(&level[depth - 1]);
			if (!value)
				depth--;
		}
	}
	return 0;
}
