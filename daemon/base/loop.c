/*
 * A thread, its event base and its mailbox.
 *
 * The mailbox is a stack that any thread pushes on with one compare-and-swap; the loop's
 * thread takes the whole and turns it round, so that messages of one sender keep their order.
 * Who pushes on an empty stack rings the eventfd. No lock, and libevent's own are off: a
 * base is touched by its thread alone.
 */
#include "loop.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "libassets/base/err.h"
#include "log.h"
#include "metric.h"

/* Messages; between two beats of a pulse; loops in the life of the process. */
enum { MAILBOX_MAX = 65536, TICK_MS = 200, LOOPS_MAX = 128 };

struct message {
	struct message *next;
	void (*run)(void *arg);
	void *arg;
};

struct loop {
	struct event_base *base;
	struct event *wake, *tick;
	int wake_fd;
	pthread_t thread;
	bool is_started;
	_Atomic(struct message *) inbox;
	_Atomic unsigned waiting;
	struct pulse *pulse;
	struct message last; /* of loop_close, which must not fail */
	void (*close)(void *arg);
	void *close_arg;
};

/*
 * When each loop last took a turn, for whoever watches. Pulses outlive their loops, so that a
 * watcher needs no lock; a slot is taken by the first swap and never given to another.
 */
struct pulse {
	_Atomic bool is_taken;
	_Atomic int64_t ticked_us; /* 0 while the thread does not run */
	char name[16];
};

static struct pulse pulse_table[LOOPS_MAX];

static struct message *turned_round(struct message *m)
{
	struct message *first = NULL;

	while (m) {
		struct message *next = m->next;

		m->next = first;
		first = m;
		m = next;
	}
	return first;
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	struct message *m;
	uint64_t rings;

	(void)what;
	if (read(fd, &rings, sizeof(rings)) < 0)
		return; /* rung twice, answered once */
	m = turned_round(atomic_exchange(&l->inbox, NULL));
	while (m) {
		struct message *next = m->next;

		atomic_fetch_sub(&l->waiting, 1);
		m->run(m->arg);
		if (m != &l->last)
			free(m);
		m = next;
	}
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd;
	(void)what;
	atomic_store(&l->pulse->ticked_us, clock_mono_us());
}

static struct pulse *pulse_take(const char *name)
{
	for (size_t i = 0; i < COUNT(pulse_table); i++) {
		struct pulse *p = &pulse_table[i];

		if (atomic_exchange(&p->is_taken, true))
			continue;
		for (size_t n = 0; n + 1 < sizeof(p->name) && name[n]; n++)
			p->name[n] = name[n];
		return p;
	}
	return NULL;
}

static void loop_free(struct loop *l)
{
	struct message *m = atomic_exchange(&l->inbox, NULL);

	while (m) {
		struct message *next = m->next;

		free(m); /* posted to a thread that was never started, or after it was stopped */
		m = next;
	}
	if (l->wake)
		event_free(l->wake);
	if (l->tick)
		event_free(l->tick);
	if (l->base)
		event_base_free(l->base);
	if (l->wake_fd >= 0)
		(void)close(l->wake_fd);
	free(l);
}

static struct event_base *base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config && event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0)
		base = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	return base;
}

struct loop *loop_new(const char *name)
{
	const struct timeval every = {.tv_usec = TICK_MS * 1000};
	struct loop *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	l->base = base_new();
	if (l->wake_fd < 0 || !l->base)
		goto out;
	l->pulse = pulse_take(name);
	l->wake = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_wake, l);
	l->tick = event_new(l->base, -1, EV_PERSIST, on_tick, l);
	if (l->pulse && l->wake && l->tick && event_add(l->wake, NULL) == 0 &&
	    event_add(l->tick, &every) == 0)
		return l;
out:
	loop_free(l);
	return NULL;
}

struct event_base *loop_base(struct loop *l)
{
	return l->base;
}

static void *loop_main(void *arg)
{
	struct loop *l = arg;

	(void)pthread_setname_np(pthread_self(), l->pulse->name);
	log_thread_name(l->pulse->name);
	(void)event_base_dispatch(l->base);
	return NULL;
}

int loop_start(struct loop *l)
{
	atomic_store(&l->pulse->ticked_us, clock_mono_us());
	if (pthread_create(&l->thread, NULL, loop_main, l))
		return ERR_NOMEM;
	l->is_started = true;
	return 0;
}

/* Only who finds the box empty rings: whoever comes later is taken out with the first. */
static void push(struct loop *l, struct message *m)
{
	struct message *head = atomic_load(&l->inbox);
	const uint64_t ring = 1;

	do {
		m->next = head;
	} while (!atomic_compare_exchange_weak(&l->inbox, &head, m));
	if (!head && write(l->wake_fd, &ring, sizeof(ring)) < 0)
		return; /* the counter is full, so it has been rung */
}

int loop_post(struct loop *l, void (*run)(void *arg), void *arg)
{
	struct message *m;

	if (atomic_fetch_add(&l->waiting, 1) >= MAILBOX_MAX) {
		atomic_fetch_sub(&l->waiting, 1);
		metric_add(METRIC_MAILBOX_FULL, 1);
		return ERR_BUSY;
	}
	m = malloc(sizeof(*m));
	if (!m) {
		atomic_fetch_sub(&l->waiting, 1);
		return ERR_NOMEM;
	}
	*m = (struct message){.run = run, .arg = arg};
	push(l, m);
	return 0;
}

/* What stands behind it in the same handful still runs, and must bear that. */
static void run_close(void *arg)
{
	struct loop *l = arg;

	if (l->close)
		l->close(l->close_arg);
	(void)event_base_loopexit(l->base, NULL);
}

void loop_close(struct loop *l, void (*last)(void *arg), void *arg)
{
	if (!l)
		return;
	l->close = last;
	l->close_arg = arg;
	if (l->is_started) {
		atomic_fetch_add(&l->waiting, 1);
		l->last = (struct message){.run = run_close, .arg = l};
		push(l, &l->last);
		(void)pthread_join(l->thread, NULL);
		atomic_store(&l->pulse->ticked_us, 0);
	} else if (last) {
		last(arg);
	}
	loop_free(l);
}

void loop_stop(struct loop *l)
{
	loop_close(l, NULL, NULL);
}

static int64_t pulse_lag_ms(const struct pulse *p, int64_t now_us)
{
	int64_t ticked = atomic_load(&p->ticked_us);
	int64_t late = ticked ? (now_us - ticked) / 1000 - TICK_MS : 0;

	return late > 0 ? late : 0;
}

int64_t loop_worst_lag_ms(const char **ret_name)
{
	int64_t worst = 0, now_us = clock_mono_us();

	*ret_name = "";
	/* Slots are taken from the first on. */
	for (size_t i = 0; i < COUNT(pulse_table) && pulse_table[i].is_taken; i++) {
		int64_t lag = pulse_lag_ms(&pulse_table[i], now_us);

		if (lag > worst) {
			worst = lag;
			*ret_name = pulse_table[i].name;
		}
	}
	return worst;
}
