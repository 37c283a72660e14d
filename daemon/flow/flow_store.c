/*
 * The end of a write, and Idempotency-Keys.
 *
 * A key is looked up by a hidden statement in front of the flow's first batch, so that a
 * repeated POST costs no round trip of its own and is answered before anything is decided.
 * The batch that stores takes the key first of all (so that the second of two at the same
 * moment fails on the key, not on what the first has stored), and keeps the answer last, in
 * the same transaction. Only what was committed is ever answered again.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/fault.h"
#include "daemon/process/worker.h"
#include "daemon/route/router.h"
#include "flow_apart.h"
#include "flow_private.h"
#include "flow_rescue.h"
#include "q.h"

/* Characters, as the column takes them. */
enum { IDEM_KEY_MAX = 255 };

DEFINE_CLEANUP(EVP_MD_CTX *, EVP_MD_CTX_free)

/* SHA-256 of method, target and body, each with its length so that none runs into the next. */
static int hash_request(const struct http_request *r, char ret_hash[DB_BYTEA_TEXT(32)])
{
	CLEANUP(EVP_MD_CTX_free_p) EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char hash[32];
	char head[64];
	int n;

	n = snprintf(head, sizeof(head), "%s %zu %zu ", http_method_name(r->method), r->target.len,
		     r->body.len);
	if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL) ||
	    !EVP_DigestUpdate(md, head, (size_t)n) ||
	    !EVP_DigestUpdate(md, r->target.at, r->target.len) ||
	    !EVP_DigestUpdate(md, r->body.at, r->body.len) || !EVP_DigestFinal_ex(md, hash, NULL))
		return ERR_BUG;
	db_bytea(hash, sizeof(hash), ret_hash);
	return 0;
}

/* VCHAR of RFC 5234: what can stand in a header, a log and a database alike. */
static bool is_visible(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < 0x21 || s.at[i] > 0x7E)
			return false;
	}
	return s.len >= 1 && s.len <= IDEM_KEY_MAX;
}

/*
 * A crowd with one key would fill the queue to the database only to learn that the first of them
 * is under way: those who meet it on this thread hear so at once.
 */
static int be_alone(struct flow *f)
{
	struct flow_private *p = f->p, *other;

	LIST_FOREACH(other, &f->worker->keyed, keyed)
	{
		if (!str_eq(other->idem_key, p->idem_key) ||
		    !str_eq(auth_principal(other->pass)->id, f->who->id))
			continue;
		return strcmp(other->idem_hash, p->idem_hash) == 0 ? ERR_IN_PROGRESS
								   : ERR_IDEMPOTENCY;
	}
	LIST_INSERT_HEAD(&f->worker->keyed, p, keyed);
	p->is_keyed = true;
	p->idem = IDEM_UNASKED;
	return 0;
}

static bool digest(EVP_MD_CTX *md, struct str text)
{
	return EVP_DigestUpdate(md, &text.len, sizeof(text.len)) &&
	       (!text.len || EVP_DigestUpdate(md, text.at, text.len));
}

/* SHA-256 of what a form says, however its parts are parted: a browser parts them anew each time.
 */
static int hash_form(struct flow *f, unsigned char ret_hash[32])
{
	CLEANUP(EVP_MD_CTX_free_p) EVP_MD_CTX *md = EVP_MD_CTX_new();
	const struct query *form = &f->p->form;
	bool is_done =
		md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) && digest(md, f->request->target);

	for (size_t i = 0; is_done && i < form->count; i++)
		is_done = digest(md, form->at[i].name) && digest(md, form->at[i].value);
	return is_done && digest(md, f->p->file_name) && digest(md, f->p->file) &&
			       EVP_DigestFinal_ex(md, ret_hash, NULL)
		       ? 0
		       : ERR_BUG;
}

bool flow_form_once(struct flow *f, unsigned char ret_hash[32])
{
	return f->route->flags & ROUTE_FORM && flow_form(f, "once").len &&
	       hash_form(f, ret_hash) == 0;
}

/*
 * A form that is sent twice as it stands is one act: each page gives its forms a word of its own,
 * behind the point of csrf (page.c). Changed and sent again it is another.
 */
static int read_form_key(struct flow *f)
{
	struct flow_private *p = f->p;
	unsigned char hash[32];
	struct str once;
	int r;

	(void)str_cut(flow_form(f, "csrf"), '.', &once);
	if (!once.len || !f->who->csrf.len)
		return 0;
	r = hash_form(f, hash);
	if (r < 0)
		return r;
	db_bytea(hash, sizeof(hash), p->idem_hash);
	p->idem_key = arena_fmt(f->arena, "form-%s", p->idem_hash + 2); /* behind "\\x" */
	if (!p->idem_key.at)
		return ERR_NOMEM;
	p->idem = IDEM_UNASKED;
	return 0;
}

void flow_leave_idempotency(struct flow *f)
{
	if (f->p->is_keyed)
		LIST_REMOVE(f->p, keyed);
	f->p->is_keyed = false;
}

int flow_read_idempotency(struct flow *f)
{
	struct flow_private *p = f->p;
	int r;

	if (f->request->method != METHOD_POST)
		return 0;
	if (f->route->flags & ROUTE_PAGE)
		return f->route->flags & ROUTE_FORM ? read_form_key(f) : 0;
	p->idem_key = http_field_get(f->request, STR("idempotency-key"));
	if (str_is_null(p->idem_key))
		return f->route->flags & ROUTE_KEY_OWED ? ERR_IDEMPOTENCY_KEY : 0;
	if (!is_visible(p->idem_key))
		return ERR_IDEMPOTENCY_KEY;
	if (!f->who->id.len)
		return 0; /* nobody in particular has nothing to repeat */
	r = hash_request(f->request, p->idem_hash);
	return r < 0 ? r : be_alone(f);
}

void flow_ask_idempotency(struct flow *f, struct db_batch *b)
{
	q_idempotency_find_add(b, &(struct q_idempotency_find){.key = f->p->idem_key});
	db_batch_hide(b);
	f->p->idem = IDEM_ASKED;
}

static enum step_result replay(struct flow *f, const struct q_idempotency_find_row *row)
{
	flaws_init(&f->flaws, f->arena); /* nobody asks now what is wrong with the request */
	f->p->detail = (struct str){NULL, 0};
	if (!str_eq(row->hash, str_of(f->p->idem_hash)))
		return flow_fail(f, ERR_IDEMPOTENCY);
	if (!row->has_status)
		return flow_fail(f, ERR_IN_PROGRESS);
	http_reply_field(f->reply, STR("Idempotency-Replayed"), STR("true"));
	if (f->route->flags & ROUTE_PAGE) {
		f->worker->page_again(f, arena_str(f->arena, row->location));
		return STEP_DONE;
	}
	if (row->etag.len)
		http_reply_field(f->reply, STR("ETag"), arena_str(f->arena, row->etag));
	if (row->location.len)
		http_reply_field(f->reply, STR("Location"), arena_str(f->arena, row->location));
	if (row->event_id.len)
		http_reply_field(f->reply, STR("Event-Id"), arena_str(f->arena, row->event_id));
	if (FAULT_POINT(FLOW_REPLAYED) < 0)
		return flow_fail(f, ERR_BUG);
	return flow_answer(f, row->status, row->body);
}

bool flow_was_idempotent(struct flow *f, enum step_result *ret_result)
{
	struct q_idempotency_find_row row;
	int r = q_idempotency_find_one(f->got, -1, &row);

	f->p->idem = IDEM_NEW;
	if (r == ERR_NOT_FOUND)
		return false;
	*ret_result = r < 0 ? flow_fail(f, r) : replay(f, &row);
	return true;
}

static enum step_result ask_again(struct flow *f)
{
	f->p->idem = IDEM_UNASKED;
	(void)flow_batch(f);
	return flow_send(f);
}

/* It was taken a moment ago, and is not there: whoever took it was undone, or is not done. */
static enum step_result still_running(struct flow *f)
{
	return flow_fail(f, ERR_IN_PROGRESS);
}

const struct flow_step flow_replay[] = {
	{"replay", ask_again},
	{"still running", still_running},
	{0},
};

/*
 * Something is wrong with the request itself, and its key was not looked for yet. A key that was
 * used answers for itself (draft-ietf-httpapi-idempotency-key-header-07 section 2.6), so that
 * who repeats a request by mistake in other words hears of the mistake.
 */
static enum step_result look_first(struct flow *f)
{
	(void)flow_batch(f);
	return flow_send(f);
}

static enum step_result fail_after_all(struct flow *f)
{
	return flow_fail(f, f->p->held_err);
}

const struct flow_step flow_fail_new[] = {
	{"look for the key", look_first},
	{"fail", fail_after_all},
	{0},
};

void flow_store_fill(struct flow *f, const char *kind, struct str id, int status)
{
	struct flow_private *p = f->p;
	struct db_batch *b = flow_batch(f);
	struct q_store_end end = {.kind = str_of(kind), .id = id, .status = status};

	if (p->idem != IDEM_NONE) {
		end.key = p->idem_key;
		q_idempotency_begin_add(
			b, &(struct q_idempotency_begin){.key = p->idem_key,
							 .hash = str_of(p->idem_hash)});
		db_batch_hide(b);
		/* Where the look-up stands in this very batch, taking the key says it all. */
		p->idem = IDEM_NEW;
	}
	p->store_status = status;
	p->store_id = id;
	p->store_at = db_batch_count(b);
	q_store_end_add(b, &end);
}

void flow_store_promise(struct flow *f, struct str location)
{
	struct flow_private *p = f->p;
	struct db_batch *b = flow_batch(f);

	flow_stay(f);
	if (p->idem == IDEM_NONE)
		return;
	q_idempotency_begin_add(
		b, &(struct q_idempotency_begin){.key = p->idem_key, .hash = str_of(p->idem_hash)});
	db_batch_hide(b);
	q_idempotency_promise_add(
		b, &(struct q_idempotency_promise){.key = p->idem_key, .location = location});
	p->idem = IDEM_NEW;
}

enum step_result flow_store_end(struct flow *f, const char *kind, struct str id, int status)
{
	flow_store_fill(f, kind, id, status);
	if (FAULT_POINT(FLOW_BEFORE_STORE) < 0)
		return flow_fail(f, ERR_BUG);
	return flow_send(f);
}

bool flow_wants_little(const struct flow *f)
{
	struct str rest = http_field_get(f->request, STR("prefer"));

	while (rest.len) {
		if (str_eq(str_trim(str_cut(rest, ',', &rest)), STR("return=minimal")))
			return true;
	}
	return false;
}

void flow_told(struct flow *f, struct str event_id)
{
	f->p->told_id = event_id;
}

struct str flow_stored_id(const struct flow *f)
{
	return f->p->store_id;
}

enum step_result flow_store_answer(struct flow *f)
{
	struct q_store_end_row row;
	int status = f->p->store_status;
	int r;

	if (FAULT_POINT(FLOW_STORED) < 0)
		return flow_fail(f, ERR_BUG);
	r = q_store_end_one(f->got, f->p->store_at, &row);
	if (r < 0)
		return flow_fail(f, r);
	if (row.event_id.len)
		http_reply_field(f->reply, STR("Event-Id"), arena_str(f->arena, row.event_id));
	else if (f->p->told_id.len)
		http_reply_field(f->reply, STR("Event-Id"), f->p->told_id);
	if (status == 204)
		return flow_answer_empty(f, status);
	http_reply_field(f->reply, STR("ETag"), arena_str(f->arena, row.etag));
	if (row.location.len)
		http_reply_field(f->reply, STR("Location"), arena_str(f->arena, row.location));
	if (!flow_wants_little(f))
		return flow_answer(f, status, row.body);
	http_reply_field(f->reply, STR("Preference-Applied"), STR("return=minimal"));
	return flow_answer_empty(f, status == 200 ? 204 : status);
}
