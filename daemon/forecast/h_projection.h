/*
 * The forecast over HTTP: one asset's projection, receipts by group, frozen runs.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "daemon/projector/projector.h"
#include "daemon/route/as_at.h"

extern const struct flow_step flow_projection_asset[];
/* The same of a day and a moment (h_projection_at.c). */
extern const struct flow_step flow_projection_asset_at[];
extern const struct flow_step flow_projection_receipts[];
extern const struct flow_step flow_run_add[];

/*
 * The steps that ask for the projection of the asset in the path, for pages that answer otherwise;
 * then how that went: 0 with the JSON in f->got_mail, or ERR_… to fail with.
 */
enum step_result projection_asset_load(struct flow *f);
enum step_result projection_asset_ask(struct flow *f);
MUST_CHECK int projection_answer_err(struct flow *f);

/* Of which day and moment; the flow's state from projection_then_load on. */
struct projection_at {
	struct as_at at;
	struct str moment; /* as the statements compare it */
};

/*
 * The same of then, without waiting for anybody: ask the database, then the projection in the
 * flow's arena.   ERR_NOT_FOUND  nothing was known of it    ERR_GONE  it had been removed
 * ERR_FORBIDDEN  its money is not this caller's to read     ERR_NOMEM
 */
enum step_result projection_then_load(struct flow *f, const struct as_at *at);
MUST_CHECK int projection_then(struct flow *f, struct str *ret_json);

/* What a question to the receipts is made of; an address of the forecast is for one such. */
#define RECEIPTS_QUESTION "group_by,scenario,authority_id,cpp_id,locality_id,class,run"

/*
 * Could that query be answered? The flow's own query is it afterwards.
 * ERR_QUERY  it could not, with flaws    ERR_NOMEM
 */
MUST_CHECK int receipts_check(struct flow *f, struct str question);

/*
 * Whose money this caller reads: every authority's, or those where a role of it gives
 * PERM_MONEY_READ. In the flow's arena; nobody's without memory.
 */
struct projector_reader h_reader(struct flow *f);
/*
 * Ask where the event of min_event stands, in the next row of the batch, which is number
 * `statement` of what comes back: the question's answer then includes it. False: the query has
 * none.
 */
bool h_ask_event(struct flow *f);
void h_take_event(struct flow *f, int statement, struct projector_question *q);
/* Ask the projector: the answer is the next step's f->got_mail, as of any message. */
enum step_result h_ask(struct flow *f, const struct projector_question *q, int deadline_ms);

/*
 * Of an answer of receipts by year, borrowed: the item of that year, its totals for none, NULL
 * where it has no such year; and of that the net pence of a track, its adjustment for none, which
 * is no integer where it is held back.
 */
const json_t *receipts_of_year(const json_t *answer, const char *year);
const json_t *receipts_net(const json_t *item, const char *track);

/*
 * Whose receipts a page shows: of the query's authority_id; without one, of who reads one body's
 * money at first that body's, since the whole may be held back from it. Absent: everybody's.
 */
struct str h_whose_receipts(struct flow *f);
/* Does this caller read the money of an asset, as its lead's or an owner's? input: of
 * projection_input. */
bool h_reads_money(const struct flow *f, struct str lead, struct str input_text);
