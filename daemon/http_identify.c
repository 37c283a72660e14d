/*
 * Whose request it is: the client's address, behind trusted proxies by their word; the
 * request's id; its trace (W3C Trace Context).
 *
 * The address is what limits and logs go by, so a client that could choose it would have none.
 * An id or a trace of the client's own is taken only in a form that harms no log.
 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "clock.h"
#include "conf.h"
#include "http_conn.h"
#include "id.h"

/* Characters of an id of the client's, and of a traceparent of version 00. */
enum { ID_MAX = 64, TRACE_LEN = 55 };

static bool is_trusted(const struct conf *conf, struct str address)
{
	struct str rest = str_of(conf->http_trusted_proxy), item;

	while (!str_is_null(item = conf_list_next(&rest))) {
		if (str_eq(item, address))
			return true;
	}
	return false;
}

/* The address as text; IPv4 also where it comes dressed as IPv6. */
static void address_text(const struct sockaddr *address, char ret_text[INET6_ADDRSTRLEN])
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;
	const void *bytes = &v4->sin_addr;
	int family = address->sa_family;

	memcpy(ret_text, "unix", 5);
	if (family == AF_INET6) {
		bytes = &v6->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
			bytes = v6->sin6_addr.s6_addr + 12;
			family = AF_INET;
		}
	} else if (family != AF_INET) {
		return;
	}
	(void)inet_ntop(family, bytes, ret_text, INET6_ADDRSTRLEN);
}

bool http_is_proxy(const struct conf *conf, const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN];

	if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
		return true; /* only a proxy of this machine comes by a Unix socket */
	address_text(address, text);
	return is_trusted(conf, str_of(text));
}

void http_identify_peer(struct http_conn *c, const struct sockaddr *address)
{
	address_text(address, c->peer);
	c->is_proxy = http_is_proxy(c->server->conf, address);
}

static bool is_address(struct str s)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/*
 * X-Forwarded-For is read from its end, where our proxy wrote: the first address that is not
 * itself a trusted proxy is the client. What stands before it, anybody may have invented.
 */
static struct str forwarded_for(const struct http_request *r, const struct conf *conf,
				struct str peer)
{
	struct str value = http_field_get(r, STR("x-forwarded-for")), item;
	size_t end;

	while (value.len) {
		for (end = value.len; end && value.at[end - 1] != ',';)
			end--;
		item = str_trim((struct str){value.at + end, value.len - end});
		if (!is_address(item))
			break;
		peer = item;
		if (!is_trusted(conf, item))
			break;
		value.len = end ? end - 1 : 0;
	}
	return peer;
}

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '.' || c == '_' || c == '-'))
			return false;
	}
	return s.len && s.len <= ID_MAX;
}

static void write_hex(const unsigned char *bytes, size_t n, char *to)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*to++ = digit[bytes[i] >> 4];
		*to++ = digit[bytes[i] & 15];
	}
}

/* n hexadecimal digits in lower case, not all zero. */
static bool is_hex(const char *at, size_t n, bool may_be_zero)
{
	bool is_zero = true;

	for (size_t i = 0; i < n; i++) {
		if (!((at[i] >= '0' && at[i] <= '9') || (at[i] >= 'a' && at[i] <= 'f')))
			return false;
		is_zero &= at[i] == '0';
	}
	return may_be_zero || !is_zero;
}

/* "00-" trace id "-" parent id "-" flags, and no other version: we would not know its rules. */
static bool is_trace(struct str s)
{
	return s.len == TRACE_LEN && memcmp(s.at, "00-", 3) == 0 && is_hex(s.at + 3, 32, false) &&
	       s.at[35] == '-' && is_hex(s.at + 36, 16, false) && s.at[52] == '-' &&
	       is_hex(s.at + 53, 2, true);
}

/* Our own span of the caller's trace, or the root of a new one. */
static void make_trace(struct http_request *r)
{
	struct str given = http_field_get(r, STR("traceparent"));
	unsigned char random[24];

	id_random(random, sizeof(random));
	memcpy(r->trace, "00-", 3);
	write_hex(random, 16, r->trace + 3);
	r->trace[35] = '-';
	write_hex(random + 16, 8, r->trace + 36);
	memcpy(r->trace + 52, "-01", 4);
	if (!is_trace(given))
		return;
	memcpy(r->trace + 3, given.at + 3, 32);
	memcpy(r->trace + 53, given.at + 53, 2);
}

void http_identify(struct http_exchange *x, const struct http_conn *c)
{
	struct http_request *r = &x->request;
	struct str id = http_field_get(r, STR("x-request-id"));

	r->peer = str_of(c->peer);
	if (c->is_proxy)
		r->peer = forwarded_for(r, c->server->conf, r->peer);
	/* The connection may go before the exchange does. */
	r->peer = arena_str(&x->arena, r->peer);
	if (is_id(id)) {
		memcpy(r->id, id.at, id.len);
		r->id[id.len] = '\0';
	} else {
		id_new("req_", clock_now_us(), r->id);
	}
	make_trace(r);
}
