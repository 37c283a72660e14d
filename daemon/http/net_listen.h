/*
 * Listening sockets: what [http] listen and [metrics] listen say. For the main thread.
 */
#pragma once

#include "libassets/base/base.h"

/*
 * Open one: "127.0.0.1:8080", "[::]:8080" (also IPv4), or "unix:/path", whose stale file is
 * removed when nobody listens behind it. Port 0 lets the kernel choose.
 *
 * ret_fd: non-blocking, close-on-exec; yours to close.
 * ret_why: on failure, what is wrong, in words; a constant.
 * ERR_INVALID  not such an address        ERR_CONFLICT  taken, or not ours to open
 */
MUST_CHECK int net_listen(const char *address, int *ret_fd, const char **ret_why);

/* The address it really has, as text with its NUL, for the log; "?" when there is none. */
void net_listen_name(int fd, char *ret_text, int size);
