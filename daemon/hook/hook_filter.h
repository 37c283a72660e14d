/*
 * What webhooks want to be sent: one filter for all that want the same, in whatever order they
 * say it. An event, as one principal reads it, is held against it once, however many webhooks
 * have it. For the files hook*.c; all of it belongs to the hooks thread.
 */
#pragma once

#include "hook_delivery.h"
#include "libassets/base/arena.h"
#include "libassets/base/str.h"

struct hook_told;
struct hooks;
struct q_hook_load_row;

/* Empty texts: not given, so anything will do. */
struct hook_filter {
	char *text;    /* all that it asks for; two with the same are one */
	size_t number; /* its place in hooks.filter and hook_told.verdict */
	int users;
	struct str *type; /* patterns */
	size_t types;
	char subject[HOOK_ID], authority_id[HOOK_ID], asset_id[HOOK_ID], locality_id[HOOK_ID];
	struct str *where; /* as webhook_fits takes them */
	size_t wheres;
	struct arena arena;
};

/* The parts of a list, at most `most`, in the arena, each with its NUL; NULL without memory. */
struct str *filter_list(struct arena *a, struct str list, char sep, size_t most, size_t *ret_count);

/* A webhook's, from its row; shared until filter_leave. NULL without memory. */
struct hook_filter *filter_take(struct hooks *h, const struct q_hook_load_row *row);
/* Accepts NULL. */
void filter_leave(struct hooks *h, struct hook_filter *f);

/* Does it ask for what hook_told has only if it was read with that? */
bool filter_is_detailed(const struct hook_filter *f);
/* Does it want the event? Found out once, then remembered with the event. */
bool filter_wants(const struct hook_filter *f, struct hook_told *t);
