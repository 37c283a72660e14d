/*
 * Forms of pages as tables: each question is a row, in the words that people read. From the rows
 * come what pages/form_fields.mustache shows, and from what is sent the body that the API twin
 * takes.
 *
 * A form that was refused is shown again by the same rows: with what was typed, what is wrong
 * beside each field, and a summary of it all that leads there.
 */
#pragma once

#include "libassets/shape/shape.h"
#include "page.h"

enum form_kind {
	FORM_TEXT,
	FORM_LINES,
	FORM_NUMBER,
	FORM_POUNDS,
	FORM_PERCENT, /* of parts per million */
	FORM_DAY,
	FORM_CHOICE,
	FORM_TICK,
	FORM_FLAG /* yes, no, or not said: of a fact that nobody may have looked into */
};
enum form_rule {
	FORM_NEEDED = 1, /* not said to be optional */
	FORM_SHORT = 2,  /* a narrow field */
	FORM_TICKED = 4, /* a new one begins ticked */
	FORM_FILE = 8,   /* LINES: the form's file, where one is chosen, stands for what is typed */
};

struct form_row {
	const char *name; /* of the shape's field */
	enum form_kind kind;
	unsigned rules;
	const char *label;
	const char *hint; /* NULL: none */
	const char
		*choices; /* CHOICE: a list of {id, name} of the page's; NULL: the shape's words */
	const char *purpose; /* what browsers may fill in, "email"; NULL: nothing */
	int most;            /* characters that a browser takes; 0: by the shape */
};

/* part: the rows are of a part, "lease": names and ids become lease_…; NULL: of the body itself. */
struct form {
	const struct form_row *row;
	size_t count;
	const struct shape *shape;
	const char *part;
	const char *ids; /* before the names, as HTML ids are one page's: "plan-" */
};

/*
 * What was typed into the form, by the names of its rows: texts, and true or false of boxes. A row
 * that was not sent is not there, nor is what is SHAPE_TAKEN: whoever typed it does so again.
 */
json_t *form_sent(struct page *p, const struct form *form);

/* A stored value as the form shows it, to be compared with what was typed. NULL without memory. */
json_t *form_shown(const struct form_row *row, const json_t *value);

/*
 * The rows as `fields` for the template.
 *
 * stored:  the item's members, NULL for a new one.      choices: see above, may be NULL.
 * sent:    it is shown again: this stands over what is stored, with f->flaws. NULL: it is not.
 */
json_t *form_fields(struct page *p, const struct form *form, const json_t *stored,
		    const json_t *choices, const json_t *sent);

/* The words of the field of a shape with that name as choices, each with what people read for it.
 * NULL without memory. */
json_t *form_choices(struct page *p, const struct shape *shape, const char *name);

/* Does any of them hold something, or is anything wrong with one? Then it is not folded away. */
bool form_is_used(const json_t *fields);

/*
 * f->flaws as a list of {href, text} for the summary, each named by its row's label where one of
 * the forms has it; `top` is where the others lead.
 */
json_t *form_flaws(struct page *p, const struct form *const *form, size_t n, const char *top);

/*
 * What is sent, into f->body, which is made where it is NULL. Of a field that was not sent nothing
 * is said, nor of an empty one that is SHAPE_TAKEN; an empty one is null, as is a part that is
 * empty throughout. Numbers and amounts that are none become flaws of f->flaws.     ERR_NOMEM
 */
MUST_CHECK int form_read(struct flow *f, const struct form *form);

/* A stored value in the words of its row: "£1,250.00", "yes"; "nothing" for null. */
void form_value(struct buf *out, const struct form_row *row, const json_t *value);

/* Where a flaw's pointer leads: "/lease/term_months" is lease_term_months. Absent without room. */
struct str form_name_of(struct arena *a, struct str pointer);
