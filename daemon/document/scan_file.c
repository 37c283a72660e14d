/*
 * One part is asked of the database when clamd has taken the one before, so a file costs two parts
 * of memory whatever its size. Each part is held against its own sum and all of them against the
 * file's before the end is said: what clamd calls clean is what was stored.
 *
 * clamd may answer and close before it has all (a file beyond its StreamMaxLength): a write that
 * fails is therefore not the end, but what can still be read is. It says OK to nothing that it has
 * not got to the end of, and neither do we believe it.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "libassets/base/err.h"
#include "libassets/file/document.h"
#include "q.h"
#include "scan_private.h"
#include "upload.h"

enum { FILE_ARENA_MAX = 2 << 20, ID_MAX = 40, HASH_TEXT = 2 * SHA256_BYTES };

struct scan_file {
	struct db_pool *pool;
	struct bufferevent *clamd;
	struct event *late;
	struct arena arena; /* of the statement under way */
	char id[ID_MAX], sha256[HASH_TEXT + 1];
	int64_t byte_count, sent;
	int next;       /* part */
	bool is_asking; /* a statement is under way */
	bool is_sent;   /* the end has been said */
	bool is_deaf;   /* clamd takes nothing more */
	bool is_over;   /* result stands */
	struct scan_result result;
	struct sha256 of_all;
	scan_done_fn *done;
	void *arg;
	char part[DOCUMENT_PART_BYTES];
};

int scan_connect(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	/* A Unix socket's is there at once or not at all: with a full queue it says EAGAIN. */
	if (connect(fd, (const struct sockaddr *)(const void *)&at, sizeof(at)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* The end; said when no statement is under way any more, as whoever hears it may free all. */
static void over(struct scan_file *f, const struct scan_result *result)
{
	if (f->is_over)
		return;
	f->is_over = true;
	f->result = *result;
	(void)bufferevent_disable(f->clamd, EV_READ | EV_WRITE);
	(void)event_del(f->late);
	if (!f->is_asking)
		event_active(f->late, EV_TIMEOUT, 0);
}

static void fail(struct scan_file *f, const char *what)
{
	over(f, &(struct scan_result){.verdict = CLAMD_FAILED, .what = what});
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	struct scan_file *f = arg;
	const struct scan_result result = f->result; /* whoever hears it frees f */

	(void)fd;
	(void)what;
	if (f->is_over)
		f->done(f->arg, &result);
	else
		fail(f, "no answer in time");
}

/* --- Sending ------------------------------------------------------------------------------ */

static void send_piece(struct scan_file *f, struct str piece)
{
	unsigned char head[CLAMD_HEAD];

	clamd_head(piece.len, head);
	if (bufferevent_write(f->clamd, head, sizeof(head)) ||
	    (piece.len && bufferevent_write(f->clamd, piece.at, piece.len)))
		fail(f, "no memory");
}

static void send_end(struct scan_file *f)
{
	if (!upload_is_hash(&f->of_all, str_of(f->sha256))) {
		fail(f, "the file is not what was stored");
		return;
	}
	f->is_sent = true;
	send_piece(f, (struct str){NULL, 0});
}

static void on_part(void *arg, int err, const struct db_reply *reply)
{
	struct scan_file *f = arg;
	struct str part;
	int r = err < 0 ? err : upload_part(reply, 0, f->part, &part);
	bool is_last = r == 0 && f->sent + (int64_t)part.len >= f->byte_count;

	f->is_asking = false;
	if (f->is_over) {
		event_active(f->late, EV_TIMEOUT, 0);
		return;
	}
	if (r == 0 && !is_last && part.len < DOCUMENT_PART_BYTES)
		r = ERR_DAMAGED;
	if (r < 0) {
		fail(f, r == ERR_DAMAGED ? "the file is not what was stored"
					 : "the database did not answer");
		return;
	}
	if (f->is_deaf)
		return;
	sha256_add(&f->of_all, part);
	f->sent += (int64_t)part.len;
	f->next++;
	send_piece(f, part);
}

static void ask(struct scan_file *f)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	arena_done(&f->arena);
	b = db_batch_new(&f->arena, DB_READ, &nobody);
	if (!b) {
		fail(f, "no memory");
		return;
	}
	q_document_part_get_add(
		b, &(struct q_document_part_get){.document_id = str_of(f->id), .number = f->next});
	f->is_asking = true;
	db_pool_send(f->pool, b, on_part, f);
}

/* clamd has taken all that it was given. */
static void on_taken(struct bufferevent *clamd, void *arg)
{
	struct scan_file *f = arg;

	(void)clamd;
	if (f->is_over || f->is_asking || f->is_sent)
		return;
	if (f->sent < f->byte_count)
		ask(f);
	else
		send_end(f);
}

/* --- Hearing ------------------------------------------------------------------------------ */

/* clamd has said something; is_end: and nothing more. */
static void hear(struct scan_file *f, bool is_end)
{
	struct evbuffer *input = bufferevent_get_input(f->clamd);
	char text[CLAMD_REPLY_MAX];
	ev_ssize_t n = evbuffer_copyout(input, text, sizeof(text));
	struct str reply = {text, n > 0 ? (size_t)n : 0};
	bool is_whole = reply.len && memchr(reply.at, '\0', reply.len);
	struct scan_result result = {.what = "clamd refused it"};

	if (f->is_over || (!is_whole && !is_end && evbuffer_get_length(input) < sizeof(text)))
		return;
	result.verdict = clamd_answer(reply, result.name);
	if (!is_whole)
		result.what = is_end ? "clamd hung up" : "no answer of clamd's";
	else if (result.verdict == CLAMD_TOO_LARGE)
		result.what = "larger than clamd's StreamMaxLength";
	if (result.verdict == CLAMD_CLEAN &&
	    (!f->is_sent || evbuffer_get_length(bufferevent_get_output(f->clamd)))) {
		result.verdict = CLAMD_FAILED;
		result.what = "an answer before the end of the file";
	}
	over(f, &result);
}

static void on_heard(struct bufferevent *clamd, void *arg)
{
	(void)clamd;
	hear(arg, false);
}

static void on_event(struct bufferevent *clamd, short what, void *arg)
{
	struct scan_file *f = arg;

	if ((what & BEV_EVENT_WRITING) && !(what & BEV_EVENT_EOF)) {
		f->is_deaf = true;
		(void)bufferevent_disable(clamd, EV_WRITE);
		return;
	}
	hear(f, true);
}

/* --- Life --------------------------------------------------------------------------------- */

void scan_file_free(struct scan_file *f)
{
	if (!f)
		return;
	if (f->clamd)
		bufferevent_free(f->clamd);
	if (f->late)
		event_free(f->late);
	arena_done(&f->arena);
	free(f);
}

struct scan_file *scan_file_new(const struct scan_order *order)
{
	struct timeval most = {order->most_ms / 1000, order->most_ms % 1000 * 1000};
	struct scan_file *f = calloc(1, sizeof(*f));
	struct str begin = clamd_begin();

	if (f)
		f->clamd = bufferevent_socket_new(order->base, order->fd, BEV_OPT_CLOSE_ON_FREE);
	if (!f || !f->clamd) {
		(void)close(order->fd);
		free(f);
		return NULL;
	}
	arena_init(&f->arena, FILE_ARENA_MAX);
	sha256_begin(&f->of_all);
	f->pool = order->pool;
	f->byte_count = order->byte_count;
	f->done = order->done;
	f->arg = order->arg;
	(void)snprintf(f->id, sizeof(f->id), "%.*s", (int)order->document_id.len,
		       order->document_id.at);
	(void)snprintf(f->sha256, sizeof(f->sha256), "%.*s", (int)order->sha256.len,
		       order->sha256.at);
	f->late = event_new(order->base, -1, 0, on_late, f);
	bufferevent_setcb(f->clamd, on_heard, on_taken, on_event, f);
	if (f->late && event_add(f->late, &most) == 0 &&
	    bufferevent_enable(f->clamd, EV_READ | EV_WRITE) == 0 &&
	    bufferevent_write(f->clamd, begin.at, begin.len) == 0)
		return f;
	scan_file_free(f);
	return NULL;
}
