/*
 * One event on its way to one webhook. For the files hook*.c; all of it belongs to the hooks
 * thread.
 */
#pragma once

#include <sys/queue.h>

#include "libassets/base/str.h"

struct hook_ask;
struct hook_endpoint;

enum { HOOK_ID = 31 }; /* room for any id, with NUL */

enum hook_stage {
	HOOK_DUE,      /* of hook_endpoint.due */
	HOOK_SENDING,  /* on the line */
	HOOK_SENT,     /* over or parked, not yet in the database */
	HOOK_FLUSHING, /* on its way there */
};

/* One event to one webhook, from its start until the database knows what came of it. */
struct hook_delivery {
	TAILQ_ENTRY(hook_delivery) link; /* of the webhook's window, by position */
	TAILQ_ENTRY(hook_delivery) done; /* of hooks.done */
	struct hook_endpoint *endpoint;
	enum hook_stage stage;
	bool is_retry; /* it stands in webhook_retry */
	bool is_parked, is_over, is_success;
	bool is_kept; /* the attempt is not counted */
	int attempt;  /* this one's number; 0: it only waits behind an earlier one */
	int64_t position;
	char id[HOOK_ID], subject[HOOK_ID];
	char at[40];          /* when the event happened, as the database says it */
	int64_t begun_us;     /* wall clock */
	int64_t parked_us;    /* wall clock: when due_us was worked out */
	int64_t due_us;       /* wall clock; 0 it waits for an earlier one */
	char *attempt_row;    /* JSON; NULL when nothing was sent */
	struct hook_ask *ask; /* that reads it again; NULL none does */
};
TAILQ_HEAD(hook_delivery_list, hook_delivery);

/* A text of a row into room for it, cut where it is longer, with NUL; "" where it is absent. */
void hook_copy(char *to, size_t size, struct str from);

/* Frees it alone: it must be in no list. */
void delivery_free(struct hook_delivery *d);
