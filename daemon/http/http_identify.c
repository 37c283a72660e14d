/*
 * Whose request it is: the client's address, behind trusted proxies by their word; and the
 * request's id.
 *
 * The address is what limits and logs go by, so a client that could choose it would have none.
 * An id of the client's own is taken only in a form that harms no log.
 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/trace.h"
#include "http_conn.h"

/* Characters of an id of the client's. */
enum { ID_MAX = 64 };

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

/* From the end of one field on: true while each address was that of a trusted proxy. */
static bool read_forwarded(struct str value, const struct conf *conf, struct str *peer)
{
	while (value.len) {
		size_t end = value.len;
		struct str item;

		while (end && value.at[end - 1] != ',')
			end--;
		item = str_trim((struct str){value.at + end, value.len - end});
		if (!is_address(item))
			return false;
		*peer = item;
		if (!is_trusted(conf, item))
			return false;
		value.len = end ? end - 1 : 0;
	}
	return true;
}

/*
 * X-Forwarded-For is read from its end, where our proxy wrote: the first address that is not
 * itself a trusted proxy is the client. What stands before it, anybody may have invented. Some
 * proxies add a field of their own behind the client's, which is the same list (RFC 9110 section
 * 5.3): so the end is that of the last field.
 */
static struct str forwarded_for(const struct http_request *r, const struct conf *conf,
				struct str peer)
{
	for (size_t i = r->field_count; i-- > 0;) {
		if (str_eq(r->field[i].name, STR("x-forwarded-for")) &&
		    !read_forwarded(r->field[i].value, conf, &peer))
			break;
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

void http_identify(struct http_exchange *x, const struct http_conn *c)
{
	struct http_request *r = &x->request;
	struct str id = http_field_get(r, STR("x-request-id"));
	struct str trace = http_field_get(r, STR("traceparent"));

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
	if (!str_is_null(trace))
		trace_continue(trace, r->trace);
}
