/*
 * The notices of an asset transfer request: what each must say (notice.def), in which form
 * (notice_variant.def), and the draft of one from what the register holds and an officer adds.
 * Pure: the same facts give the same text, so that what was read can be compared with what is
 * about to be issued.
 *
 * Source: 2015 Act ss.82 to 93; SSI 2016/357 to 2016/360; statute 7.2, 7.3 and 8.
 */
#pragma once

#include "libassets/clock/clock_setting.h"
#include "libassets/request/request.h"

enum notice_code {
#define NOTICE(id, name, giver, to, fields, how_often, kept, citation, mark) NOTICE_##id,
#include "notice.def"
#undef NOTICE
	NOTICE_COUNT
};

struct notice_info {
	const char *code; /* "N7" */
	const char *name;
	const char *to;     /* kinds of recipients, blanks between */
	const char *fields; /* that it must hold; ? behind those of an agreement alone */
	bool is_ours;       /* the authority gives it; else it is kept as it came */
	bool is_once;       /* once for a request, and not for each act that asks for it */
	bool is_public;     /* everybody reads it once it is issued */
	const char *citation;
	const char *mark;
};

struct notice_variant {
	enum notice_code notice;
	const char *id;    /* "LATE_REFUSED" */
	const char *rows;  /* of request.def, blanks between */
	const char *title; /* "Late decision notice: request refused" */
	bool is_ahead;     /* it is given before the act that it tells of is recorded */
};

struct notice_date {
#define FIELD SHAPE_MEMBER
#include "notice_date.def"
#undef FIELD
};

struct notice_facts {
#define FIELD SHAPE_MEMBER
#include "notice_facts.def"
#undef FIELD
};

struct notice_form {
#define FIELD SHAPE_MEMBER
#include "notice_form.def"
#undef FIELD
};

struct notice_recipient {
#define FIELD SHAPE_MEMBER
#include "notice_recipient.def"
#undef FIELD
};

struct notice_issue {
#define FIELD SHAPE_MEMBER
#include "notice_issue.def"
#undef FIELD
};

struct notice_serving {
#define FIELD SHAPE_MEMBER
#include "notice_serving.def"
#undef FIELD
};

struct notice_served {
#define FIELD SHAPE_MEMBER
#include "notice_served.def"
#undef FIELD
};

struct notice_gap {
#define FIELD SHAPE_MEMBER
#include "notice_gap.def"
#undef FIELD
};

extern const struct shape notice_date_shape;
extern const struct shape notice_facts_shape;
extern const struct shape notice_form_shape;
extern const struct shape notice_recipient_shape;
extern const struct shape notice_issue_shape;
extern const struct shape notice_serving_shape;
extern const struct shape notice_served_shape;
extern const struct shape notice_gap_shape;

/* The row of a notice; the n-th variant, NULL past the end. Constants. */
const struct notice_info *notice_info(enum notice_code code);
const struct notice_variant *notice_variant_at(size_t n);
/* The notice of a code such as "N7". ERR_NOT_FOUND  there is none. */
MUST_CHECK int notice_parse(struct str code, enum notice_code *ret_code);

/* The words of a matter of section 82(3), "the reasons for the request"; the n-th's code. */
const char *notice_matter_words(struct str matter);
const char *notice_matter_at(size_t n);

/*
 * The variant that the act of these facts leads to; NULL when that act asks for no such notice
 * (request.def's column of what a row produces says which it asks for, notice_variant.def which
 * it makes due ahead).
 */
const struct notice_variant *notice_variant_of(enum notice_code code,
					       const struct notice_facts *facts);

/* The events of request.def that ask for a notice, in the arena. */
struct shape_words notice_events(enum notice_code code, struct arena *a);

struct notice_draft {
	const struct notice_variant *variant;
	/*
	 * {title, sections: [{heading, lines: […], items: […], clock}], matters: [{matter, words,
	 * text}]}: clock is the one whose last day the section names, absent: none.
	 */
	struct str content;
	struct shape_list
		missing;      /* of struct notice_gap, in the order of the text; empty: whole */
	struct day notice_on; /* the date that the act itself gives it; DAY_NONE: none does */
};

/*
 * Draft a notice. All of it is in the arena.
 *
 * ERR_NOT_FOUND  the act of the facts asks for no such notice        ERR_LIMIT, ERR_NOMEM
 */
MUST_CHECK int notice_draft(enum notice_code code, const struct notice_facts *facts,
			    const struct notice_form *form, struct arena *a,
			    struct notice_draft *ret_draft);

/*
 * Look at whom it goes to: each recipient is one that the notice has, told in a manner that fits
 * (the public at the site or on the web, nobody else on the web), and was served neither before
 * the notice's date nor after today. What is wrong becomes flaws under /recipients.
 */
void notice_recipients_check(enum notice_code code, struct shape_list recipients,
			     struct day dated_on, struct day today, struct flaws *flaws);
