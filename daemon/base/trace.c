/*
 * Reading a field that anybody may have written: what is not exactly of the form begins a trace of
 * its own, since a wrong id in the log leads whoever searches it astray.
 */
#include "trace.h"

#include <stdio.h>

#include "id.h"

/* "00-" 32 digits "-" 16 digits "-01" */
enum { TRACE_AT = 3, TRACE_LEN = 32, SPAN_AT = 36, SPAN_LEN = 16, FLAGS_AT = 53, CONTEXT_LEN = 55 };

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f')))
			return false;
	}
	return true;
}

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] != '0')
			return is_hex(s);
	}
	return false; /* zeros name nothing */
}

static struct str part(struct str s, size_t at, size_t len)
{
	return (struct str){s.at + at, len};
}

static bool is_context(struct str s)
{
	struct str version = part(s, 0, 2);

	if (s.len < CONTEXT_LEN || !is_hex(version) || str_eq(version, STR("ff")))
		return false;
	/* Version 00 ends here; a later one may go on, after a dash. */
	if (s.len > CONTEXT_LEN && (str_eq(version, STR("00")) || s.at[CONTEXT_LEN] != '-'))
		return false;
	return s.at[TRACE_AT - 1] == '-' && s.at[SPAN_AT - 1] == '-' && s.at[FLAGS_AT - 1] == '-' &&
	       is_id(part(s, TRACE_AT, TRACE_LEN)) && is_id(part(s, SPAN_AT, SPAN_LEN)) &&
	       is_hex(part(s, FLAGS_AT, 2));
}

/* n random bytes, not all of them zero, as digits. */
static void new_id(size_t n, char *ret_text)
{
	unsigned char bytes[TRACE_LEN / 2];

	id_random(bytes, n);
	bytes[0] |= 1;
	for (size_t i = 0; i < n; i++)
		(void)snprintf(ret_text + 2 * i, 3, "%02x", bytes[i]);
}

void trace_continue(struct str field, char ret_context[TRACE_TEXT])
{
	char trace[TRACE_LEN + 1], span[SPAN_LEN + 1];
	bool is_sampled = false;

	if (is_context(field)) {
		memcpy(trace, field.at + TRACE_AT, TRACE_LEN);
		trace[TRACE_LEN] = '\0';
		is_sampled = memchr("13579bdf", field.at[FLAGS_AT + 1], 8) != NULL;
	} else {
		new_id(TRACE_LEN / 2, trace);
	}
	new_id(SPAN_LEN / 2, span);
	(void)snprintf(ret_context, TRACE_TEXT, "00-%s-%s-%s", trace, span,
		       is_sampled ? "01" : "00");
}
