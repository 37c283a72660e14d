/*
 * The mail thread. Each look takes or keeps the lease, asks what is due and how much waits, and
 * hands to SMTP what is not on its way already; what came of each is written in a batch of its
 * own, which names the lease's fence.
 *
 * Neither an address nor a word of a letter is logged: a line has the letter's id, the number of
 * the reply and libcurl's own word for what went wrong.
 */
#include "mail.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdlib.h>

#include "clock.h"
#include "conf.h"
#include "libassets/err.h"
#include "libassets/retry.h"
#include "loop.h"
#include "mail_private.h"
#include "metric.h"
#include "process.h"
#include "q.h"

enum { LOOK_MS = 500, ARENA_MAX = 1 << 20, ID_MAX = 40 };

struct mail;

/* One letter that SMTP has, and then its outcome on the way to the database. */
struct letter {
	TAILQ_ENTRY(letter) link;
	struct mail *mail;
	char id[ID_MAX];
	int attempt; /* this one's number */
	struct arena arena;
};

struct mail {
	struct loop *loop;
	struct db_pool *pool;
	struct event *tick;
	struct mail_setup setup;
	struct mail_line *line;
	struct lease lease;
	TAILQ_HEAD(, letter) letters;
	int in_flight;
	bool is_looking, has_lease, is_leaving;
	struct arena look_arena;
	int64_t waiting, dead; /* as the gauges have them */
	struct log_gate gate;
};

static void letter_free(struct letter *it)
{
	TAILQ_REMOVE(&it->mail->letters, it, link);
	it->mail->in_flight--;
	arena_done(&it->arena);
	free(it);
}

static const struct letter *letter_find(const struct mail *m, struct str id)
{
	const struct letter *it;

	TAILQ_FOREACH (it, &m->letters, link) {
		if (str_eq(str_of(it->id), id))
			return it;
	}
	return NULL;
}

/* Whether it was kept or not: if not, the row is still due, and the letter goes out again. */
static void on_kept(void *arg, int err, const struct db_reply *reply)
{
	struct letter *it = arg;

	(void)reply;
	if (err < 0 && err != ERR_DB_AWAY)
		log_warn("what came of a letter could not be kept", F_Z("letter", it->id),
			 F_ERR(err));
	letter_free(it);
}

static void keep(struct letter *it, const char *state, int64_t wait_ms, const char *error)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct mail *m = it->mail;
	struct db_batch *b;

	arena_done(&it->arena);
	b = db_batch_new(&it->arena, DB_WRITE, &nobody);
	if (!b || m->is_leaving) {
		letter_free(it);
		return;
	}
	q_mail_tried_add(b, &(struct q_mail_tried){
				    .fence = m->lease.fence,
				    .id = str_of(it->id),
				    .state = str_of(state),
				    .wait_ms = wait_ms,
				    .error = error ? str_of(error) : (struct str){NULL, 0},
			    });
	db_pool_send(m->pool, b, on_kept, it);
}

/* Milliseconds to the next attempt, -1 when this was the last. */
static int64_t wait_of(const struct letter *it, const struct mail_result *result)
{
	const struct retry_failure failure = {.cause = result->is_late ? RETRY_TIMEOUT
								       : RETRY_CONNECT};
	int most = result->is_refused ? MAIL_ATTEMPTS_HARD : MAIL_ATTEMPTS;

	if (it->attempt >= most)
		return -1;
	return retry_wait_ms(it->attempt, &failure, (uint64_t)clock_mono_us(),
			     clock_now_us() / 1000000);
}

static void on_sent(void *arg, const struct mail_result *result)
{
	struct letter *it = arg;
	char error[120];
	int64_t wait_ms;

	if (result->is_sent) {
		metric_add(METRIC_MAIL_SENT, 1);
		log_info("letter sent", F_Z("letter", it->id), F_INT("attempt", it->attempt));
		keep(it, "SENT", 0, NULL);
		return;
	}
	wait_ms = wait_of(it, result);
	metric_add(METRIC_MAIL_FAILED, 1);
	log_warn(wait_ms < 0 ? "letter given up" : "letter not sent", F_Z("letter", it->id),
		 F_INT("attempt", it->attempt), F_INT("reply", result->reply),
		 F_Z("because", result->what));
	(void)snprintf(error, sizeof(error), "%d %s", result->reply, result->what);
	keep(it, wait_ms < 0 ? "DEAD" : "WAITING", wait_ms < 0 ? 0 : wait_ms, error);
}

static void send_letter(struct mail *m, const struct q_mail_due_row *row)
{
	struct letter *it = calloc(1, sizeof(*it));
	struct mail_letter letter;
	int r;

	if (!it)
		return;
	it->mail = m;
	it->attempt = row->attempts + 1;
	arena_init(&it->arena, ARENA_MAX);
	(void)snprintf(it->id, sizeof(it->id), "%.*s", (int)row->id.len, row->id.at);
	TAILQ_INSERT_TAIL(&m->letters, it, link);
	m->in_flight++;
	r = mail_letter_make(&m->setup, row, clock_now_us(), &it->arena, &letter);
	if (r == 0)
		r = mail_line_send(m->line, &letter, on_sent, it);
	if (r == ERR_INVALID)
		keep(it, "DEAD", 0, "no address that mail goes to");
	else if (r < 0)
		letter_free(it);
}

static void take_counts(struct mail *m, const struct db_reply *r, int statement)
{
	struct q_mail_counts_row row;

	if (q_mail_counts_one(r, statement, &row) < 0)
		return;
	metric_add(METRIC_MAIL_WAITING, row.waiting - m->waiting);
	metric_add(METRIC_MAIL_DEAD, row.dead - m->dead);
	m->waiting = row.waiting;
	m->dead = row.dead;
}

static void on_looked(void *arg, int err, const struct db_reply *r)
{
	struct mail *m = arg;
	struct q_mail_due_row row;
	int statement = m->has_lease ? 1 : 0, rows;
	int64_t dropped;

	m->is_looking = false;
	if (m->is_leaving)
		return;
	if (err < 0) {
		if (err != ERR_DB_AWAY && log_gate_open(&m->gate, 1, &dropped))
			log_warn("letters could not be looked at", F_ERR(err),
				 F_INT("unsaid", dropped));
		lease_lost(&m->lease);
		return;
	}
	if (m->has_lease)
		(void)lease_taken(&m->lease, r, 0);
	if (!m->lease.fence)
		return;
	take_counts(m, r, statement);
	rows = db_rows(r, statement + 1);
	for (int i = 0; i < rows && q_mail_due_row(r, statement + 1, i, &row) == 0; i++) {
		if (m->in_flight < MAIL_IN_FLIGHT_MAX && !letter_find(m, row.id))
			send_letter(m, &row);
	}
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct mail *m = arg;
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	(void)fd;
	(void)what;
	if (m->is_looking || m->is_leaving)
		return;
	arena_done(&m->look_arena);
	b = db_batch_new(&m->look_arena, DB_WRITE, &nobody);
	if (!b)
		return;
	m->is_looking = true;
	m->has_lease = clock_mono_us() >= m->lease.due_us;
	if (m->has_lease)
		lease_take_add(&m->lease, b);
	q_mail_counts_add(b);
	q_mail_due_add(b, &(struct q_mail_due){.most = 2 * MAIL_IN_FLIGHT_MAX});
	db_pool_send(m->pool, b, on_looked, m);
}

static void on_leaving(void *arg)
{
	struct mail *m = arg;

	m->is_leaving = true;
}

/* On the mail thread, the last of it. */
static void on_close(void *arg)
{
	struct mail *m = arg;

	m->is_leaving = true;
	if (m->tick)
		event_free(m->tick);
	mail_line_free(m->line); /* calls nobody: its letters go below */
	db_pool_free(m->pool);   /* what is under way calls back, and ends */
	while (!TAILQ_EMPTY(&m->letters))
		letter_free(TAILQ_FIRST(&m->letters));
}

static void mail_free(struct mail *m)
{
	if (m->loop)
		loop_close(m->loop, on_close, m);
	arena_done(&m->look_arena);
	mail_setup_wipe(&m->setup);
	free(m);
}

static struct mail *mail_new(struct process *p, int *ret_err)
{
	const struct timeval every = {.tv_usec = LOOK_MS * 1000};
	struct mail *m = calloc(1, sizeof(*m));

	*ret_err = ERR_NOMEM;
	if (!m)
		return NULL;
	TAILQ_INIT(&m->letters);
	arena_init(&m->look_arena, ARENA_MAX);
	lease_init(&m->lease, "mail");
	*ret_err = mail_setup_load(p->conf, &m->setup);
	if (*ret_err == 0 && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		*ret_err = ERR_NOMEM;
	if (*ret_err == 0)
		m->loop = loop_new("mail");
	if (m->loop)
		m->line = mail_line_new(loop_base(m->loop), &m->setup.server);
	if (m->line)
		m->pool = db_pool_new(m->loop, p->conf->database_worker, 1);
	if (m->pool)
		m->tick = event_new(loop_base(m->loop), -1, EV_PERSIST, on_tick, m);
	if (m->tick && event_add(m->tick, &every) == 0 && loop_start(m->loop) == 0)
		return m;
	if (*ret_err == 0)
		*ret_err = ERR_NOMEM;
	mail_free(m);
	return NULL;
}

int mail_start(struct process *p)
{
	int err;

	if (!mail_is_set(p->conf)) {
		log_info("no letters are sent: [mail] smtp_url is not set", F_INT("sent", 0));
		return 0;
	}
	p->mail = mail_new(p, &err);
	return p->mail ? 0 : err;
}

void mail_stop(struct process *p)
{
	if (!p->mail)
		return;
	if (loop_post(p->mail->loop, on_leaving, p->mail) == 0)
		lease_give_back(&p->mail->lease, p->mail->loop, p->mail->pool);
	mail_free(TAKE(p->mail));
}
