/*
 * All plans of a community planning partnership in one call and on one page: what, where, when,
 * whose, beside what, with which request on it, what the partnership expects by year, and what each
 * partner expects and forgoes. No price of a single asset is among it.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "daemon/route/as_at.h"

struct plans_flow {
	struct as_at at; /* of then what is expected of receipts is not told: a run of then does */
	struct str year, authority_id, locality_id, after;
	int32_t within_m, limit;
	struct str type; /* of a file, or JSON */
	bool is_guarded;
	struct str receipts;   /* JSON: the projector's answer by year */
	struct str by_partner; /* the same by year and authority */
	bool is_all_land;      /* … of all that the partners hold */
	int64_t position;      /* that receipts must include, of min_event; or its event */
	struct str event_id;
};

extern const struct flow_step flow_cpp_plans[];

/* The steps, also for the page. They leave the plans in plans_body() and the receipts in state. */
enum step_result plans_ask(struct flow *f);
enum step_result plans_ask_partners(struct flow *f);
enum step_result plans_ask_land(struct flow *f);
enum step_result plans_load(struct flow *f);
/*
 * The whole answer, new; `next` is added to what the statement gave, under `path`.
 * ERR_NOT_FOUND  no such partnership. ERR_NOMEM.
 */
MUST_CHECK int plans_body(struct flow *f, const char *path, int statement, json_t **ret_body);
/* Is a file asked for? Then it is made of the whole answer. */
bool plans_is_file(const struct plans_flow *p);
enum step_result plans_file(struct flow *f, const json_t *body);
