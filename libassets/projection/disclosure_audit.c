/*
 * See disclosure_audit.h. A sum of multiples of rows is a number for each row, and rests on a
 * column unless these numbers cancel there.
 *
 * A row that enough columns have to themselves has the number 0 in every sum of too few. Without it
 * others may have columns to themselves: most rows of many assets go so, and only what hangs
 * together of the rest is solved.
 *
 * There three sets of columns are chosen, each as many as are independent of those that the sets
 * before left over. Whatever rests on a column that is in none rests on one of each set, so these
 * are enough to look at. They are brought into the form in which each independent row has a column
 * to itself, its pivot: a sum of two columns is then one such row, or two that cancel but for their
 * pivots, since a sum of three has three pivots in it.
 */
#include "disclosure_audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libassets/base/err.h"

enum { SETS = DISCLOSURE_LEAST, CHOSEN = SETS * AUDIT_ROWS };

#define SMALL 1e-6

struct audit_solve {
	uint32_t row[AUDIT_ROWS]; /* those that hang together */
	uint32_t rows;
	struct set {
		double vector[AUDIT_ROWS][AUDIT_ROWS];
		uint32_t pivot[AUDIT_ROWS];
		double noise[AUDIT_ROWS];
		uint32_t count;
	} set[SETS];
	/* By row the chosen columns, and behind them of which rows it is the sum. */
	double m[AUDIT_ROWS][CHOSEN + AUDIT_ROWS];
	bool is_pivot[CHOSEN];
	uint32_t hands[CHOSEN];
	uint32_t chosen;
};

void audit_done(struct audit *a)
{
	free(a->share);
	free(a->column);
	free(a->slot);
	free(a->cut);
	free(a->row);
	free(a->times);
	free(a->asked);
	free(a->same);
	free(a->solve);
	*a = (struct audit){0};
}

/* --- columns -----------------------------------------------------------------------------------
 */

static int by_size(const void *x, const void *y)
{
	const struct audit_column *a = x, *b = y;

	return a->most != b->most ? (a->most < b->most) - (a->most > b->most)
				  : (a->at > b->at) - (a->at < b->at);
}

/* The largest first, since the others are known less exactly. */
int audit_ready(struct audit *a, size_t rows)
{
	free(TAKE(a->slot));
	a->cut = calloc(a->shares + 1, sizeof(*a->cut));
	a->row = calloc(rows + 1, sizeof(*a->row));
	a->times = calloc(rows + 1, sizeof(*a->times));
	a->asked = calloc(a->knowers.words + 1, sizeof(*a->asked));
	a->same = calloc(a->knowers.words + 1, sizeof(*a->same));
	a->solve = malloc(sizeof(*a->solve));
	if (!a->cut || !a->row || !a->times || !a->asked || !a->same || !a->solve)
		return ERR_NOMEM;
	if (a->columns)
		qsort(a->column, a->columns, sizeof(*a->column), by_size);
	return 0;
}

/* --- rows --------------------------------------------------------------------------------------
 */

/* What the column has of each row. */
static void cut_column(struct audit *a, const struct audit_rows *rows, struct audit_column *c)
{
	struct audit_share *cut = &a->cut[c->at];
	double noise = audit_noise(c);
	uint32_t count = 0;

	for (size_t i = c->at; i < c->at + c->shares; i++) {
		uint32_t row = rows->of[a->share[i].place], n = 0;

		if (!row)
			continue;
		while (n < count && cut[n].place != row - 1)
			n++;
		if (n == count)
			cut[count++] = (struct audit_share){row - 1, 0.0F};
		cut[n].amount += a->share[i].amount;
	}
	c->rows = 0;
	for (uint32_t n = 0; n < count; n++) {
		if (fabs((double)cut[n].amount) > noise)
			cut[c->rows++] = cut[n];
	}
}

/* Of all; the first that has something of a row, + 1, from which such follow one another. */
static uint32_t cut_columns(struct audit *a, const struct audit_rows *rows)
{
	uint32_t first = 0, *at = &first;

	for (size_t i = 0; i < a->columns; i++) {
		cut_column(a, rows, &a->column[i]);
		if (!a->column[i].rows)
			continue;
		*at = (uint32_t)i + 1;
		at = &a->column[i].next;
	}
	*at = 0;
	return first;
}

/* How many rows of the column are not settled, and the last of these. */
static uint32_t open_rows(const struct audit *a, const struct audit_column *c,
			  const struct audit_share **ret_last)
{
	uint32_t open = 0;

	for (uint32_t n = 0; n < c->rows; n++) {
		const struct audit_share *s = &a->cut[c->at + n];

		open += !a->row[s->place].is_settled;
		*ret_last = a->row[s->place].is_settled ? *ret_last : s;
	}
	return open;
}

/* Has a row columns enough to itself for everybody who does not know all of it? Whoever does has no
 * columns in it, and so no others that are in it. */
static bool has_enough(const struct audit *a, const struct hands *own, uint32_t hands)
{
	bool has = hands_left(own, &a->knowers, KNOWER_NONE) >= DISCLOSURE_LEAST;
	size_t k = has ? hands_knower(own, &a->knowers, 0) : KNOWER_NONE;

	for (; has && k != KNOWER_NONE; k = hands_knower(own, &a->knowers, k + 1))
		has = hands_left(own, &a->knowers, k) >= knower_least(k) ||
		      (hands != HANDS_SEVERAL && knower_knows(&a->knowers, k, hands));
	return has;
}

/* Are there such rows, but for those that are settled? Columns follow one another from *first on;
 * one without such a row is passed over from then on. */
static bool settle(struct audit *a, const struct audit_rows *rows, uint32_t *first)
{
	bool is_news = false;

	for (size_t i = 0; i < rows->count; i++)
		a->row[i].own = (struct hands){0};
	for (uint32_t *at = first; *at;) {
		struct audit_column *c = &a->column[*at - 1];
		const struct audit_share *only = NULL;
		uint32_t open = open_rows(a, c, &only);

		if (!open) {
			*at = c->next;
			continue;
		}
		if (open == 1 && fabs((double)only->amount) >= AUDIT_SHARE)
			hands_add(&a->row[only->place].own, c->hands, c->alike);
		at = &c->next;
	}
	for (size_t i = 0; i < rows->count; i++) {
		struct audit_row *r = &a->row[i];

		if (r->is_settled || !has_enough(a, &r->own, rows->hands[i]))
			continue;
		is_news = r->is_settled = true;
	}
	return is_news;
}

static uint32_t root_of(const struct audit *a, uint32_t row)
{
	while (a->row[row].root != row)
		row = a->row[row].root;
	return row;
}

/* The first row of a column that is not settled, as one is. */
static uint32_t first_open(const struct audit *a, const struct audit_column *c)
{
	uint32_t n = 0;

	while (a->row[a->cut[c->at + n].place].is_settled)
		n++;
	return a->cut[c->at + n].place;
}

/* Which rows hang together, by the smallest of them, and their columns in order: those from `from`
 * on, each of which has a row that is not settled. */
static void join(struct audit *a, size_t rows, uint32_t from)
{
	for (uint32_t i = 0; i < rows; i++) {
		a->row[i].root = i;
		a->row[i].first = a->row[i].last = 0;
	}
	for (uint32_t i = from; i; i = a->column[i - 1].next) {
		const struct audit_column *c = &a->column[i - 1];
		uint32_t first = first_open(a, c);

		for (uint32_t n = 0; n < c->rows; n++) {
			uint32_t x = root_of(a, first), y = root_of(a, a->cut[c->at + n].place);

			if (!a->row[a->cut[c->at + n].place].is_settled)
				a->row[x > y ? x : y].root = x > y ? y : x;
		}
	}
	/* A root is the smallest, so it is found before those that hang on it. */
	for (size_t i = 0; i < rows; i++)
		a->row[i].root = a->row[a->row[i].root].root;
	for (uint32_t i = from, next; i; i = next) {
		struct audit_column *c = &a->column[i - 1];
		struct audit_row *r = &a->row[a->row[first_open(a, c)].root];

		next = c->next;
		c->next = 0;
		if (r->last)
			a->column[r->last - 1].next = i;
		else
			r->first = i;
		r->last = i;
	}
}

/* --- solving -----------------------------------------------------------------------------------
 */

/* Is the column independent of the set, which it is then one of? */
static bool set_add(struct set *s, uint32_t rows, const double column[], double noise)
{
	double v[AUDIT_ROWS];
	uint32_t pivot = 0;

	if (s->count == rows)
		return false;
	memcpy(v, column, rows * sizeof(*v));
	for (uint32_t i = 0; i < s->count; i++) {
		double by = v[s->pivot[i]] / s->vector[i][s->pivot[i]];

		noise += fabs(by) * s->noise[i];
		for (uint32_t r = 0; r < rows; r++)
			v[r] -= by * s->vector[i][r];
		v[s->pivot[i]] = 0;
	}
	for (uint32_t r = 1; r < rows; r++)
		pivot = fabs(v[r]) > fabs(v[pivot]) ? r : pivot;
	if (fabs(v[pivot]) <= noise)
		return false;
	memcpy(s->vector[s->count], v, rows * sizeof(*v));
	s->pivot[s->count] = pivot;
	s->noise[s->count++] = noise;
	return true;
}

/* Into the first set that it is independent of. */
static void choose(struct audit_solve *s, const double column[], const struct audit_column *c)
{
	uint32_t set = 0;

	while (set < SETS && !set_add(&s->set[set], s->rows, column, audit_noise(c)))
		set++;
	if (set == SETS)
		return;
	for (uint32_t r = 0; r < s->rows; r++)
		s->m[r][s->chosen] = column[r];
	s->hands[s->chosen] = c->hands;
	s->is_pivot[s->chosen++] = false;
}

/* A column as often as assets are alike in it, but for those that the knower knows. */
static void choose_all(struct audit *a, uint32_t root, size_t knower)
{
	struct audit_solve *s = a->solve;

	s->chosen = 0;
	for (uint32_t i = 0; i < SETS; i++)
		s->set[i].count = 0;
	for (uint32_t i = a->row[root].first; i && s->chosen < SETS * s->rows;
	     i = a->column[i - 1].next) {
		const struct audit_column *c = &a->column[i - 1];
		double column[AUDIT_ROWS];

		if (knower_knows(&a->knowers, knower, c->hands))
			continue;
		memset(column, 0, s->rows * sizeof(*column));
		for (uint32_t n = 0; n < c->rows; n++) {
			const struct audit_share *share = &a->cut[c->at + n];

			if (!a->row[share->place].is_settled)
				column[a->row[share->place].place] = (double)share->amount;
		}
		for (uint32_t n = 0; n < c->alike; n++)
			choose(s, column, c);
	}
}

/* The largest number in rows from `from` on; false: all are 0. */
static bool find_pivot(const struct audit_solve *s, uint32_t from, uint32_t *ret_row,
		       uint32_t *ret_column)
{
	double most = 0;

	for (uint32_t r = from; r < s->rows; r++) {
		for (uint32_t c = 0; c < s->chosen; c++) {
			if (fabs(s->m[r][c]) <= most)
				continue;
			most = fabs(s->m[r][c]);
			*ret_row = r;
			*ret_column = c;
		}
	}
	return most > 0;
}

static void swap_rows(struct audit_solve *s, uint32_t x, uint32_t y)
{
	for (uint32_t c = 0; c < s->chosen + s->rows; c++) {
		double was = s->m[x][c];

		s->m[x][c] = s->m[y][c];
		s->m[y][c] = was;
	}
}

/* Each independent row gets a pivot of 1, all others 0 there; rows behind these are sums of
 * nothing. → how many are independent */
static uint32_t reduce(struct audit_solve *s)
{
	uint32_t width = s->chosen + s->rows, row = 0, column = 0, n = 0;

	for (uint32_t r = 0; r < s->rows; r++) {
		for (uint32_t c = s->chosen; c < width; c++)
			s->m[r][c] = c - s->chosen == r;
	}
	for (; n < s->set[0].count && find_pivot(s, n, &row, &column); n++) {
		double by = s->m[row][column];

		swap_rows(s, n, row);
		s->is_pivot[column] = true;
		for (uint32_t c = 0; c < width; c++)
			s->m[n][c] /= by;
		for (uint32_t r = 0; r < s->rows; r++) {
			double times = r == n ? 0 : s->m[r][column];

			for (uint32_t c = 0; times != 0 && c < width; c++)
				s->m[r][c] -= times * s->m[n][c];
			s->m[r][column] = r == n;
		}
	}
	return n;
}

/* Row x, less so many times row y. */
struct sum {
	const double *x, *y;
	double times;
};

static double sum_at(const struct sum *sum, uint32_t column)
{
	return sum->x[column] - sum->times * sum->y[column];
}

static bool rests_on_enough(const struct audit_solve *s, const struct sum *sum, size_t knower)
{
	double most = 0;
	uint32_t columns = 0;

	for (uint32_t c = 0; c < s->chosen; c++)
		most = fmax(most, fabs(sum_at(sum, c)));
	for (uint32_t c = 0; c < s->chosen; c++)
		columns += fabs(sum_at(sum, c)) >= AUDIT_SHARE * most;
	return columns >= knower_least(knower);
}

/* How many times y comes nearest to x where neither has its pivot; 0: it has nothing there. */
static double times_of(const struct audit_solve *s, const double x[], const double y[])
{
	double most = 0, times = 0;

	for (uint32_t c = 0; c < s->chosen; c++) {
		if (s->is_pivot[c] || fabs(y[c]) <= most)
			continue;
		most = fabs(y[c]);
		times = x[c] / y[c];
	}
	return times;
}

/* A sum that rests on too few columns. */
static bool find_few(const struct audit_solve *s, size_t knower, uint32_t independent,
		     struct sum *ret)
{
	for (uint32_t i = 0; i < independent; i++) {
		*ret = (struct sum){s->m[i], s->m[i], 0};
		if (!rests_on_enough(s, ret, knower))
			return true;
		for (uint32_t j = i + 1; j < independent; j++) {
			*ret = (struct sum){s->m[i], s->m[j], times_of(s, s->m[i], s->m[j])};
			if (ret->times != 0 && !rests_on_enough(s, ret, knower))
				return true;
		}
	}
	return false;
}

/* How many times it has each row, but for what is rounding. */
static void put_times(struct audit *a, const struct sum *sum)
{
	const struct audit_solve *s = a->solve;
	double most = 0;

	for (uint32_t r = 0; r < s->rows; r++) {
		double *times = &a->times[s->row[r]];

		*times = sum_at(sum, s->chosen + r);
		most = fmax(most, fabs(*times));
	}
	for (uint32_t r = 0; r < s->rows; r++) {
		double *times = &a->times[s->row[r]];

		*times = fabs(*times) > SMALL * most ? *times / most : 0;
	}
}

/* Is all that is in the sum in the knower's own hands? */
static bool is_own(const struct audit *a, const struct audit_rows *rows, size_t knower)
{
	const struct audit_solve *s = a->solve;
	bool is = knower != KNOWER_NONE;

	for (uint32_t r = 0; r < s->rows && is; r++) {
		uint32_t hands = rows->hands[s->row[r]];

		is = a->times[s->row[r]] == 0 ||
		     (hands != HANDS_SEVERAL && knower_knows(&a->knowers, knower, hands));
	}
	return is;
}

/* A sum that rests on none, and is not nothing. */
static bool find_open(struct audit *a, const struct audit_rows *rows, size_t knower,
		      uint32_t independent, struct sum *ret)
{
	const struct audit_solve *s = a->solve;

	for (uint32_t i = independent; i < s->rows; i++) {
		*ret = (struct sum){s->m[i], s->m[i], 0};
		put_times(a, ret);
		if (!is_own(a, rows, knower) && !rows->is_nothing(rows->arg, a->times, knower))
			return true;
	}
	return false;
}

/*
 * Who knows a column that was chosen for everybody. For anybody else the same are chosen, since a
 * column that is not chosen leaves the sets as they are. So for them each sum rests on what it
 * rests on for everybody, and what has nothing else in it for everybody has nothing for them.
 */
static void find_asked(struct audit *a)
{
	const struct audit_solve *s = a->solve;
	const struct disclosure_knowers *k = &a->knowers;

	memset(a->asked, 0, k->words * sizeof(*a->asked));
	for (uint32_t c = 0; c < s->chosen; c++) {
		for (size_t w = 0; w < k->words; w++)
			a->asked[w] |= k->known_by[s->hands[c] * k->words + w];
	}
}

/* Who knows the same columns as this knower, for whom the same are chosen therefore. They are asked
 * about at once, each of what else is in sums. */
static void find_same(struct audit *a, uint32_t root, size_t knower)
{
	const struct disclosure_knowers *k = &a->knowers;

	memcpy(a->same, a->asked, k->words * sizeof(*a->same));
	for (uint32_t i = a->row[root].first; i; i = a->column[i - 1].next) {
		const uint64_t *by = &k->known_by[a->column[i - 1].hands * k->words];
		bool knows = knower_knows(k, knower, a->column[i - 1].hands);

		for (size_t w = 0; w < k->words; w++)
			a->same[w] &= knows ? by[w] : ~by[w];
	}
	for (size_t w = 0; w < k->words; w++)
		a->asked[w] &= ~a->same[w];
}

/* For one who knows some of the columns, and those who know the same; false: a->times is a sum that
 * does not hold. */
static bool holds_for(struct audit *a, const struct audit_rows *rows, uint32_t root, size_t knower)
{
	uint32_t independent;
	struct sum sum;
	bool is;

	choose_all(a, root, knower);
	independent = reduce(a->solve);
	is = !find_few(a->solve, knower, independent, &sum) &&
	     !find_open(a, rows, knower, independent, &sum);
	for (size_t k = knowers_next(&a->knowers, a->same, knower + 1); is && k != KNOWER_NONE;
	     k = knowers_next(&a->knowers, a->same, k + 1))
		is = !find_open(a, rows, k, independent, &sum);
	if (!is)
		put_times(a, &sum);
	return is;
}

/* Of rows that hang together. */
static bool holds(struct audit *a, const struct audit_rows *rows, uint32_t root, uint32_t *guilty)
{
	const struct audit_solve *s = a->solve;
	bool is;

	memset(a->same, 0, a->knowers.words * sizeof(*a->same));
	is = holds_for(a, rows, root, KNOWER_NONE);
	find_asked(a);
	for (size_t k = knowers_next(&a->knowers, a->asked, 0); is && k != KNOWER_NONE;
	     k = knowers_next(&a->knowers, a->asked, k + 1)) {
		find_same(a, root, k);
		is = holds_for(a, rows, root, k);
	}
	for (uint32_t r = 0; r < s->rows; r++) {
		guilty[s->row[r]] = !is && a->times[s->row[r]] != 0 ? root + 1 : 0;
		a->times[s->row[r]] = 0;
	}
	return is;
}

/* Those that hang together with this row, which is the first of them, each guilty by itself until
 * they are solved; false: they are too many for that. */
static bool gather(struct audit *a, uint32_t root, size_t rows, uint32_t *guilty)
{
	uint32_t count = 0;

	for (uint32_t i = root; i < rows; i++) {
		if (a->row[i].is_settled || a->row[i].root != root)
			continue;
		guilty[i] = i + 1;
		if (count < AUDIT_ROWS)
			a->solve->row[count] = i;
		a->row[i].place = count++;
	}
	a->solve->rows = count;
	return count <= AUDIT_ROWS;
}

bool audit_holds(struct audit *a, const struct audit_rows *rows, uint32_t *ret_guilty)
{
	uint32_t first;
	bool all = true;

	for (size_t i = 0; i < rows->count; i++) {
		a->row[i] = (struct audit_row){0};
		ret_guilty[i] = 0;
	}
	first = cut_columns(a, rows);
	while (settle(a, rows, &first))
		;
	join(a, rows->count, first);
	for (uint32_t i = 0; i < rows->count; i++) {
		if (a->row[i].is_settled || a->row[i].root != i)
			continue;
		all &= gather(a, i, rows->count, ret_guilty) && holds(a, rows, i, ret_guilty);
	}
	return all;
}
