/*
 * The movement between two runs, or a run and the register: who may ask for which part of it, the
 * answer's JSON, and which changes moved its rows. The page goes through the same steps
 * (p_bridge.c).
 */
#pragma once

#include "daemon/flow/flow.h"
#include "daemon/projector/projector.h"

/* Rows of an answer: unless said, at most. A CSV is the whole. */
enum { MOVEMENT_LIMIT = 100, MOVEMENT_LIMIT_MAX = 1000 };

struct movement_flow {
	struct projector_reader reader;
	struct str from, to;     /* runs; to absent: the register */
	struct str authority_id; /* whose share; absent: the whole, for who reads everything */
	struct str code, after_asset, after_code;
	int64_t kept_position; /* of the page before */
	int32_t limit;
	bool is_by_authority, is_csv, has_rows;
	bool takes_first;            /* of several authorities, where none is named */
	struct str from_run, to_run; /* JSON; to_run absent: the register */
	int64_t after;               /* where in the feed the old run stood */
};

/* Steps: read the query and ask which runs those are; ask the projector. */
enum step_result movement_read(struct flow *f);
enum step_result movement_ask(struct flow *f);

/*
 * The projector's answer, with `from`, `to`, `scenario`, `authority_id` and each row's `changes`,
 * none as yet; *ret_answer is yours. ERR_NOT_FOUND  with a detail: a run keeps no inputs
 * ERR_NOT_READY, ERR_NOMEM …
 */
MUST_CHECK int movement_answer(struct flow *f, json_t **ret_answer);

/* Add to the batch which changes moved the rows; and put them into the rows, from that statement.
 */
void movement_changes_add(struct flow *f, struct db_batch *b, const json_t *answer);
MUST_CHECK int movement_changes_put(struct flow *f, json_t *answer, int statement);

/* `next` of the answer at this address, null where there is none. NULL without memory. */
json_t *movement_next(struct flow *f, const char *path, const json_t *answer);

extern const struct flow_step flow_movement[];
