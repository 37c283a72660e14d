/*
 * Movement: project the asset once a step, share its cells among the owners, and take the
 * difference to the step before.
 *
 * Two lists of cells take turns: what the last step gave, and what this one gives. They are kept
 * from asset to asset and grow to what the largest needs, owners times quarters; nothing is kept of
 * an asset that is done. Steps whose group is known to be the same are passed over: they would
 * give the same cells, and so no row.
 */
#include "movement.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "projection_share.h"

/* Sorted by the name of the partner, then by quarter. */
struct cells {
	struct movement_cell *at;
	size_t count, room;
};

struct movement {
	struct movement_ground ground;
	struct projection_scratch *scratch;
	struct cells was, is, differs;
	movement_take_fn *take; /* of the asset under way */
	void *arg;
};

static const char *const words[MOVEMENTS] = {
#define MOVEMENT(word, meaning) [MOVEMENT_##word] = #word,
#include "movement.def"
#undef MOVEMENT
};

const char *movement_word(enum movement_code code)
{
	return words[code];
}

struct movement *movement_new(const struct movement_ground *ground)
{
	struct movement *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->ground = *ground;
	m->scratch = projection_scratch_new();
	if (m->scratch)
		return m;
	movement_free(m);
	return NULL;
}

void movement_free(struct movement *m)
{
	if (!m)
		return;
	free(m->was.at);
	free(m->is.at);
	free(m->differs.at);
	projection_scratch_free(m->scratch);
	free(m);
}

static int make_room(struct cells *c, size_t need)
{
	size_t room = c->room ? c->room : 64;
	void *at;

	if (need <= c->room)
		return 0;
	while (room < need)
		room *= 2;
	at = reallocarray(c->at, room, sizeof(*c->at));
	if (!at)
		return ERR_NOMEM;
	c->at = at;
	c->room = room;
	return 0;
}

/* Every owner's part of every cell. The owners stand in the order of their names, and so do these.
 */
static void share(const struct projection_asset *a, const struct projection_owner *owner,
		  const struct projection_track *t, struct movement_cell *ret_cell)
{
	struct projection_cell part[PROJECTION_OWNERS_MAX];

	for (size_t i = 0; i < t->cells; i++) {
		if (a->owners == 1) { /* most have one, who has all of every line */
			ret_cell[i] = (struct movement_cell){owner->partner, t->cell[i].quarter,
							     t->cell[i].line[LINE_NET]};
			continue;
		}
		projection_share(a, &t->cell[i], part);
		for (size_t k = 0; k < a->owners; k++) {
			ret_cell[k * t->cells + i] = (struct movement_cell){
				owner[k].partner, part[k].quarter, part[k].line[LINE_NET]};
		}
	}
}

/* m->is: what the model expects of these inputs. owner: the same ones, as the new run has them. */
static int expect(struct movement *m, const struct projection_model *model,
		  const struct projection_asset *a, const struct projection_owner *owner)
{
	const struct projection_result *r = projection_run(model, a, m->scratch);
	const struct projection_track *t = &r->outcome[SCENARIO_LIKELY].adjusted;
	size_t need = projection_is_error(r->status) ? 0 : t->cells * a->owners;

	m->is.count = 0;
	if (make_room(&m->is, need) < 0)
		return ERR_NOMEM;
	if (need)
		share(a, owner, t, m->is.at);
	m->is.count = need;
	return 0;
}

static void swap(struct movement *m)
{
	struct cells was = m->was;

	m->was = m->is;
	m->is = was;
}

/* Which of two cells comes first: below 0, 0 for the same place, above 0. */
static int order(const struct names *partner, const struct movement_cell *a,
		 const struct movement_cell *b)
{
	if (a->partner != b->partner)
		return str_cmp(partner->at[a->partner], partner->at[b->partner]);
	return (a->quarter > b->quarter) - (a->quarter < b->quarter);
}

/* The next place of either list, at least one of which has one, with what is less what was. */
static struct movement_cell next_of(const struct movement *m, size_t *w, size_t *n)
{
	struct movement_cell cell;
	int which = 0;

	if (*w == m->was.count)
		return m->is.at[(*n)++];
	if (*n < m->is.count)
		which = order(m->ground.partner, &m->was.at[*w], &m->is.at[*n]);
	if (*n < m->is.count && which > 0)
		return m->is.at[(*n)++];
	cell = m->was.at[(*w)++];
	cell.pence = -cell.pence;
	if (*n < m->is.count && which == 0)
		cell.pence += m->is.at[(*n)++].pence;
	return cell;
}

/* The step is taken: tell its row, if it has one. What is becomes what was. */
static int step(struct movement *m, enum movement_code code)
{
	struct movement_row row = {.code = code};
	int128 size = 0;
	size_t w = 0, n = 0;

	if (make_room(&m->differs, m->was.count + m->is.count) < 0)
		return ERR_NOMEM;
	while (w < m->was.count || n < m->is.count) {
		struct movement_cell cell = next_of(m, &w, &n);

		if (!cell.pence)
			continue;
		m->differs.at[row.cells++] = cell;
		row.value += cell.pence;
		size += cell.pence < 0 ? -cell.pence : cell.pence;
	}
	swap(m);
	row.cell = m->differs.at;
	row.moved = (size - (row.value < 0 ? -row.value : row.value)) / 2;
	return row.cells ? m->take(m->arg, &row) : 0;
}

/* The next group of inputs as the new run has it. */
static void replace(struct projection_asset *a, const struct projection_asset *by,
		    enum movement_code code)
{
	switch (code) {
	case MOVEMENT_ASSET:
		a->lead = by->lead;
		a->class = by->class;
		a->cpp = by->cpp;
		a->locality = by->locality;
		a->decile = by->decile;
		break;
	case MOVEMENT_OWN:
		a->owners = by->owners;
		a->owner = by->owner;
		break;
	case MOVEMENT_VALN:
		a->has_valuation = by->has_valuation;
		a->valuation = by->valuation;
		break;
	case MOVEMENT_PLAN:
		a->plan = by->plan;
		break;
	case MOVEMENT_REQ:
		a->requests = by->requests;
		a->request = by->request;
		break;
	case MOVEMENT_DONE:
		a->completed = by->completed;
		break;
	case MOVEMENT_ROLL: /* of the models, not of the asset */
	case MOVEMENT_PARM:
	case MOVEMENT_NEW:
	case MOVEMENT_DEL:
	case MOVEMENTS:
		break;
	}
}

/* From the old run's expectation through the models, then group by group. */
static int both(struct movement *m, const struct movement_pair *pair)
{
	const struct movement_ground *g = &m->ground;
	struct projection_asset a = *pair->kept;
	int r = expect(m, g->before, pair->before, a.owner);

	swap(m);
	if (r == 0 && g->rolled != g->before) {
		r = expect(m, g->rolled, pair->before, a.owner);
		if (r == 0)
			r = step(m, MOVEMENT_ROLL);
	}
	if (r == 0 && !g->is_same_params) {
		r = expect(m, g->after, &a, a.owner);
		if (r == 0)
			r = step(m, MOVEMENT_PARM);
	}
	for (enum movement_code code = MOVEMENT_ASSET;
	     r == 0 && code <= MOVEMENT_DONE && !pair->is_unchanged; code++) {
		replace(&a, pair->after, code);
		r = expect(m, g->after, &a, a.owner);
		if (r == 0)
			r = step(m, code);
	}
	return r;
}

static int one(struct movement *m, const struct movement_pair *pair)
{
	const struct movement_ground *g = &m->ground;
	int r;

	m->was.count = 0;
	if (pair->after) {
		r = expect(m, g->after, pair->after, pair->after->owner);
		return r < 0 ? r : step(m, MOVEMENT_NEW);
	}
	r = expect(m, g->before, pair->before, pair->kept->owner);
	swap(m);
	m->is.count = 0;
	return r < 0 ? r : step(m, MOVEMENT_DEL);
}

int movement_asset(struct movement *m, const struct movement_pair *pair, movement_take_fn *take,
		   void *arg)
{
	m->take = take;
	m->arg = arg;
	return pair->before && pair->after ? both(m, pair) : one(m, pair);
}

const struct movement_cell *movement_closing(const struct movement *m, size_t *ret_cells)
{
	*ret_cells = m->was.count;
	return m->was.at;
}
