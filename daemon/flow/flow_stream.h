/*
 * Answers longer than memory: a step begins one, adds pieces as the database brings them, and
 * waits when the client takes them more slowly. However slow that is, two pages are held.
 *
 *	flow_stream_begin(f, type);
 *	…each page:  flow_stream_add(f, &piece);  and, if it has no room, flow_stream_wait(f)
 *	…at the end: return STEP_DONE;
 *
 * Fields such as Content-Disposition are set before. A step that fails later cuts the answer: the
 * client sees that it is not whole.
 */
#pragma once

#include "flow.h"

/* From now on batches run on the connections for reports, with their longer deadlines. */
void flow_report(struct flow *f);

/* Send the head of a 200. False for HEAD, which ends here: return STEP_DONE. */
bool flow_stream_begin(struct flow *f, struct str type);
/* The same with a status and a length that are known; an answer of another length is cut. */
bool flow_stream_begin_sized(struct flow *f, int status, struct str type, int64_t bytes);
/* Send these bytes, which are taken. */
void flow_stream_add(struct flow *f, struct buf *piece);
/* False while so much waits for the client that the next page had better not be asked for. */
bool flow_stream_has_room(const struct flow *f);
/* Go on with the next step once the client has taken most of it. */
enum step_result flow_stream_wait(struct flow *f);

/* The ETag of bytes that never change: "<hash>". As flow_etag. */
bool flow_etag_strong(struct flow *f, struct str hash);

/* http_service.drained. */
void flow_drained(struct http_exchange *x);
