/*
 * Events as principals read them, shared by their webhooks. For the files hook*.c; all of it
 * belongs to the hooks thread.
 */
#pragma once

#include <jansson.h>
#include <sys/queue.h>

#include "hook_delivery.h"
#include "libassets/base/arena.h"

struct blob;
struct hooks;

/* An event as one principal reads it, in one form. */
struct hook_told {
	int64_t position;
	int64_t read_us; /* wall clock: it is what its principal could read then */
	char id[HOOK_ID], subject[HOOK_ID], authority_id[HOOK_ID];
	char asset_id[HOOK_ID], locality_id[HOOK_ID]; /* "" none, or nobody asks */
	char type[64];
	char at[40]; /* as the database says it */
	struct blob *body;
	json_t *data; /* as the principal reads it; NULL where nobody asks */
	size_t verdicts;
	unsigned char verdict[]; /* by number of filter, as hook_filter.c has it */
};

/* Events after `from` up to `to`, for the webhooks that read together. */
struct hook_source {
	TAILQ_ENTRY(hook_source) link;
	TAILQ_ENTRY(hook_source) unread; /* of hooks.unread, while is_waiting */
	struct hooks *hooks;
	char principal_id[HOOK_ID];
	char form[16];
	bool is_detailed;        /* what filters ask for is read too */
	struct hook_told **told; /* by position */
	size_t told_count, told_room;
	int64_t from, to;
	int users;
	bool is_reading; /* or is_waiting for that */
	bool is_waiting;
	int64_t asked_us; /* wall clock: when what is being read was asked for */
	struct arena arena;
};

/* A source is kept while a webhook reads from it. */
/* The next event after e->read_to, or NULL: then it is being read, or there is none. */
struct hook_told *source_next(struct hook_endpoint *e);
void source_leave(struct hook_endpoint *e);
