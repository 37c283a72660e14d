/*
 * Asset transfer requests: what is sent, what stands in the register, and what may happen to
 * it. The table of moves is request.def; this is the engine over it. Pure: the day is an
 * argument, the register gets back what to store.
 *
 * The members of each struct are the rows of the .def file of its name (form: request_form.def,
 * request: request_row.def); lists are of the struct named in the row.
 *
 * Source: Community Empowerment (Scotland) Act 2015 ss.79 to 84; SSI 2016/357 regs 3, 5, 10.
 */
#pragma once

#include "libassets/register/lease.h"
#include "libassets/shape/permission.h"
#include "request_words.h"

struct calendars;

struct land {
#define FIELD SHAPE_MEMBER
#include "libassets/register/land.def"
#undef FIELD
};

struct item {
#define FIELD SHAPE_MEMBER
#include "item.def"
#undef FIELD
};

struct bar {
#define FIELD SHAPE_MEMBER
#include "bar.def"
#undef FIELD
};

struct matter {
#define FIELD SHAPE_MEMBER
#include "matter.def"
#undef FIELD
};

struct ledger_entry {
#define FIELD SHAPE_MEMBER
#include "ledger_entry.def"
#undef FIELD
};

struct reminder {
#define FIELD SHAPE_MEMBER
#include "reminder.def"
#undef FIELD
};

/* What stands beside a request when something happens to it; read only. */
struct request_around {
#define FIELD SHAPE_MEMBER
#include "request_around.def"
#undef FIELD
};

/* What is sent to make or change a request. */
struct request_form {
#define FIELD SHAPE_MEMBER
#include "request_form.def"
#undef FIELD
};

/* What is sent to move one. */
struct request_act {
#define FIELD SHAPE_MEMBER
#include "request_act.def"
#undef FIELD
};

/* A request as it stands. */
struct request {
#define FIELD SHAPE_MEMBER
#include "request_row.def"
#undef FIELD
	const struct calendars *calendars; /* by which days are counted; NULL: calendars_default */
};

extern const struct shape land_shape;
extern const struct shape item_shape;
extern const struct shape bar_shape;
extern const struct shape matter_shape;
extern const struct shape ledger_entry_shape;
extern const struct shape reminder_shape;
extern const struct shape request_around_shape;
extern const struct shape request_form_shape;
extern const struct shape request_act_shape;
extern const struct shape request_shape;

/* True while the land may not be disposed of to others because of it (2015 Act s.84). */
bool request_is_barring(const struct request *r);

/*
 * The request that a form begins: state `stage`, items as sent or all of them received on
 * received_on, one entry in its ledger. form->stage gets its default. Lists are in the flaws'
 * arena, texts are borrowed from the form.
 *
 * ERR_INVALID  see flaws: neither asset nor land, or both; items that this kind does not have,
 *              twice, or from before received_on
 * ERR_DATE_IN_FUTURE  received_on, or an item's, is after today
 * ERR_RANGE           decoding found an amount beyond what is kept     ERR_NOMEM
 */
MUST_CHECK int request_begin(struct request_form *form, struct day today, struct flaws *flaws,
			     struct request *ret_request);

/*
 * Check that `body` (decoded into `act` before) holds the fields that its event takes, and
 * those it needs (request_event.def).
 * ERR_INVALID, ERR_RANGE  see flaws, those of decoding included
 */
MUST_CHECK int request_act_check(const json_t *body, const struct request_act *act,
				 struct flaws *flaws, enum request_event *ret_event);

/*
 * Let the act happen to the request, which is changed in place: state, level, dates, bar, items,
 * price, flags, what is allowed next, and its entry at the end of the ledger. What the act leaves
 * out and the law supplies is filled in. What time has done before it is request_time.h's, and
 * comes first. On failure the request may be half changed and is not to be stored; lists that
 * it had are never written to, so that a copy of the struct keeps what was.
 *
 * ERR_TRANSITION       the state does not allow the event (r->allowed says which ones it does)
 * ERR_DATE_IN_FUTURE   its day is after today
 * ERR_BEFORE_CAUSE     its day is before the one on which the present state began; for an item,
 *                      before the request arrived; for what leaves a request that is being
 *                      decided where it is, before the validation
 * ERR_ITEMS_MISSING    VALIDATE while an item of 7.1 has not arrived
 * ERR_VALIDATION_DATE  VALIDATE on another day than that of the last item
 * ERR_NOT_ELIGIBLE     VALIDATE where 4.1 is known to fail, of OWNERSHIP where 4.2 does or the land
 *                      is not owned, each with its flaw, without
 *                      override_reason. A body whose members nobody counted passes with the flag
 *                      MEMBERS_UNKNOWN
 * ERR_TOO_LATE         EXTEND, EXTEND_CONTRACT: agreed on after the last day
 * ERR_LAND_DISPOSED    AGREE on land that is gone
 * ERR_BARRED           CONCLUDE_CONTRACT or COMPLETE while an earlier request's bar runs
 * ERR_INVALID          see flaws        ERR_LIMIT  the ledger is full        ERR_NOMEM
 */
MUST_CHECK int request_apply(struct request *r, struct request_act *act, enum request_event event,
			     struct day today, struct flaws *flaws);
