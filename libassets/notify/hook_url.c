/*
 * Reading webhook URLs from left to right, one part a function. Each takes its part off the
 * front of what is left and says in words what is wrong with it. What is read is not changed:
 * the very bytes go to libcurl, so nothing may be taken here that libcurl reads differently.
 */
#include "hook_url.h"

#include "libassets/base/err.h"

/* 8443 is what receivers behind a shared front have; a label is 63 bytes at most (RFC 1035). */
enum { PORT_HTTP = 80, PORT_HTTPS = 443, PORT_HTTPS_OTHER = 8443, LABEL_MAX = 63 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void skip(struct str *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

/* The part up to the first of `stops`, taken off the front of s. */
static struct str take_until(struct str *s, const char *stops)
{
	struct str part = *s;
	size_t n = 0;

	while (n < s->len && !strchr(stops, s->at[n]))
		n++;
	part.len = n;
	skip(s, n);
	return part;
}

static int refuse(const char **ret_why, const char *why)
{
	*ret_why = why;
	return ERR_WEBHOOK_URL;
}

static int take_scheme(struct str *s, const struct hook_rules *rules, struct hook_url *u,
		       const char **ret_why)
{
	static const struct str https = STR_INIT("https://"), http = STR_INIT("http://");

	if (s->len >= https.len && str_eq_nocase((struct str){s->at, https.len}, https)) {
		u->is_https = true;
		skip(s, https.len);
		return 0;
	}
	if (s->len < http.len || !str_eq_nocase((struct str){s->at, http.len}, http))
		return refuse(ret_why, "The address must begin with https://.");
	if (!rules->is_http_allowed || !rules->allow_count)
		return refuse(ret_why, "Plain http is not allowed here; use https.");
	skip(s, http.len);
	return 0;
}

/* Letters, digits and inner hyphens; underscores are no part of host names. */
static bool is_label(struct str label)
{
	if (!label.len || label.len > LABEL_MAX || label.at[0] == '-' ||
	    label.at[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++) {
		if (!is_letter(label.at[i]) && !is_digit(label.at[i]) && label.at[i] != '-')
			return false;
	}
	return true;
}

/*
 * Would a lenient reader take the label for a number? As the URL standard's "ends in a
 * number" check: all digits, or 0x and hexadecimal digits.
 */
static bool is_number(struct str label)
{
	size_t i = 0;

	if (label.len >= 2 && label.at[0] == '0' && (label.at[1] | 0x20) == 'x') {
		for (i = 2; i < label.len && is_hex(label.at[i]); i++)
			;
		return i == label.len;
	}
	while (i < label.len && is_digit(label.at[i]))
		i++;
	return i == label.len;
}

static int check_name(struct str host, const char **ret_why)
{
	struct str rest = host, label = host;

	if (host.len > HOOK_HOST_MAX)
		return refuse(ret_why, "The host name is longer than 253 characters.");
	while (!str_is_null(rest)) {
		label = str_cut(rest, '.', &rest);
		if (!is_label(label))
			return refuse(
				ret_why,
				"The host is not a name of letters, digits, hyphens and single "
				"dots; write other alphabets in their xn-- form.");
	}
	if (is_number(label))
		return refuse(ret_why, "An IPv4 address is written as four decimal numbers.");
	return 0;
}

/* [IPv6], with s standing on the bracket. */
static int take_bracketed(struct str *s, struct hook_url *u, const char **ret_why)
{
	skip(s, 1);
	u->host = take_until(s, "]");
	if (!s->len || address_parse(u->host, &u->address) < 0 || u->address.bytes != 16)
		return refuse(ret_why, "What stands in brackets is not an IPv6 address.");
	skip(s, 1);
	u->is_literal = true;
	return 0;
}

static int take_host(struct str *s, struct hook_url *u, const char **ret_why)
{
	struct str left = *s;
	struct str authority = take_until(&left, "/?#");

	/* Before all else: to a person, what stands before an @ looks like the host. */
	if (authority.len && memchr(authority.at, '@', authority.len))
		return refuse(ret_why, "The address must not contain a user name or password.");
	if (s->len && s->at[0] == '[')
		return take_bracketed(s, u, ret_why);
	u->host = take_until(s, ":/?#");
	if (address_parse(u->host, &u->address) == 0) {
		u->is_literal = true;
		return 0;
	}
	return check_name(u->host, ret_why);
}

static int take_port(struct str *s, const struct hook_rules *rules, struct hook_url *u,
		     const char **ret_why)
{
	struct str text;
	int64_t port;

	u->port = u->is_https ? PORT_HTTPS : PORT_HTTP;
	if (!s->len || s->at[0] != ':')
		return s->len && !strchr("/?#", s->at[0])
			       ? refuse(ret_why, "Behind the host comes a port or a path.")
			       : 0;
	skip(s, 1);
	text = take_until(s, "/?#");
	if (str_to_i64(text, &port) < 0 || port < 1 || port > 65535)
		return refuse(ret_why, "The port is not a number from 1 to 65535.");
	u->port = (uint16_t)port;
	if (u->port != PORT_HTTPS && u->port != PORT_HTTPS_OTHER && !rules->allow_count)
		return refuse(ret_why, "Only the ports 443 and 8443 may be used.");
	return 0;
}

/* A segment that a reader of paths would resolve away, also when percent-encoded. */
static bool is_dotted(struct str segment)
{
	size_t dots = 0;

	for (size_t i = 0; i < segment.len; dots++) {
		struct str left = {segment.at + i, segment.len - i};

		if (left.at[0] == '.')
			i++;
		else if (left.len >= 3 && str_eq_nocase((struct str){left.at, 3}, STR("%2e")))
			i += 3;
		else
			return false;
	}
	return dots == 1 || dots == 2;
}

/* Characters of RFC 3986 section 3.3 and 3.4: unreserved, sub-delims, ':', '@', '/', '?'. */
static bool is_path_char(char c)
{
	return is_letter(c) || is_digit(c) || (c && strchr("-._~!$&'()*+,;=:@/?", c));
}

static int take_path(struct str *s, struct hook_url *u, const char **ret_why)
{
	struct str path, rest;

	u->path = take_until(s, "#");
	if (s->len)
		return refuse(ret_why, "The address must not contain a fragment (#).");
	for (size_t i = 0; i < u->path.len; i++) {
		const char *c = u->path.at + i;

		if (*c == '%' && i + 2 < u->path.len && is_hex(c[1]) && is_hex(c[2]))
			continue;
		if (!is_path_char(*c))
			return refuse(ret_why,
				      "The path has a character that must be percent-encoded.");
	}
	path = str_cut(u->path, '?', &rest);
	for (rest = path; !str_is_null(rest);) {
		if (is_dotted(str_cut(rest, '/', &rest)))
			return refuse(ret_why, "The path must not contain . or .. segments.");
	}
	return 0;
}

int hook_url_parse(struct str text, const struct hook_rules *rules, struct hook_url *ret_url,
		   const char **ret_why)
{
	struct hook_url u = {0};
	struct str s = text;
	int r;

	if (text.len > HOOK_URL_MAX)
		return refuse(ret_why, "The address is longer than 2,048 characters.");
	r = take_scheme(&s, rules, &u, ret_why);
	if (r == 0)
		r = take_host(&s, &u, ret_why);
	if (r == 0)
		r = take_port(&s, rules, &u, ret_why);
	if (r == 0)
		r = take_path(&s, &u, ret_why);
	/* A name has its addresses vetted when it is called; an address can be vetted now. */
	if (r == 0 && u.is_literal)
		r = hook_url_vet(&u, &u.address, rules, ret_why);
	if (r == 0)
		*ret_url = u;
	return r;
}

static bool is_allowed(const struct hook_rules *rules, const struct address *a)
{
	for (size_t i = 0; i < rules->allow_count; i++) {
		if (address_net_has(&rules->allow[i], a))
			return true;
	}
	return false;
}

static bool is_own(const struct hook_rules *rules, const struct address *a, uint16_t port)
{
	for (size_t i = 0; i < rules->own_count; i++) {
		if (rules->own[i].port == port && address_eq(&rules->own[i].address, a))
			return true;
	}
	return false;
}

int hook_url_vet(const struct hook_url *u, const struct address *a, const struct hook_rules *rules,
		 const char **ret_why)
{
	const char *block;

	/* Ahead of the allowed networks: no setting may let a webhook call its own sender. */
	if (is_own(rules, a, u->port))
		return refuse(ret_why, "The address is this service itself.");
	if (is_allowed(rules, a))
		return u->is_https || rules->is_http_allowed
			       ? 0
			       : refuse(ret_why, "Plain http is not allowed here; use https.");
	block = address_block(a);
	if (block)
		return refuse(ret_why, block);
	if (!u->is_https)
		return refuse(ret_why,
			      "Plain http is allowed inside the configured networks only.");
	if (u->port != PORT_HTTPS && u->port != PORT_HTTPS_OTHER)
		return refuse(ret_why, "Only the ports 443 and 8443 may be used.");
	return 0;
}
