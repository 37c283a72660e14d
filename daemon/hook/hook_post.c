/*
 * One exchange with a receiver: the options that libcurl gets, and what is kept of the answer.
 * Runs on the hooks thread, called back by libcurl from hook_curl.c's turns.
 *
 * What libcurl would do by itself and we do not want (redirects, proxies, other protocols) is
 * switched off in habits_set() and options_set(), and on_open() lets it connect to nothing but what
 * was vetted; a newer libcurl with new habits is met there.
 */
#include <event2/event.h>
#include <inttypes.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "daemon/base/clock.h"
#include "daemon/http/http.h"
#include "hook_curl_private.h"
#include "libassets/base/err.h"

/* Append "name: value" to the fields. False without memory. */
static bool field_add(struct hook_post *p, const char *name, struct str value)
{
	CLEANUP(buf_done) struct buf line = BUF(4096);
	struct curl_slist *more;

	buf_fmt(&line, "%s: ", name);
	buf_str(&line, value);
	more = buf_err(&line) == 0 ? curl_slist_append(p->fields, line.at) : NULL;
	if (more)
		p->fields = more;
	return more != NULL;
}

static bool fields_make(struct hook_post *p, const struct hook_message *m)
{
	char timestamp[24], rate[24];
	struct curl_slist *more;

	(void)snprintf(timestamp, sizeof(timestamp), "%" PRId64, m->timestamp_s);
	(void)snprintf(rate, sizeof(rate), "%" PRId64, m->asked_per_minute);
	/* Without a value: a field that libcurl would add by itself. */
	more = curl_slist_append(NULL, "Expect:");
	p->fields = more;
	for (size_t i = 0; more && i < m->headers; i++) {
		more = curl_slist_append(p->fields, m->header[i].at);
		if (more)
			p->fields = more;
	}
	if (!more || (m->origin.len && !field_add(p, "WebHook-Request-Origin", m->origin)))
		return false;
	if (m->asked_per_minute)
		return field_add(p, "WebHook-Request-Rate", str_of(rate));
	return field_add(p, "Content-Type", m->content_type) && field_add(p, "webhook-id", m->id) &&
	       field_add(p, "webhook-timestamp", str_of(timestamp)) &&
	       field_add(p, "webhook-signature", m->signature);
}

static int address_of(const struct curl_sockaddr *from, struct address *ret_address)
{
	const struct curl_sockaddr *s = from;
	struct address a = {0};

	if (s->family == AF_INET) {
		a.bytes = 4;
		memcpy(a.at, &((const struct sockaddr_in *)(const void *)&s->addr)->sin_addr, 4);
	} else if (s->family == AF_INET6) {
		a.bytes = 16;
		memcpy(a.at, &((const struct sockaddr_in6 *)(const void *)&s->addr)->sin6_addr, 16);
	} else {
		return ERR_WEBHOOK_URL;
	}
	*ret_address = a;
	return 0;
}

/* The last gate: whatever led here, no socket is opened to an address that is not vetted. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct hook_post *p = arg;
	struct address a;
	const char *why = "The address is of no family that we know.";

	if (purpose != CURLSOCKTYPE_IPCXN || address_of(to, &a) < 0 ||
	    hook_url_vet(&p->line->url, &a, &p->line->net->rules, &why) < 0) {
		p->refused = why;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->protocol);
}

static void keep_field(struct str line, struct str name, char to[HOOK_FIELD_KEPT])
{
	struct str value;
	struct str got = str_cut(line, ':', &value);

	if (str_is_null(value) || !str_eq_nocase(got, name))
		return;
	value = str_trim(value);
	if (value.len >= HOOK_FIELD_KEPT)
		value.len = HOOK_FIELD_KEPT - 1;
	memcpy(to, value.at, value.len);
	to[value.len] = '\0';
}

/* Which TLS it is can only be asked while the connection is the transfer's. */
static void note_tls(struct hook_post *p)
{
	struct curl_tlssessioninfo *session = NULL;

	if (!p->line->url.is_https ||
	    curl_easy_getinfo(p->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session ||
	    session->backend != CURLSSLBACKEND_OPENSSL || !session->internals)
		return;
	(void)snprintf(p->tls, sizeof(p->tls), "%s", SSL_get_version(session->internals));
}

/* Each line of the answer's head, and of trailers, which come after is_answered: they count as the
 * body does. */
static size_t on_field(char *at, size_t one, size_t n, void *arg)
{
	struct hook_post *p = arg;
	struct str line = str_trim((struct str){at, one * n});
	long status = 0;

	p->has_begun = true;
	p->read_bytes += n;
	if (p->read_bytes > HOOK_ANSWER_READ) {
		p->refused = "The head of the answer is too long.";
		return 0;
	}
	if (p->is_answered)
		return n;
	if (!line.len) {
		(void)curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
		p->status = (int)status;
		p->is_answered = status >= 200;
		if (p->is_answered)
			note_tls(p);
	} else if (str_starts(line, STR("HTTP/"))) {
		p->location[0] = p->retry_after[0] = p->delivery[0] = '\0';
		p->allowed_origin[0] = p->allowed_rate[0] = '\0';
	} else {
		keep_field(line, STR("location"), p->location);
		keep_field(line, STR("retry-after"), p->retry_after);
		keep_field(line, STR("webhook-delivery"), p->delivery);
		keep_field(line, STR("webhook-allowed-origin"), p->allowed_origin);
		keep_field(line, STR("webhook-allowed-rate"), p->allowed_rate);
	}
	return n;
}

/* The body: a part is kept, more than the most ends the transfer, which is then no failure. */
static size_t on_body(char *at, size_t one, size_t n, void *arg)
{
	struct hook_post *p = arg;
	size_t room = HOOK_ANSWER_KEPT - p->excerpt.len;

	p->read_bytes += one * n;
	if (p->read_bytes > HOOK_ANSWER_READ)
		return 0;
	buf_add(&p->excerpt, at, n < room ? n : room);
	return n;
}

/* curl_easy_setopt() is variadic: through these two the compiler sees the argument's type. */
static bool set_long(CURL *e, CURLoption option, long value)
{
	return curl_easy_setopt(e, option, value) == CURLE_OK;
}

static bool set_data(CURL *e, CURLoption option, const void *value)
{
	return curl_easy_setopt(e, option, value) == CURLE_OK;
}

/* There is a connection. libcurl tells of that by itself only once TLS has been agreed as well. */
static CURLcode on_tls(CURL *easy, void *context, void *arg)
{
	struct hook_post *p = arg;

	(void)easy;
	(void)context;
	p->reached_us = clock_mono_us();
	return CURLE_OK;
}

static bool functions_set(CURL *e)
{
	return curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_tls) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_field) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK;
}

/* The same for every call: nothing is followed, nothing goes by a proxy, all is verified. */
static bool habits_set(CURL *e)
{
	return set_long(e, CURLOPT_FOLLOWLOCATION, 0) && set_data(e, CURLOPT_PROXY, "") &&
	       set_long(e, CURLOPT_NOSIGNAL, 1) &&
	       set_long(e, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) &&
	       set_long(e, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
	       set_long(e, CURLOPT_SSL_VERIFYPEER, 1) && set_long(e, CURLOPT_SSL_VERIFYHOST, 2) &&
	       set_long(e, CURLOPT_MAXAGE_CONN, HOOK_KEEP_S) &&
	       set_long(e, CURLOPT_MAXLIFETIME_CONN, HOOK_KEEP_S) &&
	       set_data(e, CURLOPT_USERAGENT, "assetd");
}

/* POST of the body, or OPTIONS where there is none. */
static bool method_set(CURL *e, const struct blob *body)
{
	struct str bytes = body ? blob_view(body) : (struct str){NULL, 0};

	if (!body)
		return set_data(e, CURLOPT_CUSTOMREQUEST, "OPTIONS");
	return set_long(e, CURLOPT_POST, 1) &&
	       set_long(e, CURLOPT_POSTFIELDSIZE, (long)bytes.len) &&
	       set_data(e, CURLOPT_POSTFIELDS, bytes.at);
}

/*
 * Beside the system's: those of the receiver, else of whoever runs us. Asked at each connection.
 * The system's come from their folder, each when it is met. Their one file of all would be read
 * for each receiver anew and kept with its connections: 30 ms of this thread and 830 KB.
 */
static bool authorities_set(CURL *e, const struct hook_line *l)
{
	struct curl_blob own = {.data = l->ca, .len = strlen(l->ca), .flags = CURL_BLOB_NOCOPY};
	bool has_folder = curl_version_info(CURLVERSION_NOW)->capath != NULL;

	if (own.len)
		return set_data(e, CURLOPT_CAINFO_BLOB, &own);
	if (!l->net->ca_file && !has_folder)
		return true;
	return set_data(e, CURLOPT_CAINFO, l->net->ca_file);
}

/* What the receiver may know us by, if there is any. */
static bool client_set(CURL *e, const struct hook_line *l)
{
	struct curl_blob certificate = {l->certificate, strlen(l->certificate), CURL_BLOB_NOCOPY};
	struct curl_blob key = {l->key, strlen(l->key), CURL_BLOB_NOCOPY};

	return !certificate.len ||
	       (set_data(e, CURLOPT_SSLCERTTYPE, "PEM") &&
		set_data(e, CURLOPT_SSLCERT_BLOB, &certificate) &&
		set_data(e, CURLOPT_SSLKEYTYPE, "PEM") && set_data(e, CURLOPT_SSLKEY_BLOB, &key));
}

static bool options_set(struct hook_post *p)
{
	CURL *e = p->easy;
	const char *protocols = p->line->url.is_https ? "https" : "http";

	return habits_set(e) && functions_set(e) && set_data(e, CURLOPT_URL, p->line->url_text) &&
	       set_data(e, CURLOPT_PROTOCOLS_STR, protocols) && authorities_set(e, p->line) &&
	       client_set(e, p->line) && set_data(e, CURLOPT_SHARE, p->line->sessions) &&
	       set_long(e, CURLOPT_CONNECTTIMEOUT_MS, p->line->net->connect_ms) &&
	       set_long(e, CURLOPT_TIMEOUT_MS, p->whole_ms) &&
	       set_data(e, CURLOPT_HTTPHEADER, p->fields) && method_set(e, p->body) &&
	       set_data(e, CURLOPT_SSL_CTX_DATA, p) && set_data(e, CURLOPT_OPENSOCKETDATA, p) &&
	       set_data(e, CURLOPT_HEADERDATA, p) && set_data(e, CURLOPT_WRITEDATA, p) &&
	       set_data(e, CURLOPT_PRIVATE, p);
}

struct hook_post *hook_post_new(struct hook_line *l, const struct hook_message *m)
{
	struct hook_post *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->line = l;
	p->started_us = clock_mono_us();
	p->whole_ms = m->whole_ms ? m->whole_ms : HOOK_WHOLE_MS;
	p->excerpt = BUF(HOOK_ANSWER_KEPT);
	p->body = m->body ? blob_ref(m->body) : NULL;
	p->easy = curl_easy_init();
	if (!p->easy || !fields_make(p, m) || !options_set(p)) {
		hook_post_free(p);
		return NULL;
	}
	return p;
}

void hook_post_free(struct hook_post *p)
{
	if (!p)
		return;
	hook_wait_stop(&p->wait);
	if (p->is_sent)
		(void)curl_multi_remove_handle(p->line->multi, p->easy);
	if (p->easy)
		curl_easy_cleanup(p->easy);
	if (p->first_byte)
		event_free(p->first_byte);
	curl_slist_free_all(p->fields);
	curl_slist_free_all(p->pin);
	buf_done(&p->excerpt);
	blob_unref(p->body);
	free(p);
}

int hook_post_pin(struct hook_post *p, const struct hook_addresses *vetted, bool is_fresh)
{
	CLEANUP(buf_done) struct buf pin = BUF(4096);
	char text[ADDRESS_TEXT];

	if (is_fresh && curl_easy_setopt(p->easy, CURLOPT_FRESH_CONNECT, 1L) != CURLE_OK)
		return ERR_NOMEM;
	if (!vetted->count)
		return 0;
	buf_str(&pin, p->line->url.host);
	buf_fmt(&pin, ":%u:", p->line->url.port);
	for (size_t i = 0; i < vetted->count; i++) {
		address_format(&vetted->at[i], text);
		buf_fmt(&pin, vetted->at[i].bytes == 4 ? "%s%s" : "%s[%s]", i ? "," : "", text);
	}
	if (buf_err(&pin) < 0)
		return ERR_NOMEM;
	p->pin = curl_slist_append(NULL, pin.at);
	if (!p->pin || curl_easy_setopt(p->easy, CURLOPT_RESOLVE, p->pin) != CURLE_OK)
		return ERR_NOMEM;
	return 0;
}

/*
 * Make the excerpt fit to be stored and shown: controls become blanks, and what is not UTF-8
 * (a character may be cut at the end) becomes question marks.
 */
static struct str excerpt_clean(struct buf *b)
{
	bool is_utf8;

	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->at[i];

		if (c < 0x20 || c == 0x7F)
			b->at[i] = ' ';
	}
	is_utf8 = str_is_utf8(buf_view(b));
	for (size_t i = 0; i < b->len && !is_utf8; i++) {
		if ((unsigned char)b->at[i] >= 0x80)
			b->at[i] = '?';
	}
	return buf_view(b);
}

static int64_t phase_us(CURL *easy, CURLINFO what)
{
	curl_off_t us = 0;

	(void)curl_easy_getinfo(easy, what, &us);
	return us;
}

/* What it was waiting for when a deadline passed. */
static const char *late_words(const struct hook_post *p)
{
	if (p->has_begun)
		return "the head of the answer did not end in time";
	if (phase_us(p->easy, CURLINFO_PRETRANSFER_TIME_T))
		return "no first byte in time";
	return p->reached_us ? "TLS was not agreed in time" : "no connection in time";
}

/* Why there is no answer. */
static const char *error_words(const struct hook_post *p, CURLcode code, const char *error)
{
	if (error || p->refused)
		return error ? error : p->refused;
	return code == CURLE_OPERATION_TIMEDOUT ? late_words(p) : curl_easy_strerror(code);
}

/* When it was reached since the start, which is before libcurl's; 0 if it was not. */
static int64_t reached_us(const struct hook_post *p, CURLINFO what)
{
	int64_t us = phase_us(p->easy, what);

	return us ? p->named_us - p->started_us + us : 0;
}

static struct str given(const char *field)
{
	return field[0] ? str_of(field) : (struct str){NULL, 0};
}

struct hook_answer hook_post_answer(struct hook_post *p, CURLcode code, const char *error)
{
	struct hook_answer a = {.address = "", .tls = p->tls};
	char *address = NULL;

	if (p->is_answered)
		a.ending = HOOK_ANSWERED;
	else if (code == CURLE_OPERATION_TIMEDOUT)
		a.ending = HOOK_TIMED_OUT;
	else
		a.ending = HOOK_NO_ANSWER;
	if (a.ending != HOOK_ANSWERED) {
		a.error = error_words(p, code, error);
	} else {
		a.status = p->status;
		a.location = given(p->location);
		a.retry_after = given(p->retry_after);
		a.delivery = given(p->delivery);
		a.allowed_origin = given(p->allowed_origin);
		a.allowed_rate = given(p->allowed_rate);
		a.excerpt = excerpt_clean(&p->excerpt);
	}
	if (!p->is_sent)
		return a;
	if (curl_easy_getinfo(p->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
		a.address = address;
	a.dns_us = p->named_us - p->started_us;
	a.connect_us = reached_us(p, CURLINFO_CONNECT_TIME_T);
	if (!a.connect_us && p->reached_us)
		a.connect_us = p->reached_us - p->started_us;
	a.tls_us = reached_us(p, CURLINFO_APPCONNECT_TIME_T);
	a.first_byte_us = reached_us(p, CURLINFO_STARTTRANSFER_TIME_T);
	a.total_us = clock_mono_us() - p->started_us;
	return a;
}
