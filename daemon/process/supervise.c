/*
 * sd_notify, the watchdog, and sockets passed by activation: all that the daemon knows of
 * systemd, so that a build without libsystemd differs in this file alone.
 *
 * On the main thread. Without a supervisor every call does nothing and none fails.
 */
#include "supervise.h"

#include "libassets/base/err.h"

#ifdef HAVE_SYSTEMD
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include "daemon/base/clock.h"

/* 1: the variables go, so that no child of ours takes the socket for its own. */
int supervise_socket(int *ret_fd)
{
	int n = sd_listen_fds(1);

	*ret_fd = -1;
	if (n <= 0)
		return n ? ERR_INVALID : 0;
	if (n > 1 || sd_is_socket(SD_LISTEN_FDS_START, AF_UNSPEC, SOCK_STREAM, 1) <= 0 ||
	    fcntl(SD_LISTEN_FDS_START, F_SETFL, O_NONBLOCK))
		return ERR_INVALID;
	*ret_fd = SD_LISTEN_FDS_START;
	return 0;
}

int64_t supervise_watchdog_ms(void)
{
	uint64_t us;

	/* Half of it, as sd_watchdog_enabled(3) advises. */
	return sd_watchdog_enabled(0, &us) > 0 ? (int64_t)(us / 2000) : 0;
}

void supervise_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

void supervise_alive(void)
{
	(void)sd_notify(0, "WATCHDOG=1");
}

void supervise_reloading(void)
{
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_mono_us());
}

void supervise_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1");
}

#else

int supervise_socket(int *ret_fd)
{
	*ret_fd = -1;
	return 0;
}

int64_t supervise_watchdog_ms(void)
{
	return 0;
}

void supervise_ready(void)
{
}

void supervise_alive(void)
{
}

void supervise_reloading(void)
{
}

void supervise_stopping(void)
{
}
#endif
