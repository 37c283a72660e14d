/*
 * One place for all pages, so that a decoder's sentence stays the API's and needs no second one:
 * what is there for every field alike, and the names of fields, which pages have labels for
 * (words.def).
 */
#include "flaw_words.h"

#include "dress.h"

/* Of a field that is not there at all, whoever says so and however. */
static const char *const absent[] = {
	"This cannot be left without a value.",
	"This field is needed and was not sent.",
	"This field is missing.",
};

/* "REFUSE needs this field.", whatever the act. */
static bool is_needed(struct str detail)
{
	struct str end = STR(" needs this field.");

	return detail.len > end.len &&
	       str_eq((struct str){detail.at + detail.len - end.len, end.len}, end);
}

static bool is_absent(const struct flaw *w)
{
	for (size_t i = 0; i < COUNT(absent); i++) {
		if (str_eq(w->detail, str_of(absent[i])))
			return true;
	}
	return is_needed(w->detail);
}

/* What is wrong with an address itself is no matter of fields. */
static const struct {
	const char *code, *detail, *cure;
} address_table[] = {
	{"UNKNOWN_PARAMETER", "This page knows nothing of it.", "Take it out of the address."},
	{"GIVEN_TWICE", "It stands in the address twice.", "Take one of the two out."},
	{"NO_PAST", "This page shows what is so now, and has no past.",
	 "Take it out of the address."},
};

static bool say_address(struct flaw *w)
{
	for (size_t i = 0; i < COUNT(address_table) && str_starts(w->pointer, STR("?")); i++) {
		if (!str_eq(w->code, str_of(address_table[i].code)))
			continue;
		w->detail = str_of(address_table[i].detail);
		w->cure = str_of(address_table[i].cure);
		return true;
	}
	return false;
}

static bool is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The run of such characters that begins there. */
static struct str run_at(struct str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.len && is_of_name(text.at[at + n]))
		n++;
	return (struct str){text.at + at, n};
}

/* Written as no word is: "until_on", and not an id or what somebody typed. */
static bool is_field(struct str run)
{
	return run.len && memchr(run.at, '_', run.len) && dress_has(STR("input"), run);
}

/* Of what stands within a word or a number; blanks and stops part them. */
static bool is_within(char c)
{
	return is_of_name(c) || (c >= 'A' && c <= 'Z') || c == '-';
}

/* "2026-12-22", not within a longer run. */
static bool is_day(struct str text, size_t at, struct day *ret_day)
{
	struct str ten = {text.at + at, text.len - at < 10 ? text.len - at : 10};
	bool is_begun = at && is_within(text.at[at - 1]);
	bool goes_on = text.len > at + 10 && is_within(text.at[at + 10]);

	return ten.len == 10 && !is_begun && !goes_on && day_parse(ten, ret_day) == 0;
}

/* The run of what codes are written in: "LEASED_IN". */
static struct str code_at(struct str text, size_t at)
{
	size_t n = 0;

	if (at && is_within(text.at[at - 1]))
		return (struct str){text.at + at, 0};
	while (at + n < text.len &&
	       ((text.at[at + n] >= 'A' && text.at[at + n] <= 'Z') || text.at[at + n] == '_'))
		n++;
	if (at + n < text.len && is_of_name(text.at[at + n]))
		n = 0;
	return (struct str){text.at + at, n};
}

/* The field that such a code is of: the first whose words have it; NULL: it is no code. */
static const char *field_of(struct str code)
{
	static const char *const fields[] = {"tenure", "lifecycle", "event", "state", "method",
					     "stage",  "basis",     "mark",  "role",  "manner"};

	for (size_t i = 0; code.len > 2 && i < COUNT(fields); i++) {
		if (dress_has(str_of(fields[i]), code))
			return fields[i];
	}
	return NULL;
}

/* A code or a day as people read it: how many bytes of the text it took; 0: there is none. */
static size_t put_read(struct buf *out, struct str text, size_t at)
{
	struct str code = code_at(text, at);
	const char *field = field_of(code);
	struct day day;

	if (is_day(text, at, &day)) {
		dress_day(out, day);
		return 10;
	}
	if (!field)
		return 0;
	buf_str(out, STR("“"));
	dress_code(out, str_of(field), code);
	buf_str(out, STR("”"));
	return code.len;
}

struct str flaw_said(struct str text, struct arena *a)
{
	CLEANUP(buf_done) struct buf out = BUF(4096);
	struct str made;

	if (str_starts(text, STR("Send "))) {
		buf_str(&out, STR("Give "));
		text = (struct str){text.at + 5, text.len - 5};
	}
	for (size_t i = 0; i < text.len;) {
		struct str run = run_at(text, i);
		size_t read = put_read(&out, text, i);

		if (read) {
			run.len = read;
		} else if (is_field(run)) {
			buf_str(&out, STR("“"));
			dress_code(&out, STR("input"), run);
			buf_str(&out, STR("”"));
		} else {
			run.len = run.len ? run.len : 1;
			buf_str(&out, run);
		}
		i += run.len;
	}
	made = buf_err(&out) < 0 ? (struct str){NULL, 0} : arena_str(a, buf_view(&out));
	return str_is_null(made) ? text : made;
}

void flaws_for_people(struct flaws *f)
{
	for (size_t i = 0; i < flaws_kept(f); i++) {
		struct flaw *w = &f->at[i];

		if (say_address(w))
			continue;
		if (is_absent(w)) {
			w->detail = STR("This is empty.");
			w->cure = STR("Fill it in.");
			continue;
		}
		if (w->detail.len)
			w->detail = flaw_said(w->detail, f->arena);
		if (w->cure.len)
			w->cure = flaw_said(w->cure, f->arena);
	}
}
