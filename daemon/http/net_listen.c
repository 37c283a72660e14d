/*
 * Listening sockets: IPv4, IPv6 and Unix. Addresses are numbers: a name could be another one
 * after the next start. For the main thread; the socket goes to the workers, who share it.
 *
 * A port of 0 lets the system choose; net_listen_name then says which. The path of a Unix socket
 * is not removed at the end: who starts next removes it, if nobody listens behind it.
 */
#include "net_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "libassets/base/err.h"
#include "libassets/base/str.h"

/* The kernel cuts it to net.core.somaxconn. Who waits there during a restart is served after it. */
enum { BACKLOG = 4096 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un un;
	struct sockaddr_storage room;
};

/*
 * A socket file that nobody listens behind is a leftover of a process that was killed, and would
 * keep us from binding. Anything else of that name is left alone, and binding then fails.
 */
static void remove_stale(const struct sockaddr_un *un)
{
	struct stat st;
	int fd, r;

	if (lstat(un->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	r = connect(fd, (const struct sockaddr *)un, sizeof(*un));
	if (r && errno == ECONNREFUSED)
		(void)unlink(un->sun_path);
	(void)close(fd);
}

static int parse_unix(const char *path, union address *ret_address, socklen_t *ret_len)
{
	if (path[0] != '/' || strlen(path) >= sizeof(ret_address->un.sun_path))
		return ERR_INVALID;
	ret_address->un.sun_family = AF_UNIX;
	memcpy(ret_address->un.sun_path, path, strlen(path));
	*ret_len = sizeof(ret_address->un);
	return 0;
}

/* "1.2.3.4:80" or "[::1]:80", host and port apart. */
static int parse_ip(struct str host, uint16_t port, union address *ret_address, socklen_t *ret_len)
{
	char text[INET6_ADDRSTRLEN];
	bool is_v6 = host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';

	if (is_v6)
		host = (struct str){host.at + 1, host.len - 2};
	if (host.len >= sizeof(text))
		return ERR_INVALID;
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';
	if (is_v6) {
		ret_address->v6.sin6_family = AF_INET6;
		ret_address->v6.sin6_port = htons(port);
		*ret_len = sizeof(ret_address->v6);
		return inet_pton(AF_INET6, text, &ret_address->v6.sin6_addr) == 1 ? 0 : ERR_INVALID;
	}
	ret_address->v4.sin_family = AF_INET;
	ret_address->v4.sin_port = htons(port);
	*ret_len = sizeof(ret_address->v4);
	return inet_pton(AF_INET, text, &ret_address->v4.sin_addr) == 1 ? 0 : ERR_INVALID;
}

static int parse(const char *text, union address *ret_address, socklen_t *ret_len)
{
	static const struct str unix_word = STR_INIT("unix:");
	const char *colon = strrchr(text, ':');
	int64_t port;

	memset(ret_address, 0, sizeof(*ret_address));
	if (str_starts(str_of(text), unix_word))
		return parse_unix(text + unix_word.len, ret_address, ret_len);
	if (!colon || str_to_i64(str_of(colon + 1), &port) || port < 0 || port > 65535)
		return ERR_INVALID;
	return parse_ip((struct str){text, (size_t)(colon - text)}, (uint16_t)port, ret_address,
			ret_len);
}

int net_listen(const char *address, int *ret_fd, const char **ret_why)
{
	union address a;
	socklen_t len = 0;
	const int one = 1, zero = 0;
	int fd;

	*ret_why = "give an address with its port, such as 127.0.0.1:8080, or unix:/path of at "
		   "most 107 bytes";
	if (parse(address, &a, &len))
		return ERR_INVALID;
	if (a.any.sa_family == AF_UNIX)
		remove_stale(&a.un);
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* Else connections of before a restart keep the port for a minute (TIME_WAIT). */
	if (fd >= 0 && a.any.sa_family != AF_UNIX)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	/* [::] takes IPv4 as well, whatever the system's own default is. */
	if (fd >= 0 && a.any.sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (fd >= 0 && bind(fd, &a.any, len) == 0 && listen(fd, BACKLOG) == 0) {
		*ret_fd = fd;
		return 0;
	}
	*ret_why = errno == EADDRINUSE      ? "somebody listens there already"
		   : errno == EACCES        ? "this user may not listen there"
		   : errno == EADDRNOTAVAIL ? "this machine does not have that address"
					    : "the system refuses to listen there";
	if (fd >= 0)
		(void)close(fd);
	return ERR_CONFLICT;
}

void net_listen_name(int fd, char *ret_text, int size)
{
	union address a = {0};
	socklen_t len = sizeof(a);
	char ip[INET6_ADDRSTRLEN] = "?";

	if (getsockname(fd, &a.any, &len))
		a.any.sa_family = AF_UNSPEC;
	switch (a.any.sa_family) {
	case AF_INET:
		(void)inet_ntop(AF_INET, &a.v4.sin_addr, ip, sizeof(ip));
		(void)snprintf(ret_text, (size_t)size, "%s:%u", ip, ntohs(a.v4.sin_port));
		return;
	case AF_INET6:
		(void)inet_ntop(AF_INET6, &a.v6.sin6_addr, ip, sizeof(ip));
		(void)snprintf(ret_text, (size_t)size, "[%s]:%u", ip, ntohs(a.v6.sin6_port));
		return;
	case AF_UNIX:
		(void)snprintf(ret_text, (size_t)size, "unix:%s", a.un.sun_path);
		return;
	default:
		(void)snprintf(ret_text, (size_t)size, "?");
		return;
	}
}
