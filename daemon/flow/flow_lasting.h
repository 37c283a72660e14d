/*
 * Answers without an end (flow_stream.h has those that are long): they go on until the client
 * leaves, the process ends or the step has had enough of it, and may take no more memory for it.
 * How many there are is bounded, in the process and for one reader.
 *
 *	flow_lasting_begin(f, type);
 *	…each turn:  flow_batch, a statement or more, flow_lasting_ask(f), flow_send
 *	…the answer: flow_lasting_hear(f), which says whether the reader may still be told
 *
 * From its beginning each batch has memory of its own, which is gone with the next batch; what a
 * turn takes from f->arena stays. A wait for the client (flow_stream_wait) ends when the process
 * drains, so look at f->worker->is_draining after every wait.
 */
#pragma once

#include "flow.h"

struct worker;

/*
 * Take a place and send the head of a 200 that nobody keeps; given back at the flow's end.
 * ERR_RATE  this key, or without one this address, has [limits] streams_per_reader
 * ERR_BUSY  the process has [limits] streams          ERR_NOMEM
 */
MUST_CHECK int flow_lasting_begin(struct flow *f, struct str type);

/* It is this moment now; and in the batch, who asks is looked up again where that is due. */
void flow_lasting_ask(struct flow *f);
/*
 * What came of it; f->who may be another struct now.
 * ERR_UNAUTHENTICATED  the key was revoked, has expired, or its principal is gone
 * and the others of auth_learn.
 */
MUST_CHECK int flow_lasting_hear(struct flow *f);

/* Has the client taken all there was? */
bool flow_lasting_is_taken(const struct flow *f);

/* Of the engine alone: the flow ends; the worker does, so nobody waits for a client. */
void flow_lasting_end(struct flow *f);
void flow_lasting_drain(struct worker *w);
/* The memory of the next batch. */
struct arena *flow_lasting_arena(struct flow *f);
