/*
 * Reading and writing of a connection's socket. Bytes are received into memory of the thread
 * and copied to the connection's own, which is so never larger than what is there: ten thousand
 * idle or slow connections have next to nothing.
 */
#include "http_sock.h"

#include <errno.h>
#include <event2/buffer.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libassets/base/err.h"

/* Bytes read ahead of what is being served, and at a time. */
enum { INPUT_MAX = 64 * 1024, READ_MAX = 16 * 1024 };

static _Thread_local char arrived[READ_MAX];

static int watch(struct http_sock *s)
{
	s->is_reading = event_add(s->readable, NULL) == 0;
	return s->is_reading ? 0 : ERR_NOMEM;
}

static void pause_reading(struct http_sock *s)
{
	(void)event_del(s->readable);
	s->is_reading = false;
}

int http_sock_init(struct http_sock *s, struct event_base *base, int fd,
		   event_callback_fn on_readable, event_callback_fn on_writable, void *arg)
{
	*s = (struct http_sock){
		.fd = fd,
		.readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, arg),
		.writable = event_new(base, fd, EV_WRITE | EV_PERSIST, on_writable, arg),
		.in = evbuffer_new(),
		.out = evbuffer_new(),
	};
	if (s->readable && s->writable && s->in && s->out && watch(s) == 0)
		return 0;
	http_sock_done(s);
	return ERR_NOMEM;
}

void http_sock_stop(struct http_sock *s)
{
	pause_reading(s);
	(void)event_del(s->writable);
	if (s->again)
		(void)event_del(s->again);
}

static void free_event(struct event *e)
{
	if (e)
		event_free(e);
}

static void free_buffer(struct evbuffer *b)
{
	if (b)
		evbuffer_free(b);
}

void http_sock_done(struct http_sock *s)
{
	free_event(s->readable);
	free_event(s->writable);
	free_event(s->again);
	free_buffer(s->in);
	free_buffer(s->out);
	(void)close(s->fd);
	*s = (struct http_sock){.fd = -1};
}

static bool is_passing(int err)
{
	return err == EAGAIN || err == EINTR;
}

/* How many bytes may still be read ahead. */
static size_t room(const struct http_sock *s)
{
	size_t there = evbuffer_get_length(s->in);

	return there < INPUT_MAX ? INPUT_MAX - there : 0;
}

bool http_sock_read(struct http_sock *s)
{
	size_t most = room(s);
	ssize_t n;

	if (!most || !s->is_reading)
		return true;
	n = recv(s->fd, arrived, most < READ_MAX ? most : READ_MAX, 0);
	if (n < 0)
		return is_passing(errno);
	if (n > 0 && evbuffer_add(s->in, arrived, (size_t)n))
		return false;
	s->is_ended = n == 0;
	if (s->is_ended || !room(s))
		pause_reading(s);
	return true;
}

void http_sock_resume(struct http_sock *s)
{
	if (!s->is_reading && !s->is_ended && room(s))
		(void)watch(s);
}

/*
 * By a timer that is due at once, and not by event_active: libevent runs what is activated while
 * it runs before it asks the kernel who else is there.
 */
int http_sock_again(struct http_sock *s)
{
	const struct timeval at_once = {0, 0};

	if (!s->again)
		s->again = evtimer_new(event_get_base(s->readable), event_get_callback(s->readable),
				       event_get_callback_arg(s->readable));
	return s->again && event_add(s->again, &at_once) == 0 ? 0 : ERR_NOMEM;
}

int http_sock_queued(struct http_sock *s)
{
	return event_add(s->writable, NULL) ? ERR_NOMEM : 0;
}

bool http_sock_write(struct http_sock *s)
{
	if (evbuffer_write(s->out, s->fd) < 0 && !is_passing(errno))
		return false;
	if (!evbuffer_get_length(s->out))
		(void)event_del(s->writable);
	return true;
}
