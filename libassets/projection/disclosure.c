/*
 * Told figures cut atoms into blocks (see the header). disclosure_take() goes through the slots in
 * their order: it looks which figures of a slot, not told so far, cut the blocks into pieces that
 * may all be told, the pieces that are left over included, and gives up the smallest where what is
 * left over is too small. Then every block that may be told is told as it is now.
 *
 * All memory is taken before anything is told, so that a failure changes nothing.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "disclosure_work.h"
#include "libassets/base/err.h"
#include "libassets/base/exact.h"

/* --- what may be told ------------------------------------------------------------------------ */

static int by_block(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->in, y->in, sizeof(x->in));

	return order ? order : (x->piece > y->piece) - (x->piece < y->piece);
}

void work_sort(struct work *w)
{
	qsort(w->entry, w->entries, sizeof(*w->entry), by_block);
}

size_t work_run_end(const struct work *w, size_t from, bool of_piece)
{
	const struct entry *e = w->entry;
	size_t to = from + 1;

	while (to < w->entries && memcmp(e[from].in, e[to].in, sizeof(e->in)) == 0 &&
	       (!of_piece || e[from].piece == e[to].piece))
		to++;
	return to;
}

static int by_figures(const void *a, const void *b)
{
	return memcmp(((const struct block *)a)->in, ((const struct block *)b)->in,
		      sizeof(((const struct block *)a)->in));
}

static const struct block *told_before(const struct disclosure *d, const struct block *b)
{
	return d->blocks ? bsearch(b, d->block, d->blocks, sizeof(*b), by_figures) : NULL;
}

/*
 * Of these atoms nothing was told, and there are too few: they stay out of all figures until
 * others join them, and stand in no further figure's way.
 */
static bool is_left_out(struct work *w, size_t from, size_t to)
{
	struct tally t = work_tally(w);
	struct block b;

	for (size_t i = from; i < to; i++)
		work_tally_add(w, &t, &w->entry[i]);
	memcpy(b.in, w->entry[from].in, sizeof(b.in));
	return !work_is_tellable(w, &t) && !told_before(w->d, &b);
}

void work_refuse(struct work *w, uint32_t figure)
{
	w->verdict[figure] = REFUSED;
	w->is_changed = true;
}

bool work_is_open_piece(const struct work *w, const struct entry *e)
{
	return e->piece && w->verdict[e->piece] != REFUSED;
}

/* Pieces too small are refused; do others stand? */
static bool refuse_small(struct work *w, size_t from, size_t to)
{
	bool stands = false;

	for (size_t i = from, end; i < to; i = end) {
		const struct entry *e = &w->entry[i];
		struct tally t = work_tally(w);

		end = work_run_end(w, i, true);
		if (!work_is_open_piece(w, e))
			continue;
		for (size_t j = i; j < end; j++)
			work_tally_add(w, &t, &w->entry[j]);
		if (!work_is_tellable(w, &t)) {
			work_refuse(w, e->piece);
			continue;
		}
		w->verdict[e->piece] = TELLABLE;
		stands = true;
	}
	return stands;
}

/* The smallest of the pieces that stand, of several the last. */
static uint32_t smallest_of(struct work *w, size_t from, size_t to)
{
	uint32_t least = UINT32_MAX, smallest = 0;

	for (size_t i = from, end; i < to; i = end) {
		uint32_t fresh;

		end = work_run_end(w, i, true);
		if (!work_is_open_piece(w, &w->entry[i]))
			continue;
		fresh = work_fresh(w, i, end);
		smallest = fresh <= least ? w->entry[i].piece : smallest;
		least = fresh <= least ? fresh : least;
	}
	return smallest;
}

/* One block under the figures that still stand: its pieces, and what they leave over. */
static void judge(struct work *w, size_t from, size_t to)
{
	struct tally rest;

	if (is_left_out(w, from, to) || !refuse_small(w, from, to))
		return;
	rest = work_tally(w);
	for (size_t i = from; i < to; i++) {
		if (!work_is_open_piece(w, &w->entry[i]))
			work_tally_add(w, &rest, &w->entry[i]);
	}
	if (!work_is_tellable(w, &rest))
		work_refuse(w, smallest_of(w, from, to));
}

/* What of a slot is not told yet, cut by it; false: all of it is. */
static bool cut(struct work *w, int slot)
{
	bool is_cut = false;

	for (size_t i = 0; i < w->entries; i++) {
		struct entry *e = &w->entry[i];

		e->piece = e->in[slot] ? 0 : e->cell->figure[slot];
		w->verdict[e->piece] = NOT_HEARD;
		is_cut |= e->piece != 0;
	}
	return is_cut;
}

/* What one block refuses may leave another too little: again until nothing changes. */
static void tell_slot(struct work *w, int slot)
{
	int round = 0;

	if (!cut(w, slot))
		return;
	work_sort(w);
	do {
		w->is_changed = false;
		for (size_t i = 0, end; i < w->entries; i = end) {
			end = work_run_end(w, i, false);
			judge(w, i, end);
		}
		if (!w->is_changed)
			sound_slot(w, round++);
	} while (w->is_changed);
	for (size_t i = 0; i < w->entries; i++) {
		struct entry *e = &w->entry[i];

		if (!e->piece || w->verdict[e->piece] != TELLABLE)
			continue;
		e->in[slot] = e->piece;
		w->d->is_news |= !w->d->figure[e->piece].is_told;
		w->d->figure[e->piece].is_told = true;
	}
}

/* --- telling ---------------------------------------------------------------------------------- */

/* The block of the entries from..to as it is told from now on; false when nothing of it is. */
static bool block_told(struct work *w, size_t from, size_t to, struct block *ret)
{
	struct tally t = work_tally(w);
	const struct block *old;

	for (size_t i = from; i < to; i++)
		work_tally_add(w, &t, &w->entry[i]);
	memcpy(ret->in, w->entry[from].in, sizeof(ret->in));
	ret->print = t.print;
	ret->sum = t.sum;
	ret->rules = w->d->rules;
	old = told_before(w->d, ret);
	if (work_is_tellable(w, &t))
		return true;
	if (old)
		*ret = *old;
	return old != NULL;
}

/* Entries of a run follow one another, so blocks come in the order of by_figures. */
static void tell_blocks(struct work *w)
{
	for (size_t i = 0; i < w->entries; i++)
		w->entry[i].piece = 0;
	work_sort(w);
	for (size_t i = 0, end; i < w->entries; i = end) {
		end = work_run_end(w, i, false);
		w->blocks += block_told(w, i, end, &w->block[w->blocks]);
	}
}

/* Do blocks differ from those told before? */
static bool is_told_otherwise(const struct disclosure *d, const struct work *w)
{
	bool is_same = d->blocks == w->blocks;

	for (size_t i = 0; i < w->blocks && is_same; i++) {
		const struct block *was = &d->block[i], *is = &w->block[i];

		is_same = memcmp(was->in, is->in, sizeof(is->in)) == 0 && was->print == is->print &&
			  was->sum == is->sum;
	}
	return !is_same;
}

/* Blocks that are told as they are now, and their cells. */
static void remember_blocks(struct work *w)
{
	struct disclosure *d = w->d;
	size_t n = 0;

	for (size_t i = 0, end; i < w->entries; i = end) {
		struct tally t = work_tally(w);
		bool is_now;

		end = work_run_end(w, i, false);
		for (size_t j = i; j < end; j++)
			work_tally_add(w, &t, &w->entry[j]);
		if (n == w->blocks ||
		    memcmp(w->block[n].in, w->entry[i].in, sizeof(w->entry[i].in)) != 0)
			continue;
		is_now = w->block[n++].print == t.print;
		for (size_t j = i; is_now && j < end; j++)
			w->entry[j].is_told = true;
		if (is_now)
			disclosure_add_sum(d, t.print);
	}
}

/*
 * Only now, when every block was judged by what was told before. What is known under other rules
 * is so under these, by which the next change is measured.
 */
static void remember(struct work *w)
{
	struct disclosure *d = w->d;
	const struct disclosure_now *now = w->now;

	remember_blocks(w);
	for (size_t i = 0; i < w->entries; i++)
		w->entry_of[w->entry[i].cell - now->cell] = (uint32_t)i + 1;
	for (size_t i = 0; i < now->atoms; i++) {
		const struct disclosure_atom *a = &now->atom[i];

		w->unit[a->unit].is_known |= w->entry[w->entry_of[a->cell] - 1].is_told;
	}
	for (size_t i = 0; i < now->units; i++) {
		if (w->unit[i].is_known)
			known_add(&d->known, &now->unit[i], w->unit[i].had_facts);
	}
	d->is_news |= d->sum_news_count || known_is_news(&d->known) || is_told_otherwise(d, w);
	free(d->block);
	d->block = TAKE(w->block);
	d->blocks = w->blocks;
}

/* --- taking ----------------------------------------------------------------------------------- */

static void work_done(struct work *w)
{
	free(w->unit);
	free(w->entry);
	free(w->entry_of);
	free(w->fresh);
	free(w->block);
	free(w->seen);
	free(w->verdict);
	sound_done(w);
}

/* One more than the largest number. */
static uint32_t figures_of(const struct disclosure_now *now)
{
	uint32_t figures = 1;

	for (size_t i = 0; i < now->cells; i++) {
		for (int s = 0; s < DISCLOSURE_SLOTS; s++) {
			uint32_t f = now->cell[i].figure[s];

			figures = f >= figures ? f + 1 : figures;
		}
	}
	return figures;
}

static uint32_t assets_of(const struct disclosure_now *now)
{
	uint32_t assets = 1;

	for (size_t i = 0; i < now->units; i++)
		assets = now->unit[i].asset >= assets ? now->unit[i].asset + 1 : assets;
	return assets;
}

static int work_init(struct work *w)
{
	const struct disclosure_now *now = w->now;
	int r = disclosure_reserve(w->d, figures_of(now), now->cells);

	if (r == 0)
		r = known_reserve(&w->d->known, now->unit, now->units);
	w->unit = calloc(now->units + 1, sizeof(*w->unit));
	w->entry = calloc(now->cells + 1, sizeof(*w->entry));
	w->entry_of = calloc(now->cells + 1, sizeof(*w->entry_of));
	w->fresh = calloc(now->atoms + 1, sizeof(*w->fresh));
	w->block = calloc(now->cells + 1, sizeof(*w->block));
	w->seen = calloc(assets_of(now), sizeof(*w->seen));
	w->verdict = calloc(w->d->figures + 1, sizeof(*w->verdict));
	if (r == 0 && (!w->unit || !w->entry || !w->entry_of || !w->fresh || !w->block ||
		       !w->seen || !w->verdict))
		r = ERR_NOMEM;
	return r;
}

/* Who stands behind which figure now. */
static void count_behind(struct disclosure *d, const struct disclosure_now *now)
{
	for (uint32_t f = 0; f < d->figures; f++) {
		d->figure[f].is_there = false;
		d->figure[f].behind = d->figure[f].last = 0;
	}
	for (size_t i = 0; i < now->atoms; i++) {
		const struct disclosure_unit *u = &now->unit[now->atom[i].unit];
		const struct disclosure_cell *c = &now->cell[now->atom[i].cell];

		for (int s = 0; s < DISCLOSURE_SLOTS; s++) {
			struct figure *f = &d->figure[c->figure[s]];

			f->is_there = true;
			f->behind += !u->is_open && f->last != u->asset + 1;
			f->last = u->is_open ? f->last : u->asset + 1;
		}
	}
}

void disclosure_begin_rules(struct disclosure *d, uint32_t rules)
{
	d->rules = rules;
}

/* Rounded up, so that 100 is the last that fits. */
int disclosure_full_percent(const struct disclosure *d)
{
	size_t marks = known_count(&d->known) + d->known.needed;

	return (int)((marks * 100 + DISCLOSURE_MARKS_MAX - 1) / DISCLOSURE_MARKS_MAX);
}

bool disclosure_knows_amount(const struct disclosure *d, const struct disclosure_unit *u)
{
	return known_amount(&d->known, u);
}

bool disclosure_knows_facts(const struct disclosure *d, const struct disclosure_unit *u)
{
	return known_facts(&d->known, u);
}

bool disclosure_knows_like(const struct disclosure *d, const struct disclosure_unit *u)
{
	return known_like(&d->known, u);
}

void disclosure_forget(struct disclosure *d, int32_t first_year)
{
	known_forget(&d->known, first_year);
}

bool work_is_fresh(const struct work *w, uint32_t unit)
{
	const struct disclosure_unit *u = &w->now->unit[unit];

	return !u->is_open && !u->is_bound && !w->unit[unit].is_known;
}

static struct entry *entry_of(struct work *w, uint32_t cell)
{
	if (!w->entry_of[cell]) {
		w->entry[w->entries].cell = &w->now->cell[cell];
		w->entry_of[cell] = (uint32_t)++w->entries;
	}
	return &w->entry[w->entry_of[cell] - 1];
}

/* Cells that something is in, in which told figures each is, and room for what is new of it. */
static void begin_entries(struct work *w)
{
	const struct disclosure_now *now = w->now;

	for (size_t i = 0; i < now->atoms; i++) {
		const struct disclosure_atom *a = &now->atom[i];
		struct entry *e = entry_of(w, a->cell);

		e->print += disclosure_mixed(a->print);
		e->sum += a->amount;
		e->has_private |= !now->unit[a->unit].is_open;
		e->has_rest |= !now->unit[a->unit].is_open && !w->unit[a->unit].is_column;
		e->rest += w->unit[a->unit].is_column ? 0 : disclosure_mixed(a->print);
		e->year = now->unit[a->unit].year;
		e->fresh += work_is_fresh(w, a->unit);
	}
	for (size_t i = 0, at = 0; i < w->entries; i++) {
		struct entry *e = &w->entry[i];

		e->fresh_at = at;
		at += e->fresh;
		e->fresh = 0; /* until begin() puts them there, one by one */
		for (int s = 0; s < DISCLOSURE_SLOTS; s++) {
			uint32_t figure = e->cell->figure[s];

			e->in[s] = w->d->figure[figure].is_told ? figure : 0;
		}
	}
}

static int begin(struct work *w)
{
	const struct disclosure_now *now = w->now;
	struct disclosure *d = w->d;
	int r;

	for (size_t i = 0; i < now->units; i++) {
		const struct disclosure_unit *u = &now->unit[i];

		w->unit[i].had_facts = known_facts(&d->known, u);
		w->unit[i].is_known = w->unit[i].had_facts || u->is_derived ||
				      u->year < d->known.first_year || known_amount(&d->known, u);
	}
	for (size_t i = 0; i < now->atoms; i++)
		w->unit[now->atom[i].unit].parts++;
	r = sound_init(w);
	if (r < 0)
		return r;
	count_behind(d, now);
	begin_entries(w);
	for (size_t i = 0; i < now->atoms; i++) {
		const struct disclosure_atom *a = &now->atom[i];
		struct entry *e = entry_of(w, a->cell);

		if (work_is_fresh(w, a->unit))
			work_add_fresh(w, e, a->unit);
	}
	return 0;
}

int disclosure_follow(struct disclosure *d, const struct disclosure_now *now)
{
	int r = disclosure_reserve(d, figures_of(now), 0);

	d->is_news = false;
	d->sum_news_count = 0;
	known_begin(&d->known);
	if (r == 0)
		count_behind(d, now);
	return r;
}

int disclosure_take(struct disclosure *d, const struct disclosure_now *now)
{
	CLEANUP(work_done) struct work w = {.d = d, .now = now};
	int r = work_init(&w);

	if (r < 0)
		return r;
	r = begin(&w);
	if (r < 0)
		return r;
	d->is_news = false;
	d->sum_news_count = 0;
	known_begin(&d->known);
	sound_begin(&w);
	for (int slot = 0; slot < DISCLOSURE_SLOTS; slot++)
		tell_slot(&w, slot);
	tell_blocks(&w);
	remember(&w);
	disclosure_sum(d);
	return 0;
}

bool disclosure_read(const struct disclosure *d, uint32_t figure, int128 *ret_amount)
{
	const struct figure *f;
	bool is_shown;

	*ret_amount = 0;
	if (figure >= d->figures || !d->figure[figure].is_there)
		return true;
	f = &d->figure[figure];
	is_shown = f->is_told && f->blocks && (!f->behind || f->behind >= DISCLOSURE_LEAST);
	if (is_shown)
		*ret_amount = f->sum;
	return is_shown;
}
