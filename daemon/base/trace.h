/*
 * Trace context: who traces a call across systems sends `traceparent`, and finds it again in the
 * reply, in the log, and in every event that the call caused. Source: W3C Trace Context, level 1,
 * section 3.2. `tracestate` is not carried on: nobody behind us reads it.
 */
#pragma once

#include "libassets/base/str.h"

enum { TRACE_TEXT = 56 }; /* version, trace, span, flags, the dashes between, NUL */

/*
 * The context of our own part of a trace: a new span of the trace that `field` names, sampled as
 * it says; of a new trace, not sampled, where the field is malformed (another length, letters in
 * upper case, version ff, ids of zeros; what later versions append is left out).
 */
void trace_continue(struct str field, char ret_context[TRACE_TEXT]);
