/*
 * What each event asks and does, beside the move itself: one function an event, joined in
 * request.c. Inside the request module only.
 *
 * A function first looks at everything that could be wrong, then changes the request. It may
 * fill in what the act leaves out and the law supplies (the last day for an offer), so that
 * the ledger says it.
 */
#pragma once

#include "request.h"

struct request_move;

/* One act on its way through the guards. */
struct acting {
	struct request *r;
	struct request_act *act;
	const struct request_around *around; /* never NULL */
	struct day today;
	struct flaws *flaws;
};

/* A flaw at /field; returns err. */
int request_flaw(const struct acting *a, const char *field, const char *code, struct str detail,
		 struct str cure, int err);
/* The day as a text, for a sentence. */
struct str request_day_text(const struct acting *a, struct day d);
/* The request gets a flag, once. Without room it does not. */
void request_flag_set(struct request *r, struct str flag, struct arena *a);

/* The first entry of its ledger, by the request as it arrived. ERR_NOMEM */
MUST_CHECK int request_ledger_begin(struct request *r, struct arena *a);
/* The last entry of a ledger that has one; that of an act is the caller's to complete. */
struct ledger_entry *request_ledger_last(const struct request *r);

/* The move of that row: state, level, days, bar, flag, ledger. ERR_LIMIT, ERR_NOMEM */
MUST_CHECK int request_take(struct request *r, const struct request_move *row,
			    const struct request_act *act, struct arena *a);

/* All return 0 or the error that request_apply() tells of. */
int request_do_nothing(struct acting *a);

/* request_do_first.c: from the submission to the decision. */
int request_do_submit(struct acting *a);
int request_do_decline_repeat(struct acting *a);
int request_do_missing_items(struct acting *a);
int request_do_item_received(struct acting *a);
int request_do_validate(struct acting *a);
int request_do_acknowledged(struct acting *a);

/* request_do_decision.c: representations, longer periods, decisions of every kind. */
int request_do_notices_issued(struct acting *a);
int request_do_representations_sent(struct acting *a);
int request_do_extend(struct acting *a);
int request_do_agree(struct acting *a);
int request_do_refuse(struct acting *a);
int request_do_review_decided(struct acting *a);
int request_do_appeal_decided(struct acting *a);

/* request_do_contract.c: what follows an agreement, and the bar. */
int request_do_offer(struct acting *a);
int request_do_extend_contract(struct acting *a);
int request_do_direction_given(struct acting *a);
int request_do_conclude(struct acting *a);
int request_do_contract_appeal_decided(struct acting *a);
int request_do_bar_lifted(struct acting *a);

/* What acts share: the price, where one is told. */
void request_take_price(struct acting *a);
/* until_on is later than the last day of the clock that runs, and agreed on by then. */
int request_check_longer(struct acting *a, const char *const clock[], size_t n);
