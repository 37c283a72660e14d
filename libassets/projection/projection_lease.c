/*
 * Rent by day. What has accrued of a year up to a day is rounded, and a quarter has the
 * difference of two such days, so that a full year is exactly the annual rent.
 *
 * Many leaves of one asset have the same lease at other times. Years that a lease fills wholly
 * are therefore only noted, as where they begin and end, and written once for all leaves by
 * lease_settle(); the rest is added quarter by quarter at once.
 */
#include "projection_lease.h"

/* A lease on its days, as numbers of days. */
struct term {
	int32_t start, end, rent_from;
	int64_t rent_pa_pence;
	int64_t premium_pence; /* of an operating lease; else 0: it is capital */
};

static bool is_first_day(const struct projection_model *m, struct day d)
{
	int32_t q = projection_quarter(m, d) - PROJECTION_QUARTER_MIN;

	return m->quarter_day[q].number == d.number;
}

/* day_add_months(), without a calendar for whole quarters from the first day of one. */
static int32_t day_after(const struct projection_model *m, struct day start, int32_t months)
{
	int32_t q = projection_quarter(m, start) - PROJECTION_QUARTER_MIN + months / 3;

	if (months % 3 == 0 && q <= PROJECTION_QUARTERS && is_first_day(m, start))
		return m->quarter_day[q].number;
	return months ? day_add_months(start, months).number : start.number;
}

static struct term term_of(const struct projection_lease *l, const struct projection_model *m,
			   struct day start)
{
	return (struct term){
		.start = start.number,
		.end = day_after(m, start, l->term_months),
		.rent_from = day_after(m, start, l->rent_free_months),
		.rent_pa_pence = l->rent_pa_pence,
		.premium_pence = l->class == LEASE_CLASS_OPERATING ? l->premium_pence : 0,
	};
}

/* pence * days / all, rounded: in 64 bits where that is enough. days: of some thousand years. */
static int128 part_of(int64_t pence, int32_t days, int32_t all)
{
	const int64_t small = INT64_C(1) << 37;
	uint64_t size = pence < 0 ? -(uint64_t)pence : (uint64_t)pence, by = (uint32_t)all;

	if (pence <= -small || pence >= small)
		return money_rdiv((int128)pence * days, all);
	size = (2 * size * (uint32_t)days + by) / (2 * by);
	return pence < 0 ? -(int128)size : (int128)size;
}

/* Rent of the year that begins on `april`, owed up to `until`. */
static int128 rent_until(const struct term *t, int32_t april, int32_t year_days, int32_t until)
{
	int32_t from = t->rent_from > april ? t->rent_from : april;

	if (until > t->end)
		until = t->end;
	return until > from ? part_of(t->rent_pa_pence, until - from, year_days) : 0;
}

/* What of the premium is earned up to `until`, which is after the start. */
static int128 premium_until(const struct term *t, int32_t until)
{
	if (until >= t->end || !t->premium_pence)
		return t->premium_pence;
	return part_of(t->premium_pence, until - t->start, t->end - t->start);
}

/*
 * How many years from `year` on, which begins on a first of April, the lease fills wholly. A
 * premium accrues by the leaf's own days, so with one there are none.
 */
static int32_t whole_years(const struct term *t, const struct projection_model *m, int32_t year)
{
	const struct day *first = m->quarter_day;
	int32_t end = year;

	if (t->premium_pence || t->rent_from > first[4 * year].number)
		return 0;
	while (4 * end < m->end_quarter - PROJECTION_QUARTER_MIN &&
	       first[4 * end + 4].number <= t->end)
		end++;
	return end - year;
}

/* A difference at each end instead of a mark in each year: leaves overlap, years are many. */
static void note_years(struct lease_years *y, int32_t from, int32_t to, int64_t p_ppb)
{
	bool is_empty = y->from == y->to;

	y->from = is_empty || from < y->from ? from : y->from;
	y->to = is_empty || to > y->to ? to : y->to;
	y->change_ppb[from] += p_ppb;
	y->change_ppb[to] -= p_ppb;
}

void lease_accrue(const struct projection_lease *l, const struct projection_model *m,
		  struct day start, int64_t p_ppb, struct tally *t, struct lease_years *years)
{
	const struct day *first = m->quarter_day;
	const int32_t horizon = m->end_quarter - PROJECTION_QUARTER_MIN;
	const struct term term = term_of(l, m, start);
	int32_t q = projection_quarter(m, start) - PROJECTION_QUARTER_MIN;
	int128 rent = 0, premium = 0; /* accrued up to the quarter's begin */

	while (q < horizon && first[q].number < term.end) {
		int32_t april = q & ~3, whole = q == april ? whole_years(&term, m, q / 4) : 0;
		int32_t year_days = first[april + 4].number - first[april].number;
		/* Rent begins anew each April, the premium runs through. */
		int128 before = (q == april ? 0 : rent) + premium;

		if (whole) {
			note_years(years, q / 4, q / 4 + whole, p_ppb);
			q += 4 * whole;
			continue;
		}
		rent = rent_until(&term, first[april].number, year_days, first[q + 1].number);
		premium = premium_until(&term, first[q + 1].number);
		tally_touch(t, q + PROJECTION_QUARTER_MIN);
		tally_add(t, q + PROJECTION_QUARTER_MIN, TALLY_RENT, p_ppb,
			  rent + premium - before);
		q++;
	}
}

static void settle_year(int64_t rent_pa_pence, const struct projection_model *m, int32_t year,
			int64_t p_ppb, struct tally *t)
{
	const struct day *first = m->quarter_day + 4 * year;
	int32_t left = m->end_quarter - PROJECTION_QUARTER_MIN - 4 * year;
	int128 before = 0;

	for (int32_t k = 0; k < 4 && k < left; k++) {
		int32_t quarter = PROJECTION_QUARTER_MIN + 4 * year + k;
		int128 rent = part_of(rent_pa_pence, first[k + 1].number - first[0].number,
				      first[4].number - first[0].number);

		tally_touch(t, quarter);
		tally_add(t, quarter, TALLY_RENT, p_ppb, rent - before);
		before = rent;
	}
}

void lease_settle(const struct projection_lease *l, const struct projection_model *m,
		  struct tally *t, struct lease_years *years)
{
	int64_t p_ppb = 0;

	for (int32_t year = years->from; year < years->to; year++) {
		p_ppb += years->change_ppb[year];
		years->change_ppb[year] = 0;
		if (p_ppb)
			settle_year(l->rent_pa_pence, m, year, p_ppb, t);
	}
	years->change_ppb[years->to] = 0;
	years->from = years->to = 0;
}
