/*
 * The key is put into a header in memory: it stands in no argument, no address and no message.
 * It goes unencrypted to this machine alone.
 */
#include "call.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { HEADER_MAX = 1024, CONNECT_S = 10 };

/* A handle with its headers. */
struct wire {
	CURL *curl;
	struct curl_slist *headers;
};

static size_t on_body(char *at, size_t size, size_t n, void *context)
{
	struct call_reply *reply = context;

	buf_add(&reply->body, at, size * n);
	return buf_err(&reply->body) < 0 ? 0 : size * n;
}

/* The value of a header of that name into a text, if it is that one and fits. */
static void take(const char *line, size_t len, const char *name, char *ret_text, size_t max)
{
	size_t n = strlen(name), first = n;

	if (len <= n || strncasecmp(line, name, n) != 0)
		return;
	while (first < len && line[first] == ' ')
		first++;
	while (len > first && (line[len - 1] == '\r' || line[len - 1] == '\n'))
		len--;
	if (len - first < max)
		(void)snprintf(ret_text, max, "%.*s", (int)(len - first), line + first);
}

static size_t on_header(char *at, size_t size, size_t n, void *context)
{
	struct call_reply *reply = context;

	take(at, size * n, "etag:", reply->etag, sizeof(reply->etag));
	take(at, size * n, "content-type:", reply->type, sizeof(reply->type));
	/* A weak one names no version. */
	if (reply->etag[0] != '"')
		reply->etag[0] = '\0';
	return size * n;
}

/* Is the service on this very machine? By its host as libcurl reads it, whatever stands before. */
bool call_is_here(const char *url)
{
	CURLU *parts = curl_url();
	struct in_addr address;
	char *host = NULL;
	bool is = false;

	if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		is = strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
		     (inet_pton(AF_INET, host, &address) == 1 &&
		      ntohl(address.s_addr) >> 24 == 127);
	curl_free(host);
	curl_url_cleanup(parts);
	return is;
}

static void add_header(struct wire *w, const char *name, const char *value)
{
	char line[HEADER_MAX];
	struct curl_slist *longer;

	if (!value || !*value)
		return;
	(void)snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(w->headers, line);
	if (longer)
		w->headers = longer;
}

static void add_headers(struct wire *w, const struct call_service *service, const struct call *call)
{
	char bearer[CALL_KEY_MAX + 16] = "";

	if (service->key[0])
		(void)snprintf(bearer, sizeof(bearer), "Bearer %s", service->key);
	add_header(w, "Authorization", bearer);
	add_header(w, "If-Match", call->if_match);
	add_header(w, "If-None-Match", call->if_none_match);
	add_header(w, "Idempotency-Key", call->idempotency_key);
	add_header(w, "Prefer", call->prefer);
	add_header(w, "webhook-id", call->webhook_id);
	add_header(w, "webhook-timestamp", call->webhook_timestamp);
	add_header(w, "webhook-signature", call->webhook_signature);
	if (!str_is_null(call->body))
		add_header(w, "Content-Type", call->body_type);
	add_header(w, "Expect", " ");
}

static void set_up(struct wire *w, const struct call_service *service, const struct call *call,
		   struct call_reply *reply)
{
	add_headers(w, service, call);
	curl_easy_setopt(w->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(w->curl, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, w->headers);
	curl_easy_setopt(w->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(w->curl, CURLOPT_WRITEDATA, reply);
	curl_easy_setopt(w->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(w->curl, CURLOPT_HEADERDATA, reply);
	curl_easy_setopt(w->curl, CURLOPT_FOLLOWLOCATION, 0L);
	/* A proxy of the environment would hear the key of a service on this machine. */
	if (call_is_here(service->url))
		curl_easy_setopt(w->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(w->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(w->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, service->timeout_s);
	curl_easy_setopt(w->curl, CURLOPT_USERAGENT, "assetctl/" ASSETD_VERSION);
	if (!str_is_null(call->body)) {
		curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, call->body.at);
		curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
	} else if (strcmp(call->method, "GET") != 0 && strcmp(call->method, "DELETE") != 0) {
		curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, "");
	}
}

static int perform(struct wire *w, const struct call_service *service, struct call_reply *reply)
{
	CURLcode code = curl_easy_perform(w->curl);

	if (code == CURLE_OK) {
		curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &reply->status);
		return EXIT_OK;
	}
	if (buf_err(&reply->body) < 0)
		complain("%s: the answer is longer than %d MiB", service->url,
			 CALL_REPLY_MAX >> 20);
	else
		complain("%s: %s", service->url, curl_easy_strerror(code));
	return EXIT_SERVER;
}

int call_send(const struct call_service *service, const struct call *call, struct call_reply *reply)
{
	struct wire w = {.curl = curl_easy_init()};
	char url[CALL_URL_MAX];
	int n = snprintf(url, sizeof(url), "%s%s", service->url, call->path);
	int code = EXIT_FAILED;

	if (service->key[0] && strncmp(service->url, "https://", 8) != 0 &&
	    !call_is_here(service->url)) {
		complain("%s: the key would go over the network for everybody to read; use https",
			 service->url);
		code = EXIT_USAGE;
	} else if (!w.curl || n < 0 || (size_t)n >= sizeof(url)) {
		complain(w.curl ? "the address is too long" : "out of memory");
	} else {
		curl_easy_setopt(w.curl, CURLOPT_URL, url);
		set_up(&w, service, call, reply);
		code = perform(&w, service, reply);
	}
	curl_slist_free_all(w.headers);
	curl_easy_cleanup(w.curl);
	return code;
}

int call_exit_code(long status)
{
	switch (status) {
	case 401:
	case 403:
		return EXIT_AUTH;
	case 404:
	case 410:
		return EXIT_NOT_FOUND;
	case 409:
	case 412:
	case 428:
		return EXIT_CONFLICT;
	case 429:
		return EXIT_RATE;
	default:
		return status >= 500 ? EXIT_SERVER : status >= 400 ? EXIT_INVALID : EXIT_OK;
	}
}
