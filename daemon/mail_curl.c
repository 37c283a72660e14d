/*
 * libcurl's multi interface says which sockets and which timer it waits for, libevent tells it
 * when they are due, and what is finished is handed out from our own turns, never from inside
 * libcurl. The letter itself is built by libcurl's MIME interface, so its body is quoted-printable
 * and its lines are of lawful length whatever was written.
 *
 * Whom libcurl takes leave of it waits for, half a minute where nothing is answered, and the
 * process would not end meanwhile: so the sockets are ours, and are shut down first.
 */
#include "mail_curl.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libassets/err.h"

/*
 * SOCKETS_MAX: more than the letters under way and the servers kept have at one time. GOODBYE_S:
 * libcurl waits for the answer to QUIT on the loop's thread, and no other letter moves meanwhile.
 */
enum { CONNECT_MS = 15000, REPLY_S = 30, GOODBYE_S = 1, SOCKETS_MAX = 64 };

/* One letter on its way. */
struct sending {
	TAILQ_ENTRY(sending) link;
	struct mail_line *line;
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *head, *to;
	void (*done)(void *arg, const struct mail_result *result);
	void *arg;
};

struct mail_line {
	struct event_base *base;
	const struct mail_server *server;
	CURLM *multi;
	struct event *timer;
	TAILQ_HEAD(, sending) under_way;
	int socket[SOCKETS_MAX]; /* that are open */
	size_t sockets;
};

/* libcurl: open one. What finds no room here is only not shut down early. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct mail_line *l = arg;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

	(void)purpose;
	if (fd < 0)
		return CURL_SOCKET_BAD;
	if (l->sockets < SOCKETS_MAX)
		l->socket[l->sockets++] = fd;
	return fd;
}

static int on_close(void *arg, curl_socket_t fd)
{
	struct mail_line *l = arg;

	for (size_t i = 0; i < l->sockets; i++) {
		if (l->socket[i] == fd)
			l->socket[i--] = l->socket[--l->sockets];
	}
	return close(fd);
}

static void sending_free(struct sending *s)
{
	if (s->easy) {
		(void)curl_multi_remove_handle(s->line->multi, s->easy);
		curl_easy_cleanup(s->easy);
	}
	curl_mime_free(s->mime);
	curl_slist_free_all(s->head);
	curl_slist_free_all(s->to);
	free(s);
}

static struct mail_result result_of(const struct sending *s, CURLcode code)
{
	long reply = 0;

	(void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &reply);
	return (struct mail_result){
		.is_sent = code == CURLE_OK,
		/* A wrong password is our settings', not the letter's. */
		.is_refused = code != CURLE_OK && code != CURLE_LOGIN_DENIED && reply >= 500 &&
			      reply < 600,
		.is_late = code == CURLE_OPERATION_TIMEDOUT,
		.reply = (int)reply,
		.what = curl_easy_strerror(code),
	};
}

static void reap(struct mail_line *l)
{
	struct CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(l->multi, &left))) {
		struct sending *s = NULL;
		struct mail_result result;

		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &s);
		if (m->msg != CURLMSG_DONE || !s)
			continue;
		result = result_of(s, m->data.result);
		TAILQ_REMOVE(&l->under_way, s, link);
		s->done(s->arg, &result);
		sending_free(s);
	}
}

static void on_socket_event(evutil_socket_t fd, short what, void *arg)
{
	struct mail_line *l = arg;
	int ready =
		(what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
	int running;

	(void)curl_multi_socket_action(l->multi, fd, ready, &running);
	reap(l);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mail_line *l = arg;
	int running;

	(void)fd;
	(void)what;
	(void)curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	reap(l);
}

/* libcurl: watch this socket for that, or no longer. */
static int on_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct mail_line *l = arg;
	struct event *ev = known;
	short wanted = EV_PERSIST;

	(void)easy;
	if (ev)
		event_free(ev);
	(void)curl_multi_assign(l->multi, fd, NULL);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if (what & CURL_POLL_IN)
		wanted |= EV_READ;
	if (what & CURL_POLL_OUT)
		wanted |= EV_WRITE;
	ev = event_new(l->base, fd, wanted, on_socket_event, l);
	if (!ev || event_add(ev, NULL) || curl_multi_assign(l->multi, fd, ev) != CURLM_OK) {
		if (ev)
			event_free(ev);
		return -1;
	}
	return 0;
}

/* libcurl: call again in so many milliseconds, -1 never. */
static int on_timeout_wanted(CURLM *multi, long ms, void *arg)
{
	struct mail_line *l = arg;
	const struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	(void)multi;
	return ms < 0 ? event_del(l->timer) : event_add(l->timer, &wait);
}

struct mail_line *mail_line_new(struct event_base *base, const struct mail_server *server)
{
	struct mail_line *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->base = base;
	l->server = server;
	TAILQ_INIT(&l->under_way);
	l->multi = curl_multi_init();
	l->timer = evtimer_new(base, on_timer, l);
	if (l->multi && l->timer &&
	    curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, on_watch) == CURLM_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l) == CURLM_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_timeout_wanted) == CURLM_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l) == CURLM_OK)
		return l;
	mail_line_free(l);
	return NULL;
}

void mail_line_free(struct mail_line *l)
{
	struct sending *s;

	if (!l)
		return;
	for (size_t i = 0; i < l->sockets; i++)
		(void)shutdown(l->socket[i], SHUT_RDWR);
	while ((s = TAILQ_FIRST(&l->under_way))) {
		TAILQ_REMOVE(&l->under_way, s, link);
		sending_free(s);
	}
	if (l->multi)
		(void)curl_multi_cleanup(l->multi);
	if (l->timer)
		event_free(l->timer);
	free(l);
}

static bool set_long(CURL *e, CURLoption option, long value)
{
	return curl_easy_setopt(e, option, value) == CURLE_OK;
}

static bool set_text(CURL *e, CURLoption option, const char *value)
{
	return curl_easy_setopt(e, option, value) == CURLE_OK;
}

/* Whom it is brought to, and what is asked of the way there. */
static bool set_server(CURL *e, const struct mail_server *server)
{
	return set_text(e, CURLOPT_URL, server->url) &&
	       set_text(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps") && set_text(e, CURLOPT_PROXY, "") &&
	       set_long(e, CURLOPT_NOSIGNAL, 1L) &&
	       set_long(e, CURLOPT_USE_SSL,
			server->is_plain_allowed ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL) &&
	       set_long(e, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
	       (!server->ca_file || set_text(e, CURLOPT_CAINFO, server->ca_file)) &&
	       (!server->user || (set_text(e, CURLOPT_USERNAME, server->user) &&
				  set_text(e, CURLOPT_PASSWORD, server->password))) &&
	       set_long(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) &&
	       set_long(e, CURLOPT_SERVER_RESPONSE_TIMEOUT, REPLY_S) &&
	       set_long(e, CURLOPT_TIMEOUT_MS, (long)server->timeout_ms);
}

/* libcurl: what goes to the server and comes. QUIT is its last word on a connection, whichever the
 * handle closes; the time for replies is read while it waits. */
static int on_talk(CURL *e, curl_infotype type, char *at, size_t len, void *arg)
{
	(void)arg;
	if (type == CURLINFO_HEADER_OUT && str_starts((struct str){at, len}, STR("QUIT")))
		(void)set_long(e, CURLOPT_SERVER_RESPONSE_TIMEOUT, GOODBYE_S);
	return 0;
}

/* Of a connection that is kept too: it outlives the letter, not the line. */
static bool set_sockets(CURL *e, struct mail_line *l)
{
	return curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, l) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, l) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_talk) == CURLE_OK &&
	       set_long(e, CURLOPT_VERBOSE, 1L);
}

static bool set_body(struct sending *s, struct str body)
{
	curl_mimepart *part;

	s->mime = curl_mime_init(s->easy);
	part = s->mime ? curl_mime_addpart(s->mime) : NULL;
	return part && curl_mime_data(part, body.at, body.len) == CURLE_OK &&
	       curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
	       curl_mime_encoder(part, "quoted-printable") == CURLE_OK &&
	       curl_easy_setopt(s->easy, CURLOPT_MIMEPOST, s->mime) == CURLE_OK;
}

static bool add(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer)
		*list = longer;
	return longer;
}

static bool set_letter(struct sending *s, const struct mail_letter *letter)
{
	for (size_t i = 0; letter->head[i]; i++) {
		if (!add(&s->head, letter->head[i]))
			return false;
	}
	return add(&s->to, letter->to) && set_text(s->easy, CURLOPT_MAIL_FROM, letter->from) &&
	       curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, s->to) == CURLE_OK &&
	       curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->head) == CURLE_OK &&
	       curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s) == CURLE_OK &&
	       set_body(s, letter->body);
}

int mail_line_send(struct mail_line *l, const struct mail_letter *letter,
		   void (*done)(void *arg, const struct mail_result *result), void *arg)
{
	struct sending *s = calloc(1, sizeof(*s));

	if (!s)
		return ERR_NOMEM;
	s->line = l;
	s->done = done;
	s->arg = arg;
	s->easy = curl_easy_init();
	if (!s->easy || !set_sockets(s->easy, l) || !set_server(s->easy, l->server) ||
	    !set_letter(s, letter) || curl_multi_add_handle(l->multi, s->easy) != CURLM_OK) {
		sending_free(s);
		return ERR_NOMEM;
	}
	TAILQ_INSERT_TAIL(&l->under_way, s, link);
	return 0;
}
