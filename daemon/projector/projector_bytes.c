/*
 * See projector_bytes.h.
 */
#include "projector_bytes.h"

void bytes_put_number(struct buf *out, uint64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++, n >>= 8)
		buf_char(out, (char)(n & 0xff));
}

bool bytes_cut_number(struct str *rest, size_t bytes, uint64_t *ret)
{
	*ret = 0;
	if (rest->len < bytes)
		return false;
	for (size_t i = bytes; i > 0; i--)
		*ret = *ret << 8 | (unsigned char)rest->at[i - 1];
	*rest = (struct str){rest->at + bytes, rest->len - bytes};
	return true;
}

bool bytes_cut_text(struct str *rest, size_t length_bytes, struct str *ret)
{
	uint64_t len;

	if (!bytes_cut_number(rest, length_bytes, &len) || len > rest->len)
		return false;
	*ret = (struct str){rest->at, len};
	*rest = (struct str){rest->at + len, rest->len - len};
	return true;
}

void bytes_put_text(struct buf *out, struct str text)
{
	bytes_put_number(out, text.len, 8);
	buf_str(out, text);
}
