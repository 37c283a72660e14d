/*
 * The tables of webhooks and their defaults. A pattern is checked as a form, so that a list
 * with one mistyped type says which one.
 */
#include "webhook.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "event_pattern.h"
#include "event_type.h"
#include "hook_url.h"
#include "libassets/base/moment.h"
#include "libassets/shape/shape_form.h"
#include "mail.h"
#include "webhook_client.h"

enum { CA_MAX = 16384, CA_CERTIFICATES_MAX = 10 };
enum { HEADER_NAME_MAX = 64, HEADER_VALUE_MAX = 1000, WHERE_MAX = 400, POINTER_DEPTH_MAX = 32 };
/* What a webhook that says nothing of it is given: 50 a second, as the database has it too. */
enum { PER_HOUR = 180000, BURST = 100, TIMEOUT_S = 20 };

/* One that no event will ever fit is a slip of the pen, and nobody would be told of it. */
static struct str webhook_form_pattern(struct str text, struct arena *a)
{
	const struct event_type *t;

	for (size_t i = 0; event_pattern_check(text) == 0 && (t = event_type_at(i)); i++) {
		if (event_pattern_has(text, str_of(t->name)))
			return arena_str(a, text);
	}
	return (struct str){NULL, 0};
}

/* Fields that are ours, or libcurl's, or would change how the call is framed. */
static bool is_taken(struct str name)
{
	static const struct str table[] = {
		STR_INIT("host"),       STR_INIT("content-length"),   STR_INIT("transfer-encoding"),
		STR_INIT("connection"), STR_INIT("content-type"),     STR_INIT("expect"),
		STR_INIT("te"),         STR_INIT("trailer"),          STR_INIT("upgrade"),
		STR_INIT("keep-alive"), STR_INIT("content-encoding"),
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (str_eq_nocase(name, table[i]))
			return true;
	}
	return str_eq_nocase((struct str){name.at, name.len < 8 ? name.len : 8}, STR("webhook-")) ||
	       str_eq_nocase((struct str){name.at, name.len < 6 ? name.len : 6}, STR("proxy-"));
}

static struct str webhook_form_header(struct str text, struct arena *a)
{
	if (!text.len || text.len > HEADER_NAME_MAX || is_taken(text))
		return (struct str){NULL, 0};
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    (c != '-' || !i))
			return (struct str){NULL, 0};
	}
	return arena_str(a, text);
}

static struct str webhook_form_value(struct str text, struct arena *a)
{
	if (!text.len || text.len > HEADER_VALUE_MAX)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < ' ' || text.at[i] > '~')
			return (struct str){NULL, 0};
	}
	return arena_str(a, text);
}

/* How many certificates it begins with; 0: too many. */
static int certificates_count(struct str text)
{
	BIO *from = BIO_new_mem_buf(text.at, (int)text.len);
	X509 *one;
	int n = 0;

	while (from && n <= CA_CERTIFICATES_MAX &&
	       (one = PEM_read_bio_X509(from, NULL, webhook_client_no_password, NULL))) {
		X509_free(one);
		n++;
	}
	ERR_clear_error();
	BIO_free(from);
	return n > CA_CERTIFICATES_MAX ? 0 : n;
}

static struct str webhook_form_ca(struct str text, struct arena *a)
{
	int begun = 0;

	if (text.len > CA_MAX)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < text.len; i++)
		begun += str_starts((struct str){text.at + i, text.len - i}, STR("-----BEGIN "));
	/* As many as begin: a key among them is no certificate. */
	return begun && certificates_count(text) == begun ? arena_str(a, text)
							  : (struct str){NULL, 0};
}

static struct str webhook_form_key(struct str text, struct arena *a)
{
	bool is_good = text.len <= WEBHOOK_CLIENT_KEY_MAX && webhook_client_is_key(text);

	return is_good ? arena_str(a, text) : (struct str){NULL, 0};
}

static struct str webhook_form_where(struct str text, struct arena *a)
{
	const char *sign = text.len ? memchr(text.at, '=', text.len) : NULL;
	int depth = 0;

	if (!sign || text.len > WHERE_MAX || text.at[0] != '/')
		return (struct str){NULL, 0};
	for (const char *at = text.at; at < sign; at++)
		depth += *at == '/';
	return depth > POINTER_DEPTH_MAX ? (struct str){NULL, 0} : arena_str(a, text);
}

/* One step of a pointer, ~1 and ~0 undone, into a text with NUL. False if it is too long. */
static bool step_read(struct str step, char ret_name[WHERE_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < step.len; i++) {
		char c = step.at[i];

		if (c == '~' && i + 1 < step.len && step.at[i + 1] <= '1' && step.at[i + 1] >= '0')
			c = step.at[++i] == '1' ? '/' : '~';
		ret_name[n++] = c;
	}
	ret_name[n] = '\0';
	return n == strlen(ret_name);
}

static const json_t *step_down(const json_t *from, struct str step)
{
	char name[WHERE_MAX + 1];
	int64_t n;

	if (step.len > WHERE_MAX)
		return NULL;
	if (json_is_array(from))
		return str_to_i64(step, &n) == 0 && n >= 0 ? json_array_get(from, (size_t)n) : NULL;
	return step_read(step, name) ? json_object_get(from, name) : NULL;
}

static bool is_value(const json_t *found, struct str value)
{
	char number[24];

	switch (json_typeof(found)) {
	case JSON_STRING:
		return str_eq((struct str){json_string_value(found), json_string_length(found)},
			      value);
	case JSON_INTEGER:
		(void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			       json_integer_value(found));
		return str_eq(str_of(number), value);
	case JSON_TRUE:
		return str_eq(value, STR("true"));
	case JSON_FALSE:
		return str_eq(value, STR("false"));
	case JSON_NULL:
	case JSON_REAL:
	case JSON_OBJECT:
	case JSON_ARRAY:
		return false;
	}
	return false;
}

bool webhook_fits(const json_t *data, struct str where)
{
	struct str value, rest = str_cut(where, '=', &value);
	const json_t *at = data;

	(void)str_cut(rest, '/', &rest); /* what stands before the first is nothing */
	while (at && !str_is_null(rest))
		at = step_down(at, str_cut(rest, '/', &rest));
	return at && !str_is_null(value) && is_value(at, value);
}

static const struct shape_field webhook_wait_table[] = {
#define FIELD(...) SHAPE_ROW(webhook_wait, __VA_ARGS__)
#include "webhook_wait.def"
#undef FIELD
};

SHAPE(webhook_wait, NULL);

static const struct shape_field webhook_header_table[] = {
#define FIELD(...) SHAPE_ROW(webhook_header, __VA_ARGS__)
#include "webhook_header.def"
#undef FIELD
};

SHAPE(webhook_header, NULL);

static const struct shape_field webhook_rotation_table[] = {
#define FIELD(...) SHAPE_ROW(webhook_rotation, __VA_ARGS__)
#include "webhook_rotation.def"
#undef FIELD
};

SHAPE(webhook_rotation, NULL);

static const struct shape_field webhook_recovery_table[] = {
#define FIELD(...) SHAPE_ROW(webhook_recovery, __VA_ARGS__)
#include "webhook_recovery.def"
#undef FIELD
};

SHAPE(webhook_recovery, NULL);

static const struct shape_field webhook_filter_table[] = {
#define FIELD(...) SHAPE_ROW(webhook_filter, __VA_ARGS__)
#include "webhook_filter.def"
#undef FIELD
};

SHAPE(webhook_filter, NULL);

static const struct shape_field webhook_table[] = {
#define FIELD(...) SHAPE_ROW(webhook, __VA_ARGS__)
#include "webhook.def"
#undef FIELD
};

SHAPE(webhook, SHAPE_COMMON " authority_id state state_reason agreed_per_hour public_key");

static void number_settle(struct shape_number *n, int64_t usual)
{
	if (!n->is_set)
		*n = (struct shape_number){usual, true};
}

void webhook_settle(struct webhook *w, struct arena *arena)
{
	if (!w->types.at || !w->types.count) {
		w->types.at = ARENA_NEW(arena, struct str);
		w->types.count = w->types.at ? 1 : 0;
		if (w->types.at)
			w->types.at[0] = STR("*");
	}
	if (str_is_null(w->mode))
		w->mode = STR("UNORDERED");
	if (str_is_null(w->payload))
		w->payload = STR("FULL");
	if (str_is_null(w->envelope))
		w->envelope = STR("STANDARD");
	number_settle(&w->schema_version, 1);
	number_settle(&w->per_hour, PER_HOUR);
	number_settle(&w->burst, BURST);
	number_settle(&w->timeout_s, TIMEOUT_S);
}

int64_t webhook_retry_total_s(const struct webhook *w)
{
	const struct webhook_wait *wait = w->retry.at;
	int64_t total_s = 0;

	for (size_t i = 0; i < w->retry.count; i++)
		total_s += wait[i].wait_s.value;
	return total_s;
}
