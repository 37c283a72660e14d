/*
 * A write that goes on when its flow is over, and a flow that goes on when its client is answered.
 */
#pragma once

#include "flow.h"

/*
 * For a write that may take longer than anybody waits. flow_apart, before the first statement: the
 * flow's batch is one of its own with DB_BULK, which goes on when the flow is over.
 * flow_store_apart in place of flow_store_end sends it and waits so long; the next step finds in
 * flow_send_err 0, the write's error, or ERR_DEADLINE: it still goes on, and keeps its answer
 * (status 200) under the Idempotency-Key when it is done. What it answers is asked anew, by
 * flow_store_end. ERR_NOMEM
 */
MUST_CHECK int flow_apart(struct flow *f);
enum step_result flow_store_apart(struct flow *f, const char *kind, struct str id, int wait_ms);
/*
 * Should it fail when nobody waits for it any more, `note` puts into a batch of the same actor what
 * keeps that for whoever asks later; once, on the worker's thread. Between the two above. What it
 * is given is borrowed: whom it is about (copied here), the request that began it, and why it
 * failed.
 */
typedef void flow_apart_note(struct db_batch *b, struct str id, struct str request,
			     const struct err_info *why);
void flow_apart_keep(struct flow *f, flow_apart_note *note, struct str id);
/*
 * For work that is promised and then done by the flow itself. First in the batch that keeps the
 * promise: the flow does not end with its client any more, and its Idempotency-Key, where there is
 * one, leads to `location` of the API from then on.
 */
void flow_store_promise(struct flow *f, struct str location);
/*
 * Once that batch has come back: the client is answered, by 303 to `location`, and the flow's own
 * answer goes nowhere. Should it fail now, for whatever reason, it goes on with flow_rescue's
 * table. When the daemon ends, so does it. ERR_NOMEM  the client still waits
 */
MUST_CHECK int flow_part(struct flow *f, struct str location);
/* Of flow*.c: from here on it does not end with its client; and it ends. */
void flow_stay(struct flow *f);
void flow_stay_end(struct flow *f);
/* A batch apart that was not sent is dropped. */
void flow_apart_drop(struct flow *f);
struct worker;
/* The worker ends, and with it what was promised. Before its database goes. */
void flow_stay_close(struct worker *w);

/* How long a client waits by itself, Prefer: wait=SECONDS (RFC 7240 section 4.3); `most` without.
 */
int flow_wait_ms(const struct flow *f, int most);
