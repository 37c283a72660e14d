/*
 * Fail-stop allocation. In builds with fault points ASSETD_FAIL_EVENT_ALLOC=n makes the n-th
 * allocation of libevent fail.
 *
 * Needed before the first call of libevent, which keeps what it got from one allocator and would
 * free it with another. Nothing else is replaced: malloc of the rest stays malloc.
 */
#include "alloc.h"

#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "libassets/base/base.h"
#include "log.h"

#ifdef ASSETD_FAULTS
static bool is_made_to_fail(void)
{
	static _Atomic long count;
	const char *nth = getenv("ASSETD_FAIL_EVENT_ALLOC");

	return nth && atomic_fetch_add(&count, 1) + 1 == strtol(nth, NULL, 10);
}
#else
static bool is_made_to_fail(void)
{
	return false;
}
#endif

static void *alloc_bytes(size_t size)
{
	void *p = is_made_to_fail() ? NULL : malloc(size);

	if (!p)
		log_fatal_nomem();
	return p;
}

static void *alloc_again(void *old, size_t size)
{
	void *p = is_made_to_fail() ? NULL : realloc(old, size);

	if (!p && size)
		log_fatal_nomem();
	return p;
}

void alloc_take_libevent(void)
{
	event_set_mem_functions(alloc_bytes, alloc_again, free);
}
