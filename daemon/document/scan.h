/*
 * The scanner: a part of the process (role `scan`) that has the files of documents looked at for
 * viruses by clamd, ClamAV's daemon, over a Unix socket. A file that arrives while [documents]
 * clamav_socket is set is PENDING: it is stored, and nobody is served it, until clamd has said that
 * it is clean. What was stored before stays as it was and is looked at when nothing newer waits.
 *
 * What is to be looked at stands in the documents themselves, so nothing is lost with a process;
 * the holder of the lease looks, two files at a time. Whatever goes wrong, a file that waits goes
 * on waiting, and is tried again (libassets/file/clamd.h); the metrics and the log say so.
 */
#pragma once

#include "libassets/base/base.h"

struct conf;
struct process;

enum { SCAN_AT_ONCE = 2 };

/* What a file that has just come is: "PENDING" where it is to be looked at, else "NOT_SCANNED". */
const char *scan_of_new(const struct conf *c);

/*
 * Without a socket in the settings nothing is started. clamd itself need not be there yet. 0, or
 * having logged why:
 * ERR_INVALID  the setting is no path that a socket can have    ERR_NOMEM
 */
MUST_CHECK int scan_start(struct process *p);
void scan_stop(struct process *p);
