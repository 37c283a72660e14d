/*
 * Loops and their mailboxes: order from each sender, nothing lost, a bound, a last message.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/base/loop.h"
#include "libassets/base/err.h"

enum { SENDERS = 4, EACH = 20000 };

struct note {
	int sender, number;
};

static int seen[SENDERS];
static int total;
static bool is_disordered;
static struct loop *loop;

static void run_note(void *arg)
{
	struct note *n = arg;

	is_disordered |= n->number != seen[n->sender];
	seen[n->sender]++;
	total++;
	free(n);
}

static void *send_notes(void *arg)
{
	int sender = *(int *)arg;

	for (int i = 0; i < EACH; i++) {
		struct note *n = malloc(sizeof(*n));

		*n = (struct note){sender, i};
		while (loop_post(loop, run_note, n) == ERR_BUSY)
			(void)sched_yield();
	}
	return NULL;
}

static void run_last(void *arg)
{
	*(int *)arg = total;
}

Test(loop, keeps_each_senders_order_and_loses_nothing)
{
	pthread_t thread[SENDERS];
	int name[SENDERS], at_last = 0;

	loop = loop_new("test");
	cr_assert_eq(loop_start(loop), 0);
	for (int i = 0; i < SENDERS; i++) {
		name[i] = i;
		cr_assert_eq(pthread_create(&thread[i], NULL, send_notes, &name[i]), 0);
	}
	for (int i = 0; i < SENDERS; i++)
		(void)pthread_join(thread[i], NULL);
	loop_close(loop, run_last, &at_last);
	cr_assert(!is_disordered);
	cr_assert_eq(at_last, SENDERS * EACH, "the last message comes after all others");
}

static void run_nothing(void *arg)
{
	(void)arg;
}

Test(loop, has_a_bound)
{
	struct loop *l = loop_new("full");
	int posted = 0, last = -1;

	while (loop_post(l, run_nothing, NULL) == 0)
		posted++;
	cr_assert_eq(posted, 65536);
	cr_assert_eq(loop_post(l, run_nothing, NULL), ERR_BUSY);
	loop_close(l, run_last, &last);
	cr_assert_eq(last, 0, "the last runs also when the thread was never started");
}

static atomic_bool may_go;

static void run_stuck(void *arg)
{
	(void)arg;
	while (!atomic_load(&may_go))
		(void)sched_yield();
}

Test(loop, knows_a_thread_that_is_stuck, .timeout = 20)
{
	struct loop *l = loop_new("stuck");
	const char *name;

	cr_assert_eq(loop_worst_lag_ms(&name), 0);
	cr_assert_eq(loop_start(l), 0);
	cr_assert_eq(loop_post(l, run_stuck, NULL), 0);
	while (loop_worst_lag_ms(&name) < 50)
		(void)sched_yield();
	cr_assert_str_eq(name, "stuck");
	atomic_store(&may_go, true);
	loop_stop(l);
	cr_assert_eq(loop_worst_lag_ms(&name), 0);
	loop_stop(NULL);
}
