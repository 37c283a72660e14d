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

#include "disclosure_private.h"
#include "libassets/base/err.h"
#include "libassets/base/exact.h"

/* Of an atom at most: its amount, its facts, and a block of it alone. */
enum { ATOM_MARKS = 3 };

struct entry {
	const struct disclosure_atom *atom;
	uint32_t in[DISCLOSURE_SLOTS]; /* the told figures */
	uint32_t piece;                /* the figure of this pass, 0: none that may be told */
	bool is_known;                 /* it, or what it follows from, was told */
	bool is_fresh;
};

/* One disclosure_take(). */
struct work {
	struct disclosure *d;
	struct entry *entry;
	size_t entries;
	struct block *block; /* to be the told ones */
	size_t blocks;
	uint32_t *seen; /* by asset: the stamp under which it was counted */
	uint32_t stamp;
	enum verdict { NOT_HEARD, TELLABLE, REFUSED } * verdict; /* by figure, in this pass */
	bool is_changed;
};

struct tally {
	uint32_t fresh; /* assets with an amount of which nothing was told */
	bool has_private;
	uint64_t print;
	int128 sum;
};

/* splitmix64's last steps: neighbours become strangers. */
static uint64_t mixed(uint64_t n)
{
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	n ^= n >> 31;
	return n ? n : 1;
}

/* Blocks and atoms are told in one set: a block of one atom is not that atom. */
static uint64_t atom_mark(uint64_t print)
{
	return mixed(print);
}

static uint64_t block_mark(uint64_t print)
{
	return mixed(~print);
}

/* --- what may be told ------------------------------------------------------------------------ */

static struct tally tally_new(struct work *w)
{
	w->stamp++;
	return (struct tally){0};
}

static void tally_add(struct work *w, struct tally *t, const struct entry *e)
{
	uint32_t *seen = &w->seen[e->atom->asset];

	t->print += mixed(e->atom->print);
	t->sum += e->atom->amount;
	t->has_private |= !e->atom->is_open;
	if (!e->is_fresh || *seen == w->stamp)
		return;
	*seen = w->stamp;
	t->fresh++;
}

/* What holds nothing private, enough that is new, or was told just so before. */
static bool is_tellable(const struct work *w, const struct tally *t)
{
	return !t->has_private || t->fresh >= DISCLOSURE_LEAST ||
	       disclosure_has(w->d, block_mark(t->print));
}

static int by_block(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->in, y->in, sizeof(x->in));

	return order ? order : (x->piece > y->piece) - (x->piece < y->piece);
}

/* The end of the run of entries from `from` on that are in the same block, or piece of it. */
static size_t run_end(const struct work *w, size_t from, bool of_piece)
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
	struct tally t = tally_new(w);
	struct block b;

	for (size_t i = from; i < to; i++)
		tally_add(w, &t, &w->entry[i]);
	memcpy(b.in, w->entry[from].in, sizeof(b.in));
	return !is_tellable(w, &t) && !told_before(w->d, &b);
}

static void refuse(struct work *w, uint32_t figure)
{
	w->verdict[figure] = REFUSED;
	w->is_changed = true;
}

static bool is_open_piece(const struct work *w, const struct entry *e)
{
	return e->piece && w->verdict[e->piece] != REFUSED;
}

/* Pieces too small are refused; the smallest of the others that still stands, or 0. */
static uint32_t refuse_small(struct work *w, size_t from, size_t to)
{
	uint32_t least = UINT32_MAX, smallest = 0;

	for (size_t i = from, end; i < to; i = end) {
		const struct entry *e = &w->entry[i];
		struct tally t = tally_new(w);

		end = run_end(w, i, true);
		if (!is_open_piece(w, e))
			continue;
		for (size_t j = i; j < end; j++)
			tally_add(w, &t, &w->entry[j]);
		if (!is_tellable(w, &t)) {
			refuse(w, e->piece);
			continue;
		}
		w->verdict[e->piece] = TELLABLE;
		if (t.fresh <= least) {
			least = t.fresh;
			smallest = e->piece;
		}
	}
	return smallest;
}

/* One block under the figures that still stand: its pieces, and what they leave over. */
static void judge(struct work *w, size_t from, size_t to)
{
	uint32_t smallest;
	struct tally rest;

	if (is_left_out(w, from, to))
		return;
	smallest = refuse_small(w, from, to);
	rest = tally_new(w);
	for (size_t i = from; i < to; i++) {
		if (!is_open_piece(w, &w->entry[i]))
			tally_add(w, &rest, &w->entry[i]);
	}
	if (smallest && !is_tellable(w, &rest))
		refuse(w, smallest);
}

/* What one block refuses may leave another too little: again until nothing changes. */
static void tell_slot(struct work *w, int slot)
{
	for (size_t i = 0; i < w->entries; i++) {
		struct entry *e = &w->entry[i];

		e->piece = e->in[slot] ? 0 : e->atom->figure[slot];
		w->verdict[e->piece] = NOT_HEARD;
	}
	qsort(w->entry, w->entries, sizeof(*w->entry), by_block);
	do {
		w->is_changed = false;
		for (size_t i = 0, end; i < w->entries; i = end) {
			end = run_end(w, i, false);
			judge(w, i, end);
		}
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
	struct tally t = tally_new(w);
	const struct block *old;

	for (size_t i = from; i < to; i++)
		tally_add(w, &t, &w->entry[i]);
	memcpy(ret->in, w->entry[from].in, sizeof(ret->in));
	ret->print = t.print;
	ret->sum = t.sum;
	ret->rules = w->d->rules;
	old = told_before(w->d, ret);
	if (is_tellable(w, &t))
		return true;
	if (old)
		*ret = *old;
	return old != NULL;
}

/* Entries of a run follow one another, so blocks come in the order of by_figures. */
static void tell_blocks(struct work *w)
{
	qsort(w->entry, w->entries, sizeof(*w->entry), by_block);
	for (size_t i = 0, end; i < w->entries; i = end) {
		end = run_end(w, i, false);
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

static void remember_atom(struct disclosure *d, const struct disclosure_atom *a)
{
	disclosure_mark(d, atom_mark(a->print));
	disclosure_mark(d, atom_mark(a->facts));
}

/*
 * Only now, when every block was judged by what was told before. What is known under other rules
 * is so under these, by which the next change is measured.
 */
static void remember(struct work *w)
{
	struct disclosure *d = w->d;
	size_t n = 0;

	for (size_t i = 0; i < w->entries; i++) {
		if (w->entry[i].is_known)
			remember_atom(d, w->entry[i].atom);
	}
	for (size_t i = 0, end; i < w->entries; i = end) {
		struct tally t = tally_new(w);
		bool is_now;

		end = run_end(w, i, false);
		for (size_t j = i; j < end; j++)
			tally_add(w, &t, &w->entry[j]);
		if (n == w->blocks ||
		    memcmp(w->block[n].in, w->entry[i].in, sizeof(w->entry[i].in)) != 0)
			continue;
		is_now = w->block[n++].print == t.print;
		for (size_t j = i; is_now && j < end; j++)
			remember_atom(d, w->entry[j].atom);
		if (is_now)
			disclosure_mark(d, block_mark(t.print));
	}
	d->is_news |= d->news > 0 || is_told_otherwise(d, w);
	free(d->block);
	d->block = TAKE(w->block);
	d->blocks = w->blocks;
}

/* --- taking ----------------------------------------------------------------------------------- */

static void work_done(struct work *w)
{
	free(w->entry);
	free(w->block);
	free(w->seen);
	free(w->verdict);
}

/* One more than the largest number. */
static uint32_t figures_of(const struct disclosure_atom *atom, size_t atoms)
{
	uint32_t figures = 1;

	for (size_t i = 0; i < atoms; i++) {
		for (int s = 0; s < DISCLOSURE_SLOTS; s++)
			figures = atom[i].figure[s] >= figures ? atom[i].figure[s] + 1 : figures;
	}
	return figures;
}

static int work_init(struct work *w, const struct disclosure_atom *atom, size_t atoms)
{
	uint32_t assets = 1;
	int r = disclosure_reserve(w->d, figures_of(atom, atoms), ATOM_MARKS * atoms);

	for (size_t i = 0; i < atoms; i++)
		assets = atom[i].asset >= assets ? atom[i].asset + 1 : assets;
	w->entry = calloc(atoms + 1, sizeof(*w->entry));
	w->block = calloc(atoms + 1, sizeof(*w->block));
	w->seen = calloc(assets, sizeof(*w->seen));
	w->verdict = calloc(w->d->figures + 1, sizeof(*w->verdict));
	if (r == 0 && (!w->entry || !w->block || !w->seen || !w->verdict))
		r = ERR_NOMEM;
	return r;
}

/* Who stands behind which figure now. */
static void count_behind(struct disclosure *d, const struct disclosure_atom *atom, size_t atoms)
{
	for (uint32_t f = 0; f < d->figures; f++) {
		d->figure[f].is_there = false;
		d->figure[f].behind = d->figure[f].last = 0;
	}
	for (size_t i = 0; i < atoms; i++) {
		const struct disclosure_atom *a = &atom[i];

		for (int s = 0; s < DISCLOSURE_SLOTS; s++) {
			struct figure *f = &d->figure[a->figure[s]];

			f->is_there = true;
			f->behind += !a->is_open && f->last != a->asset + 1;
			f->last = a->is_open ? f->last : a->asset + 1;
		}
	}
}

void disclosure_begin_rules(struct disclosure *d, uint32_t rules)
{
	d->rules = rules;
}

/* Rounded up, so that 100 is the last that fits. */
int disclosure_full_percent(const struct disclosure *d, size_t atoms)
{
	const size_t places = DISCLOSURE_PRINTS_MAX / 2;
	size_t percent = ((d->told.count + ATOM_MARKS * atoms) * 100 + places - 1) / places;

	return percent < INT_MAX ? (int)percent : INT_MAX;
}

bool disclosure_knows(const struct disclosure *d, uint64_t print)
{
	return disclosure_has(d, atom_mark(print));
}

/* In which told figures each atom is, and whether it was ever told. */
static void begin(struct work *w, const struct disclosure_atom *atom, size_t atoms)
{
	struct disclosure *d = w->d;

	count_behind(d, atom, atoms);
	for (size_t i = 0; i < atoms; i++) {
		const struct disclosure_atom *a = &atom[i];
		struct entry *e = &w->entry[w->entries++];

		e->atom = a;
		e->is_known = a->is_derived || disclosure_knows(d, a->print) ||
			      disclosure_knows(d, a->facts);
		e->is_fresh = !a->is_open && !a->is_shared && !e->is_known;
		for (int s = 0; s < DISCLOSURE_SLOTS; s++)
			e->in[s] = d->figure[a->figure[s]].is_told ? a->figure[s] : 0;
	}
}

int disclosure_follow(struct disclosure *d, const struct disclosure_atom *atom, size_t atoms)
{
	int r = disclosure_reserve(d, figures_of(atom, atoms), 0);

	d->is_news = false;
	d->news = 0;
	if (r == 0)
		count_behind(d, atom, atoms);
	return r;
}

int disclosure_take(struct disclosure *d, const struct disclosure_atom *atom, size_t atoms)
{
	CLEANUP(work_done) struct work w = {.d = d};
	int r = work_init(&w, atom, atoms);

	if (r < 0)
		return r;
	d->is_news = false;
	d->news = 0;
	begin(&w, atom, atoms);
	for (int slot = 0; slot < DISCLOSURE_SLOTS; slot++)
		tell_slot(&w, slot);
	for (size_t i = 0; i < w.entries; i++)
		w.entry[i].piece = 0;
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
