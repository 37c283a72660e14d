/*
 * For pages with forms: one that was refused comes back, and one that was stored leads on.
 */
#pragma once

#include "flow.h"

/*
 * Should the flow fail for what was sent (409, 412, 413 or 422), go on with this table, once, in
 * place of the error's page. f->flaws and the form are in it as they were.
 */
void flow_rescue(struct flow *f, const struct flow_step *table);

/*
 * In that table: the error, 0 elsewhere; the status that its page is answered with, 200 elsewhere;
 * and the sentence of flow_detail, absent without one.
 */
int flow_rescued(const struct flow *f);
int flow_rescued_status(const struct flow *f);
struct str flow_rescued_detail(const struct flow *f);

/* Prefer: return=minimal (RFC 7240 section 4.2): for a write that does not end in
 * flow_store_answer. */
bool flow_wants_little(const struct flow *f);

/*
 * The id of an event that is written: what flow_store_answer names where the actor may not read it,
 * as who runs the register may not read what is an authority's own.
 */
void flow_told(struct flow *f, struct str event_id);

/* The id that flow_store_end was given. */
struct str flow_stored_id(const struct flow *f);

/*
 * What a form says as a hash, with the word `once` that its page gave it: of the same form, sent
 * twice as it stands by somebody without a session, it is the same. False without such a word.
 */
bool flow_form_once(struct flow *f, unsigned char ret_hash[32]);
