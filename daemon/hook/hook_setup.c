/*
 * Settings of webhooks. Our own doors are found from [http] listen and [metrics] listen; one
 * that is open to every address of this machine is its door at each of them.
 */
#include "hook_setup.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <sys/socket.h>

#include "daemon/base/conf.h"
#include "daemon/base/log.h"
#include "libassets/base/err.h"

static void own_add(struct hook_setup *s, const struct address *a, uint16_t port)
{
	if (s->rules.own_count < HOOK_OWN_MAX)
		s->own[s->rules.own_count++] = (struct hook_own){*a, port};
}

void hook_setup_own(struct hook_setup *s, struct str address, int64_t port)
{
	struct address a;

	if (address_parse(address, &a) < 0)
		return;
	for (size_t i = 0; i < s->rules.own_count; i++) {
		if (address_eq(&s->own[i].address, &a) && s->own[i].port == port)
			return;
	}
	own_add(s, &a, (uint16_t)port);
}

static int address_of(const struct sockaddr *from, struct address *ret_address)
{
	struct address a = {0};

	if (from && from->sa_family == AF_INET) {
		a.bytes = 4;
		memcpy(a.at, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
	} else if (from && from->sa_family == AF_INET6) {
		a.bytes = 16;
		memcpy(a.at, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
	} else {
		return ERR_NOT_FOUND;
	}
	*ret_address = a;
	return 0;
}

/* The interfaces as they are now: an address that comes later is not known as ours. */
static void own_add_everywhere(struct hook_setup *s, uint16_t port)
{
	struct ifaddrs *all = NULL;
	struct address a;

	if (getifaddrs(&all))
		return;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		if (address_of(i->ifa_addr, &a) == 0)
			own_add(s, &a, port);
	}
	freeifaddrs(all);
}

static bool is_unspecified(const struct address *a)
{
	static const struct address v4 = {.bytes = 4}, v6 = {.bytes = 16};

	return address_eq(a, &v4) || address_eq(a, &v6);
}

/* "127.0.0.1:8080", "[::1]:8080", ":8080"; a unix socket is no address. */
static void own_add_listener(struct hook_setup *s, struct str listen)
{
	struct str host = listen, port_text;
	struct address a = {.bytes = 4};
	int64_t port;
	size_t colon = listen.len;

	while (colon && listen.at[colon - 1] != ':')
		colon--;
	if (!colon || str_starts(listen, STR("unix:")))
		return;
	host.len = colon - 1;
	port_text = (struct str){listen.at + colon, listen.len - colon};
	if (host.len > 2 && host.at[0] == '[')
		host = (struct str){host.at + 1, host.len - 2};
	if (str_to_i64(port_text, &port) < 0 || port < 1 || port > UINT16_MAX ||
	    (host.len && address_parse(host, &a) < 0))
		return;
	if (is_unspecified(&a))
		own_add_everywhere(s, (uint16_t)port);
	else
		own_add(s, &a, (uint16_t)port);
}

static int load_rules(const struct conf *c, struct hook_setup *s)
{
	struct str bad = {NULL, 0};
	int r = address_net_list(str_of(c->hooks_allow_cidr), s->allow, &s->rules.allow_count,
				 &bad);

	s->rules.allow = s->allow;
	s->rules.own = s->own;
	s->rules.is_http_allowed = c->hooks_allow_http;
	own_add_listener(s, str_of(c->http_listen));
	own_add_listener(s, str_of(c->metrics_listen));
	if (r < 0)
		log_error("[hooks] allow_cidr is not a list of networks", F_TEXT("at", bad));
	return r < 0 ? ERR_INVALID : 0;
}

/* Exactly 32 bytes: a line feed too many would be another key, and nobody would know. */
static int load_key(const char *path, const char *setting, uint8_t ret_key[SECRET_BOX_KEY],
		    char ret_id[SECRET_BOX_KEY_ID])
{
	FILE *file;
	size_t n;

	if (!path[0])
		return ERR_NOT_FOUND;
	file = fopen(path, "rbe");
	n = file ? fread(ret_key, 1, SECRET_BOX_KEY, file) : 0;
	if (n == SECRET_BOX_KEY && fgetc(file) != EOF)
		n++;
	if (file)
		(void)fclose(file);
	if (n != SECRET_BOX_KEY) {
		log_error("a file of [hooks] does not hold 32 bytes", F_Z("setting", setting),
			  F_Z("path", path));
		return ERR_INVALID;
	}
	return secret_box_key_id(ret_key, ret_id);
}

/* The name in https://register.example.scot:8443/, which receivers of CloudEvents are asked under.
 */
static void load_origin(const struct conf *c, struct hook_setup *s)
{
	struct str rest = str_of(c->http_base_url), name;

	for (size_t i = 0; i + 3 <= rest.len; i++) {
		if (memcmp(rest.at + i, "://", 3) != 0)
			continue;
		rest = (struct str){rest.at + i + 3, rest.len - i - 3};
		name = str_cut(str_cut(rest, '/', &rest), ':', &rest);
		(void)snprintf(s->origin, sizeof(s->origin), "%.*s", (int)name.len, name.at);
		return;
	}
}

int hook_setup_load(const struct conf *c, struct hook_setup *ret_setup)
{
	int r;

	*ret_setup = (struct hook_setup){0};
	load_origin(c, ret_setup);
	r = load_rules(c, ret_setup);
	if (r == 0)
		r = load_key(c->hooks_former_key_file, "former_key_file", ret_setup->former,
			     ret_setup->former_id);
	return r < 0 && r != ERR_NOT_FOUND
		       ? r
		       : load_key(c->hooks_key_file, "key_file", ret_setup->key, ret_setup->key_id);
}

void hook_setup_wipe(struct hook_setup *s)
{
	OPENSSL_cleanse(s->key, sizeof(s->key));
	OPENSSL_cleanse(s->former, sizeof(s->former));
}
