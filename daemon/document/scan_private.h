/*
 * What the files scan*.c share. All of it belongs to the scanner's thread.
 *
 *	scan.c       life, lease, what is due, what came of it
 *	scan_file.c  one file on its way past clamd
 */
#pragma once

#include <sys/queue.h>

#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "daemon/db/lease.h"
#include "libassets/base/arena.h"
#include "libassets/file/clamd.h"
#include "scan.h"

struct event_base;
struct scan_file;

/* What came of one attempt. */
struct scan_result {
	enum clamd_verdict verdict; /* TOO_LARGE and FAILED: it stays to be looked at */
	char name[CLAMD_NAME_MAX + 1];
	const char *what; /* of those two, why: a constant */
};

/* On the scanner's thread, once, never inside scan_file_new. */
typedef void scan_done_fn(void *arg, const struct scan_result *result);

/* A connection to clamd, -1 when it cannot be had at once. The caller's. */
int scan_connect(const char *path);

/* One file, and where it goes. */
struct scan_order {
	struct event_base *base;
	struct db_pool *pool;
	int fd;                         /* of scan_connect; taken, also on failure */
	int64_t most_ms;                /* for all of it */
	struct str document_id, sha256; /* copied; sha256: 64 digits */
	int64_t byte_count;
	scan_done_fn *done;
	void *arg;
};

/*
 * Send a file past clamd, part by part, and hear what it says. NULL without memory. `done` is
 * called unless it is freed before, which is for `done` and for the end of the thread, when the
 * pool has ended: not while a statement is under way.
 */
struct scan_file *scan_file_new(const struct scan_order *order);
void scan_file_free(struct scan_file *f);
