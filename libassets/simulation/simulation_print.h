/*
 * A simulation as JSON, in the form of MODEL.md 9. Added to a buffer; whether it went in is asked
 * of the buffer.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/base/names.h"
#include "simulation.h"

/*
 * The members `dim`, `key` and figures of every node, as objects in an array: all, the years, the
 * partners in the order of their names. first_fy: the run's year. arena: room for that order.
 * Nothing is queued. ERR_NOMEM
 */
MUST_CHECK int simulation_print_nodes(struct buf *out, struct simulation *s, int32_t first_fy,
				      const struct names *partner, struct arena *arena);
