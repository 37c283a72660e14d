/*
 * A file by its content, and what else comes with one: a range, a name. The first byte says where
 * the file is cut in two: in pieces it must be what it is as a whole. A range that is read lies in
 * the file; no byte of a name leaves its field.
 */
#include <assert.h>
#include <stdlib.h>

#include "libassets/base/byte_range.h"
#include "libassets/base/content_name.h"
#include "libassets/base/err.h"
#include "libassets/file/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int kind_of(struct str bytes, size_t cut, enum file_type *ret_type)
{
	struct sniff *s = calloc(1, sizeof(*s));
	const char *why = NULL;
	int r;

	assert(s);
	sniff_add(s, (struct str){bytes.at, cut});
	sniff_add(s, (struct str){bytes.at + cut, bytes.len - cut});
	r = sniff_end(s, STR("a.csv"), ret_type, &why);
	assert(r == 0 || (r == ERR_DOCUMENT_TYPE && why));
	free(s);
	return r;
}

static void range(struct str text)
{
	struct byte_range r;

	if (byte_range_read(text, 1000, &r) == 0)
		assert(r.first >= 0 && r.first <= r.last && r.last < 1000 && r.total == 1000);
	if (byte_range_sent(text, &r) == 0)
		assert(r.first >= 0 && r.first <= r.last && r.last < r.total);
}

static void name(struct str text)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);

	content_disposition(&out, text);
	assert(buf_err(&out) == 0 && str_starts(buf_view(&out), STR("attachment; filename=\"")));
	for (size_t i = 0; i < out.len; i++)
		assert(out.at[i] >= 0x20 && out.at[i] <= 0x7E);
	buf_clear(&out);
	content_file_name(&out, text);
	assert(buf_err(&out) == 0 && out.len >= 1 && out.len <= 120);
	assert(!memchr(out.at, '/', out.len) && !memchr(out.at, '\\', out.len));
	assert(out.at[0] != '.');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes;
	enum file_type whole = FILE_TEXT, cut = FILE_TEXT;
	int r;

	if (size == 0)
		return 0;
	bytes = (struct str){(const char *)data + 1, size - 1};
	r = kind_of(bytes, bytes.len, &whole);
	assert(r == kind_of(bytes, bytes.len * data[0] / 255, &cut));
	assert(r < 0 || whole == cut);
	range(bytes);
	name(bytes);
	return 0;
}
