/*
 * The mail thread. Each look takes or keeps the lease, marks whom the feed's news may concern, asks
 * what is due and how much waits, and hands to SMTP what is not on its way already; what came of
 * each is written in a batch of its own, which names the lease's fence. What a follower is told is
 * read just before (mail_follow.c).
 *
 * Neither an address nor a word of a letter is logged: a line has the letter's id, the number of
 * the reply and libcurl's own word for what went wrong.
 */
#include "mail.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "daemon/base/account_token.h"
#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/loop.h"
#include "daemon/base/metric.h"
#include "daemon/db/lease.h"
#include "daemon/process/process.h"
#include "libassets/base/err.h"
#include "libassets/notify/retry.h"
#include "libassets/register/account.h"
#include "mail_folder.h"
#include "mail_private.h"
#include "mail_share.h"
#include "q.h"

/* Letters to followers that one look begins; positions of the feed that it looks at. */
enum { MARK_MOST = 64, MARK_POSITIONS = 2000 };

enum { LOOK_MS = 500, ARENA_MAX = 4 << 20, ID_MAX = 40 };

struct mail;

/* One letter that SMTP has, and then its outcome on the way to the database. */
struct letter {
	TAILQ_ENTRY(letter) link;
	struct mail *mail;
	struct mail_domain *place; /* NULL: given back */
	char id[ID_MAX];
	int64_t fence; /* under which it was begun: what came of it is written by no other's */
	int attempt;   /* this one's number */
	bool is_follow;
	bool is_nobody;                /* there is no such box */
	int64_t upto;                  /* the position that it tells a follower of */
	char token[ACCOUNT_TOKEN + 1]; /* of the link that it brings, until it is put together */
	struct arena arena;
	/* Of one that waits for the database before it is sent: a copy, in an arena of its own. */
	struct q_mail_due_row row;
	struct arena row_arena;
};

struct mail {
	struct loop *loop;
	struct db_pool *pool;
	/* By which everybody reads what followers are told; made when the first is. */
	struct db_pool *reader;
	char *reader_conninfo;
	struct event *tick;
	struct mail_setup setup;
	struct mail_line *line;
	struct lease lease;
	TAILQ_HEAD(, letter) letters;
	int in_flight;
	struct mail_share share;
	bool is_looking, has_lease, is_leaving;
	bool has_more; /* than the last look could take */
	struct arena look_arena;
	int64_t waiting, dead; /* as the gauges have them */
	struct log_gate gate;
};

/* It is no longer with its server, which was heard or was not. */
static void give_back(struct letter *it, enum mail_heard heard)
{
	if (it->place)
		mail_share_give(TAKE(it->place), heard);
}

static void letter_free(struct letter *it)
{
	struct mail *m = it->mail;

	give_back(it, MAIL_UNHEARD);
	TAILQ_REMOVE(&m->letters, it, link);
	m->in_flight--;
	arena_done(&it->arena);
	arena_done(&it->row_arena);
	free(it);
	if (m->has_more && !m->is_leaving && m->tick)
		event_active(m->tick, EV_TIMEOUT, 0); /* there is room for the next */
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

/* A batch in which what came of a letter is kept; NULL, and the letter gone, where none can be. */
static struct db_batch *keep_batch(struct letter *it)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	arena_done(&it->arena);
	b = it->mail->is_leaving ? NULL : db_batch_new(&it->arena, DB_WRITE, &nobody);
	if (!b)
		letter_free(it);
	return b;
}

/* What came of it for its follower: SENT, NOTHING or GONE. */
static void add_told(struct db_batch *b, const struct letter *it, const char *what)
{
	q_follow_told_add(b, &(struct q_follow_told){
				     .fence = it->fence,
				     .id = str_of(it->id),
				     .what = str_of(what),
				     .position = it->upto,
			     });
}

static void keep(struct letter *it, const char *state, int64_t wait_ms, const char *error)
{
	struct mail *m = it->mail;
	struct db_batch *b = keep_batch(it);

	if (!b)
		return;
	/* The follow before its letter, as they are locked by who ends it. */
	if (it->is_follow && strcmp(state, "SENT") == 0)
		add_told(b, it, "SENT");
	/* Nobody reads there. Any other refusal may be our own fault, or our relay's. */
	if (it->is_follow && strcmp(state, "DEAD") == 0 && it->is_nobody)
		add_told(b, it, "GONE");
	q_mail_tried_add(b, &(struct q_mail_tried){
				    .fence = it->fence,
				    .id = str_of(it->id),
				    .state = str_of(state),
				    .wait_ms = wait_ms,
				    .error = error ? str_of(error) : (struct str){NULL, 0},
				    .attempt = it->attempt,
			    });
	db_pool_send(m->pool, b, on_kept, it);
}

/* A follower's letter that is not sent after all. */
static void drop(struct letter *it, const char *what)
{
	struct mail *m = it->mail;
	struct db_batch *b = keep_batch(it);

	if (!b)
		return;
	add_told(b, it, what);
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
	return retry_wait_ms(NULL, it->attempt, &failure, (uint64_t)clock_mono_us(),
			     clock_now_us() / 1000000);
}

static void on_sent(void *arg, const struct mail_result *result)
{
	struct letter *it = arg;
	char error[120];
	int64_t wait_ms;

	give_back(it, result->is_late ? MAIL_SILENT : result->reply ? MAIL_ANSWERED : MAIL_UNHEARD);
	if (result->is_sent) {
		metric_add(METRIC_MAIL_SENT, 1);
		log_info("letter sent", F_Z("letter", it->id), F_INT("attempt", it->attempt));
		keep(it, "SENT", 0, NULL);
		return;
	}
	wait_ms = wait_of(it, result);
	it->is_nobody = result->is_nobody;
	metric_add(METRIC_MAIL_FAILED, 1);
	log_warn(wait_ms < 0 ? "letter given up" : "letter not sent", F_Z("letter", it->id),
		 F_INT("attempt", it->attempt), F_INT("reply", result->reply),
		 F_Z("because", result->what));
	(void)snprintf(error, sizeof(error), "%d %s", result->reply, result->what);
	keep(it, wait_ms < 0 ? "DEAD" : "WAITING", wait_ms < 0 ? 0 : wait_ms, error);
}

/* Where there is no server: a folder says at once what came of it. */
static void put_away(struct letter *it, const struct mail_letter *letter)
{
	struct mail_result result = {.what = "the folder of letters could not be written into"};

	result.is_sent = mail_folder_put(it->mail->setup.folder, it->id, clock_now_us(), letter);
	on_sent(it, &result);
}

static void bring(struct letter *it, int err, const struct mail_letter *letter)
{
	/* Another may have brought it: its row says so, at the next look. */
	if (!lease_is_sure(&it->mail->lease)) {
		letter_free(it);
		return;
	}
	if (err == 0 && it->mail->setup.folder) {
		put_away(it, letter);
		return;
	}
	if (err == 0)
		err = mail_line_send(it->mail->line, letter, on_sent, it);
	if (err == ERR_INVALID)
		keep(it, "DEAD", 0, "no address that mail goes to");
	else if (err == ERR_NOT_FOUND)
		drop(it, "NOTHING");
	else if (err == ERR_FORBIDDEN)
		drop(it, "GONE");
	else if (err < 0)
		on_sent(it, &(struct mail_result){.what = "the letter could not be made"});
}

static void on_read(void *arg, int err, const struct db_reply *reply)
{
	struct letter *it = arg;
	struct mail_told told = {.upto = 0};

	if (it->mail->is_leaving) {
		letter_free(it);
		return;
	}
	if (err < 0) {
		/* Says nothing of the follower; a question that takes too long takes turns. */
		if (err == ERR_DB_AWAY)
			letter_free(it);
		else
			on_sent(it,
				&(struct mail_result){.what = "what to tell could not be read"});
		return;
	}
	err = mail_follow_make(&it->mail->setup, &it->row, reply, clock_now_us(), &it->row_arena,
			       &told);
	it->upto = told.upto;
	bring(it, err, &told.letter);
}

/* The row's texts are the reply's, which does not stay. */
static void keep_row(struct letter *it, const struct q_mail_due_row *row)
{
	struct str *const text[] = {
		&it->row.id,
		&it->row.kind,
		&it->row.recipient,
		&it->row.ticket,
		&it->row.about,
		&it->row.reference,
		&it->row.authority_name,
		&it->row.body_name,
		&it->row.expires_at,
		&it->row.by_on,
		&it->row.rhythm,
		&it->row.question,
		&it->row.filter,
		&it->row.authority_id,
		&it->row.principal_id,
	};

	it->row = *row;
	for (size_t i = 0; i < COUNT(text); i++) {
		if (!str_is_null(*text[i]))
			*text[i] = arena_str(&it->row_arena, *text[i]);
	}
}

/* Read as everybody, or as the officer whose letter it is. */
static void read_letter(struct mail *m, struct letter *it, const struct q_mail_due_row *row)
{
	struct db_actor actor = {.now_us = clock_now_us()};
	struct db_batch *b;

	keep_row(it, row);
	actor.principal_id = mail_follow_actor(&it->row);
	if (!m->reader)
		m->reader = db_pool_new(m->loop, m->reader_conninfo, 1, DB_PREPARE_SENT);
	b = m->reader ? db_batch_new(&it->arena, DB_READ, &actor) : NULL;
	if (!b) {
		on_sent(it, &(struct mail_result){.what = "what to tell could not be asked"});
		return;
	}
	mail_follow_ask(b, &it->row);
	db_pool_send(m->reader, b, on_read, it);
}

static void on_linked(void *arg, int err, const struct db_reply *reply)
{
	struct letter *it = arg;
	struct q_account_letter_begin_row row = {.is_there = false};
	struct mail_letter letter;

	if (err == 0)
		err = q_account_letter_begin_one(reply, 0, &row);
	/* Nobody to write to any more, or another sender's by now: says nothing of the letter. */
	if (it->mail->is_leaving || err == ERR_DB_AWAY || (err == 0 && !row.is_there)) {
		OPENSSL_cleanse(it->token, sizeof(it->token));
		letter_free(it);
		return;
	}
	if (err == 0)
		err = mail_account_make(&it->mail->setup, &it->row, str_of(it->token),
					clock_now_us(), &it->row_arena, &letter);
	OPENSSL_cleanse(it->token, sizeof(it->token));
	bring(it, err, &letter);
}

/* The link's token is made now, and the database told its hash before anybody has the letter. */
static void link_letter(struct mail *m, struct letter *it, const struct q_mail_due_row *row)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	unsigned char bytes[ACCOUNT_TOKEN_HASH];
	char hash[DB_BYTEA_TEXT(ACCOUNT_TOKEN_HASH)];
	struct db_batch *b = db_batch_new(&it->arena, DB_WRITE, &nobody);

	keep_row(it, row);
	if (!b) {
		letter_free(it);
		return;
	}
	account_token_new(it->token, bytes);
	db_bytea(bytes, sizeof(bytes), hash);
	q_account_letter_begin_add(b, &(struct q_account_letter_begin){
					      .fence = it->fence,
					      .id = str_of(it->id),
					      .email = it->row.recipient,
					      .link = str_of(hash),
					      .days = ACCOUNT_LINK_DAYS,
				      });
	db_pool_send(m->pool, b, on_linked, it);
}

static void send_letter(struct mail *m, const struct q_mail_due_row *row, struct mail_domain *place)
{
	struct letter *it = calloc(1, sizeof(*it));
	struct mail_letter letter;

	if (!it) {
		mail_share_give(place, MAIL_UNHEARD);
		return;
	}
	it->mail = m;
	it->place = place;
	it->fence = m->lease.fence;
	it->attempt = row->attempts + 1;
	it->is_follow = mail_follow_is(row);
	arena_init(&it->arena, ARENA_MAX);
	arena_init(&it->row_arena, ARENA_MAX);
	(void)snprintf(it->id, sizeof(it->id), "%.*s", (int)row->id.len, row->id.at);
	TAILQ_INSERT_TAIL(&m->letters, it, link);
	m->in_flight++;
	if (it->is_follow)
		read_letter(m, it, row);
	else if (mail_account_is(row))
		link_letter(m, it, row);
	else
		bring(it, mail_letter_make(&m->setup, row, clock_now_us(), &it->row_arena, &letter),
		      &letter);
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
	int statement = m->has_lease ? 2 : 0, rows; /* behind what was set back */
	int64_t dropped;

	m->is_looking = m->has_more = false;
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
	statement += 2; /* behind the marks */
	rows = db_rows(r, statement);
	for (int i = 0; i < rows && q_mail_due_row(r, statement, i, &row) == 0; i++) {
		struct mail_domain *place = NULL;

		if (letter_find(m, row.id))
			continue;
		if (m->in_flight < MAIL_IN_FLIGHT_MAX)
			place = mail_share_take(&m->share, row.recipient);
		if (place)
			send_letter(m, &row, place);
		else
			m->has_more = true;
	}
}

/* What is due, but for those for whom there is no place: however much waits for them, it is in
 * nobody's way. */
static void add_due(struct mail *m, struct db_batch *b)
{
	struct str full[MAIL_DOMAINS_MAX];
	size_t n = mail_share_full(&m->share, full, COUNT(full));

	q_mail_due_add(b, &(struct q_mail_due){
				  .most = 2 * MAIL_IN_FLIGHT_MAX,
				  .full = db_text_array(&m->look_arena, full, n),
			  });
}

/* Letters for followers whom something new may concern. */
static void add_mark(struct mail *m, struct db_batch *b, int64_t now_us)
{
	char text[MARK_MOST][ID_TEXT];
	struct str id[MARK_MOST];

	for (size_t i = 0; i < MARK_MOST; i++) {
		id_new("mal_", now_us, text[i]);
		id[i] = str_of(text[i]);
	}
	q_follow_mark_add(b, &(struct q_follow_mark){
				     .fence = m->lease.fence,
				     .ids = db_text_array(&m->look_arena, id, MARK_MOST),
				     .most = MARK_POSITIONS,
			     });
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
	if (m->has_lease) {
		lease_take_add(&m->lease, b);
		q_mail_set_back_add(b, &(struct q_mail_set_back){.fence = m->lease.fence});
	}
	q_mail_counts_add(b);
	add_mark(m, b, nobody.now_us);
	add_due(m, b);
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
	db_pool_free(m->reader); /* what is under way calls back, and ends */
	db_pool_free(m->pool);
	while (!TAILQ_EMPTY(&m->letters))
		letter_free(TAILQ_FIRST(&m->letters));
}

static void mail_free(struct mail *m)
{
	if (m->loop)
		loop_close(m->loop, on_close, m);
	arena_done(&m->look_arena);
	mail_setup_wipe(&m->setup);
	free(m->reader_conninfo);
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
		m->pool = db_pool_new(m->loop, p->conf->database_worker, 1, DB_PREPARE_SENT);
	if (m->pool)
		m->reader_conninfo = strdup(p->conf->database_api);
	if (m->reader_conninfo)
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
		log_info("no letters are sent: neither [mail] smtp_url nor folder is set",
			 F_INT("sent", 0));
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
