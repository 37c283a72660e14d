/*
 * Whose request it is: the client's address, behind trusted proxies by their word; and the
 * request's id.
 *
 * The address is what limits and logs go by, so a client that could choose it would have none.
 * An id of the client's own is taken only in a form that harms no log.
 */
#include <netinet/in.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/trace.h"
#include "http_conn.h"
#include "libassets/base/address.h"

/* Characters of an id of the client's. */
enum { ID_MAX = 64 };

static bool is_trusted(const struct conf *conf, const struct address *address)
{
	struct str rest = str_of(conf->http_trusted_proxy), item;
	struct address proxy;

	while (!str_is_null(item = conf_list_next(&rest))) {
		if (address_parse(item, &proxy) == 0 && address_eq(&proxy, address))
			return true;
	}
	return false;
}

bool http_peer(const struct sockaddr *address, struct address *ret_peer)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;
	struct address peer = {0};

	if (address->sa_family == AF_INET) {
		peer.bytes = 4;
		memcpy(peer.at, &v4->sin_addr, 4);
	} else if (address->sa_family == AF_INET6) {
		peer.bytes = 16;
		memcpy(peer.at, &v6->sin6_addr, 16);
	} else {
		return false;
	}
	address_undress(&peer);
	*ret_peer = peer;
	return true;
}

bool http_is_proxy(const struct conf *conf, const struct address *peer)
{
	return !peer || is_trusted(conf, peer);
}

void http_identify_peer(struct http_conn *c, const struct address *peer)
{
	if (peer)
		address_format(peer, c->peer);
	else
		memcpy(c->peer, "unix", 5);
	c->is_proxy = http_is_proxy(c->server->conf, peer);
}

/* From the end of one field on: true while each address was that of a trusted proxy. */
static bool read_forwarded(struct str value, const struct conf *conf, struct address *client)
{
	while (value.len) {
		size_t end = value.len;
		struct address one;

		while (end && value.at[end - 1] != ',')
			end--;
		if (address_parse(str_trim((struct str){value.at + end, value.len - end}), &one) <
		    0)
			return false;
		address_undress(&one);
		*client = one;
		if (!is_trusted(conf, &one))
			return false;
		value.len = end ? end - 1 : 0;
	}
	return true;
}

/*
 * X-Forwarded-For is read from its end, where our proxy wrote: the first address that is not
 * itself a trusted proxy is the client. What stands before it, anybody may have invented. Some
 * proxies add a field of their own behind the client's, which is the same list (RFC 9110 section
 * 5.3): so the end is that of the last field. The proxy's own address where it says nothing.
 */
static struct str forwarded_for(const struct http_request *r, const struct conf *conf,
				struct str proxy, char text[ADDRESS_TEXT])
{
	struct address client = {0};

	for (size_t i = r->field_count; i-- > 0;) {
		if (str_eq(r->field[i].name, STR("x-forwarded-for")) &&
		    !read_forwarded(r->field[i].value, conf, &client))
			break;
	}
	if (!client.bytes)
		return proxy;
	address_format(&client, text);
	return str_of(text);
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
	struct str peer = str_of(c->peer);
	char text[ADDRESS_TEXT];

	if (c->is_proxy)
		peer = forwarded_for(r, c->server->conf, peer, text);
	/* The connection may go before the exchange does. */
	r->peer = arena_str(&x->arena, peer);
	if (is_id(id)) {
		memcpy(r->id, id.at, id.len);
		r->id[id.len] = '\0';
	} else {
		id_new("req_", clock_now_us(), r->id);
	}
	if (!str_is_null(trace))
		trace_continue(trace, r->trace);
}
