/*
 * The limit of the `http` bench: what the kernel and the load generator allow. One thread, epoll,
 * no parsing beyond counting heads; it writes a fixed reply for each.
 *
 * usage: bench_http_epoll REPLY_FILE        says its port on standard output
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_MAX = 65536, EVENTS = 256, READ_MAX = 16384 };

static char reply[REPLY_MAX];
static size_t reply_len;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void read_reply(const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f)
		die(path);
	reply_len = fread(reply, 1, sizeof(reply), f);
	(void)fclose(f);
}

static int listen_anywhere(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 4096) ||
	    getsockname(fd, (struct sockaddr *)&a, &len))
		die("listen");
	printf("%d\n", ntohs(a.sin_port));
	(void)fflush(stdout);
	return fd;
}

static void accept_one(int epoll, int listener)
{
	const int one = 1;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};

	if (fd < 0)
		return;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
}

/* wrk waits for each reply, so a read holds whole heads. */
static void serve(int fd)
{
	char in[READ_MAX];
	ssize_t n = read(fd, in, sizeof(in));

	if (n <= 0) {
		(void)close(fd);
		return;
	}
	for (const char *at = in; (at = memmem(at, (size_t)(in + n - at), "\r\n\r\n", 4));
	     at += 4) {
		if (write(fd, reply, reply_len) != (ssize_t)reply_len) {
			(void)close(fd);
			return;
		}
	}
}

int main(int argc, char **argv)
{
	struct epoll_event event[EVENTS];
	int listener, epoll = epoll_create1(EPOLL_CLOEXEC);

	if (argc != 2 || epoll < 0)
		return 2;
	read_reply(argv[1]);
	listener = listen_anywhere();
	event[0] = (struct epoll_event){.events = EPOLLIN, .data.fd = listener};
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event[0]);
	for (;;) {
		int n = epoll_wait(epoll, event, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			if (event[i].data.fd == listener)
				accept_one(epoll, listener);
			else
				serve(event[i].data.fd);
		}
	}
}
