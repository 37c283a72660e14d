/*
 * A picture without what it says of its taking. The first byte says where the file is cut in two:
 * in pieces it must come out as in one. What came out goes through again and comes out the same, so
 * nothing that is left out can be put together from what is kept.
 */
#include <assert.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/file/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int clean(struct str file, size_t cut, struct buf *out)
{
	struct picture *p = calloc(1, sizeof(*p));
	int r;

	assert(p);
	r = picture_add(p, (struct str){file.at, cut}, out);
	if (r == 0)
		r = picture_add(p, (struct str){file.at + cut, file.len - cut}, out);
	if (r == 0)
		r = picture_end(p);
	free(p);
	assert(r == 0 || r == ERR_DOCUMENT_TYPE);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf whole = BUF(1 << 24);
	CLEANUP(buf_done) struct buf cut = BUF(1 << 24);
	CLEANUP(buf_done) struct buf again = BUF(1 << 24);
	struct str file;
	int r;

	if (size < 2)
		return 0;
	file = (struct str){(const char *)data + 1, size - 1};
	r = clean(file, file.len, &whole);
	assert(r == clean(file, file.len * data[0] / 255, &cut));
	if (r < 0)
		return 0;
	assert(str_eq(buf_view(&whole), buf_view(&cut)));
	assert(clean(buf_view(&whole), 0, &again) == 0);
	assert(str_eq(buf_view(&whole), buf_view(&again)));
	return 0;
}
