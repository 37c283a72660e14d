/*
 * Webhook addresses: every spelling here is one that some reader somewhere takes for
 * something else.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/notify/hook_url.h"

static const struct hook_rules public_rules;

static struct hook_rules private_rules(void)
{
	static const struct address_net allow[] = {{{4, {127}}, 8}, {{16, {0xfd}}, 8}};
	static const struct hook_own own[] = {{{4, {127, 0, 0, 1}}, 8080}};

	return (struct hook_rules){
		.allow = allow,
		.allow_count = COUNT(allow),
		.is_http_allowed = true,
		.own = own,
		.own_count = COUNT(own),
	};
}

/* clang-format off */
static const struct str hostile_table[] = {
	/* schemes */
	STR_INIT(""), STR_INIT("https:"), STR_INIT("https:/"), STR_INIT("https://"), STR_INIT("https:///"), STR_INIT("https:///x"),
	STR_INIT("http://example.com"), STR_INIT("HTTP://example.com"), STR_INIT("ftp://example.com"), STR_INIT("file:///etc/passwd"),
	STR_INIT("gopher://example.com"), STR_INIT("//example.com"), STR_INIT("example.com"), STR_INIT("https:example.com"),
	STR_INIT("https:\\\\example.com"), STR_INIT(" https://example.com"), STR_INIT("https ://example.com"), STR_INIT("javascript:alert(1)"),
	STR_INIT("data:text/plain,x"), STR_INIT("https://https://example.com"), STR_INIT("dict://example.com:443/"), STR_INIT("ws://example.com"),
	/* this machine, in every base */
	STR_INIT("https://127.0.0.1"), STR_INIT("https://127.0.0.1/"), STR_INIT("https://127.0.0.1:443/"), STR_INIT("https://127.1"),
	STR_INIT("https://127.0.1"), STR_INIT("https://2130706433"), STR_INIT("https://017700000001"), STR_INIT("https://0x7f000001"),
	STR_INIT("https://0x7F.0x0.0x0.0x1"), STR_INIT("https://0177.0.0.1"), STR_INIT("https://0177.0.0.01"), STR_INIT("https://127.0.0.1."),
	STR_INIT("https://127.0x1"), STR_INIT("https://0"), STR_INIT("https://0x0"), STR_INIT("https://0x"), STR_INIT("https://00000000"),
	STR_INIT("https://0.0.0.0"), STR_INIT("https://127.127.127.127"), STR_INIT("https://127.0.0.1%00.example.com"), STR_INIT("https://127.0.0.1\0.example.com"),
	STR_INIT("https://[::1]"), STR_INIT("https://[::1]:443/"), STR_INIT("https://[0:0:0:0:0:0:0:1]"), STR_INIT("https://[::]"),
	STR_INIT("https://[::ffff:127.0.0.1]"), STR_INIT("https://[::ffff:7f00:1]"), STR_INIT("https://[0:0:0:0:0:ffff:127.0.0.1]"),
	STR_INIT("https://[::127.0.0.1]"), STR_INIT("https://[64:ff9b::127.0.0.1]"), STR_INIT("https://[2002:7f00:1::]"), STR_INIT("https://[64:ff9b:1::7f00:1]"),
	/* the neighbourhood */
	STR_INIT("https://10.0.0.1"), STR_INIT("https://172.16.0.1"), STR_INIT("https://192.168.1.1"), STR_INIT("https://100.64.0.1"),
	STR_INIT("https://169.254.169.254/latest/meta-data/"), STR_INIT("https://[fd00:ec2::254]/"), STR_INIT("https://[fe80::1]"), STR_INIT("https://[fe80::1%25eth0]"),
	STR_INIT("https://[fe80::1%eth0]"), STR_INIT("https://[fc00::1]"), STR_INIT("https://[ff02::1]"), STR_INIT("https://224.0.0.1"), STR_INIT("https://255.255.255.255"),
	STR_INIT("https://192.0.2.1"), STR_INIT("https://[2001:db8::1]"), STR_INIT("https://198.18.0.1"), STR_INIT("https://[::ffff:8.8.8.8]"), STR_INIT("https://0xA9FEA9FE"),
	STR_INIT("https://2852039166"), STR_INIT("https://0251.0376.0251.0376"), STR_INIT("https://169.254.43518"), STR_INIT("https://425.510.425.510"),
	/* brackets */
	STR_INIT("https://[::1"), STR_INIT("https://::1]"), STR_INIT("https://[]"), STR_INIT("https://[127.0.0.1]"), STR_INIT("https://[8.8.8.8]"), STR_INIT("https://[2a00::1]x"),
	STR_INIT("https://[2a00::1].example.com"), STR_INIT("https://2a00::1/"), STR_INIT("https://[[2a00::1]]"), STR_INIT("https://[example.com]"),
	/* users and fragments */
	STR_INIT("https://user@example.com"), STR_INIT("https://user:pass@example.com"), STR_INIT("https://@example.com"), STR_INIT("https://:@example.com"),
	STR_INIT("https://example.com@127.0.0.1"), STR_INIT("https://example.com%40127.0.0.1"), STR_INIT("https://example.com:443@127.0.0.1/"), STR_INIT("https://a@b@example.com"),
	STR_INIT("https://example.com#"), STR_INIT("https://example.com/#x"), STR_INIT("https://example.com#@127.0.0.1/"), STR_INIT("https://example.com/?a#b"),
	/* names */
	STR_INIT("https://localhost."), STR_INIT("https://example.com."), STR_INIT("https://.example.com"), STR_INIT("https://example..com"), STR_INIT("https://-a.example.com"),
	STR_INIT("https://a-.example.com"), STR_INIT("https://exa_mple.com"), STR_INIT("https://exa mple.com"), STR_INIT("https://example.com\t"), STR_INIT("https://exam\nple.com"),
	STR_INIT("https://example.com\r\nX: y"), STR_INIT("https://ex%61mple.com"), STR_INIT("https://example.com\\@127.0.0.1"), STR_INIT("https://example.com\\.evil.example"),
	STR_INIT("https://b\xC3\xBC" "cher.example"), STR_INIT("https://\xE2\x91\xA0.example.com"), STR_INIT("https://example\xE3\x80\x82" "com"), STR_INIT("https://\xEF\xBC\x91\x32\x37.0.0.1"),
	STR_INIT("https://example.com\xC2\xAD"), STR_INIT("https://*.example.com"), STR_INIT("https://example.com;.evil.example"), STR_INIT("https://example.com,evil.example"),
	STR_INIT("https://1.2.3.4.5"), STR_INIT("https://example.0x1"), STR_INIT("https://example.1"), STR_INIT("https://foo.0"), STR_INIT("https://\"example.com\""), STR_INIT("https://$(id).example.com"),
	STR_INIT("https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com"),
	/* ports */
	STR_INIT("https://example.com:"), STR_INIT("https://example.com:0"), STR_INIT("https://example.com:80"), STR_INIT("https://example.com:22"), STR_INIT("https://example.com:5432/"),
	STR_INIT("https://example.com:65536"), STR_INIT("https://example.com:65979"), STR_INIT("https://example.com:-443"), STR_INIT("https://example.com:+443"), STR_INIT("https://example.com:0443"),
	STR_INIT("https://example.com:443x"), STR_INIT("https://example.com:443:443"), STR_INIT("https://example.com: 443"), STR_INIT("https://example.com:0x1bb"), STR_INIT("https://8.8.8.8:8080"),
	/* paths */
	STR_INIT("https://example.com/a b"), STR_INIT("https://example.com/a\tb"), STR_INIT("https://example.com/\0"), STR_INIT("https://example.com/a\\b"), STR_INIT("https://example.com/%"),
	STR_INIT("https://example.com/%2"), STR_INIT("https://example.com/%zz"), STR_INIT("https://example.com/../x"), STR_INIT("https://example.com/a/./b"), STR_INIT("https://example.com/%2e%2E/x"),
	STR_INIT("https://example.com/.%2e"), STR_INIT("https://example.com/a\x7F"), STR_INIT("https://example.com/\xC3\xA9"), STR_INIT("https://example.com/<x>"), STR_INIT("https://example.com/{x}"),
	STR_INIT("https://example.com?a b"), STR_INIT("https://example.com/\r\nHost: x"), STR_INIT("https://example.com/\"x"), STR_INIT("https://example.com/`id`"), STR_INIT("https://example.com/[x]"),
};
/* clang-format on */

/* W-45 W-46: none of them is called. */
Test(hook_url, hostile_spellings)
{
	cr_assert_geq(COUNT(hostile_table), 120);
	for (size_t i = 0; i < COUNT(hostile_table); i++) {
		struct hook_url u;
		const char *why = NULL;

		cr_assert_eq(hook_url_parse(hostile_table[i], &public_rules, &u, &why),
			     ERR_WEBHOOK_URL, "row %zu: %.*s", i, (int)hostile_table[i].len,
			     hostile_table[i].at);
		cr_assert(why && *why, "row %zu", i);
	}
}

Test(hook_url, what_is_taken)
{
	static const struct {
		struct str text, host, path;
		uint16_t port;
		bool is_literal;
	} rows[] = {
		{STR_INIT("https://example.com"), STR_INIT("example.com"), STR_INIT(""), 443,
		 false},
		{STR_INIT("HTTPS://Example.COM/"), STR_INIT("Example.COM"), STR_INIT("/"), 443,
		 false},
		{STR_INIT("https://example.com:8443/a/b?c=d&e=%20@:"), STR_INIT("example.com"),
		 STR_INIT("/a/b?c=d&e=%20@:"), 8443, false},
		{STR_INIT("https://example.com?x=/../"), STR_INIT("example.com"),
		 STR_INIT("?x=/../"), 443, false},
		{STR_INIT("https://xn--bcher-kva.example/.../..a/.b"),
		 STR_INIT("xn--bcher-kva.example"), STR_INIT("/.../..a/.b"), 443, false},
		{STR_INIT("https://8.8.8.8/"), STR_INIT("8.8.8.8"), STR_INIT("/"), 443, true},
		{STR_INIT("https://[2a00:1450::1]:443/"), STR_INIT("2a00:1450::1"), STR_INIT("/"),
		 443, true},
		{STR_INIT("https://3com.example"), STR_INIT("3com.example"), STR_INIT(""), 443,
		 false},
		{STR_INIT("https://localhost/"), STR_INIT("localhost"), STR_INIT("/"), 443, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hook_url u;
		const char *why = "";

		cr_assert_eq(hook_url_parse(rows[i].text, &public_rules, &u, &why), 0,
			     "row %zu: %s", i, why);
		cr_assert(u.is_https);
		cr_assert(str_eq(u.host, rows[i].host), "row %zu", i);
		cr_assert(str_eq(u.path, rows[i].path), "row %zu", i);
		cr_assert_eq(u.port, rows[i].port, "row %zu", i);
		cr_assert_eq(u.is_literal, rows[i].is_literal, "row %zu", i);
	}
}

Test(hook_url, the_longest_and_one_more)
{
	char text[HOOK_URL_MAX + 2] = "https://example.com/";
	struct hook_url u;
	const char *why;

	memset(text + 20, 'a', sizeof(text) - 20);
	cr_assert_eq(hook_url_parse((struct str){text, HOOK_URL_MAX}, &public_rules, &u, &why), 0);
	cr_assert_eq(hook_url_parse((struct str){text, HOOK_URL_MAX + 1}, &public_rules, &u, &why),
		     ERR_WEBHOOK_URL);
}

Test(hook_url, private_receivers_where_allowed)
{
	static const struct {
		struct str text;
		int err;
	} rows[] = {
		{STR_INIT("http://127.0.0.1:9000/hook"), 0},
		{STR_INIT("https://127.0.0.1:9000/hook"), 0},
		{STR_INIT("http://127.0.0.1/"), 0},
		{STR_INIT("http://[fd00::1]:9000/"), 0},
		{STR_INIT("http://receiver.example:9000/"), 0}, /* the address has the last word */
		{STR_INIT("http://127.0.0.1:8080/"), ERR_WEBHOOK_URL}, /* our own door */
		{STR_INIT("https://127.0.0.1:8080/"), ERR_WEBHOOK_URL},
		{STR_INIT("http://10.0.0.1:9000/"), ERR_WEBHOOK_URL},
		{STR_INIT("http://8.8.8.8/"), ERR_WEBHOOK_URL},
		{STR_INIT("https://8.8.8.8:9000/"), ERR_WEBHOOK_URL},
		{STR_INIT("http://[::ffff:127.0.0.1]:9000/"), ERR_WEBHOOK_URL},
	};
	struct hook_rules rules = private_rules();

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hook_url u;
		const char *why;

		cr_assert_eq(hook_url_parse(rows[i].text, &rules, &u, &why), rows[i].err, "row %zu",
			     i);
	}
	rules.is_http_allowed = false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hook_url u;
		const char *why;
		bool is_http = str_starts(rows[i].text, STR("http:"));

		cr_assert_eq(hook_url_parse(rows[i].text, &rules, &u, &why),
			     is_http ? ERR_WEBHOOK_URL : rows[i].err, "row %zu", i);
	}
}

/* W-44: a name may say one thing when it is registered and another when it is called. */
Test(hook_url, each_resolved_address_is_vetted)
{
	static const struct {
		struct str url, address;
		int err;
	} rows[] = {
		{STR_INIT("https://example.com/"), STR_INIT("93.184.216.34"), 0},
		{STR_INIT("https://example.com/"), STR_INIT("127.0.0.1"), ERR_WEBHOOK_URL},
		{STR_INIT("https://example.com/"), STR_INIT("::ffff:93.184.216.34"),
		 ERR_WEBHOOK_URL},
		{STR_INIT("https://example.com/"), STR_INIT("169.254.169.254"), ERR_WEBHOOK_URL},
		{STR_INIT("https://example.com:8443/"), STR_INIT("2a00:1450::1"), 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hook_url u;
		struct address a;
		const char *why;

		cr_assert_eq(hook_url_parse(rows[i].url, &public_rules, &u, &why), 0, "row %zu", i);
		cr_assert_eq(address_parse(rows[i].address, &a), 0);
		cr_assert_eq(hook_url_vet(&u, &a, &public_rules, &why), rows[i].err, "row %zu", i);
	}
}

Test(hook_url, vetting_by_port_and_network)
{
	static const struct {
		struct str url, address;
		int err;
	} rows[] = {
		{STR_INIT("http://receiver.example:9000/"), STR_INIT("127.9.9.9"), 0},
		{STR_INIT("http://receiver.example:9000/"), STR_INIT("93.184.216.34"),
		 ERR_WEBHOOK_URL},
		{STR_INIT("https://receiver.example:9000/"), STR_INIT("93.184.216.34"),
		 ERR_WEBHOOK_URL},
		{STR_INIT("https://receiver.example/"), STR_INIT("93.184.216.34"), 0},
		{STR_INIT("https://receiver.example/"), STR_INIT("10.0.0.1"), ERR_WEBHOOK_URL},
		{STR_INIT("http://receiver.example:8080/"), STR_INIT("127.0.0.1"), ERR_WEBHOOK_URL},
	};
	struct hook_rules rules = private_rules();

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hook_url u;
		struct address a;
		const char *why;

		cr_assert_eq(hook_url_parse(rows[i].url, &rules, &u, &why), 0, "row %zu", i);
		cr_assert_eq(address_parse(rows[i].address, &a), 0);
		cr_assert_eq(hook_url_vet(&u, &a, &rules, &why), rows[i].err, "row %zu", i);
	}
}
