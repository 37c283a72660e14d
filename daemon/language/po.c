/*
 * Line by line: a keyword with a quoted text, quoted texts that go on, comments, blank lines. An
 * entry ends where the next begins, at a blank line or at the end.
 *
 * The header's formula of the plural is compared and not evaluated: po_plural() is that formula,
 * and another language would bring another function.
 */
#include "po.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"

/* As gettext's manual and CLDR have it for gd. Blanks do not count. */
static const char plural_forms[] =
	"nplurals=4;plural=(n==1||n==11)?0:(n==2||n==12)?1:(n>2&&n<20)?2:3;";

/* What a quoted text belongs to; of the forms, the first and those behind it. */
enum slot { SLOT_NONE, SLOT_ID, SLOT_PLURAL, SLOT_FORM, SLOTS = SLOT_FORM + PO_FORMS };

struct reading {
	struct arena *arena;
	struct po *po;
	size_t cap;
	struct po_fault *fault;
	unsigned line;
	struct buf text[SLOTS];
	bool has[SLOTS];
	enum slot at;
	unsigned id_line;
	bool is_fuzzy; /* of the entry that is read, or that comes next */
	bool has_header;
};

unsigned po_plural(int64_t n)
{
	if (n == 1 || n == 11)
		return 0;
	if (n == 2 || n == 12)
		return 1;
	return n > 2 && n < 20 ? 2 : 3;
}

static int PRINTF_LIKE(3, 4) fault_at(struct reading *r, unsigned line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	r->fault->line = line;
	(void)vsnprintf(r->fault->why, sizeof(r->fault->why), fmt, args);
	va_end(args);
	return ERR_INVALID;
}

/* A word and what stands behind it and its blanks. */
static struct str word_of(struct str line, struct str *ret_rest)
{
	size_t n = 0;

	while (n < line.len && line.at[n] != ' ' && line.at[n] != '\t' && line.at[n] != '"')
		n++;
	*ret_rest = str_trim((struct str){line.at + n, line.len - n});
	return (struct str){line.at, n};
}

/* --- texts ------------------------------------------------------------------------------- */

/* As C writes them; a catalogue needs no others. */
static char unescaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '"':
	case '\\':
		return c;
	default:
		return '\0';
	}
}

/* "…" up to the end of the line, added to the slot. */
static int take_text(struct reading *r, struct str quoted)
{
	struct buf *out = &r->text[r->at];

	if (quoted.len < 2 || quoted.at[0] != '"' || quoted.at[quoted.len - 1] != '"')
		return fault_at(r, r->line, "a text stands between two quotation marks");
	for (size_t i = 1; i + 1 < quoted.len; i++) {
		char c = quoted.at[i];

		if (c == '"')
			return fault_at(r, r->line,
					"a quotation mark within a text is written \\\"");
		if (c == '\\') {
			c = ++i + 1 < quoted.len ? unescaped(quoted.at[i]) : '\0';
			if (!c)
				return fault_at(r, r->line,
						"behind \\ stands n, t, \" or another \\");
		}
		buf_char(out, c);
	}
	return buf_err(out);
}

/* --- entries ----------------------------------------------------------------------------- */

static void entry_clear(struct reading *r)
{
	for (int i = 0; i < SLOTS; i++) {
		buf_clear(&r->text[i]);
		r->has[i] = false;
	}
	r->at = SLOT_NONE;
	r->is_fuzzy = false;
}

/* The value of "Plural-Forms: …" in the header, without blanks. */
static int header_check(struct reading *r)
{
	char bare[sizeof(plural_forms)] = "";
	struct str rest = buf_view(&r->text[SLOT_FORM]);
	size_t n = 0;

	while (!str_is_null(rest)) {
		struct str row = str_cut(rest, '\n', &rest);

		if (!str_starts(row, STR("Plural-Forms:")))
			continue;
		for (size_t i = sizeof("Plural-Forms:") - 1; i < row.len && n < sizeof(bare) - 1;
		     i++) {
			if (row.at[i] != ' ')
				bare[n++] = row.at[i];
		}
	}
	if (strcmp(bare, plural_forms) != 0)
		return fault_at(r, r->id_line,
				"the header does not name the plural forms of Gaelic");
	r->has_header = true;
	return 0;
}

static int forms_check(struct reading *r)
{
	bool is_counted = r->has[SLOT_PLURAL];
	size_t said = 0;

	if (!r->has[SLOT_FORM])
		return fault_at(r, r->id_line, "the message has no msgstr");
	for (size_t i = 0; i < PO_FORMS; i++) {
		if (r->has[SLOT_FORM + i] != (i == 0 || is_counted))
			return fault_at(
				r, r->id_line, "%s",
				is_counted
					? "a message with msgid_plural has msgstr[0] to msgstr[3]"
					: "a message without msgid_plural has one msgstr");
		said += r->text[SLOT_FORM + i].len > 0;
	}
	if (is_counted && said && said < PO_FORMS)
		return fault_at(r, r->id_line, "some of its four forms are not translated");
	return 0;
}

static int grow(struct reading *r)
{
	size_t cap = r->cap ? 2 * r->cap : 256;
	struct po_entry *more;

	if (r->po->count < r->cap)
		return 0;
	if (r->po->count == PO_ENTRIES_MAX)
		return ERR_LIMIT;
	more = ARENA_ARRAY(r->arena, cap, struct po_entry);
	if (!more)
		return ERR_NOMEM;
	if (r->po->count)
		memcpy(more, r->po->entry, r->po->count * sizeof(*more));
	r->po->entry = more;
	r->cap = cap;
	return 0;
}

static int entry_keep(struct reading *r)
{
	struct po_entry *e;
	int err = grow(r);

	if (err < 0)
		return err;
	e = &r->po->entry[r->po->count];
	*e = (struct po_entry){.is_unconfirmed = r->is_fuzzy, .line = r->id_line};
	e->id = arena_str(r->arena, buf_view(&r->text[SLOT_ID]));
	if (r->has[SLOT_PLURAL])
		e->plural = arena_str(r->arena, buf_view(&r->text[SLOT_PLURAL]));
	for (size_t i = 0; i < PO_FORMS; i++)
		e->form[i] = arena_str(r->arena, buf_view(&r->text[SLOT_FORM + i]));
	if (!e->id.at || !e->form[PO_FORMS - 1].at || str_is_null(e->plural) == r->has[SLOT_PLURAL])
		return ERR_NOMEM;
	r->po->count++;
	return 0;
}

/* What was read since the last one, if that is an entry. */
static int entry_end(struct reading *r)
{
	int err = 0;

	if (!r->has[SLOT_ID] && r->at == SLOT_NONE)
		return 0;
	err = forms_check(r);
	if (err == 0 && !r->has_header)
		err = r->text[SLOT_ID].len
			      ? fault_at(r, r->id_line, "the first entry is not the header")
			      : header_check(r);
	else if (err == 0)
		err = r->text[SLOT_ID].len ? entry_keep(r)
					   : fault_at(r, r->id_line, "the message has no English");
	entry_clear(r);
	return err;
}

/* --- lines ------------------------------------------------------------------------------- */

static enum slot slot_of(struct str word)
{
	if (str_eq(word, STR("msgid")))
		return SLOT_ID;
	if (str_eq(word, STR("msgid_plural")))
		return SLOT_PLURAL;
	if (str_eq(word, STR("msgstr")))
		return SLOT_FORM;
	if (word.len == 9 && str_starts(word, STR("msgstr[")) && word.at[8] == ']' &&
	    word.at[7] >= '0' && word.at[7] < '0' + PO_FORMS)
		return (enum slot)(SLOT_FORM + word.at[7] - '0');
	return SLOT_NONE;
}

static int take_keyword(struct reading *r, struct str line)
{
	struct str rest, word = word_of(line, &rest);
	enum slot slot = slot_of(word);
	int err = 0;

	if (slot == SLOT_NONE)
		return fault_at(
			r, r->line,
			"%.*s is none of msgid, msgid_plural, msgstr and msgstr[0] to msgstr[3]",
			word.len < 40 ? (int)word.len : 40, word.at);
	if (slot == SLOT_ID) {
		bool is_fuzzy = r->has[SLOT_ID] ? false : r->is_fuzzy;

		err = entry_end(r);
		r->is_fuzzy = is_fuzzy;
		r->id_line = r->line;
	} else if (!r->has[SLOT_ID]) {
		return fault_at(r, r->line, "before it stands no msgid");
	}
	if (err == 0 && r->has[slot])
		return fault_at(r, r->line, "the entry has that already");
	r->has[slot] = true;
	r->at = slot;
	return err < 0 ? err : take_text(r, rest);
}

static int take_comment(struct reading *r, struct str line)
{
	int err = r->has[SLOT_FORM] ? entry_end(r) : 0;

	if (str_starts(line, STR("#,")) && str_holds(line, STR("fuzzy")))
		r->is_fuzzy = true;
	return err;
}

static int take_line(struct reading *r, struct str line)
{
	line = str_trim(line);
	if (!line.len)
		return r->has[SLOT_ID] ? entry_end(r) : 0;
	if (line.at[0] == '#')
		return take_comment(r, line);
	if (line.at[0] != '"')
		return take_keyword(r, line);
	if (r->at == SLOT_NONE)
		return fault_at(r, r->line, "the text belongs to nothing");
	return take_text(r, line);
}

int po_read(struct str text, struct arena *a, struct po *ret_po, struct po_fault *fault)
{
	struct reading r = {.arena = a, .po = ret_po, .fault = fault};
	struct str rest = text;
	int err = 0;

	*ret_po = (struct po){NULL, 0};
	if (text.len > PO_TEXT_MAX)
		return ERR_LIMIT;
	if (!str_is_utf8(text))
		return fault_at(&r, 1, "the catalogue is not UTF-8");
	for (int i = 0; i < SLOTS; i++)
		r.text[i] = BUF(PO_MESSAGE_MAX);
	while (err == 0 && !str_is_null(rest)) {
		r.line++;
		err = take_line(&r, str_cut(rest, '\n', &rest));
	}
	if (err == 0)
		err = entry_end(&r);
	if (err == 0 && !r.has_header)
		err = fault_at(&r, 1, "the catalogue has no header");
	for (int i = 0; i < SLOTS; i++)
		buf_done(&r.text[i]);
	return err;
}
