/*
 * Of which day, and known at which moment, a read is: `valid_on` and `known_at` of the query. A
 * page takes days for both; a day of knowledge is known at its end.
 */
#pragma once

#include "daemon/flow/flow.h"

/* Texts as PostgreSQL takes them, in the flow's arena. */
struct as_at {
	bool is_given;       /* else it is what is so now, and the rest is absent */
	struct str valid_on; /* today when only known_at was given */
	struct str known_at; /* absent: all that is known by now */
};

/* Does the query say any of it? */
bool as_at_is_given(struct flow *f);

/* What the API's query says. ERR_QUERY  not a day or a moment; with a flaw   ERR_NOMEM */
MUST_CHECK int as_at_read(struct flow *f, struct as_at *ret_at);

/*
 * The last moment of a day in Europe/London; absent of a day that is not over, of which all is
 * known that is known by now. ERR_NOMEM
 */
MUST_CHECK int as_at_end_of(struct flow *f, struct day day, struct str *ret_moment);

/* What a page's query says: valid_on and known_on. Empty is not given. Errors as above. */
MUST_CHECK int as_at_read_page(struct flow *f, struct as_at *ret_at);
