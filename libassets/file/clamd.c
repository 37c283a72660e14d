/*
 * See clamd.h. Whatever is not understood is a failure, so that the file is kept back and tried
 * again: only one answer lets a file through.
 */
#include "clamd.h"

#include <assert.h>

enum { PIECE_MAX = 1 << 20, WAIT_MS = 2000, DOUBLINGS_MAX = 20 };

/* Before a fifth is added. */
enum { LAST_MS = CLAMD_WAIT_MAX_MS / 6 * 5 };

struct str clamd_begin(void)
{
	return (struct str){"zINSTREAM", sizeof("zINSTREAM")};
}

void clamd_head(size_t n, unsigned char ret_head[CLAMD_HEAD])
{
	assert(n <= PIECE_MAX);
	for (int i = 0; i < CLAMD_HEAD; i++)
		ret_head[i] = (unsigned char)(n >> 8 * (CLAMD_HEAD - 1 - i));
}

static bool ends(struct str s, struct str end)
{
	return s.len >= end.len && memcmp(s.at + s.len - end.len, end.at, end.len) == 0;
}

/* It goes into a page, a log line and a column: what is seen of it is what it is. */
static void put_name(struct str name, char *ret_name)
{
	size_t n = 0;

	for (size_t i = 0; i < name.len && n < CLAMD_NAME_MAX; i++) {
		if (name.at[i] > 0x20 && name.at[i] < 0x7F)
			ret_name[n++] = name.at[i];
	}
	ret_name[n] = '\0';
	if (!n)
		memcpy(ret_name, "unnamed", sizeof("unnamed"));
}

enum clamd_verdict clamd_answer(struct str reply, char ret_name[CLAMD_NAME_MAX + 1])
{
	static const struct str before = STR_INIT("stream: "), after = STR_INIT(" FOUND");

	ret_name[0] = '\0';
	if (!reply.len || memchr(reply.at, '\0', reply.len) != reply.at + reply.len - 1)
		return CLAMD_FAILED;
	reply.len--;
	if (str_eq(reply, STR("stream: OK")))
		return CLAMD_CLEAN;
	if (str_eq(reply, STR("INSTREAM size limit exceeded. ERROR")))
		return CLAMD_TOO_LARGE;
	if (!str_starts(reply, before) || !ends(reply, after) || reply.len < before.len + after.len)
		return CLAMD_FAILED;
	put_name((struct str){reply.at + before.len, reply.len - before.len - after.len}, ret_name);
	return CLAMD_FOUND;
}

int64_t clamd_wait_ms(int attempt, uint64_t seed)
{
	int doublings = attempt - 1;
	int64_t wait;

	assert(attempt >= 1);
	wait = doublings < DOUBLINGS_MAX ? (int64_t)WAIT_MS << doublings : LAST_MS;
	if (wait > LAST_MS)
		wait = LAST_MS;
	return wait + (int64_t)(seed % (uint64_t)(wait / 5 + 1));
}
