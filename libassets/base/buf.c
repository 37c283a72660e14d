/*
 * Bounded growing bytes. Growth doubles, so that adding n bytes one by one copies each at
 * most twice; the terminating NUL is outside len and max.
 *
 * A failure stays (b->err) and whatever comes after it adds nothing, so a writer of forty lines is
 * checked once, at its end.
 */
#include "buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "err.h"

void buf_done(struct buf *b)
{
	free(b->at);
	*b = BUF(b->max);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->err = 0;
}

static bool buf_room(struct buf *b, size_t more)
{
	size_t need, cap;
	char *at;

	if (b->err)
		return false;
	if (more > b->max - b->len) {
		b->err = ERR_LIMIT;
		return false;
	}
	need = b->len + more + 1;
	if (need <= b->cap)
		return true;
	/* The last step may allocate past max: len is what is bounded. */
	for (cap = b->cap ? b->cap : 64; cap < need;)
		cap *= 2;
	at = realloc(b->at, cap);
	if (!at) {
		b->err = ERR_NOMEM;
		return false;
	}
	b->at = at;
	b->cap = cap;
	return true;
}

void buf_add_growing(struct buf *b, const void *bytes, size_t len)
{
	if (!buf_room(b, len))
		return;
	if (len)
		memcpy(b->at + b->len, bytes, len);
	b->len += len;
	b->at[b->len] = '\0';
}

void buf_i64(struct buf *b, int64_t value)
{
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[20], *end = digits + sizeof(digits), *at = end;

	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--at = '-';
	buf_add(b, at, (size_t)(end - at));
}

/* Written at once where there is room, as mostly there is; else once more, when it has been made.
 */
void buf_fmt(struct buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->len;
	va_list args, again;
	int n;

	if (b->err)
		return;
	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(room ? b->at + b->len : NULL, room, fmt, args);
	if (n >= 0 && buf_room(b, (size_t)n)) {
		if ((size_t)n >= room)
			(void)vsnprintf(b->at + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	} else if (room) {
		b->at[b->len] = '\0';
	}
	va_end(again);
	va_end(args);
}

static void json_escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char six[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

	switch (c) {
	case '"':
		buf_add(b, "\\\"", 2);
		break;
	case '\\':
		buf_add(b, "\\\\", 2);
		break;
	case '\n':
		buf_add(b, "\\n", 2);
		break;
	case '\r':
		buf_add(b, "\\r", 2);
		break;
	case '\t':
		buf_add(b, "\\t", 2);
		break;
	default:
		buf_add(b, six, sizeof(six));
		break;
	}
}

/* Length of the well-formed UTF-8 sequence at the start of s, 0 if there is none. */
static size_t sequence(struct str s)
{
	for (size_t n = 2; n <= 4 && n <= s.len; n++) {
		if (str_is_utf8((struct str){s.at, n}))
			return n;
	}
	return 0;
}

void buf_json(struct buf *b, struct str s)
{
	size_t from = 0, i = 0;

	buf_char(b, '"');
	while (i < s.len) {
		unsigned char c = (unsigned char)s.at[i];
		size_t n = 1;

		if (c >= 0x80)
			n = sequence((struct str){s.at + i, s.len - i});
		/* DEL is no control character to JSON, but to a terminal it is one. */
		else if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
			n = 1;
		else
			n = 0;
		if (n) {
			i += n;
			continue;
		}
		buf_add(b, s.at + from, i - from);
		if (c >= 0x80)
			buf_add(b, "\xEF\xBF\xBD", 3);
		else
			json_escape(b, c);
		from = ++i;
	}
	buf_add(b, s.at + from, s.len - from);
	buf_char(b, '"');
}

int buf_err(const struct buf *b)
{
	return b->err;
}

char *buf_detach(struct buf *b, size_t *ret_len)
{
	char *at = b->at;

	if (b->err || !at) {
		buf_done(b);
		return NULL;
	}
	*ret_len = b->len;
	*b = BUF(b->max);
	return at;
}
