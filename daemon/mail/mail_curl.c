/*
 * Each letter has a thread of its own, on which libcurl brings it: when a letter has been handed
 * over whole, and when it takes leave, libcurl waits for the answer without going back to whoever
 * called it, so that on a loop one server that says nothing would keep all letters waiting.
 * There are no more threads than letters under way (mail.h). What is finished is handed
 * out from the loop. The letter itself is built by libcurl's MIME interface, so its body is
 * quoted-printable and its lines are of lawful length whatever was written.
 *
 * So that the process ends at once the sockets are ours, and are shut down first.
 */
#include "mail_curl.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libassets/base/err.h"

/*
 * SOCKETS_MAX: more than the letters under way have at one time. GOODBYE_S: a letter is not known
 * to be sent before its thread has taken leave.
 */
enum { CONNECT_MS = 15000, REPLY_S = 30, GOODBYE_S = 1, SOCKETS_MAX = 64 };

/* Whom the server's next reply is about. */
enum stage { TO_US, TO_ADDRESS, TO_LETTER };

/* One letter on its way: its thread's until is_over, then the loop's again. */
struct sending {
	TAILQ_ENTRY(sending) link;
	struct mail_line *line;
	pthread_t thread;
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *head, *to;
	struct mail_result result;
	enum stage stage;
	bool is_nobody;
	atomic_bool is_over;
	void (*done)(void *arg, const struct mail_result *result);
	void *arg;
};

struct mail_line {
	const struct mail_server *server;
	TAILQ_HEAD(, sending) under_way; /* the loop's */
	int wake_fd;                     /* rung by whoever is over */
	struct event *wake;
	atomic_bool is_ending;
	pthread_mutex_t lock;    /* for what follows */
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
	pthread_mutex_lock(&l->lock);
	if (l->sockets < SOCKETS_MAX)
		l->socket[l->sockets++] = fd;
	pthread_mutex_unlock(&l->lock);
	return fd;
}

/* Forgotten before it is closed: its number may be another's at once. */
static int on_close(void *arg, curl_socket_t fd)
{
	struct mail_line *l = arg;

	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->sockets; i++) {
		if (l->socket[i] == fd)
			l->socket[i--] = l->socket[--l->sockets];
	}
	pthread_mutex_unlock(&l->lock);
	return close(fd);
}

/* libcurl, once a second and more: go on? */
static int on_progress(void *arg, curl_off_t in, curl_off_t in_now, curl_off_t out,
		       curl_off_t out_now)
{
	const struct mail_line *l = arg;

	(void)in;
	(void)in_now;
	(void)out;
	(void)out_now;
	return atomic_load(&l->is_ending);
}

static void hang_up(struct sending *s)
{
	if (s->easy)
		curl_easy_cleanup(TAKE(s->easy));
	curl_mime_free(TAKE(s->mime));
}

static void sending_free(struct sending *s)
{
	hang_up(s);
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
		.is_refused = code != CURLE_OK && s->stage != TO_US && reply >= 500 && reply < 600,
		.is_nobody = code != CURLE_OK && s->is_nobody,
		.is_late = code == CURLE_OPERATION_TIMEDOUT,
		.reply = (int)reply,
		.what = curl_easy_strerror(code),
	};
}

/* The letter's thread. */
static void *bring(void *arg)
{
	struct sending *s = arg;
	struct mail_line *l = s->line;
	const uint64_t ring = 1;

	s->result = result_of(s, curl_easy_perform(s->easy));
	hang_up(s);
	atomic_store(&s->is_over,
		     true); /* from here on it may be gone, the line not: it joins us */
	if (write(l->wake_fd, &ring, sizeof(ring)) < 0)
		return NULL; /* the counter is full, so it has been rung */
	return NULL;
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct mail_line *l = arg;
	struct sending *s, *next;
	uint64_t rung;

	(void)what;
	if (read(fd, &rung, sizeof(rung)) < 0)
		return;
	for (s = TAILQ_FIRST(&l->under_way); s; s = next) {
		next = TAILQ_NEXT(s, link);
		if (!atomic_load(&s->is_over))
			continue;
		TAILQ_REMOVE(&l->under_way, s, link);
		(void)pthread_join(s->thread, NULL);
		s->done(s->arg, &s->result);
		sending_free(s);
	}
}

struct mail_line *mail_line_new(struct event_base *base, const struct mail_server *server)
{
	struct mail_line *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->server = server;
	TAILQ_INIT(&l->under_way);
	if (pthread_mutex_init(&l->lock, NULL)) {
		free(l);
		return NULL;
	}
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->wake = l->wake_fd < 0 ? NULL
				 : event_new(base, l->wake_fd, EV_READ | EV_PERSIST, on_wake, l);
	if (l->wake && event_add(l->wake, NULL) == 0)
		return l;
	mail_line_free(l);
	return NULL;
}

void mail_line_free(struct mail_line *l)
{
	struct sending *s;

	if (!l)
		return;
	atomic_store(&l->is_ending, true);
	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->sockets; i++)
		(void)shutdown(l->socket[i], SHUT_RDWR);
	pthread_mutex_unlock(&l->lock);
	while ((s = TAILQ_FIRST(&l->under_way))) {
		TAILQ_REMOVE(&l->under_way, s, link);
		(void)pthread_join(s->thread, NULL);
		sending_free(s);
	}
	if (l->wake)
		event_free(l->wake);
	if (l->wake_fd >= 0)
		(void)close(l->wake_fd);
	(void)pthread_mutex_destroy(&l->lock);
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

/*
 * "550 5.1.1 …" and its like (RFC 3463, RFC 7505): no such box, one that has moved or is closed, a
 * domain that takes no mail. A number alone may as well mean that we are refused.
 */
static bool says_nobody(struct str reply)
{
	static const struct str code[] = {STR_INIT("5.1.1 "), STR_INIT("5.1.6 "),
					  STR_INIT("5.1.10 "), STR_INIT("5.2.1 ")};
	struct str rest = reply.len > 4 && reply.at[0] == '5'
				  ? (struct str){reply.at + 4, reply.len - 4}
				  : STR("");

	for (size_t i = 0; i < COUNT(code); i++) {
		if (str_starts(rest, code[i]))
			return true;
	}
	return false;
}

/* What is said to the server. QUIT is the last word on a connection; the time for replies is read
 * while it waits. */
static void note_said(CURL *e, struct sending *s, struct str said)
{
	if (str_starts(said, STR("QUIT")))
		(void)set_long(e, CURLOPT_SERVER_RESPONSE_TIMEOUT, GOODBYE_S);
	else if (str_starts(said, STR("RCPT")))
		s->stage = TO_ADDRESS;
	else if (str_starts(said, STR("DATA")))
		s->stage = TO_LETTER;
}

/* libcurl: what goes to the server and comes. */
static int on_talk(CURL *e, curl_infotype type, char *at, size_t len, void *arg)
{
	struct sending *s = arg;

	if (type == CURLINFO_HEADER_OUT)
		note_said(e, s, (struct str){at, len});
	else if (type == CURLINFO_HEADER_IN && s->stage == TO_ADDRESS)
		s->is_nobody |= says_nobody((struct str){at, len});
	return 0;
}

static bool set_sockets(struct sending *s, struct mail_line *l)
{
	CURL *e = s->easy;

	return curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, l) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, l) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_XFERINFODATA, l) == CURLE_OK &&
	       set_long(e, CURLOPT_NOPROGRESS, 0L) &&
	       /* One that is kept is closed by a handle of libcurl's own, which waits two minutes.
		*/
	       set_long(e, CURLOPT_FORBID_REUSE, 1L) &&
	       curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_talk) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_DEBUGDATA, s) == CURLE_OK &&
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
	if (!s->easy || !set_sockets(s, l) || !set_server(s->easy, l->server) ||
	    !set_letter(s, letter) || pthread_create(&s->thread, NULL, bring, s)) {
		sending_free(s);
		return ERR_NOMEM;
	}
	TAILQ_INSERT_TAIL(&l->under_way, s, link);
	return 0;
}
