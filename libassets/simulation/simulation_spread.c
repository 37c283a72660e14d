/*
 * Selection by a sample (Floyd and Rivest, "Expected time bounds for selection", CACM 1975): the
 * percentiles of some hundred amounts enclose those of all, so that one walk counts what lies
 * below and gathers the few that lie between. A sample that misleads is noticed by the count, and
 * then everything is looked at: whichever way, the element is the very one.
 */
#include "simulation_spread.h"

#include "libassets/base/money.h"

enum {
	FEW = 64,     /* so many are sorted at once */
	SAMPLE = 512, /* of amounts */
	MARGIN = 40,  /* places of the sample: some three and a half deviations at the median */
	WORTH = 4096, /* amounts from which a sample pays */
};

static void swap(int64_t *a, int64_t *b)
{
	int64_t was = *a;

	*a = *b;
	*b = was;
}

static void sort_few(int64_t *a, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		int64_t one = a[i];
		uint32_t at = i;

		for (; at && a[at - 1] > one; at--)
			a[at] = a[at - 1];
		a[at] = one;
	}
}

/* Hoare's partition around the middle of three; what is left lies on either side of the return. */
static uint32_t part(int64_t *a, uint32_t n)
{
	uint32_t i = 0, j = n - 1;
	int64_t pivot;

	if (a[n / 2] < a[0])
		swap(&a[n / 2], &a[0]);
	if (a[n - 1] < a[0])
		swap(&a[n - 1], &a[0]);
	if (a[n - 1] < a[n / 2])
		swap(&a[n - 1], &a[n / 2]);
	pivot = a[n / 2];
	for (;;) {
		while (a[i] < pivot)
			i++;
		while (a[j] > pivot)
			j--;
		if (i >= j)
			return j + 1;
		swap(&a[i++], &a[j--]);
	}
}

/* The element of rank k, from 0, of n amounts, which are left in another order. */
static int64_t nth(int64_t *a, uint32_t n, uint32_t k)
{
	while (n > FEW) {
		uint32_t cut = part(a, n);

		if (k < cut) {
			n = cut;
		} else {
			a += cut;
			n -= cut;
			k -= cut;
		}
	}
	sort_few(a, n);
	return a[k];
}

/* The element of rank k where the sample has it between two of its places; false: it has not. */
static bool nth_between(const int64_t *a, uint32_t n, uint32_t k, const int64_t bound[2],
			int64_t *room, int64_t *ret)
{
	uint32_t below = 0, between = 0;
	int64_t low = bound[0], high = bound[1];

	/* Written whether or not it belongs there: no branch that nobody can foretell. */
	for (uint32_t i = 0; i < n; i++) {
		room[between] = a[i];
		below += a[i] < low;
		between += (a[i] >= low) & (a[i] <= high);
	}
	if (k < below || k >= below + between)
		return false;
	*ret = nth(room, between, k - below);
	return true;
}

/* What encloses rank k of n, by the sample. */
static void bounds_of(const int64_t *sample, uint32_t k, uint32_t n, int64_t ret[2])
{
	uint32_t at = (uint32_t)((uint64_t)k * SAMPLE / n);

	ret[0] = at < MARGIN ? INT64_MIN : sample[at - MARGIN];
	ret[1] = at + MARGIN >= SAMPLE ? INT64_MAX : sample[at + MARGIN];
}

/* Shell's sort with Ciura's gaps. */
static void sort_sample(int64_t *a)
{
	static const uint32_t gap[] = {301, 132, 57, 23, 10, 4, 1};

	for (size_t g = 0; g < COUNT(gap); g++) {
		for (uint32_t i = gap[g]; i < SAMPLE; i++) {
			int64_t one = a[i];
			uint32_t at = i;

			for (; at >= gap[g] && a[at - gap[g]] > one; at -= gap[g])
				a[at] = a[at - gap[g]];
			a[at] = one;
		}
	}
}

static int64_t mean(const int64_t *pence, uint32_t n)
{
	int128 sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += pence[i];
	return (int64_t)money_rdiv(sum, n);
}

struct simulation_spread simulation_spread_of(int64_t *pence, uint32_t n, int64_t *room)
{
	static const uint32_t percent[] = {10, 50, 90};
	int64_t got[COUNT(percent)], sample[SAMPLE], avg = mean(pence, n);

	for (uint32_t i = 0; n >= WORTH && i < SAMPLE; i++)
		sample[i] = pence[(uint64_t)i * n / SAMPLE];
	if (n >= WORTH)
		sort_sample(sample);
	for (size_t i = 0; i < COUNT(percent); i++) {
		uint32_t k = (uint32_t)(((uint64_t)percent[i] * n + 99) / 100 - 1);
		int64_t bound[2];

		if (n >= WORTH) {
			bounds_of(sample, k, n, bound);
			if (nth_between(pence, n, k, bound, room, &got[i]))
				continue;
		}
		got[i] = nth(pence, n, k);
	}
	return (struct simulation_spread){got[0], got[1], got[2], avg};
}
