/*
 * What the totals would be under other parameters: the register's inputs in a book of their own,
 * and one answer from it. Nothing is kept, and no simulation is made.
 */
#include <jansson.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "projector_freeze.h"
#include "projector_private.h"

/* The settings of all partners, with those of one in the place of what it has. NULL: no memory. */
static char *partners_with(const struct book *from, struct str settings)
{
	json_auto_t *all = json_loads(from->partners, 0, NULL);
	json_auto_t *own = json_loadb(settings.at, settings.len, 0, NULL);
	const json_t *id = json_object_get(own, "id");
	json_t *one;
	size_t i;

	json_array_foreach (all, i, one) {
		json_t *kind = json_object_get(one, "is_local_authority");

		if (!json_equal(json_object_get(one, "id"), id))
			continue;
		/* What body it is is a fact and no setting, unless it is set. */
		if (!json_object_get(own, "is_local_authority") &&
		    json_object_set(own, "is_local_authority", kind) < 0)
			return NULL;
		if (json_array_set(all, i, own) < 0)
			return NULL;
	}
	return all && own ? json_dumps(all, JSON_COMPACT) : NULL;
}

int glance_begin(struct freeze *z, const struct book *from, struct flaws *flaws)
{
	const struct projector_question *q = &z->ask->q;
	struct str params = q->parameters.at ? q->parameters : str_of(from->parameters);
	char *partners = q->settings.at ? partners_with(from, q->settings) : NULL;
	int r = q->settings.at && !partners ? ERR_NOMEM : 0;

	if (r == 0)
		r = book_with(from, from->model->as_of, params,
			      str_of(partners ? partners : from->partners), flaws, &z->book);
	free(partners);
	return r;
}

int glance_end(struct freeze *z)
{
	const struct projector_question *asked = &z->ask->q;
	struct projector_question q = {
		.group = GROUP_YEAR,
		.scenario = SCENARIO_LIKELY,
		.filter = asked->filter,
		.reader = asked->reader,
	};

	return projector_receipts(z->book, NULL, z->position, &q, &z->out);
}
