/*
 * What systemd does for assetd.socket and assetd.service, where it is not process 1: keep a
 * listening socket over any number of lives of a service, pass it as descriptor 3, hear
 * READY=1, and start again what failed.
 *
 * usage: fakesystemd [--port N] [--nofile N] [--first NAME=VALUE] -- PROGRAM ARGUMENT …
 *   --nofile N          RLIMIT_NOFILE of the service
 *   --first NAME=VALUE  environment of its first life only: for a fault that happens once
 *
 * SIGHUP restarts the service, SIGTERM ends it and us with its exit status. Each event is one
 * line on standard output: "fakesystemd: listening PORT", "ready", "exited 71", "killed 11".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LISTEN_FD = 3, BACKLOG = 4096, RESTART_US = 200000 };

struct service {
	char **argv;
	const char *first;
	rlim_t nofile;
	int port;
	int listen_fd, notify_fd, signal_fd;
	struct sockaddr_un notify;
	pid_t pid; /* 0 while it is not running */
	bool is_restarting, is_ending;
	unsigned lives;
};

__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)fputs("fakesystemd: ", stdout);
	(void)vprintf(fmt, args);
	(void)putchar('\n');
	(void)fflush(stdout);
	va_end(args);
}

static void die(const char *what)
{
	say("%s: %s", what, strerror(errno));
	exit(1);
}

/* The socket stands above the descriptors we pass, and is copied down in the child. */
static void open_listener(struct service *s)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)s->port)};
	socklen_t len = sizeof(a);
	const int one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listen_fd < 0 ||
	    setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(s->listen_fd, (struct sockaddr *)&a, sizeof(a)) || listen(s->listen_fd, BACKLOG) ||
	    getsockname(s->listen_fd, (struct sockaddr *)&a, &len))
		die("socket");
	say("listening %d", ntohs(a.sin_port));
}

/* An abstract name, so that nothing is left in the file system. */
static void open_notify(struct service *s)
{
	s->notify.sun_family = AF_UNIX;
	(void)snprintf(s->notify.sun_path + 1, sizeof(s->notify.sun_path) - 1, "fakesystemd-%d",
		       getpid());
	s->notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s->notify_fd < 0 || bind(s->notify_fd, (struct sockaddr *)&s->notify,
				     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
						 strlen(s->notify.sun_path + 1))))
		die("notify");
}

static void open_signals(struct service *s)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (s->signal_fd < 0)
		die("signals");
}

static void exec_service(const struct service *s)
{
	char text[160];
	const struct rlimit files = {s->nofile, s->nofile};
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(s->listen_fd, LISTEN_FD) < 0)
		_exit(125);
	(void)snprintf(text, sizeof(text), "%d", getpid());
	(void)setenv("LISTEN_PID", text, 1);
	(void)setenv("LISTEN_FDS", "1", 1);
	(void)snprintf(text, sizeof(text), "@%s", s->notify.sun_path + 1);
	(void)setenv("NOTIFY_SOCKET", text, 1);
	if (s->first && s->lives == 1 && putenv((char *)(uintptr_t)s->first))
		_exit(125);
	if (s->nofile && setrlimit(RLIMIT_NOFILE, &files))
		_exit(125);
	(void)execv(s->argv[0], s->argv);
	_exit(126);
}

static void start_service(struct service *s)
{
	s->lives++;
	s->pid = fork();
	if (s->pid < 0)
		die("fork");
	if (s->pid == 0)
		exec_service(s);
	say("started %d", s->pid);
}

static void hear_notify(const struct service *s)
{
	char text[1024];
	ssize_t n = recv(s->notify_fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return;
	text[n] = '\0';
	if (strstr(text, "READY=1"))
		say("ready");
	if (strstr(text, "STOPPING=1"))
		say("stopping");
	if (strstr(text, "RELOADING=1"))
		say("reloading");
	if (strstr(text, "WATCHDOG=1"))
		say("alive");
}

/* As Restart=on-failure, RestartSec=200ms. */
static void hear_exit(struct service *s)
{
	int status, code;

	if (waitpid(s->pid, &status, WNOHANG) != s->pid)
		return;
	s->pid = 0;
	code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	say("%s %d", WIFEXITED(status) ? "exited" : "killed",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	if (s->is_ending)
		exit(code);
	if (!s->is_restarting && code == 0)
		return;
	if (!s->is_restarting)
		(void)usleep(RESTART_US);
	s->is_restarting = false;
	start_service(s);
}

static void hear_signal(struct service *s)
{
	struct signalfd_siginfo info;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD) {
		hear_exit(s);
		return;
	}
	s->is_ending = info.ssi_signo == SIGTERM;
	s->is_restarting = info.ssi_signo == SIGHUP;
	if (s->pid)
		(void)kill(s->pid, SIGTERM);
	else if (s->is_ending)
		exit(0);
}

static void read_options(struct service *s, char **argv)
{
	for (argv++; *argv && strcmp(*argv, "--") != 0; argv += 2) {
		if (!argv[1])
			break;
		if (strcmp(*argv, "--port") == 0)
			s->port = (int)strtol(argv[1], NULL, 10);
		else if (strcmp(*argv, "--nofile") == 0)
			s->nofile = (rlim_t)strtol(argv[1], NULL, 10);
		else if (strcmp(*argv, "--first") == 0)
			s->first = argv[1];
	}
	if (!*argv || !argv[1]) {
		(void)fputs("usage: fakesystemd [--port N] [--nofile N] [--first NAME=VALUE] -- "
			    "PROGRAM …\n",
			    stderr);
		exit(2);
	}
	s->argv = argv + 1;
}

int main(int argc, char **argv)
{
	struct service s = {0};
	struct pollfd fds[2];

	(void)argc;
	read_options(&s, argv);
	open_signals(&s);
	open_listener(&s);
	open_notify(&s);
	start_service(&s);
	fds[0] = (struct pollfd){.fd = s.notify_fd, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = s.signal_fd, .events = POLLIN};
	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			die("poll");
		if (fds[0].revents)
			hear_notify(&s);
		if (fds[1].revents)
			hear_signal(&s);
	}
}
