/*
 * Building a batch in its arena. Parameters are copied and NUL-terminated, because libpq
 * takes texts so; a NUL inside one would cut it in silence and is refused. A failure is kept
 * until the send, so that a step that adds five statements looks once.
 *
 * Pure but for the clock of actor_set; runs on the thread of whoever fills the batch. A
 * further purpose is a row of `patience` and a value of enum db_purpose.
 */
#include <assert.h>
#include <inttypes.h>

#include "daemon/base/clock.h"
#include "db_private.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "q.h"

/* Bytes of one raw parameter; libpq counts them in an int. */
enum { RAW_MAX = 1 << 27 };

static const struct {
	int statement_ms; /* the server gives up on one statement */
	int batch_ms;     /* we give up on the batch, waiting in the queue included */
} patience[] = {
	[DB_READ] = {2000, 4000},
	[DB_WRITE] = {10000, 14000},
	[DB_REPORT] = {30000, 40000},
	/* An asset costs 0.4 to 1.1 ms: its row, its facts, its change and its rendering. */
	[DB_BULK] = {240000, 270000},
};

int db_statement_timeout_ms(enum db_purpose purpose)
{
	return patience[purpose].statement_ms;
}

int db_deadline_ms(enum db_purpose purpose)
{
	return patience[purpose].batch_ms;
}

static struct str or_empty(struct str s)
{
	return str_is_null(s) ? STR("") : s;
}

static void add_actor(struct db_batch *b, const struct db_actor *actor)
{
	char at[28], today[DAY_TEXT];
	struct q_actor_set set = {
		.principal_id = or_empty(actor->principal_id),
		.key_id = or_empty(actor->key_id),
		.request_id = or_empty(actor->request_id),
		.trace = or_empty(actor->trace),
		.timeout_ms = db_statement_timeout_ms(b->purpose),
		.is_keyed = b->purpose == DB_WRITE,
	};

	clock_format(actor->now_us, at);
	day_format(clock_today(actor->now_us), today);
	set.at = str_of(at);
	set.today = str_of(today);
	q_actor_set_add(b, &set);
	b->reply.hidden = b->call_count;
}

struct db_batch *db_batch_new(struct arena *arena, enum db_purpose purpose,
			      const struct db_actor *actor)
{
	struct db_batch *b = ARENA_NEW(arena, struct db_batch);

	if (!b)
		return NULL;
	b->arena = arena;
	b->purpose = purpose;
	add_actor(b, actor);
	return b;
}

struct db_batch *db_batch_none(void)
{
	static struct db_batch none = {.err = ERR_NOMEM}; /* and so nobody writes to it */

	return &none;
}

static int copy_param(struct db_batch *b, const struct db_statement *s, int i, struct str param,
		      const char **ret_text)
{
	struct str copy;

	if (str_is_null(param)) {
		*ret_text = NULL;
		return s->param_nullable >> i & 1 ? 0 : ERR_BUG;
	}
	if (param.len && memchr(param.at, '\0', param.len))
		return ERR_INVALID;
	copy = arena_str(b->arena, param);
	if (str_is_null(copy))
		return ERR_NOMEM;
	*ret_text = copy.at;
	return 0;
}

/* Where each raw parameter is as long as it is, and of the binary format. */
static int add_raw(struct db_batch *b, const struct db_statement *s, const struct str *param,
		   struct db_call *call)
{
	size_t n = (size_t)s->param_count;

	call->length = ARENA_ARRAY(b->arena, n, int);
	call->format = ARENA_ARRAY(b->arena, n, int);
	if (!call->length || !call->format)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		if (!(s->param_raw >> i & 1))
			continue;
		if (str_is_null(param[i]) || param[i].len > RAW_MAX)
			return ERR_BUG;
		call->value[i] = param[i].at;
		call->length[i] = (int)param[i].len;
		call->format[i] = 1;
	}
	return 0;
}

void db_batch_add(struct db_batch *b, const struct db_statement *s, const struct str *param)
{
	struct db_call call = {.statement = s};

	if (b->err)
		return;
	if (b->call_count == 1 + DB_STATEMENT_MAX) {
		b->err = ERR_BUG;
		return;
	}
	if (s->param_count) {
		call.value = ARENA_ARRAY(b->arena, (size_t)s->param_count, const char *);
		if (!call.value)
			b->err = ERR_NOMEM;
	}
	if (s->param_raw && !b->err)
		b->err = add_raw(b, s, param, &call);
	for (int i = 0; i < s->param_count && !b->err; i++) {
		if (!(s->param_raw >> i & 1))
			b->err = copy_param(b, s, i, param[i], &call.value[i]);
	}
	if (!b->err)
		b->call[b->call_count++] = call;
}

int db_batch_count(const struct db_batch *b)
{
	return b->call_count - b->reply.hidden;
}

/* The arrays are of the batch itself, so moving rows costs no memory and cannot fail. */
void db_batch_hide(struct db_batch *b)
{
	struct db_call last;

	if (b->err)
		return;
	last = b->call[b->call_count - 1];
	memmove(&b->call[b->reply.hidden + 1], &b->call[b->reply.hidden],
		(size_t)(b->call_count - 1 - b->reply.hidden) * sizeof(last));
	b->call[b->reply.hidden++] = last;
}

struct str db_param_i64(struct db_batch *b, int64_t value)
{
	return arena_fmt(b->arena, "%" PRId64, value);
}

struct str db_param_bool(bool value)
{
	return value ? STR("t") : STR("f");
}

void db_bytea(const unsigned char *bytes, size_t n, char *ret_text)
{
	static const char hex[] = "0123456789abcdef";

	*ret_text++ = '\\';
	*ret_text++ = 'x';
	for (size_t i = 0; i < n; i++) {
		*ret_text++ = hex[bytes[i] >> 4];
		*ret_text++ = hex[bytes[i] & 15];
	}
	*ret_text = '\0';
}

static void array_item(struct buf *out, struct str item)
{
	buf_char(out, '"');
	for (size_t i = 0; i < item.len; i++) {
		if (item.at[i] == '"' || item.at[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, item.at[i]);
	}
	buf_char(out, '"');
}

struct str db_text_array(struct arena *a, const struct str *item, size_t n)
{
	CLEANUP(buf_done) struct buf out = BUF(a->max_bytes);

	buf_char(&out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(&out, ',');
		array_item(&out, item[i]);
	}
	buf_char(&out, '}');
	if (buf_err(&out) < 0)
		return (struct str){NULL, 0};
	return arena_str(a, buf_view(&out));
}
