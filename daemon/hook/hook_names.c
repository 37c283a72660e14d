/*
 * Look-ups of names. A name that is asked for has one entry: while the look-up is under way it
 * collects those who wait, afterwards it answers from memory for a while.
 *
 * A name that nobody answers for keeps its thread for half a minute, and some have their names made
 * so. So names that were answered the last time are looked up by threads of their own, which no
 * other name takes from them.
 *
 * The threads are detached: one may sit in the name service for half a minute, and nobody
 * waits for it at the end. What they touch (struct desk) is counted and outlives the rest.
 */
#include "hook_names.h"

#include <assert.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "libassets/base/err.h"
#include "libassets/notify/hook_url.h"

enum { NAMES_MAX = 4096 };

/* Two ways to be asked. */
enum { SURE, UNSURE, WAYS };
static const int threads_of[WAYS] = {HOOK_NAMES_THREADS, HOOK_NAMES_UNSURE_THREADS};
static const size_t away_most[WAYS] = {NAMES_MAX, HOOK_NAMES_UNSURE_MAX};

/* What a thread works on; the loop's side does not touch it while it is away. */
struct lookup {
	struct lookup *next; /* of desk.left_over */
	struct hook_name *name;
	char host[HOOK_HOST_MAX + 1];
	struct hook_addresses addresses;
};

struct way {
	struct desk *desk;
	int ask[2]; /* the loop writes, threads read */
};

/* The pipes. Each thread and the loop's side count as one; the last frees it. */
struct desk {
	_Atomic int count;
	struct way way[WAYS];
	int answer[2];            /* threads write, the loop reads */
	struct lookup *left_over; /* were away when the loop's side left */
};

LIST_HEAD(hook_wait_list, hook_wait);

struct hook_name {
	TAILQ_ENTRY(hook_name) link;
	struct hook_names *names;
	struct hook_wait_list waiting;
	struct event *patience; /* ends the waiting, not the look-up */
	struct lookup *lookup;
	bool is_away; /* a thread has the look-up */
	int away_way; /* by which way */
	bool is_sure; /* the last look-up was answered in time */
	int64_t fresh_until_us;
};

struct hook_names {
	struct event_base *base;
	struct desk *desk;
	struct event *answered;
	TAILQ_HEAD(hook_name_list, hook_name) names; /* the newest is first */
	size_t count, away[WAYS];
};

static void close_both(int fd[2])
{
	for (int i = 0; i < 2; i++) {
		if (fd[i] >= 0)
			(void)close(fd[i]);
	}
}

static void desk_leave(struct desk *d)
{
	if (atomic_fetch_sub(&d->count, 1) > 1)
		return;
	while (d->left_over) {
		struct lookup *next = d->left_over->next;

		free(d->left_over);
		d->left_over = next;
	}
	for (int i = 0; i < WAYS; i++)
		close_both(d->way[i].ask);
	close_both(d->answer);
	free(d);
}

static void address_add(struct hook_addresses *to, const struct sockaddr *from)
{
	struct address a = {0};

	if (to->count == HOOK_ADDRESS_MAX)
		return;
	if (from->sa_family == AF_INET) {
		a.bytes = 4;
		memcpy(a.at, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
	} else if (from->sa_family == AF_INET6) {
		a.bytes = 16;
		memcpy(a.at, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
	} else {
		return;
	}
	to->at[to->count++] = a;
}

/* What goes through the pipes: the address of a look-up. */
static const ssize_t pointer_bytes = sizeof(void *);

static void look_up(struct lookup *l)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *all = NULL;

	l->addresses.count = 0;
	if (getaddrinfo(l->host, NULL, &hints, &all))
		return;
	for (const struct addrinfo *a = all; a; a = a->ai_next)
		address_add(&l->addresses, a->ai_addr);
	freeaddrinfo(all);
}

static void *thread_main(void *arg)
{
	struct way *way = arg;
	struct desk *d = way->desk;
	struct lookup *l;

	while (read(way->ask[0], &l, pointer_bytes) == pointer_bytes) {
		look_up(l);
		/* Never full: fewer are away than the pipe holds. */
		if (write(d->answer[1], &l, pointer_bytes) != pointer_bytes)
			break;
	}
	desk_leave(d);
	return NULL;
}

static struct hook_name *name_new(struct hook_names *n, struct str host)
{
	struct hook_name *name = calloc(1, sizeof(*name));
	struct lookup *lookup = calloc(1, sizeof(*lookup));

	if (!name || !lookup) {
		free(name);
		free(lookup);
		return NULL;
	}
	memcpy(lookup->host, host.at, host.len);
	lookup->name = name;
	name->lookup = lookup;
	name->names = n;
	LIST_INIT(&name->waiting);
	TAILQ_INSERT_HEAD(&n->names, name, link);
	n->count++;
	return name;
}

static void name_free(struct hook_name *name)
{
	struct hook_names *n = name->names;

	TAILQ_REMOVE(&n->names, name, link);
	n->count--;
	if (name->patience)
		event_free(name->patience);
	if (name->is_away) {
		name->lookup->next = n->desk->left_over;
		n->desk->left_over = name->lookup;
	} else {
		free(name->lookup);
	}
	free(name);
}

/* Answer everybody who waits now. Those called may ask again or stop others. */
static void name_tell(struct hook_name *name, int err, const struct hook_addresses *addresses)
{
	struct hook_wait_list waiting = LIST_HEAD_INITIALIZER(waiting);
	struct hook_wait *w;

	waiting.lh_first = name->waiting.lh_first;
	if (waiting.lh_first)
		waiting.lh_first->link.le_prev = &waiting.lh_first;
	LIST_INIT(&name->waiting);
	while ((w = LIST_FIRST(&waiting))) {
		hook_wait_stop(w);
		w->found(w->arg, err, addresses);
	}
}

static void on_patience(evutil_socket_t fd, short what, void *arg)
{
	static const struct hook_addresses none;
	struct hook_name *name = arg;

	(void)fd;
	(void)what;
	name->is_sure = false;
	name_tell(name, ERR_DEADLINE, &none);
}

static void name_answered(struct hook_name *name)
{
	const struct hook_addresses copy = name->lookup->addresses;

	name->is_away = false;
	name->names->away[name->away_way]--;
	/* Whoever waits does so from when it was asked for: in time is what finds one waiting. */
	name->is_sure = copy.count && (name->is_sure || !LIST_EMPTY(&name->waiting));
	(void)event_del(name->patience);
	if (copy.count)
		name->fresh_until_us = clock_mono_us() + HOOK_NAMES_KEEP_MS * 1000LL;
	name_tell(name, copy.count ? 0 : ERR_NOT_FOUND, &copy);
}

static void on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct lookup *l;

	(void)what;
	(void)arg;
	while (read(fd, &l, pointer_bytes) == pointer_bytes)
		name_answered(l->name);
}

static struct hook_name *name_find(struct hook_names *n, struct str host)
{
	struct hook_name *name;

	TAILQ_FOREACH (name, &n->names, link) {
		if (str_eq_nocase(str_of(name->lookup->host), host))
			return name;
	}
	return NULL;
}

/* Make room for one more: the oldest that nobody waits for and whose time is over goes. */
static bool names_make_room(struct hook_names *n)
{
	struct hook_name *name;
	int64_t now_us = clock_mono_us();

	if (n->count < NAMES_MAX)
		return true;
	TAILQ_FOREACH_REVERSE(name, &n->names, hook_name_list, link)
	{
		if (!name->is_away && name->fresh_until_us < now_us) {
			name_free(name);
			return true;
		}
	}
	return false;
}

/* Hand the look-up to a thread. */
static int name_send(struct hook_name *name)
{
	struct hook_names *n = name->names;
	int way = name->is_sure ? SURE : UNSURE;

	if (n->away[way] == away_most[way])
		return ERR_BUSY;
	if (!name->patience)
		name->patience = evtimer_new(n->base, on_patience, name);
	if (!name->patience)
		return ERR_NOMEM;
	if (write(n->desk->way[way].ask[1], &name->lookup, pointer_bytes) != pointer_bytes)
		return ERR_BUSY;
	name->is_away = true;
	name->away_way = way;
	n->away[way]++;
	return 0;
}

/* Wait for the look-up that is away. */
static void name_await(struct hook_name *name, struct hook_wait *w)
{
	const struct timeval patience = {.tv_sec = HOOK_NAMES_WAIT_MS / 1000};

	if (LIST_EMPTY(&name->waiting))
		(void)event_add(name->patience, &patience);
	LIST_INSERT_HEAD(&name->waiting, w, link);
	w->is_waiting = true;
}

void hook_names_find(struct hook_names *n, struct str host, struct hook_wait *w)
{
	static const struct hook_addresses none;
	struct hook_name *name = name_find(n, host);
	int r = 0;

	assert(!w->is_waiting && host.len <= HOOK_HOST_MAX);
	if (name && !name->is_away && name->fresh_until_us > clock_mono_us()) {
		const struct hook_addresses copy = name->lookup->addresses;

		w->found(w->arg, 0, &copy);
		return;
	}
	if (!name)
		name = names_make_room(n) ? name_new(n, host) : NULL;
	if (!name)
		r = ERR_NOMEM;
	else if (!name->is_away)
		r = name_send(name);
	if (r < 0)
		w->found(w->arg, r, &none);
	else
		name_await(name, w);
}

void hook_wait_stop(struct hook_wait *w)
{
	if (!w->is_waiting)
		return;
	LIST_REMOVE(w, link);
	w->is_waiting = false;
}

static bool pipe_make(int ret_fd[2])
{
	return pipe(ret_fd) == 0 && evutil_make_socket_closeonexec(ret_fd[0]) == 0 &&
	       evutil_make_socket_closeonexec(ret_fd[1]) == 0;
}

static struct desk *desk_new(void)
{
	struct desk *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	*d = (struct desk){.count = 1, .answer = {-1, -1}};
	for (int i = 0; i < WAYS; i++)
		d->way[i] = (struct way){.desk = d, .ask = {-1, -1}};
	if (!pipe_make(d->answer) || evutil_make_socket_nonblocking(d->answer[0]))
		goto out;
	for (int i = 0; i < WAYS; i++) {
		if (!pipe_make(d->way[i].ask) || evutil_make_socket_nonblocking(d->way[i].ask[1]))
			goto out;
	}
	return d;
out:
	desk_leave(d);
	return NULL;
}

/* At least one; more are better and not owed. */
static bool way_staff(struct way *way, int threads)
{
	pthread_attr_t attr;
	pthread_t thread;
	int n = 0;

	if (pthread_attr_init(&attr))
		return false;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < threads; i++) {
		atomic_fetch_add(&way->desk->count, 1);
		if (pthread_create(&thread, &attr, thread_main, way))
			atomic_fetch_sub(&way->desk->count, 1);
		else
			n++;
	}
	(void)pthread_attr_destroy(&attr);
	return n > 0;
}

static bool desk_staff(struct desk *d)
{
	for (int i = 0; i < WAYS; i++) {
		if (!way_staff(&d->way[i], threads_of[i]))
			return false;
	}
	return true;
}

struct hook_names *hook_names_new(struct event_base *base)
{
	struct hook_names *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->base = base;
	TAILQ_INIT(&n->names);
	n->desk = desk_new();
	if (!n->desk)
		goto out;
	n->answered = event_new(base, n->desk->answer[0], EV_READ | EV_PERSIST, on_answer, n);
	if (n->answered && event_add(n->answered, NULL) == 0 && desk_staff(n->desk))
		return n;
out:
	hook_names_free(n);
	return NULL;
}

void hook_names_free(struct hook_names *n)
{
	struct hook_name *name;

	if (!n)
		return;
	if (n->answered)
		event_free(n->answered);
	while ((name = TAILQ_FIRST(&n->names))) {
		assert(LIST_EMPTY(&name->waiting));
		name_free(name);
	}
	if (n->desk) {
		/* The threads read the end of their questions, and leave. */
		for (int i = 0; i < WAYS; i++) {
			(void)close(n->desk->way[i].ask[1]);
			n->desk->way[i].ask[1] = -1;
		}
		desk_leave(n->desk);
	}
	free(n);
}
