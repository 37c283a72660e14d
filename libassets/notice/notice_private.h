/*
 * Between the files of the notices: what a field of one is worth. For them alone.
 */
#pragma once

#include "notice.h"

struct notice_copy {
#define FIELD SHAPE_MEMBER
#include "notice_copy.def"
#undef FIELD
};

extern const struct shape notice_copy_shape;

/* One notice on its way; everything is borrowed. */
struct drafting {
	const struct notice_variant *variant;
	const struct notice_facts *facts;
	const struct notice_form *form;
	struct arena *arena;
};

struct notice_field {
	const char *name;
	bool is_list;      /* one entry a line */
	const char *words; /* what it says, "the reasons" */
	const char *cure;
	struct str (*value)(const struct drafting *d); /* absent: it is missing */
};

/* The field of a name in braces; NULL: there is none. */
const struct notice_field *notice_field_of(struct str name);

/* The text of a matter of section 82(3), from the act or the form; absent: it is not addressed. */
struct str notice_matter_text(const struct drafting *d, struct str matter);

/* The newest last day of one of these clocks, of the first that the request has; NULL: of none. */
const struct notice_date *notice_date_of(const struct drafting *d, const char *clocks);
/* The clocks by which this decision may be challenged, blanks between; "" where it may not be. */
const char *notice_challenge_clocks(const struct drafting *d);
