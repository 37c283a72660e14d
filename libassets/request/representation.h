/*
 * What people say of a request: how it comes in, whether it came in time, and what officers
 * make of it. Nothing is ever deleted: what counts for nothing is marked so, with a reason. Only
 * a second text, without personal data, is ever shown; who wrote, and what exactly, can be
 * erased once that text is there or none is needed.
 *
 * The members of the structs are the rows of the .def file of each name.
 *
 * Source: SSI 2016/357 regs 6 to 9; statute 7.2 (N5), 10, 21 (16), 22.
 */
#pragma once

#include "deadline.h"
#include "libassets/register/body.h"
#include "request.h"

/* Characters, as the column takes them. */
enum { REPRESENTATION_TEXT_MAX = 10000 };

#define REPRESENTATION_EVENTS "MARK REDACT PUBLISH WITHHOLD ERASE"

struct representation {
#define FIELD SHAPE_MEMBER
#include "representation.def"
#undef FIELD
};

struct representation_act {
#define FIELD SHAPE_MEMBER
#include "representation_act.def"
#undef FIELD
};

struct representation_row {
#define FIELD SHAPE_MEMBER
#include "representation_row.def"
#undef FIELD
};

struct submission {
#define FIELD SHAPE_MEMBER
#include "submission.def"
#undef FIELD
};

struct confirmation {
#define FIELD SHAPE_MEMBER
#include "confirmation.def"
#undef FIELD
};

struct answer {
#define FIELD SHAPE_MEMBER
#include "answer.def"
#undef FIELD
};

struct answer_link {
#define FIELD SHAPE_MEMBER
#include "answer_link.def"
#undef FIELD
};

extern const struct shape submission_shape;
extern const struct shape answer_shape;
extern const struct shape answer_link_shape;
extern const struct shape confirmation_shape;
extern const struct shape representation_shape;
extern const struct shape representation_act_shape;
extern const struct shape representation_row_shape;

/* Of the two kinds, "REPRESENTATION" and "COMMENTS": the community body's answer to the others. */
bool representation_is_answer(const char *kind);

/*
 * The time that there is for those of a kind, to the closing date that was printed last, whatever
 * state the request is in by now. False before anybody was asked: no notice yet, no copies yet.
 */
bool representation_window(const struct request *r, const char *kind, struct deadline *ret_window);

/*
 * "IN_TIME", "LATE_ON_ONE_READING" or "LATE" for one that was received on that day. A constant.
 *
 * Example: closes on 29 October 2026; received on that day it is in time.
 */
const char *representation_timing(const struct deadline *window, struct day received_on);

/*
 * Are they still taken by form and by link? From the notices to the decision: after the closing
 * date one is late, and the authority may consider it.
 */
bool representation_is_taken_in(struct str state);

/*
 * Does receiving one belong into the request's ledger? The first does, and the first that came
 * late; of more the ledger, which is read whole by each act, would learn nothing. An answer does
 * unless the request is past all that, where the same event has another meaning; that the ledger
 * waits for one the event itself says.
 */
bool representation_is_for_ledger(const struct request *r, const char *kind, const char *timing);

/*
 * Let an officer's act happen to it. *ret_type: of the event that is sent, a constant.
 *
 * ERR_INVALID           see flaws: a field that the event does not take, or lacks
 * ERR_REPRESENTATION    it stands otherwise: published before it is counted and redacted, erased
 *                       while its text is still needed, or twice; *ret_why says so, a constant
 */
MUST_CHECK int representation_apply(struct representation_row *r,
				    const struct representation_act *act, struct flaws *flaws,
				    const char **ret_type, const char **ret_why);
