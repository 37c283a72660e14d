/*
 * What a form held whose flow has failed, so that nobody has to type it again.
 */
#pragma once

#include "flow.h"
#include "libassets/shape/query.h"

/* As it was sent, in its order, and in doubtful places mended (query_mend). */
struct flow_sent {
	struct query fields;
	struct str file_name; /* of the file that came with it; absent: none did */
	bool is_parts;        /* a form that may have a file */
};

/*
 * Read it, also where the flow failed before it was read. False: there is none, or no browser says
 * that one of our own pages sent it: what another site wrote is nothing that somebody typed here.
 */
bool flow_sent(struct flow *f, struct flow_sent *ret);

/* Add a flaw for each field that is no text. */
void flow_sent_flaws(struct flow *f);
