/*
 * What an authority's budget says of capital receipts, by year: read and set by who keeps its
 * money, as versions that are never changed. Steps are shared with the page (p_budget.c).
 *
 *	GET /v1/projections/budget?authority_id=[&version=]
 *	PUT /v1/projections/budget?authority_id=   {"years": [{"year", "amount_pence"}], "note"}
 *	PUT /v1/projections/budget?authority_id=[&note=]   with text/csv (budget.h)
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/projection/budget.h"

extern const struct flow_step flow_budget_show[];
extern const struct flow_step flow_budget_put[];

/* What a PUT is about to do. Texts are the flow's. */
struct budget_flow {
	struct str authority_id, note;
	struct budget budget;
	struct str event_id;
	bool is_stored; /* false: it stands already as it was sent */
};

/*
 * Whose: as named in the query or the form, else the only one whose money the caller reads.
 * ERR_NOT_FOUND, ERR_FORBIDDEN  its money is not the caller's to read   ERR_QUERY  which, of
 * several
 */
MUST_CHECK int budget_whose(struct flow *f, struct str *ret_authority_id);

/* May the caller set it? ERR_FORBIDDEN */
MUST_CHECK int budget_may_set(const struct flow *f, struct str authority_id);

/* Add the load of a version (0, false: the newest) to the batch, as its next statement. */
void budget_load(struct flow *f, struct str authority_id, int32_t wanted, bool has_wanted);

/* The answer of GET, of statement n of f->got: yours. ERR_NOT_FOUND  no such version. ERR_NOMEM */
MUST_CHECK int budget_shown(struct flow *f, int n, struct str authority_id, json_t **ret_answer);

/* The steps of a PUT once f->state is set: load what stands, then store. */
enum step_result budget_put_ask(struct flow *f);
enum step_result budget_put_store(struct flow *f);

/* A flaw at that field of the body where no reason is given. */
void budget_check_note(struct flow *f, const char *field, struct str note);
