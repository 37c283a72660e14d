/*
 * The simulation under a stopwatch, for the benches `simulate` and `simulate-delta`. Reads
 * commands from standard input, one a line, and answers each with a JSON object:
 *
 *   full ASSETS THREADS     simulate so many assets of the portfolio, every node's percentiles
 *   blocks ASSETS THREADS   the three blocks of each of their paths alone, by the same lanes
 *   delta ASSETS CHANGES    with so many in memory, change valuations one by one, and read the
 *                           percentiles of every node that the asset touches after each
 *
 * seconds is of the whole command or of one change; what makes the projection that a simulation
 * begins from is in neither. After `delta` the nodes are compared with those of a full run.
 *
 * usage: bench_simulation ASSETS PATHS    the portfolio's size: the most a command may name
 */
#include "libassets/simulation/simulation.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "libassets/simulation/simulation_lane.h"
#include "portfolio.h"

enum {
	THREADS_MAX = 64,
	STEP = 7368787, /* a prime: all over the place */
	BETA = PPM,
};

/* A register, and what it is simulated with. */
struct bench {
	struct portfolio f;
	uint32_t paths;
	struct projection_scratch *scratch;
	double apart; /* seconds of what is not the simulation's */
};

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *why)
{
	(void)fprintf(stderr, "bench_simulation: %s\n", why);
	exit(1);
}

static void require(int err)
{
	if (err < 0)
		fail("no memory");
}

/* What a thread does: its share of a simulation's blocks, or the draws of its share of assets. */
struct part {
	struct simulation *s;
	uint32_t paths, from, to;
	uint64_t sum;
};

static void *run_part(void *arg)
{
	struct part *p = arg;

	require(simulation_run(p->s, p->from, p->to, NULL));
	return NULL;
}

static void *draw_part(void *arg)
{
	lane_blocks *blocks = lane_blocks_of(SIMULATION_BEST);
	struct part *p = arg;
	struct lane_field f = {0};

	lane_field_seed(&f, 1);
	for (uint32_t id = p->from; id < p->to; id++) {
		for (f.path = 0; f.path < p->paths; f.path += LANE_BLOCK) {
			f.paths = p->paths - f.path < LANE_BLOCK ? (p->paths - f.path + 7) / 8 * 8
								 : LANE_BLOCK;
			p->sum ^= blocks(&f, id + 1);
		}
	}
	return NULL;
}

/* `items` shared out evenly; → the sums of all parts. */
static uint64_t on_threads(void *(*work)(void *), const struct part *like, uint32_t items,
			   unsigned threads)
{
	struct part part[THREADS_MAX];
	pthread_t thread[THREADS_MAX];
	uint64_t sum = 0;

	for (unsigned i = 0; i < threads; i++) {
		part[i] = *like;
		part[i].from = (uint32_t)((uint64_t)items * i / threads);
		part[i].to = (uint32_t)((uint64_t)items * (i + 1) / threads);
		if (i && pthread_create(&thread[i], NULL, work, &part[i]) != 0)
			fail("no thread");
	}
	work(&part[0]);
	for (unsigned i = 0; i < threads; i++) {
		if (i)
			(void)pthread_join(thread[i], NULL);
		sum ^= part[i].sum;
	}
	return sum;
}

static void work_off(struct simulation *s, unsigned threads)
{
	const struct part like = {.s = s};

	(void)on_threads(run_part, &like, simulation_blocks(s), threads);
	simulation_settle(s);
}

static void change(struct bench *b, struct simulation *s, const struct projection_asset *a,
		   enum simulation_sign sign)
{
	double began = seconds();
	const struct projection_result *r = projection_run(b->f.model, a, b->scratch);
	bool is_left_out;

	b->apart += seconds() - began;
	require(simulation_change(s, a, BETA, r, sign, &is_left_out));
}

/* Every year and the total of a node. */
static void read_node(struct simulation *s, enum simulation_dim dim, uint32_t key)
{
	struct simulation_node n;

	for (uint32_t year = 0; year < simulation_years(s); year++)
		(void)!simulation_read(s, dim, key, year, &n);
	(void)!simulation_read(s, dim, key, SIMULATION_TOTAL, &n);
}

static void read_all(struct simulation *s)
{
	for (enum simulation_dim dim = 0; dim < SIMULATION_DIMS; dim++) {
		for (uint32_t key = 0; key < simulation_keys(s, dim); key++)
			read_node(s, dim, key);
	}
}

static struct simulation *simulate(struct bench *b, size_t assets, unsigned threads)
{
	struct simulation_plan plan = {1, b->paths, SIMULATION_BEST, 0, NULL};
	struct simulation *s;

	require(simulation_new(b->f.model, &plan, &s));
	for (size_t i = 0; i < assets; i++) {
		change(b, s, &b->f.asset[i], SIMULATION_ADD);
		if (simulation_is_full(s))
			work_off(s, threads);
	}
	work_off(s, threads);
	return s;
}

static void full(struct bench *b, size_t assets, unsigned threads)
{
	double wall = seconds(), sums;
	struct simulation *s;

	b->apart = 0;
	s = simulate(b, assets, threads);
	sums = seconds();
	read_all(s);
	wall = seconds() - wall - b->apart;
	printf("{\"seconds\":%.6f,\"percentiles\":%.6f,\"bytes\":%zu,\"lanes\":\"%s\"}\n", wall,
	       seconds() - sums, simulation_bytes(s), simulation_lanes_word(SIMULATION_BEST));
	simulation_free(s);
}

static void blocks(struct bench *b, size_t assets, unsigned threads)
{
	const struct part like = {.paths = b->paths};
	double wall = seconds();
	uint64_t sum = on_threads(draw_part, &like, (uint32_t)assets, threads);

	printf("{\"seconds\":%.6f,\"sum\":%" PRIu64 "}\n", seconds() - wall, sum);
}

static bool is_equal(struct simulation *x, struct simulation *y)
{
	bool equal = true;

	for (enum simulation_dim dim = 0; dim < SIMULATION_DIMS; dim++) {
		for (uint32_t key = 0; key < simulation_keys(x, dim); key++) {
			struct simulation_node a = {0}, b = {0};
			int r = simulation_read(x, dim, key, SIMULATION_TOTAL, &a);

			equal &= simulation_read(y, dim, key, SIMULATION_TOTAL, &b) == r &&
				 memcmp(&a, &b, sizeof(a)) == 0;
		}
	}
	return equal;
}

static void delta(struct bench *b, size_t assets, size_t changes)
{
	struct simulation *s = simulate(b, assets, 1), *fresh;
	double began = 0, wall = 0;
	size_t at = 0;

	read_all(s);
	for (size_t i = 0; i < changes; i++) {
		struct projection_asset *a = &b->f.asset[at = (at + STEP) % assets];

		began = seconds();
		change(b, s, a, SIMULATION_TAKE_AWAY);
		a->valuation.amount_pence ^= 4096;
		change(b, s, a, SIMULATION_ADD);
		work_off(s, 1);
		read_node(s, SIMULATION_ALL, 0);
		read_node(s, SIMULATION_CPP, a->cpp);
		for (uint32_t k = 0; k < a->owners; k++)
			read_node(s, SIMULATION_PARTNER, a->owner[k].partner);
		wall += seconds() - began;
	}
	fresh = simulate(b, assets, 1);
	printf("{\"seconds\":%.9f,\"equal\":%s}\n", wall / (double)changes,
	       is_equal(s, fresh) ? "true" : "false");
	simulation_free(s);
	simulation_free(fresh);
}

static void obey(struct bench *b, const char *line)
{
	char command[8];
	size_t assets, n;

	if (sscanf(line, "%7s %zu %zu", command, &assets, &n) != 3 || !assets || !n ||
	    assets > b->f.assets)
		fail("say: COMMAND ASSETS NUMBER");
	if (strcmp(command, "delta") == 0)
		delta(b, assets, n);
	else if (strcmp(command, "full") == 0 && n <= THREADS_MAX)
		full(b, assets, (unsigned)n);
	else if (strcmp(command, "blocks") == 0 && n <= THREADS_MAX)
		blocks(b, assets, (unsigned)n);
	else
		fail("there is no such command, or not for so many threads");
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	char line[80];

	if (argc != 3 || !portfolio_init(&b.f, strtoul(argv[1], NULL, 10)))
		fail("usage: bench_simulation ASSETS PATHS");
	b.paths = (uint32_t)strtoul(argv[2], NULL, 10);
	b.scratch = projection_scratch_new();
	if (!b.scratch || !b.paths || b.paths > SIMULATION_PATHS_MAX)
		fail("no memory, or no such number of paths");
	while (fgets(line, sizeof(line), stdin))
		obey(&b, line);
	projection_scratch_free(b.scratch);
	portfolio_done(&b.f);
	return 0;
}
