/*
 * What is audited (disclosure_audit.h): each block, or piece of one, that would be told anew is a
 * row, and each asset of which nothing was told, in no year, a column.
 *
 * Slots come one after another, as in disclosure.c, and what was told by those before holds. So
 * where it does not hold, one of the figures of this slot that cut off a row of a sum that does not
 * is given up, of the latest year first, and looked at again.
 */
#include <math.h>
#include <stdlib.h>

#include "disclosure_work.h"
#include "libassets/base/err.h"

/* After so many looks all that stand in the way are given up at once. */
enum { ROUNDS = 4 };

/* All of blocks, or pieces of them. */
struct sound {
	uint32_t *of;     /* by cell: its row + 1; 0: it is not told anew */
	uint32_t *guilty; /* by row, as are: */
	uint32_t *hands;
	uint32_t *worst; /* by number of the guilty: the row that goes, + 1 */
	struct sound_row {
		size_t from, to; /* the entries of its block */
		uint32_t piece;  /* of it; 0: what is left over */
		int32_t year;    /* the latest */
		bool is_closed;  /* nothing is beside its columns, or what was told just so */
	} * row;
	size_t rows;
};

void sound_done(struct work *w)
{
	audit_done(&w->audit);
	if (!w->sound)
		return;
	free(w->sound->of);
	free(w->sound->guilty);
	free(w->sound->hands);
	free(w->sound->worst);
	free(w->sound->row);
	free(TAKE(w->sound));
}

/* --- columns -----------------------------------------------------------------------------------
 */

/* The atoms of one asset, whose units are from..to; the first of them is at *atom, which is moved
 * behind them. What is known of one year is known of all. */
static int add_asset(struct work *w, size_t from, size_t to, size_t *atom)
{
	const struct disclosure_now *now = w->now;
	bool is_known = false;
	int r = 0;

	for (size_t i = from; i < to; i++)
		is_known |= w->unit[i].is_known && !now->unit[i].is_bound;
	for (; *atom < now->atoms && now->atom[*atom].unit < to && r == 0; ++*atom) {
		const struct disclosure_atom *a = &now->atom[*atom];
		double amount = (double)now->unit[a->unit].moves * (double)a->amount;

		if (!is_known && work_is_fresh(w, a->unit))
			r = audit_put(&w->audit, (struct audit_share){a->cell, (float)amount});
	}
	if (r == 0)
		r = audit_add(&w->audit, now->unit[from].hands);
	for (size_t i = from; i < to; i++)
		w->unit[i].is_column = r == 1 && work_is_fresh(w, (uint32_t)i);
	return r < 0 ? r : 0;
}

int sound_init(struct work *w)
{
	const struct disclosure_now *now = w->now;
	size_t atom = 0;
	int r = 0;

	w->audit.knowers = now->knowers;
	for (size_t i = 0, end; i < now->units && r == 0; i = end) {
		for (end = i + 1; end < now->units && now->unit[end].asset == now->unit[i].asset;)
			end++;
		r = add_asset(w, i, end, &atom);
	}
	if (r == 0)
		r = audit_ready(&w->audit, now->cells);
	w->sound = calloc(1, sizeof(*w->sound));
	if (r < 0 || !w->sound)
		return ERR_NOMEM;
	w->sound->of = calloc(now->cells + 1, sizeof(*w->sound->of));
	w->sound->guilty = calloc(now->cells + 1, sizeof(*w->sound->guilty));
	w->sound->hands = calloc(now->cells + 1, sizeof(*w->sound->hands));
	w->sound->worst = calloc(now->cells + 1, sizeof(*w->sound->worst));
	w->sound->row = calloc(now->cells + 1, sizeof(*w->sound->row));
	return w->sound->of && w->sound->guilty && w->sound->hands && w->sound->worst &&
			       w->sound->row
		       ? 0
		       : ERR_NOMEM;
}

/* --- rows --------------------------------------------------------------------------------------
 */

static uint32_t piece_of(const struct work *w, const struct entry *e)
{
	return work_is_open_piece(w, e) ? e->piece : 0;
}

/* One piece of the block from..to, whose entries are first..last, or what is left over of it: a row
 * where it is told anew. */
static void add_row(struct work *w, struct sound_row row, size_t first, size_t last)
{
	struct sound *s = w->sound;
	struct tally t = work_tally(w);
	uint32_t hands = HANDS_SEVERAL;
	bool has_rest = false;
	uint64_t rest = 0;

	row.year = INT32_MIN;
	for (size_t i = first; i < last; i++) {
		const struct entry *e = &w->entry[i];

		if (piece_of(w, e) != row.piece)
			continue;
		work_tally_add(w, &t, e);
		has_rest |= e->has_rest;
		rest += e->rest;
		if (row.year == INT32_MIN)
			hands = e->cell->hands;
		hands = hands == e->cell->hands ? hands : HANDS_SEVERAL;
		row.year = e->year > row.year ? e->year : row.year;
	}
	if (t.fresh < DISCLOSURE_LEAST || disclosure_has_sum(w->d, t.print))
		return;
	for (size_t i = first; i < last; i++) {
		const struct entry *e = &w->entry[i];

		if (piece_of(w, e) == row.piece)
			s->of[e->cell - w->now->cell] = (uint32_t)s->rows + 1;
	}
	row.is_closed = !has_rest || disclosure_has_sum(w->d, rest);
	s->hands[s->rows] = hands;
	s->row[s->rows++] = row;
}

static void add_block(struct work *w, size_t from, size_t to)
{
	const struct sound_row row = {.from = from, .to = to};

	for (size_t i = from, end; i < to; i = end) {
		struct sound_row piece = row;

		end = work_run_end(w, i, true);
		piece.piece = piece_of(w, &w->entry[i]);
		if (piece.piece)
			add_row(w, piece, i, end);
	}
	add_row(w, row, from, to);
}

/* What else of one asset is in a sum of rows. */
struct other {
	double sum, most, noise;
};

static void other_add(struct other *o, double times, double amount)
{
	o->sum += times * amount;
	o->most = fmax(o->most, fabs(amount));
	o->noise += AUDIT_PENNIES * fabs(times);
}

static bool other_is_nothing(const struct other *o)
{
	return fabs(o->sum) <= AUDIT_SAME * o->most + o->noise;
}

/*
 * Is there nothing else in a sum of rows that rests on no column, but what the knower knows? What
 * an asset is worth that was told before may cancel, year against year, and so may what hangs on
 * nothing that is hidden; beside the columns of a closed row there is nothing, or what was told
 * just so before.
 */
static bool is_nothing(void *arg, const double *times, size_t knower)
{
	const struct work *w = arg;
	const struct disclosure_now *now = w->now;
	struct other worth = {0}, open = {0};
	bool is_beside = false, is = true;

	for (size_t i = 0; i < w->sound->rows; i++)
		is_beside |= times[i] != 0 && !w->sound->row[i].is_closed;
	for (size_t i = 0; i < now->atoms && is_beside && is; i++) {
		const struct disclosure_atom *a = &now->atom[i];
		const struct disclosure_unit *u = &now->unit[a->unit];
		uint32_t row = w->sound->of[a->cell];
		double by = row && !w->sound->row[row - 1].is_closed ? times[row - 1] : 0;

		if (by != 0 && !u->is_open && !w->unit[a->unit].is_column &&
		    !knower_knows(&now->knowers, knower, u->hands))
			other_add(u->moves != 0 ? &worth : &open, by,
				  u->moves != 0 ? (double)u->moves * (double)a->amount
						: (double)a->amount);
		if (i + 1 < now->atoms && now->unit[now->atom[i + 1].unit].asset == u->asset)
			continue;
		is = other_is_nothing(&worth) && other_is_nothing(&open);
		worth = open = (struct other){0};
	}
	return is;
}

static bool is_sound(struct work *w)
{
	struct sound *s = w->sound;
	struct audit_rows rows = {
		.of = s->of, .hands = s->hands, .is_nothing = is_nothing, .arg = w};

	s->rows = 0;
	for (size_t i = 0; i < w->now->cells; i++)
		s->of[i] = 0;
	for (size_t i = 0, end; i < w->entries; i = end) {
		end = work_run_end(w, i, false);
		add_block(w, i, end);
	}
	rows.count = s->rows;
	return audit_holds(&w->audit, &rows, s->guilty);
}

/* --- giving up ---------------------------------------------------------------------------------
 */

/* Of the latest year; of several the last. */
static void find_worst(struct sound *s, bool of_pieces)
{
	for (size_t i = 0; i <= s->rows; i++)
		s->worst[i] = 0;
	for (size_t i = 0; i < s->rows; i++) {
		uint32_t *worst = &s->worst[s->guilty[i]];

		if (s->guilty[i] && (s->row[i].piece || !of_pieces) &&
		    (!*worst || s->row[i].year >= s->row[*worst - 1].year))
			*worst = (uint32_t)i + 1;
	}
}

static bool goes(const struct sound *s, size_t row, int round)
{
	return s->guilty[row] && (round >= ROUNDS || s->worst[s->guilty[row]] == row + 1);
}

void sound_begin(struct work *w)
{
	struct sound *s = w->sound;

	for (size_t i = 0; i < w->entries; i++)
		w->entry[i].piece = 0;
	work_sort(w);
	for (int round = 0; !is_sound(w); round++) {
		find_worst(s, false);
		for (size_t i = 0; i < s->rows; i++) {
			for (size_t j = s->row[i].from; goes(s, i, round) && j < s->row[i].to; j++)
				w->entry[j].fresh = 0;
		}
	}
}

/* Where no piece is guilty, it is what pieces leave over: the latest of them. */
static void refuse_of_block(struct work *w, const struct sound_row *row)
{
	const struct entry *latest = NULL;

	for (size_t i = row->from; i < row->to; i++) {
		const struct entry *e = &w->entry[i];

		if (piece_of(w, e) && (!latest || e->year >= latest->year))
			latest = e;
	}
	if (latest)
		work_refuse(w, latest->piece);
}

static void refuse_all(struct work *w)
{
	for (size_t i = 0; i < w->entries; i++) {
		if (piece_of(w, &w->entry[i]))
			work_refuse(w, w->entry[i].piece);
	}
}

void sound_slot(struct work *w, int round)
{
	struct sound *s = w->sound;

	if (is_sound(w))
		return;
	find_worst(s, true);
	for (size_t i = 0; i < s->rows; i++) {
		if (!s->guilty[i])
			continue;
		if (s->row[i].piece && goes(s, i, round))
			work_refuse(w, s->row[i].piece);
		else if (!s->worst[s->guilty[i]] || round >= ROUNDS)
			refuse_of_block(w, &s->row[i]);
	}
	/* By rounding alone what held before does not beside others. */
	if (!w->is_changed)
		refuse_all(w);
}
