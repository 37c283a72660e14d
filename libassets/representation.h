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

#include "body.h"
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

extern const struct shape submission_shape;
extern const struct shape confirmation_shape;
extern const struct shape representation_shape;
extern const struct shape representation_act_shape;
extern const struct shape representation_row_shape;

/*
 * "IN_TIME", "LATE_ON_ONE_READING" or "LATE" for one that was received on that day: by the closing
 * date that was printed last, whatever state the request is in by now. NULL before there was any
 * notice. A constant.
 *
 * Example: closes on 29 October 2026; received on that day it is in time.
 */
const char *representation_timing(const struct request *r, struct day received_on);

/*
 * Does the public's form still take one? From the notices to the decision: after the closing date
 * it is late, and the authority may consider it.
 */
bool representation_is_taken_in(struct str state);

/*
 * Does receiving one belong into the request's ledger? The first does, and the first that came
 * late; of more the ledger, which is read whole by each act, would learn nothing.
 */
bool representation_is_for_ledger(const struct request *r, const char *timing);

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
