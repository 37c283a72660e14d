/*
 * Rows and sums in memory. A row is what one step of one asset did as a whole; where several
 * partners have a part in it, the parts stand in a table of their own. Sums of a partner are made
 * when it is first met: most of an installation's authorities have none.
 */
#include "projector_moved.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/clock/quarter.h"
#include "libassets/projection/movement_print.h"
#include "projector_moved_private.h"

struct moved *moved_new(const struct moved_key *key)
{
	struct moved *m = calloc(1, sizeof(*m));

	if (m)
		m->key = *key;
	return m;
}

void moved_free(struct moved *m)
{
	if (!m)
		return;
	for (uint32_t i = 0; i < m->sums.count; i++)
		free(((struct moved_sums **)m->sums.at)[i]);
	free(m->sums.at);
	free(m->asset.at);
	free(m->row.at);
	free(m->part.at);
	free(m->partner);
	free(m);
}

const struct moved_key *moved_key(const struct moved *m)
{
	return &m->key;
}

/* Room for one more, doubled when it is passed; a new item is zero. NULL without memory. */
static void *more(struct moved_list *l, size_t size)
{
	uint32_t room = l->room ? l->room * 2 : 64;
	void *at = l->at;

	if (l->count == l->room) {
		at = reallocarray(l->at, room, size);
		if (!at)
			return NULL;
		l->at = at;
		l->room = room;
	}
	return memset((char *)at + size * l->count++, 0, size);
}

/* Sums number 0 are everything's, n + 1 those of partner n. NULL without memory. */
static struct moved_sums *sums_of(struct moved *m, uint32_t number)
{
	struct moved_sums **at;

	while (m->sums.count <= number) {
		if (!more(&m->sums, sizeof(struct moved_sums *)))
			return NULL;
	}
	at = &((struct moved_sums **)m->sums.at)[number];
	if (!*at)
		*at = calloc(1, sizeof(**at));
	return *at;
}

void moved_asset(struct moved *m, struct str asset_id, uint32_t lead)
{
	m->next = (struct moved_asset){.lead = lead};
	(void)snprintf(m->next.id, sizeof(m->next.id), "%.*s", (int)asset_id.len, asset_id.at);
	m->is_next_in = false;
}

static void add(struct moved_sums *s, enum movement_code code, const struct moved_part *p)
{
	s->value[code] += p->value;
	s->moved[code] += p->moved;
	s->rows[code]++;
}

static size_t year_of(int32_t quarter)
{
	return (size_t)(quarter_fy(quarter) - PROJECTION_FY_MIN);
}

/* The cells of one partner, which follow each other: their sum, and into the years. */
static int add_part(struct moved *m, const struct movement_row *row, size_t *at)
{
	struct moved_part *part = more(&m->part, sizeof(*part));
	struct moved_sums *all = sums_of(m, 0), *own;
	int128 size = 0;

	if (!part || !all)
		return ERR_NOMEM;
	part->partner = row->cell[*at].partner;
	own = sums_of(m, part->partner + 1);
	if (!own)
		return ERR_NOMEM;
	for (; *at < row->cells && row->cell[*at].partner == part->partner; ++*at) {
		const struct movement_cell *c = &row->cell[*at];

		part->value += c->pence;
		size += c->pence < 0 ? -c->pence : c->pence;
		all->year[year_of(c->quarter)].value[row->code] += c->pence;
		own->year[year_of(c->quarter)].value[row->code] += c->pence;
	}
	part->moved = (size - (part->value < 0 ? -part->value : part->value)) / 2;
	add(own, row->code, part);
	return 0;
}

int moved_row(void *moved, const struct movement_row *row)
{
	struct moved *m = moved;
	struct moved_row *kept;
	int r = 0;

	if (m->row.count == MOVED_ROWS_MAX)
		return ERR_LIMIT;
	if (!m->is_next_in) {
		struct moved_asset *asset = more(&m->asset, sizeof(*asset));

		if (!asset)
			return ERR_NOMEM;
		*asset = m->next;
		m->is_next_in = true;
	}
	kept = more(&m->row, sizeof(*kept));
	if (!kept)
		return ERR_NOMEM;
	*kept = (struct moved_row){.asset = m->asset.count - 1,
				   .code = row->code,
				   .part = m->part.count,
				   .value = row->value,
				   .moved = row->moved};
	for (size_t at = 0; at < row->cells && r == 0;)
		r = add_part(m, row, &at);
	if (r < 0)
		return r;
	kept->parts = m->part.count - kept->part;
	add(sums_of(m, 0), row->code,
	    &(struct moved_part){.value = row->value, .moved = row->moved});
	return 0;
}

int moved_closing(struct moved *m, const struct movement_cell *cell, size_t cells)
{
	struct moved_sums *all = sums_of(m, 0);

	for (size_t i = 0; i < cells && all; i++) {
		struct moved_sums *own = sums_of(m, cell[i].partner + 1);

		if (!own)
			return ERR_NOMEM;
		all->year[year_of(cell[i].quarter)].closing += cell[i].pence;
		own->year[year_of(cell[i].quarter)].closing += cell[i].pence;
		all->closing += cell[i].pence;
		own->closing += cell[i].pence;
	}
	return all ? 0 : ERR_NOMEM;
}

int moved_end(struct moved *m, const struct names *partner)
{
	m->partner = calloc(partner->count + 1, sizeof(*m->partner));
	if (!m->partner)
		return ERR_NOMEM;
	m->partners = partner->count;
	for (uint32_t i = 0; i < partner->count; i++)
		(void)snprintf(m->partner[i], sizeof(m->partner[i]), "%.*s",
			       (int)partner->at[i].len, partner->at[i].at);
	return 0;
}
