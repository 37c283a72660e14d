/*
 * Request heads from hostile bytes. However they are cut into pieces the verdict of the scan
 * is the same; what is accepted, written again from its parts, is accepted as the same request;
 * and what the rest of the daemon relies on holds of it.
 */
#include <assert.h>
#include <stdlib.h>

#include "daemon/http/http_head.h"
#include "libassets/base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In pieces of `piece` bytes; the length of the head or an error. */
static int scan(const char *bytes, size_t size, size_t piece, size_t *ret_len)
{
	struct http_scan s = {0};
	size_t there = 0;
	int err = 0;

	*ret_len = 0;
	while (!err && !*ret_len && there < size) {
		there = there + piece < size ? there + piece : size;
		err = http_scan(&s, bytes, there, ret_len);
	}
	assert(!err || s.why);
	return err;
}

static void write_again(struct buf *out, const struct http_request *r)
{
	buf_fmt(out, "%s ", http_method_name(r->method));
	buf_str(out, r->target);
	buf_str(out, r->is_version_10 ? STR(" HTTP/1.0\r\n") : STR(" HTTP/1.1\r\n"));
	for (size_t i = 0; i < r->field_count; i++) {
		buf_str(out, r->field[i].name);
		buf_str(out, STR(": "));
		buf_str(out, r->field[i].value);
		buf_str(out, STR("\r\n"));
	}
	buf_str(out, STR("\r\n"));
}

static void check_accepted(const struct http_request *r, const struct http_framing *f)
{
	assert(r->host.len && r->field_count && r->field_count <= HTTP_FIELD_MAX);
	assert(r->target.len && r->target.len <= HTTP_TARGET_MAX);
	assert(r->path.at[0] == '/' || str_eq(r->path, STR("*")));
	assert(f->body_bytes >= 0 && f->body_bytes < 1000000000000);
	assert(str_is_null(http_field_get(r, STR("transfer-encoding"))));
	for (size_t i = 0; i < r->field_count; i++)
		assert(r->field[i].name.len &&
		       !memchr(r->field[i].value.at, '\n', r->field[i].value.len));
}

static void check_same(const struct http_request *a, const struct http_request *b)
{
	assert(a->method == b->method && str_eq(a->target, b->target) && str_eq(a->host, b->host));
	assert(a->field_count == b->field_count);
	for (size_t i = 0; i < a->field_count; i++) {
		assert(str_eq(a->field[i].name, b->field[i].name));
		assert(str_eq(a->field[i].value, b->field[i].value));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_request first, second;
	CLEANUP(buf_done) struct buf again = BUF(1 << 20);
	struct http_framing f, g;
	size_t len, by_byte, by_seven;
	char *head;
	int err = scan((const char *)data, size, SIZE_MAX / 2, &len);

	assert(scan((const char *)data, size, 1, &by_byte) == err && by_byte == len);
	assert(scan((const char *)data, size, 7, &by_seven) == err && by_seven == len);
	if (err || !len)
		return 0;
	head = malloc(len); /* exactly so large, that a byte too far is seen */
	if (!head)
		return 0;
	memcpy(head, data, len);
	if (http_head_parse(head, len, &first, &f) == 0) {
		check_accepted(&first, &f);
		write_again(&again, &first);
		assert(buf_err(&again) == 0);
		/* Values lose blanks at their ends, so this one may be shorter, never longer by
		 * much. */
		err = http_head_parse(again.at, again.len, &second, &g);
		assert(err == 0);
		check_same(&first, &second);
		assert(f.body_bytes == g.body_bytes && f.is_keep_alive == g.is_keep_alive);
	} else {
		assert(f.why);
	}
	free(head);
	return 0;
}
