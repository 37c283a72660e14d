/*
 * The simulator's thread. It speaks with the projector by spans that go to and fro, so nothing is
 * shared and nothing locked; threads that help with the paths live as long as one span's work.
 *
 * Reading all nodes may take longer than a turn should: it is done in pieces, between which the
 * loop shows that it lives.
 */
#include "projector_simulator.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "libassets/base/err.h"

enum { THREADS_MAX = 64, PIECE_US = 200000 /* of reading */ };

struct simulator {
	/* Over posting and stopping: nothing is posted to a loop that has been closed. */
	pthread_mutex_t gate;
	struct loop *loop; /* NULL: stopped */
	_Atomic bool is_stopping;
	uint32_t threads;
	struct simulation *now; /* NULL: none, or the last failed */
};

/* A span on its way. */
struct given {
	struct simulator *simulator;
	struct span *span;
	struct loop *answer;
	void (*done)(void *arg, struct span *span);
	void *arg;
	uint32_t read; /* nodes */
};

void figures_free(struct figures *f)
{
	if (!f)
		return;
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++)
		free(f->dim[d].node);
	free(f);
}

struct simulation_node figures_at(const struct figures *f, enum simulation_dim dim, uint32_t key,
				  uint32_t year)
{
	const struct simulation_node nothing = {false};

	if (key >= f->dim[dim].keys || (year != SIMULATION_TOTAL && year >= f->years))
		return nothing;
	year = year == SIMULATION_TOTAL ? f->years : year;
	return f->dim[dim].node[(size_t)key * (f->years + 1) + year];
}

static void read_key(struct simulation *s, enum simulation_dim dim, uint32_t key, uint32_t years,
		     struct simulation_node *ret)
{
	for (uint32_t i = 0; i <= years; i++) {
		struct simulation_node node;

		/* What is nothing on every path stays nothing. */
		if (simulation_read(s, dim, key, i < years ? i : SIMULATION_TOTAL, &node) == 0)
			ret[i] = node;
	}
}

struct figures *figures_new(uint32_t years, const uint32_t keys[SIMULATION_DIMS])
{
	struct figures *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->years = years;
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		f->dim[d].keys = keys[d];
		f->dim[d].node = calloc((size_t)f->dim[d].keys * (f->years + 1) + 1,
					sizeof(*f->dim[d].node));
		if (!f->dim[d].node) {
			figures_free(f);
			return NULL;
		}
	}
	return f;
}

bool figures_read(struct figures *f, struct simulation *s, uint32_t *at, int64_t until_us)
{
	uint32_t n = 0;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		for (uint32_t key = 0; key < f->dim[d].keys; key++, n++) {
			if (n < *at)
				continue;
			if (clock_mono_us() >= until_us)
				return false;
			read_key(s, d, key, f->years,
				 f->dim[d].node + (size_t)key * (f->years + 1));
			++*at;
		}
	}
	return true;
}

/* --- spans ---------------------------------------------------------------------------------- */

void span_free(struct span *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->items; i++)
		free(s->item[i].packed);
	free(s->item);
	simulation_free(s->fresh);
	figures_free(s->figures);
	free(s);
}

int span_add(struct span *s, struct lane_asset *packed, enum simulation_sign sign)
{
	if (s->items == s->room) {
		uint32_t room = s->room ? 2 * s->room : 64;
		struct span_item *more = reallocarray(s->item, room, sizeof(*more));

		if (!more) {
			free(packed);
			return ERR_NOMEM;
		}
		s->item = more;
		s->room = room;
	}
	s->item[s->items++] = (struct span_item){packed, sign};
	return 0;
}

/* --- work ----------------------------------------------------------------------------------- */

struct share {
	struct simulation *simulation;
	uint32_t from, to;
	const _Atomic bool *is_over;
	int err;
	pthread_t thread;
	bool is_started;
};

static void *run_share(void *arg)
{
	struct share *p = arg;

	p->err = simulation_run(p->simulation, p->from, p->to, p->is_over);
	return NULL;
}

/* All blocks of paths; a thread that cannot be had is done without. */
int simulator_work_off(struct simulation *s, uint32_t threads, const _Atomic bool *is_over)
{
	struct share share[THREADS_MAX];
	uint32_t blocks = simulation_blocks(s);
	uint32_t n = threads < THREADS_MAX ? threads : THREADS_MAX;
	int err = 0;

	n = n < blocks ? n : blocks;
	for (uint32_t i = 0; i < n; i++) {
		share[i] = (struct share){
			.simulation = s,
			.from = (uint32_t)((uint64_t)blocks * i / n),
			.to = (uint32_t)((uint64_t)blocks * (i + 1) / n),
			.is_over = is_over,
		};
		if (i)
			share[i].is_started =
				pthread_create(&share[i].thread, NULL, run_share, &share[i]) == 0;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (share[i].is_started)
			(void)pthread_join(share[i].thread, NULL);
		else
			(void)run_share(&share[i]);
		err = err ? err : share[i].err;
	}
	simulation_settle(s);
	return err;
}

static int queue_all(struct simulator *s, struct span *span)
{
	int err = 0;

	for (uint32_t i = 0; i < span->items && err == 0; i++) {
		if (simulation_is_full(s->now))
			err = simulator_work_off(s->now, s->threads, &s->is_stopping);
		if (err == 0)
			err = simulation_queue(s->now, TAKE(span->item[i].packed),
					       span->item[i].sign);
	}
	return err ? err : simulator_work_off(s->now, s->threads, &s->is_stopping);
}

static struct figures *live_figures(const struct simulation *s)
{
	uint32_t keys[SIMULATION_DIMS];
	struct figures *f;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++)
		keys[d] = simulation_keys(s, d);
	f = figures_new(simulation_years(s), keys);
	for (enum simulation_dim d = 0; f && d <= SIMULATION_PARTNER; d++)
		f->dim[d].is_read = true;
	return f;
}

static int work(struct simulator *s, struct span *span)
{
	int err;

	(void)FAULT_POINT(SIMULATE_SPAN);
	if (span->fresh) {
		simulation_free(s->now);
		s->now = TAKE(span->fresh);
	}
	if (!s->now)
		return ERR_NOMEM;
	err = queue_all(s, span);
	if (err == 0 && span->is_last) {
		span->figures = live_figures(s->now);
		err = span->figures ? 0 : ERR_NOMEM;
	}
	return err;
}

static void given_free(struct given *g)
{
	span_free(g->span);
	free(g);
}

/* On the asker's loop. */
static void on_answer(void *arg)
{
	struct given *g = arg;

	g->done(g->arg, g->span);
	free(g);
}

/* A mailbox that is full costs the answer; the projector asks anew when it has waited enough. */
static void give_back(struct given *g)
{
	struct simulator *s = g->simulator;

	if (g->span->err < 0) {
		simulation_free(s->now);
		s->now = NULL;
	}
	if (loop_post(g->answer, on_answer, g) < 0)
		given_free(g);
}

/* For the simulator's own loop, which is gone as soon as somebody begins to stop it. */
static int pass_on(struct given *g, void (*run)(void *arg))
{
	struct simulator *s = g->simulator;
	int err;

	(void)pthread_mutex_lock(&s->gate);
	err = s->is_stopping ? ERR_DRAINING : loop_post(s->loop, run, g);
	(void)pthread_mutex_unlock(&s->gate);
	return err;
}

static void on_read(void *arg)
{
	struct given *g = arg;

	if (!figures_read(g->span->figures, g->simulator->now, &g->read,
			  clock_mono_us() + PIECE_US)) {
		g->span->err = pass_on(g, on_read);
		if (g->span->err == 0)
			return;
	}
	give_back(g);
}

static void on_give(void *arg)
{
	struct given *g = arg;

	g->span->err = work(g->simulator, g->span);
	if (g->span->err == 0 && g->span->is_last)
		on_read(g);
	else
		give_back(g);
}

int simulator_give(struct simulator *s, struct span *span, struct loop *answer,
		   void (*done)(void *arg, struct span *span), void *arg)
{
	struct given *g = calloc(1, sizeof(*g));
	int err = ERR_NOMEM;

	if (g) {
		*g = (struct given){
			.simulator = s, .span = span, .answer = answer, .done = done, .arg = arg};
		err = pass_on(g, on_give);
	}
	if (err < 0)
		free(g);
	return err;
}

struct simulator *simulator_new(uint32_t threads)
{
	struct simulator *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	(void)pthread_mutex_init(&s->gate, NULL);
	s->threads = threads;
	s->loop = loop_new("simulator");
	if (s->loop && loop_start(s->loop) == 0)
		return s;
	simulator_free(s);
	return NULL;
}

void simulator_stop(struct simulator *s)
{
	if (!s)
		return;
	(void)pthread_mutex_lock(&s->gate);
	s->is_stopping = true;
	(void)pthread_mutex_unlock(&s->gate);
	if (s->loop)
		loop_stop(TAKE(s->loop));
}

void simulator_free(struct simulator *s)
{
	if (!s)
		return;
	simulator_stop(s);
	simulation_free(s->now);
	(void)pthread_mutex_destroy(&s->gate);
	free(s);
}
