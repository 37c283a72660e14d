/*
 * A position stands in the answer, and in what it says of its percentiles; as text, since those who
 * ask again and again would have a tree made for nothing.
 */
#include "receipts_tag.h"

void receipts_tag_begin(struct sha256 *s, struct str type, bool is_guarded)
{
	sha256_begin(s);
	sha256_add(s, type);
	sha256_add(s, is_guarded ? STR("+") : STR("-"));
}

/* Where the digits behind a position end, or 0: is there one? */
static size_t position_end(struct str s, size_t at)
{
	const struct str word = STR("\"position\":");

	if (s.at[at] != '"' || !str_starts((struct str){s.at + at, s.len - at}, word))
		return 0;
	for (at += word.len;
	     at < s.len && (s.at[at] == ' ' || (s.at[at] >= '0' && s.at[at] <= '9'));)
		at++;
	return at;
}

void receipts_tag_add(struct sha256 *s, struct str text)
{
	size_t from = 0;

	for (size_t at = 0; at < text.len; at++) {
		size_t end = position_end(text, at);

		if (!end)
			continue;
		sha256_add(s, (struct str){text.at + from, at - from});
		from = end;
		at = end - 1;
	}
	sha256_add(s, (struct str){text.at + from, text.len - from});
}

bool receipts_tag_is_had(const struct sha256 *s, struct flow *f)
{
	unsigned char hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	sha256_now(s, hash);
	(void)sodium_bin2hex(hex, sizeof(hex), hash, 16);
	return flow_etag_weak(f, str_of(hex));
}
