/*
 * Notes of pings and of receivers that want no more, into the database: one batch at a time, which
 * takes as many as have come together meanwhile. A batch for each would be more than may wait for
 * our one connection where many webhooks are asked at once, and everything would begin again.
 */
#include "hook_note.h"

#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "q.h"

/* Notes of one batch, each a statement at most; bytes of their attempts, of the batch. */
enum { MOST = 32, ROWS_MAX = 8 << 20, ARENA_MAX = 32 << 20 };

struct hook_note {
	TAILQ_ENTRY(hook_note) link;
	char webhook_id[HOOK_ID];
	char *row;             /* an attempt, as JSON; NULL none */
	char ping[HOOK_NONCE]; /* the nonce that it has proven itself by; "" it has not */
	struct hook_proof proof;
	const char *reason; /* why it is DISABLED; NULL it is not */
};

void notes_init(struct hook_notes *n)
{
	TAILQ_INIT(&n->list);
	arena_init(&n->arena, ARENA_MAX);
}

static void note_free(struct hook_notes *n, struct hook_note *note)
{
	TAILQ_REMOVE(&n->list, note, link);
	free(note->row);
	free(note);
}

void notes_drop(struct hook_notes *n)
{
	struct hook_note *note;

	while ((note = TAILQ_FIRST(&n->list)))
		note_free(n, note);
}

/* One more at the end; NULL without memory: the next turn starts over. */
static struct hook_note *note_add(const struct hook_endpoint *e)
{
	struct hook_note *note = calloc(1, sizeof(*note));

	if (!note) {
		e->hooks->has_unkept = true;
		return NULL;
	}
	memcpy(note->webhook_id, e->id, sizeof(e->id));
	TAILQ_INSERT_TAIL(&e->hooks->notes.list, note, link);
	hook_turn_soon(e->hooks);
	return note;
}

void note_ping(struct hook_endpoint *e, char *row, const struct hook_proof *proof)
{
	struct hook_note *note = note_add(e);

	if (!note) {
		free(row);
		return;
	}
	note->row = row;
	if (!proof)
		return;
	memcpy(note->ping, e->ping, sizeof(e->ping));
	note->proof = *proof;
}

void note_disable(struct hook_endpoint *e, const char *reason)
{
	struct hook_note *note = note_add(e);

	if (note)
		note->reason = reason;
}

static void verified_add(struct hooks *h, struct db_batch *b, const struct hook_note *note)
{
	char event_id[ID_TEXT];

	id_new("evt_", clock_now_us(), event_id);
	q_hook_verified_add(b, &(struct q_hook_verified){
				       .fence = h->lease.fence,
				       .webhook_id = str_of(note->webhook_id),
				       .ping = str_of(note->ping),
				       .event_id = str_of(event_id),
				       .agreed_per_hour = note->proof.agreed_per_hour,
				       .has_agreed_per_hour = note->proof.agreed_per_hour > 0,
			       });
}

static void disable_add(struct hooks *h, struct db_batch *b, const struct hook_note *note)
{
	char event_id[ID_TEXT], mail_id[ID_TEXT];

	id_new("evt_", clock_now_us(), event_id);
	id_new("mal_", clock_now_us(), mail_id);
	q_hook_disable_add(b, &(struct q_hook_disable){
				      .fence = h->lease.fence,
				      .webhook_id = str_of(note->webhook_id),
				      .reason = str_of(note->reason),
				      .event_id = str_of(event_id),
				      .mail_id = str_of(mail_id),
			      });
}

/* Attempts of the first so many, then what they say of their webhooks; they are forgotten. */
static void notes_add(struct hooks *h, struct db_batch *b)
{
	CLEANUP(buf_done) struct buf attempts = BUF(ROWS_MAX);
	struct hook_notes *n = &h->notes;
	const struct hook_note *note;
	int most = MOST;

	buf_char(&attempts, '[');
	TAILQ_FOREACH (note, &n->list, link) {
		if (!most--)
			break;
		if (note->row)
			buf_fmt(&attempts, "%s%s", attempts.len > 1 ? "," : "", note->row);
	}
	buf_char(&attempts, ']');
	q_hook_flush_add(b, &(struct q_hook_flush){
				    .fence = h->lease.fence,
				    .attempts = buf_view(&attempts),
				    .parked = STR("[]"),
				    .over = STR("[]"),
				    .cursors = STR("[]"),
			    });
	n->has_moved = false;
	for (most = MOST; most && !TAILQ_EMPTY(&n->list); most--) {
		struct hook_note *first = TAILQ_FIRST(&n->list);

		n->has_moved |= first->ping[0] || first->reason;
		if (first->ping[0])
			verified_add(h, b, first);
		if (first->reason)
			disable_add(h, b, first);
		note_free(n, first);
	}
}

static void on_noted(void *arg, int err, const struct db_reply *r)
{
	struct hooks *h = arg;

	(void)r;
	h->notes.is_sending = false;
	if (err < 0) {
		hook_start_over(h, "webhooks' states could not be kept", err);
		return;
	}
	h->is_look_due |= h->notes.has_moved; /* a version has moved, and with it what we do */
	hook_turn(h);
}

void note_turn(struct hooks *h)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct hook_notes *n = &h->notes;
	struct db_batch *b;

	if (n->is_sending || !h->lease.fence || TAILQ_EMPTY(&n->list))
		return;
	arena_done(&n->arena);
	b = db_batch_new(&n->arena, DB_WRITE, &nobody);
	if (!b) {
		h->has_unkept = true;
		return;
	}
	notes_add(h, b);
	n->is_sending = true;
	db_pool_send(h->pool, b, on_noted, h);
}
