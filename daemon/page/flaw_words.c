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
	"This event needs this field.",
};

static bool is_absent(const struct flaw *w)
{
	for (size_t i = 0; i < COUNT(absent); i++) {
		if (str_eq(w->detail, str_of(absent[i])))
			return true;
	}
	return false;
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

		if (is_field(run)) {
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
			w->detail = STR("Nothing stands here.");
			w->cure = STR("Fill it in.");
			continue;
		}
		if (w->detail.len)
			w->detail = flaw_said(w->detail, f->arena);
		if (w->cure.len)
			w->cure = flaw_said(w->cure, f->arena);
	}
}
