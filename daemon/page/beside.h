/*
 * Somebody else was faster: what stands now beside what was typed, field by field, as
 * pages/beside.mustache shows it. A page that has rows of it puts them with these.
 */
#pragma once

#include "form.h"

/* Who changed a field since the form was begun, as far as it is known. */
enum beside_by {
	BESIDE_UNKNOWN, /* the two differ, and nobody says since when */
	BESIDE_YOU,
	BESIDE_OTHERS,
	BESIDE_BOTH,
};

/* A row: the field's label, where it stands in the form below ("#plan-value"), and both texts. */
void beside_put(struct page *p, const char *label, struct str href, struct str now,
		struct str typed, enum beside_by by);

/* The same of a text of which nobody says who changed it; nothing where both are alike. */
void beside_put_text(struct page *p, const char *label, const char *href, struct str now,
		     struct str typed);

/*
 * A row of a form. now: as it is stored.     typed: as form_sent has it.
 * began: as it was stored when the form was begun; NULL: nobody has changed it since, or, where
 * is_known is false, nobody says.     choices: of the page, may be NULL.
 */
struct beside {
	const struct form *form;
	const struct form_row *row;
	const json_t *now, *typed, *began, *choices;
	bool is_known;
};
void beside_put_row(struct page *p, const struct beside *b);
/* Every row of a form, of which nobody says who changed it. stored, sent: objects by the rows'
 * names. */
void beside_put_form(struct page *p, const struct form *form, const json_t *stored,
		     const json_t *sent);
