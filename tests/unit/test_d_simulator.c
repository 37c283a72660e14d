/*
 * The simulator's thread while it reads: reading takes several of its turns, and whoever stops it
 * may come at any moment of them. The loop that it would post itself to is then being taken away.
 * And while it works a span off, which it leaves.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/base/clock.h"
#include "daemon/projector/projector_simulator.h"
#include "libassets/base/err.h"
#include "tests/unit/ground.h"

/* A piece of reading ends after 200 ms, so this is three of them at least. */
enum { READING_US = 450000, MOMENTS_MAX = 30, OWNERS = 8 };

#define WHERE "\"lead\":\"A\",\"cpp\":\"C\",\"locality\":\"L\",\"class\":\"HALL\",\"decile\":1"

/* One asset of eight owners: ten nodes, read one after another. */
static const char land[] =
	"{\"asof\":\"2026-11-21\",\"assets\":[{\"id\":1," WHERE ",\"owners\":["
	"{\"partner\":\"A\",\"units\":1},{\"partner\":\"B\",\"units\":2},"
	"{\"partner\":\"C\",\"units\":3},{\"partner\":\"D\",\"units\":4},"
	"{\"partner\":\"E\",\"units\":5},{\"partner\":\"F\",\"units\":6},"
	"{\"partner\":\"G\",\"units\":7},{\"partner\":\"H\",\"units\":8}],"
	"\"valuation\":{\"date\":\"2026-04-01\",\"amount\":20000000,\"basis\":\"MV\"},"
	"\"plan\":{\"method\":\"SALE\",\"stage\":\"MARKETING\",\"date\":\"2027-06-15\"}}]}";

static struct lane_asset *packed_land(struct ground *g)
{
	const struct projection_asset *a = &g->in.asset[0];
	struct simulation_asset *packer = simulation_packer_new();
	struct lane_asset *packed;

	cr_assert_not_null(packer);
	cr_assert_eq(simulation_pack(packer, g->model, a, g->in.class_beta[a->class],
				     projection_run(g->model, a, g->scratch), &packed),
		     0);
	free(packer);
	return packed;
}

/* All of the land, by so many paths, to be begun anew, read to the end. */
static struct span *span_of(struct ground *g, uint32_t paths)
{
	struct simulation_plan plan = {42, paths, SIMULATION_BEST, 0, NULL};
	struct span *span = calloc(1, sizeof(*span));

	cr_assert_not_null(span);
	cr_assert_eq(simulation_new(g->model, &plan, &span->fresh), 0);
	cr_assert_eq(span_add(span, packed_land(g), SIMULATION_ADD), 0);
	span->is_last = true;
	return span;
}

/* What was answered; touched by the asker's loop alone until that has been closed. */
struct answered {
	unsigned times;
	int err;
	bool was_reading, is_read;
	sem_t arrived;
};

static void on_span(void *arg, struct span *span)
{
	struct answered *a = arg;
	const struct figures *f = span->figures;

	a->times++;
	a->err = span->err;
	a->was_reading = f;
	a->is_read =
		f &&
		figures_at(f, SIMULATION_PARTNER, OWNERS - 1, SIMULATION_TOTAL).baseline.p90_pence;
	span_free(span);
	(void)sem_post(&a->arrived);
}

static void nap(int64_t us)
{
	const struct timespec t = {us / 1000000, us % 1000000 * 1000};

	(void)nanosleep(&t, NULL);
}

/* Of a thread, by its clock; more than any for one that has ended. */
static int64_t processor_us(clockid_t of)
{
	struct timespec t;

	if (clock_gettime(of, &t) < 0)
		return INT64_MAX;
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* As many paths as take so long to read: by the processor, so that a busy machine takes longer. */
static uint32_t paths_of_reading(struct ground *g, int64_t us)
{
	enum { SOME = 50000 };
	struct span *span = span_of(g, SOME);
	uint32_t keys[SIMULATION_DIMS], at = 0;
	struct figures *f;
	int64_t paths, took;

	cr_assert_eq(simulation_queue(span->fresh, TAKE(span->item[0].packed), SIMULATION_ADD), 0);
	cr_assert_eq(simulator_work_off(span->fresh, 1, NULL), 0);
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++)
		keys[d] = simulation_keys(span->fresh, d);
	f = figures_new(simulation_years(span->fresh), keys);
	cr_assert_not_null(f);
	took = processor_us(CLOCK_THREAD_CPUTIME_ID);
	cr_assert(figures_read(f, span->fresh, &at, INT64_MAX));
	took = processor_us(CLOCK_THREAD_CPUTIME_ID) - took;
	figures_free(f);
	span_free(span);
	paths = SOME * us / (took ? took : 1);
	return paths < SIMULATION_PATHS_MAX ? (uint32_t)paths : SIMULATION_PATHS_MAX;
}

struct test {
	struct ground ground;
	struct simulator *simulator;
	struct loop *asker;
	struct answered answered;
	uint32_t paths;
};

/* Give a new simulator all of the land. */
static void begin(struct test *t)
{
	t->answered = (struct answered){0};
	cr_assert_eq(sem_init(&t->answered.arrived, 0, 0), 0);
	t->simulator = simulator_new(2);
	t->asker = loop_new("asker");
	cr_assert(t->simulator && t->asker);
	cr_assert_eq(loop_start(t->asker), 0);
	cr_assert_eq(simulator_give(t->simulator, span_of(&t->ground, t->paths), t->asker, on_span,
				    &t->answered),
		     0);
}

/* Nothing more is taken; then all that was answered has arrived. */
static void end(struct test *t)
{
	struct span *late = calloc(1, sizeof(*late));

	simulator_stop(t->simulator);
	cr_assert_not_null(late);
	cr_expect_eq(simulator_give(t->simulator, late, t->asker, on_span, NULL), ERR_DRAINING);
	span_free(late);
	simulator_free(t->simulator);
	loop_stop(t->asker);
}

static void test_init(struct test *t)
{
	ground_init(&t->ground, land);
	t->paths = paths_of_reading(&t->ground, READING_US);
}

/* From giving to the answer, with nobody in between. */
static int64_t whole_us(struct test *t)
{
	int64_t began = clock_mono_us(), took;

	begin(t);
	cr_assert_eq(sem_wait(&t->answered.arrived), 0);
	took = clock_mono_us() - began;
	end(t);
	cr_expect_eq(t->answered.times, 1);
	cr_expect_eq(t->answered.err, 0);
	cr_expect(t->answered.is_read, "to the last owner, in whatever piece that one came");
	return took;
}

/* Stop it so long after giving. → -1: before it read, 0: while, 1: after */
static int stopped_after(struct test *t, int64_t us)
{
	begin(t);
	nap(us);
	end(t);
	cr_expect_eq(t->answered.times, 1, "stopped after %lld us", (long long)us);
	if (t->answered.err == 0)
		cr_expect(t->answered.is_read);
	else
		cr_expect_eq(t->answered.err, ERR_DRAINING);
	return t->answered.err == 0 ? 1 : t->answered.was_reading - 1;
}

/* The moment at which it reads is looked for between two others: how long it is until then goes by
 * the machine. */
Test(simulator, answers_once_whenever_it_is_stopped, .timeout = 120)
{
	struct test t;
	int64_t before = 0, after;
	unsigned while_reading = 0;

	test_init(&t);
	after = whole_us(&t);
	for (int i = 0; i < MOMENTS_MAX && !while_reading; i++) {
		int64_t at = i ? before + (after - before) / 2 : 0;
		int when = stopped_after(&t, at);

		while_reading += when == 0;
		if (when < 0)
			before = at;
		else if (when > 0)
			after = at;
		if (after - before < 1000) /* the machine has become faster or slower meanwhile */
			before /= 2, after *= 2;
	}
	cr_expect_gt(while_reading, 0, "or this has shown nothing");
	ground_done(&t.ground);
}

struct work {
	struct simulation *simulation;
	_Atomic bool is_over;
	int err;
};

static void *work_off(void *arg)
{
	struct work *w = arg;

	w->err = simulator_work_off(w->simulation, 1, &w->is_over);
	return NULL;
}

/* The same land so often, on so many paths, is seconds of work in 200 blocks. */
Test(simulator, leaves_what_it_works_off_between_two_blocks, .timeout = 120)
{
	enum { TIMES = 200, PATHS = 102400, BEGUN_US = 5000 };
	struct simulation_plan plan = {42, PATHS, SIMULATION_BEST, 0, NULL};
	struct ground ground;
	struct work w = {.err = 0};
	pthread_t thread;
	clockid_t clock;

	ground_init(&ground, land);
	cr_assert_eq(simulation_new(ground.model, &plan, &w.simulation), 0);
	for (int i = 0; i < TIMES; i++)
		cr_assert_eq(simulation_queue(w.simulation, packed_land(&ground), SIMULATION_ADD),
			     0);
	cr_assert_eq(pthread_create(&thread, NULL, work_off, &w), 0);
	cr_assert_eq(pthread_getcpuclockid(thread, &clock), 0);
	while (processor_us(clock) < BEGUN_US)
		nap(100);
	w.is_over = true;
	cr_assert_eq(pthread_join(thread, NULL), 0);
	cr_expect_eq(w.err, ERR_DRAINING);
	simulation_free(w.simulation);
	ground_done(&ground);
}
