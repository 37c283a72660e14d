/*
 * One look over the bytes with three states: at the start of a field, in one, in quotes.
 */
#include "csv_split.h"

enum place { FIELD_START, IN_FIELD, IN_QUOTES };

/* Bytes of the record at the start of s, its line break included. */
static size_t record_bytes(struct str s, char separator)
{
	enum place place = FIELD_START;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (place == IN_QUOTES) {
			/* A doubled quote closes and opens again at once. */
			if (c == '"')
				place = i + 1 < s.len && s.at[i + 1] == '"' ? IN_QUOTES : IN_FIELD;
			i += c == '"' && place == IN_QUOTES;
			continue;
		}
		if (c == '\n')
			return i + 1;
		/* Old lists end their lines by CR alone. */
		if (c == '\r' && (i + 1 == s.len || s.at[i + 1] != '\n'))
			return i + 1;
		if (c == '"' && place == FIELD_START)
			place = IN_QUOTES;
		else
			place = c == separator ? FIELD_START : IN_FIELD;
	}
	return s.len;
}

static struct str take(struct str *rest, size_t bytes)
{
	struct str taken = {rest->at, bytes};

	rest->at += bytes;
	rest->len -= bytes;
	return taken;
}

void csv_split_init(struct csv_split *s, struct str file, char separator)
{
	s->separator = separator;
	s->rest = file;
	s->head = take(&s->rest, record_bytes(file, separator));
}

bool csv_split_next(struct csv_split *s, size_t records, struct str *ret_records)
{
	struct str all = s->rest;
	size_t bytes = 0;

	if (!all.len || !records)
		return false;
	for (size_t n = 0; n < records && bytes < all.len; n++)
		bytes += record_bytes((struct str){all.at + bytes, all.len - bytes}, s->separator);
	*ret_records = take(&s->rest, bytes);
	return true;
}
