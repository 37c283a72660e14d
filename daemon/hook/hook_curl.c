/*
 * The connections of one receiver on the event loop: libcurl's multi interface says which
 * sockets and which timer it waits for, libevent tells it when they are due, and what is
 * finished is handed out. Runs on the hooks thread.
 *
 * Handing out may call hook_line_post or hook_line_free; so answers are handed out only from
 * our own turns, never from inside libcurl, and a line that is freed meanwhile stays until
 * the turn is over.
 */
#include <assert.h>
#include <event2/event.h>
#include <openssl/crypto.h>

#include "daemon/base/clock.h"
#include "hook_curl_private.h"
#include "libassets/base/err.h"

static const struct hook_addresses no_addresses;

static void line_release(struct hook_line *l)
{
	struct hook_post *p;

	while ((p = TAILQ_FIRST(&l->posts))) {
		TAILQ_REMOVE(&l->posts, p, link);
		hook_post_free(p);
	}
	if (l->multi)
		(void)curl_multi_cleanup(l->multi);
	if (l->sessions)
		(void)curl_share_cleanup(l->sessions);
	if (l->timer)
		event_free(l->timer);
	free(l->url_text);
	free(l->ca);
	free(l->certificate);
	if (l->key)
		OPENSSL_cleanse(l->key, strlen(l->key));
	free(l->key);
	free(l);
}

/* Remember where a connection may now be open to; libcurl does not tell when one is closed. */
static void line_keep(struct hook_line *l, const char *text)
{
	struct hook_kept *place = &l->kept[0];
	struct address a;

	if (address_parse(str_of(text), &a) < 0)
		return;
	for (size_t i = 0; i < COUNT(l->kept); i++) {
		if (address_eq(&l->kept[i].address, &a)) {
			place = &l->kept[i];
			break;
		}
		if (l->kept[i].until_us < place->until_us)
			place = &l->kept[i];
	}
	*place = (struct hook_kept){a, clock_mono_us() + HOOK_KEEP_S * INT64_C(1000000)};
}

/* Is a connection open to an address that the name no longer has? */
static bool line_is_stale(const struct hook_line *l, const struct hook_addresses *vetted)
{
	int64_t now_us = clock_mono_us();

	for (size_t i = 0; i < COUNT(l->kept); i++) {
		size_t n = 0;

		while (n < vetted->count && !address_eq(&vetted->at[n], &l->kept[i].address))
			n++;
		if (l->kept[i].until_us > now_us && n == vetted->count)
			return true;
	}
	return false;
}

/* The call may free the line, which then stays until the turn is over: p is still there. */
static void post_end(struct hook_post *p, CURLcode code, const char *error)
{
	struct hook_answer a = hook_post_answer(p, code, error);

	if (a.ending == HOOK_ANSWERED)
		line_keep(p->line, a.address);
	TAILQ_REMOVE(&p->line->posts, p, link);
	p->done(p->arg, &a);
	hook_post_free(p);
}

/* Hand out what libcurl has finished. The line may be gone afterwards. */
static void line_reap(struct hook_line *l)
{
	struct CURLMsg *m;
	int left;

	l->is_busy = true;
	while (!l->is_dead && (m = curl_multi_info_read(l->multi, &left))) {
		struct hook_post *p = NULL;

		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &p);
		if (m->msg == CURLMSG_DONE && p)
			post_end(p, m->data.result, NULL);
	}
	l->is_busy = false;
	if (l->is_dead)
		line_release(l);
}

/* End one by ourselves. The line may be gone afterwards. */
static void post_give_up(struct hook_post *p, CURLcode code, const char *error)
{
	struct hook_line *l = p->line;

	l->is_busy = true;
	post_end(p, code, error);
	l->is_busy = false;
	if (l->is_dead)
		line_release(l);
}

static void on_socket_event(evutil_socket_t fd, short what, void *arg)
{
	struct hook_line *l = arg;
	int ready =
		(what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
	int running;

	(void)curl_multi_socket_action(l->multi, fd, ready, &running);
	line_reap(l);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct hook_line *l = arg;
	int running;

	(void)fd;
	(void)what;
	(void)curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	line_reap(l);
}

/* libcurl: watch this socket for that, or no longer. */
static int on_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct hook_line *l = arg;
	struct event *ev = known;
	short wanted = EV_PERSIST;

	(void)easy;
	if (ev)
		event_free(ev);
	if (what == CURL_POLL_REMOVE) {
		(void)curl_multi_assign(l->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		wanted |= EV_READ;
	if (what & CURL_POLL_OUT)
		wanted |= EV_WRITE;
	ev = event_new(l->net->base, fd, wanted, on_socket_event, l);
	if (ev && event_add(ev, NULL) < 0)
		event_free(TAKE(ev));
	(void)curl_multi_assign(l->multi, fd, ev);
	return ev ? 0 : -1;
}

/* libcurl: call again in so many milliseconds, -1 never. */
static int on_timeout_wanted(CURLM *multi, long ms, void *arg)
{
	struct hook_line *l = arg;
	const struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	(void)multi;
	return ms < 0 ? event_del(l->timer) : event_add(l->timer, &wait);
}

static char *copy(struct str text)
{
	return strndup(text.len ? text.at : "", text.len);
}

struct hook_line *hook_line_new(const struct hook_net *net, struct str url,
				const struct hook_papers *papers)
{
	struct hook_line *l = calloc(1, sizeof(*l));
	const char *why;

	if (!l)
		return NULL;
	l->net = net;
	TAILQ_INIT(&l->posts);
	l->url_text = strndup(url.at, url.len);
	l->ca = copy(papers->ca);
	l->certificate = copy(papers->certificate);
	l->key = copy(papers->key);
	l->multi = curl_multi_init();
	l->sessions = curl_share_init();
	l->timer = evtimer_new(net->base, on_timer, l);
	if (l->url_text && l->ca && l->certificate && l->key && l->multi && l->sessions &&
	    l->timer && hook_url_parse(str_of(l->url_text), &net->rules, &l->url, &why) == 0 &&
	    curl_share_setopt(l->sessions, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) ==
		    CURLSHE_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, on_watch) == CURLM_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l) == CURLM_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_timeout_wanted) == CURLM_OK &&
	    curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l) == CURLM_OK)
		return l;
	line_release(l);
	return NULL;
}

void hook_line_free(struct hook_line *l)
{
	if (!l)
		return;
	if (l->is_busy)
		l->is_dead = true;
	else
		line_release(l);
}

/* The deadline of the first byte, and the turn in which early failures are handed out. */
static void on_first_byte_late(evutil_socket_t fd, short what, void *arg)
{
	struct hook_post *p = arg;

	(void)fd;
	(void)what;
	if (p->failed)
		post_give_up(p, p->failed_code, p->failed);
	else if (!p->has_begun)
		post_give_up(p, CURLE_OPERATION_TIMEDOUT, NULL);
}

/* Fail, but not before hook_line_post has returned. */
static void post_fail_soon(struct hook_post *p, CURLcode code, const char *why)
{
	const struct timeval now = {0};

	p->failed = why;
	p->failed_code = code;
	(void)event_add(p->first_byte, &now);
}

static void post_send(struct hook_post *p, const struct hook_addresses *vetted)
{
	const struct timeval patience = {.tv_sec = HOOK_FIRST_BYTE_MS / 1000};
	struct hook_line *l = p->line;

	p->named_us = clock_mono_us();
	if (hook_post_pin(p, vetted, vetted->count && line_is_stale(l, vetted)) < 0 ||
	    curl_multi_add_handle(l->multi, p->easy) != CURLM_OK) {
		post_fail_soon(p, CURLE_OUT_OF_MEMORY, "out of memory");
		return;
	}
	p->is_sent = true;
	(void)event_add(p->first_byte, &patience);
}

/* The name's addresses: those that may be called are pinned; if there are none, it fails. */
static void on_named(void *arg, int err, const struct hook_addresses *found)
{
	struct hook_post *p = arg;
	struct hook_addresses vetted = {0};
	const char *why = "the name has no address";

	for (size_t i = 0; i < found->count; i++) {
		if (hook_url_vet(&p->line->url, &found->at[i], &p->line->net->rules, &why) == 0)
			vetted.at[vetted.count++] = found->at[i];
	}
	if (vetted.count)
		post_send(p, &vetted);
	else if (err == ERR_DEADLINE)
		post_fail_soon(p, CURLE_OPERATION_TIMEDOUT, "the name was not resolved in time");
	else if (err == ERR_BUSY || err == ERR_NOMEM)
		post_fail_soon(p, CURLE_COULDNT_RESOLVE_HOST, "too many names are being resolved");
	else
		post_fail_soon(p, CURLE_COULDNT_RESOLVE_HOST, why);
}

int hook_line_post(struct hook_line *l, const struct hook_message *m, hook_done_fn *done, void *arg)
{
	struct hook_post *p = hook_post_new(l, m);

	if (!p)
		return ERR_NOMEM;
	p->done = done;
	p->arg = arg;
	p->wait.found = on_named;
	p->wait.arg = p;
	p->first_byte = evtimer_new(l->net->base, on_first_byte_late, p);
	if (!p->first_byte) {
		hook_post_free(p);
		return ERR_NOMEM;
	}
	TAILQ_INSERT_TAIL(&l->posts, p, link);
	if (l->url.is_literal)
		post_send(p, &no_addresses);
	else
		hook_names_find(l->net->names, l->url.host, &p->wait);
	return 0;
}

int hook_curl_start(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : ERR_NOMEM;
}
