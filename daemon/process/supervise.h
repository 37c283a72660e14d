/*
 * Talking to who started us: systemd's protocol, when it is there and was built in. Without
 * it every call does nothing.
 */
#pragma once

#include "libassets/base/base.h"

/*
 * The socket passed to us, which comes before [http] listen.
 * ret_fd: -1 when none was passed. ERR_INVALID  several, or not a listening stream socket.
 */
MUST_CHECK int supervise_socket(int *ret_fd);

/* How often to say that we live, half of what the supervisor waits; 0: nobody asks. */
int64_t supervise_watchdog_ms(void);

/*
 * What is said (sd_notify(3)): requests are served, also again after a reload; no thread is
 * late; the settings are being read again; the end has begun. For the main thread.
 */
void supervise_ready(void);
void supervise_alive(void);
void supervise_reloading(void);
void supervise_stopping(void);
