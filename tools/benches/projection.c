/*
 * The projection engine under a stopwatch, for the benches `project` and `project-delta`.
 * Reads commands from standard input, one a line, and answers each with a JSON object:
 *
 *   full ASSETS THREADS     project so many assets of the portfolio, sums and all
 *   delta ASSETS CHANGES    with the sums of so many in memory, change valuations one by one
 *   simple ASSETS 1         the simpler model of simple.h: its totals, by partner and quarter
 *   write ASSETS 1          that model's inputs into FILE; the answer has its stages
 *
 * seconds is of the whole command or of one change; `processor` is time of all threads. After
 * `delta` the moved sums are compared with those worked out afresh, every one of them.
 *
 * usage: bench_projection ASSETS [FILE]    the portfolio's size: the most a command may name
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/projection/projection_rollup.h"
#include "portfolio.h"
#include "simple.h"

enum {
	THREADS_MAX = 64,
	CHUNK = 4096,   /* assets that a thread takes at a time: whoever is held up takes fewer */
	STEP = 7368787, /* a prime: all over the place */
};

static double seconds(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *why)
{
	(void)fprintf(stderr, "bench_projection: %s\n", why);
	exit(1);
}

static void require(int err)
{
	if (err < 0)
		fail("no memory");
}

/* A full run, of which each thread takes a chunk after the other. */
struct job {
	const struct portfolio *portfolio;
	size_t assets;
	_Atomic size_t taken;
};

struct part {
	struct job *job;
	struct rollup sums;
};

static void run_chunk(const struct portfolio *f, size_t from, size_t to, struct rollup *sums,
		      struct projection_scratch *s)
{
	for (size_t i = from; i < to; i++)
		require(rollup_add(sums, &f->asset[i], projection_run(f->model, &f->asset[i], s)));
}

static void *run_part(void *arg)
{
	struct part *p = arg;
	struct job *job = p->job;
	struct projection_scratch *s = projection_scratch_new();
	size_t from;

	require(s ? 0 : ERR_NOMEM);
	rollup_init(&p->sums, job->portfolio->model);
	while ((from = atomic_fetch_add(&job->taken, CHUNK)) < job->assets) {
		size_t to = from + CHUNK < job->assets ? from + CHUNK : job->assets;

		run_chunk(job->portfolio, from, to, &p->sums, s);
	}
	projection_scratch_free(s);
	return NULL;
}

/* The sums are yours to release. */
static void run_full(const struct portfolio *f, size_t assets, unsigned threads,
		     struct rollup *ret_sums)
{
	struct job job = {.portfolio = f, .assets = assets};
	struct part part[THREADS_MAX];
	pthread_t thread[THREADS_MAX];

	for (unsigned i = 0; i < threads; i++) {
		part[i] = (struct part){.job = &job};
		if (i && pthread_create(&thread[i], NULL, run_part, &part[i]) != 0)
			fail("no thread");
	}
	run_part(&part[0]);
	for (unsigned i = 1; i < threads; i++) {
		(void)pthread_join(thread[i], NULL);
		require(rollup_merge(&part[0].sums, &part[i].sums));
		rollup_done(&part[i].sums);
	}
	*ret_sums = part[0].sums;
}

static void run_changes(struct portfolio *f, size_t assets, size_t changes, struct rollup *sums)
{
	struct projection_scratch *s = projection_scratch_new();
	size_t at = 0;

	for (size_t i = 0; s && i < changes; i++) {
		struct projection_asset *a;

		at = (at + STEP) % assets;
		a = &f->asset[at];
		require(rollup_subtract(sums, a, projection_run(f->model, a, s)));
		a->valuation.amount_pence ^= 4096;
		require(rollup_add(sums, a, projection_run(f->model, a, s)));
	}
	projection_scratch_free(s);
}

static bool tracks_equal(const struct rollup_track *a, const struct rollup_track *b)
{
	return a->gross_pence == b->gross_pence && a->cost_pence == b->cost_pence &&
	       a->pv_pence == b->pv_pence;
}

/* One key of both, quarter by quarter. */
static bool keys_equal(const struct rollup *a, const struct rollup *b, enum rollup_dim d,
		       uint32_t key)
{
	bool equal = true;

	for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
		for (int32_t q = a->first_quarter; q <= a->end_quarter; q++) {
			struct rollup_sums x = rollup_read(a, d, key, s, rollup_quarter(a, q));
			struct rollup_sums y = rollup_read(b, d, key, s, rollup_quarter(b, q));

			equal &= tracks_equal(&x.baseline, &y.baseline) &&
				 tracks_equal(&x.adjusted, &y.adjusted) &&
				 x.rent_pence == y.rent_pence && x.cells == y.cells &&
				 x.forgone_pence == y.forgone_pence;
		}
	}
	return equal;
}

static bool sums_equal(const struct rollup *a, const struct rollup *b)
{
	bool equal = true;

	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		for (uint32_t key = 0; key < rollup_keys(a, d); key++)
			equal &= keys_equal(a, b, d, key);
	}
	return equal;
}

static void full(const struct portfolio *f, size_t assets, size_t threads)
{
	double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
	struct rollup sums;

	run_full(f, assets, (unsigned)threads, &sums);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
	printf("{\"seconds\":%.6f,\"processor\":%.6f}\n", wall, processor);
	rollup_done(&sums);
}

static void delta(struct portfolio *f, size_t assets, size_t changes)
{
	struct rollup sums, fresh;
	double wall, processor;

	run_full(f, assets, 1, &sums);
	wall = seconds(CLOCK_MONOTONIC);
	processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
	run_changes(f, assets, changes, &sums);
	wall = (seconds(CLOCK_MONOTONIC) - wall) / (double)changes;
	processor = (seconds(CLOCK_PROCESS_CPUTIME_ID) - processor) / (double)changes;
	run_full(f, assets, 1, &fresh);
	printf("{\"seconds\":%.9f,\"processor\":%.9f,\"equal\":%s}\n", wall, processor,
	       sums_equal(&sums, &fresh) ? "true" : "false");
	rollup_done(&sums);
	rollup_done(&fresh);
}

static void simple(const struct portfolio *f, size_t assets)
{
	static struct simple_totals totals;
	double wall = seconds(CLOCK_MONOTONIC);

	simple_run(f, assets, &totals);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	printf("{\"seconds\":%.6f,\"totals\":{", wall);
	for (size_t i = 0; i < PORTFOLIO_PARTNERS; i++) {
		printf("%s\"%zu\":", i ? "," : "", i);
		for (size_t q = 0; q < SIMPLE_QUARTERS; q++)
			printf("%c%" PRId64, q ? ',' : '[', totals.pence[i][q]);
		putchar(']');
	}
	printf("}}\n");
}

static void write_inputs(const struct portfolio *f, size_t assets, const char *path)
{
	if (!path || !simple_write(f, assets, path))
		fail("the inputs could not be written");
	printf("{\"stages\":");
	simple_print_stages(f);
	printf("}\n");
}

static void obey(struct portfolio *f, const char *line, const char *path)
{
	char command[8];
	size_t assets, n;

	if (sscanf(line, "%7s %zu %zu", command, &assets, &n) != 3 || !assets || !n ||
	    assets > f->assets)
		fail("say: COMMAND ASSETS NUMBER");
	if (strcmp(command, "delta") == 0)
		delta(f, assets, n);
	else if (strcmp(command, "simple") == 0)
		simple(f, assets);
	else if (strcmp(command, "write") == 0)
		write_inputs(f, assets, path);
	else if (strcmp(command, "full") == 0 && n <= THREADS_MAX)
		full(f, assets, n);
	else
		fail("there is no such command, or not for so many threads");
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	struct portfolio f;
	char line[80];

	if (argc < 2 || argc > 3 || !portfolio_init(&f, strtoul(argv[1], NULL, 10)))
		fail("usage: bench_projection ASSETS [FILE]");
	while (fgets(line, sizeof(line), stdin))
		obey(&f, line, argv[2]);
	portfolio_done(&f);
	return 0;
}
