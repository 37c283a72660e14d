/*
 * The main thread: it opens sockets, starts the parts, then only watches. Its own small base
 * carries the signals, the supervisor's watchdog and the listener of /metrics, so none of
 * these depends on a worker that is stuck.
 *
 * SIGTERM and SIGINT drain: no new connections, what is under way is finished within
 * [http] drain_ms; a second one ends at once. The parts have the rest of that time and END_MS more
 * to end; then the process goes without them, which is to the database as if it were killed. SIGHUP
 * reads the settings again.
 */
#include "run.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/limit.h"
#include "daemon/base/log.h"
#include "daemon/base/loop.h"
#include "daemon/http/http_server.h"
#include "daemon/http/net_listen.h"
#include "daemon/route/service.h"
#include "libassets/base/err.h"
#include "options.h"
#include "process.h"
#include "supervise.h"

enum {
	FILES_RESERVED = 64, /* descriptors that are not clients: database, log, files */
	WATCH_MS = 20,       /* between two looks at the parts while they start or end */
	STUCK_MS = 5000,     /* then the supervisor is no longer told that we live */
	END_MS = 4000,       /* after drain_ms; the units allow for 5 s before they kill */
	CONFS_MAX = 64,      /* readings of the settings in the life of the process */
};

struct run {
	struct process process;
	const struct options *options;
	unsigned started; /* bits of part_table */
	struct event_base *base;
	struct event *term, *interrupt, *hangup, *watch;
	struct http_server *metrics;
	struct limits *metrics_limits;
	int metrics_fd;
	int64_t drain_until_us;       /* 0 while serving */
	_Atomic(const char *) ending; /* the part that is waited for */
	sem_t ended;                  /* every part has */
	pthread_t guard;
	bool is_guarded;
	int64_t alive_us; /* when the supervisor was last told */
	bool is_ready;    /* and it was told so */
	/* Settings that threads may still hold; the last is the present one. */
	struct conf *conf[CONFS_MAX];
	size_t conf_count;
};

/* Connections need descriptors: have enough of them, or take fewer connections. */
static void fit_connections(struct conf *conf)
{
	struct rlimit files;
	rlim_t want = (rlim_t)conf->limits_connections + FILES_RESERVED;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= want)
		return;
	if (files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
		if (setrlimit(RLIMIT_NOFILE, &files) || getrlimit(RLIMIT_NOFILE, &files))
			return;
	}
	if (files.rlim_cur >= want)
		return;
	conf->limits_connections = files.rlim_cur > 2 * FILES_RESERVED
					   ? (int64_t)files.rlim_cur - FILES_RESERVED
					   : FILES_RESERVED;
	log_warn("fewer connections than set, for want of descriptors",
		 F_INT("connections", conf->limits_connections),
		 F_INT("descriptors", (int64_t)files.rlim_cur));
}

/* Old settings are kept to the end: a thread may read them at any time, and takes no lock. */
static int take_conf(struct run *r, struct conf *conf)
{
	enum log_level level;

	if (r->conf_count == CONFS_MAX) {
		log_warn("settings were read too often; restart to take new ones",
			 F_INT("times", CONFS_MAX));
		return ERR_LIMIT;
	}
	if (log_level_parse(str_of(conf->log_level), &level) == 0)
		log_set_level(level);
	fit_connections(conf);
	r->conf[r->conf_count++] = conf;
	r->process.conf = conf;
	return 0;
}

static int open_listener(const char *name, const char *address, int *ret_fd)
{
	char text[128];
	const char *why;
	int err = net_listen(address, ret_fd, &why);

	if (err) {
		log_error("cannot listen", F_Z("setting", name), F_Z("address", address),
			  F_Z("why", why));
		return err;
	}
	net_listen_name(*ret_fd, text, sizeof(text));
	log_info("listening", F_Z("setting", name), F_Z("address", text));
	return 0;
}

static int open_sockets(struct run *r)
{
	const struct conf *conf = r->process.conf;
	int err = supervise_socket(&r->process.listen_fd);

	if (err) {
		log_error("the supervisor must pass one listening stream socket", F_ERR(err));
		return err;
	}
	if (r->process.listen_fd >= 0)
		log_info("listening", F_Z("setting", "passed by the supervisor"));
	else
		err = open_listener("[http] listen", conf->http_listen, &r->process.listen_fd);
	if (!err && *conf->metrics_listen)
		err = open_listener("[metrics] listen", conf->metrics_listen, &r->metrics_fd);
	return err;
}

static int start_metrics(struct run *r)
{
	if (r->metrics_fd < 0)
		return 0;
	/* Of its own: who scrapes is not counted among the clients, nor kept out by them. */
	r->metrics_limits = limits_new();
	if (!r->metrics_limits)
		return ERR_NOMEM;
	r->metrics = http_server_new(&(struct http_server_setup){
		.base = r->base,
		.conf = r->process.conf,
		.service = &service_metrics,
		.limits = r->metrics_limits,
		.listen_fd = r->metrics_fd,
	});
	if (!r->metrics)
		return ERR_NOMEM;
	http_server_open(r->metrics);
	return 0;
}

static int start_parts(struct run *r)
{
	for (size_t i = 0; i < part_count; i++) {
		int err;

		if (!(r->options->parts & 1U << i))
			continue;
		r->started |= 1U << i; /* so that a half-started one is stopped too */
		err = part_table[i].start(&r->process);
		if (err) {
			log_error("cannot start", F_Z("part", part_table[i].name), F_ERR(err));
			return err;
		}
	}
	return 0;
}

/* Backwards: a part may use those before it until it has ended. */
static void stop_parts(struct run *r)
{
	for (size_t i = part_count; i-- > 0;) {
		if (!(r->started & 1U << i))
			continue;
		atomic_store(&r->ending, part_table[i].name);
		part_table[i].stop(&r->process);
	}
}

/* A part may wait for what nobody can interrupt: a file, a name server, a long sum. */
static void *guard_main(void *arg)
{
	struct run *r = arg;
	int64_t until_us = r->drain_until_us + END_MS * INT64_C(1000);
	const struct timespec until = {until_us / 1000000, until_us % 1000000 * 1000};

	log_thread_name("guard");
	while (sem_clockwait(&r->ended, CLOCK_MONOTONIC, &until) < 0) {
		if (errno == EINTR)
			continue;
		log_error("a part does not end; going without it",
			  F_Z("part", atomic_load(&r->ending)));
		_exit(1);
	}
	return NULL;
}

static void guard_start(struct run *r)
{
	atomic_store(&r->ending, "drain");
	if (sem_init(&r->ended, 0, 0))
		return;
	r->is_guarded = pthread_create(&r->guard, NULL, guard_main, r) == 0;
	if (!r->is_guarded)
		(void)sem_destroy(&r->ended);
}

static void guard_end(struct run *r)
{
	if (!r->is_guarded)
		return;
	(void)sem_post(&r->ended);
	(void)pthread_join(r->guard, NULL);
	(void)sem_destroy(&r->ended);
}

static bool is_busy(const struct run *r)
{
	for (size_t i = 0; i < part_count; i++) {
		if ((r->started & 1U << i) && part_table[i].is_busy &&
		    part_table[i].is_busy(&r->process))
			return true;
	}
	return false;
}

/* The supervisor hears that we live while every thread takes its turns. */
static void tell_alive(struct run *r, int64_t now_us)
{
	int64_t every_us = supervise_watchdog_ms() * 1000;
	const char *name;

	if (!every_us || now_us - r->alive_us < every_us)
		return;
	if (loop_worst_lag_ms(&name) > STUCK_MS) {
		log_error("a thread is stuck", F_Z("name", name));
		return;
	}
	r->alive_us = now_us;
	supervise_alive();
}

/* Once every part can do its work. */
static void tell_ready(struct run *r)
{
	for (size_t i = 0; i < part_count; i++) {
		if ((r->started & 1U << i) && part_table[i].is_ready &&
		    !part_table[i].is_ready(&r->process))
			return;
	}
	r->is_ready = true;
	supervise_ready();
	log_info("serving", F_Z("version", ASSETD_VERSION), F_INT("pid", getpid()));
}

static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct run *r = arg;
	int64_t now_us = clock_mono_us();

	(void)fd;
	(void)what;
	if (!r->is_ready && !r->drain_until_us)
		tell_ready(r);
	tell_alive(r, now_us);
	if (r->drain_until_us && (!is_busy(r) || now_us >= r->drain_until_us))
		(void)event_base_loopbreak(r->base);
}

static void run_drain(struct run *r)
{
	if (r->drain_until_us) {
		(void)event_base_loopbreak(r->base);
		return;
	}
	log_info("draining", F_INT("at_most_ms", r->process.conf->http_drain_ms));
	supervise_stopping();
	/* Never 0, which means serving. */
	r->drain_until_us = clock_mono_us() + r->process.conf->http_drain_ms * 1000 + 1;
	guard_start(r);
	for (size_t i = 0; i < part_count; i++) {
		if ((r->started & 1U << i) && part_table[i].drain)
			part_table[i].drain(&r->process);
	}
}

static void on_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	run_drain(arg);
}

/* All of the new settings or none: whoever holds the old ones keeps them until the end. */
static void run_reload(struct run *r)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	char *why = NULL;

	supervise_reloading();
	if (!conf || conf_load(r->options->config, conf, &why)) {
		log_error("settings not taken", F_Z("why", why));
		free(why);
		free(conf);
	} else if (take_conf(r, conf)) {
		conf_done(conf);
		free(conf);
	} else {
		for (size_t i = 0; i < part_count; i++) {
			if ((r->started & 1U << i) && part_table[i].reload)
				part_table[i].reload(&r->process);
		}
		log_info("settings read again");
	}
	if (r->is_ready)
		supervise_ready();
}

static void on_hangup(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	run_reload(arg);
}

static int prepare(struct run *r)
{
	const struct timeval every = {.tv_usec = WATCH_MS * 1000};

	r->base = event_base_new();
	r->process.limits = limits_new();
	if (!r->base || !r->process.limits)
		return ERR_NOMEM;
	r->term = evsignal_new(r->base, SIGTERM, on_end, r);
	r->interrupt = evsignal_new(r->base, SIGINT, on_end, r);
	r->hangup = evsignal_new(r->base, SIGHUP, on_hangup, r);
	r->watch = event_new(r->base, -1, EV_PERSIST, on_watch, r);
	if (!r->term || !r->interrupt || !r->hangup || !r->watch || event_add(r->term, NULL) ||
	    event_add(r->interrupt, NULL) || event_add(r->hangup, NULL) ||
	    event_add(r->watch, &every))
		return ERR_NOMEM;
	return 0;
}

static void free_event(struct event *e)
{
	if (e)
		event_free(e);
}

static void release(struct run *r)
{
	http_server_free(r->metrics);
	limits_free(r->metrics_limits);
	limits_free(r->process.limits);
	if (r->metrics_fd >= 0)
		(void)close(r->metrics_fd);
	if (r->process.listen_fd >= 0)
		(void)close(r->process.listen_fd);
	free_event(r->term);
	free_event(r->interrupt);
	free_event(r->hangup);
	free_event(r->watch);
	if (r->base)
		event_base_free(r->base);
	/* Last: no thread is left that could read them. */
	for (size_t i = 0; i < r->conf_count; i++) {
		conf_done(r->conf[i]);
		free(r->conf[i]);
	}
}

static int serve(struct run *r)
{
	int err = prepare(r);

	if (!err)
		err = open_sockets(r);
	if (!err)
		err = start_metrics(r);
	if (!err)
		err = start_parts(r);
	if (err)
		return err;
	(void)event_base_dispatch(r->base);
	return 0;
}

int run_daemon(const struct options *options, struct conf *conf)
{
	struct run r = {.options = options, .metrics_fd = -1, .process = {.listen_fd = -1}};
	int err = take_conf(&r, conf);

	if (!err)
		err = serve(&r);
	stop_parts(&r);
	guard_end(&r);
	release(&r);
	if (!err)
		log_info("ended");
	return err ? 1 : 0;
}
