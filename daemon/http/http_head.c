/*
 * The two passes of http_head.h. llhttp knows the grammar; the table of checks at the end is
 * the policy, one function a rule, in the order in which a sender should hear of it.
 */
#include "http_head.h"

#include <llhttp.h>

#include "libassets/base/err.h"

#if LLHTTP_VERSION_MAJOR < 9 && LLHTTP_STRICT_MODE != 1
#error "the parser must be compiled strict; from version 9 on it knows nothing else"
#endif

/* A Content-Length beyond a terabyte is a mistake. */
enum { LENGTH_DIGITS_MAX = 12 };

static int refuse(const char **ret_why, int err, const char *why)
{
	*ret_why = why;
	return err;
}

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t') || c == 0x7F;
}

/* A line has ended with CR LF at s->at. True if it was the empty one. */
static bool scan_line_end(struct http_scan *s)
{
	bool is_empty = s->at - s->line_start == 2;

	s->line_start = s->at;
	s->lines++;
	return is_empty;
}

static int scan_byte(struct http_scan *s, const char *bytes)
{
	unsigned char c = (unsigned char)bytes[s->at];
	bool after_cr = s->at && bytes[s->at - 1] == '\r';

	if (after_cr != (c == '\n'))
		return refuse(&s->why, ERR_HEAD,
			      "Lines must end with CR LF, and neither stands alone.");
	if (c != '\r' && c != '\n' && is_control(c))
		return refuse(&s->why, ERR_HEAD, "There is a control byte in the head.");
	if (s->at == s->line_start && s->lines && (c == ' ' || c == '\t'))
		return refuse(&s->why, ERR_HEAD, "A header field may not go on in a further line.");
	return 0;
}

int http_scan(struct http_scan *s, const char *bytes, size_t len, size_t *ret_len)
{
	*ret_len = 0;
	while (s->at < len) {
		int err;

		if (s->at >= HTTP_HEAD_MAX && !s->lines)
			return refuse(&s->why, ERR_URI_TOO_LONG, "The request line is too long.");
		if (s->at >= HTTP_HEAD_MAX)
			return refuse(&s->why, ERR_HEAD_TOO_LARGE,
				      "The head is larger than 16 KiB.");
		err = scan_byte(s, bytes);
		if (err)
			return err;
		if (bytes[s->at++] != '\n' || !scan_line_end(s))
			continue;
		if (s->lines == 1)
			return refuse(&s->why, ERR_HEAD, "The request begins with an empty line.");
		*ret_len = s->at;
		return 0;
	}
	return 0;
}

/* What llhttp's call backs collect. */
struct parse {
	struct http_request *request;
	struct http_framing *framing;
	struct str method;
	bool is_full; /* more than HTTP_FIELD_MAX fields */
};

static int on_method(llhttp_t *l, const char *at, size_t len)
{
	struct parse *p = l->data;

	p->method = (struct str){at, len};
	return 0;
}

static int on_url(llhttp_t *l, const char *at, size_t len)
{
	struct parse *p = l->data;

	p->request->target = (struct str){at, len};
	return 0;
}

static int on_field(llhttp_t *l, const char *at, size_t len)
{
	struct parse *p = l->data;
	struct http_request *r = p->request;

	if (r->field_count == HTTP_FIELD_MAX) {
		p->is_full = true;
		return HPE_USER;
	}
	r->field[r->field_count++] = (struct http_field){{at, len}, STR_INIT("")};
	return 0;
}

static int on_value(llhttp_t *l, const char *at, size_t len)
{
	struct parse *p = l->data;
	struct http_request *r = p->request;

	if (!r->field_count || r->field[r->field_count - 1].value.len)
		return HPE_USER; /* a value without a name, or in two pieces */
	r->field[r->field_count - 1].value = str_trim((struct str){at, len});
	return 0;
}

static int on_headers_complete(llhttp_t *l)
{
	(void)l;
	return HPE_PAUSED; /* the body is ours */
}

static const llhttp_settings_t parse_settings = {
	.on_method = on_method,
	.on_url = on_url,
	.on_header_field = on_field,
	.on_header_value = on_value,
	.on_headers_complete = on_headers_complete,
};

/* Fields are kept as views into `head`, which is ours to change. */
static void lower_names(char *head, struct http_request *r)
{
	for (size_t i = 0; i < r->field_count; i++) {
		char *name = head + (r->field[i].name.at - head);

		for (size_t n = 0; n < r->field[i].name.len; n++) {
			if (name[n] >= 'A' && name[n] <= 'Z')
				name[n] = (char)(name[n] + ('a' - 'A'));
		}
	}
}

static bool is_token(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool set_method(struct http_request *r, struct str name)
{
	for (enum http_method m = METHOD_GET; m <= METHOD_OPTIONS; m++) {
		if (str_eq(name, str_of(http_method_name(m)))) {
			r->method = m;
			return true;
		}
	}
	return false;
}

/* The request line alone, for llhttp knows more methods than we and stops at those it does not. */
static int check_method(const char *head, size_t len, struct parse *p)
{
	size_t n = 0;

	while (n < len && is_token(head[n]))
		n++;
	if (!n || n == len || head[n] != ' ')
		return refuse(&p->framing->why, ERR_HEAD,
			      "The request line does not begin with a method.");
	if (!set_method(p->request, (struct str){head, n}))
		return refuse(&p->framing->why, ERR_METHOD_UNKNOWN,
			      "This service does not know the method.");
	return 0;
}

/* "GET /path HTTP/1.1": the parts and two single blanks are the whole line. */
static int check_request_line(const char *head, size_t len, struct parse *p)
{
	struct http_request *r = p->request;
	const char *end = memchr(head, '\r', len);
	const char *version = r->target.at + r->target.len + 1;
	const char **why = &p->framing->why;

	r->path = str_cut(r->target, '?', &r->query);
	if (r->target.len > HTTP_TARGET_MAX)
		return refuse(why, ERR_URI_TOO_LONG, "The address is longer than 4 KiB.");
	if (!end || end - head != (ptrdiff_t)(p->method.len + r->target.len + 10) ||
	    r->target.at != head + p->method.len + 1)
		return refuse(why, ERR_HEAD,
			      "The request line must have its three parts and single blanks.");
	if (memcmp(version, "HTTP/1.1", 8) != 0 && memcmp(version, "HTTP/1.0", 8) != 0)
		return refuse(why, ERR_HEAD, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
	r->is_version_10 = version[7] == '0';
	return 0;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that an escape at s.at stands for, -1 if it is none or NUL. */
static int escaped(struct str s)
{
	int byte;

	if (s.len < 3 || hex(s.at[1]) < 0 || hex(s.at[2]) < 0)
		return -1;
	byte = hex(s.at[1]) << 4 | hex(s.at[2]);
	return byte ? byte : -1;
}

int http_unescape(struct str s, char *to, size_t *ret_len)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int byte = (unsigned char)s.at[i];

		if (byte == '%') {
			byte = escaped((struct str){s.at + i, s.len - i});
			if (byte < 0)
				return ERR_HEAD;
			i += 2;
		}
		to[n++] = (char)byte;
	}
	*ret_len = n;
	return 0;
}

static int check_target(struct parse *p)
{
	struct http_request *r = p->request;
	struct str t = r->target;

	if (str_eq(t, STR("*")) && r->method == METHOD_OPTIONS)
		return 0;
	if (!t.len || t.at[0] != '/')
		return refuse(&p->framing->why, ERR_HEAD, "The address must begin with a slash.");
	for (size_t i = 0; i < t.len; i++) {
		unsigned char c = (unsigned char)t.at[i];

		if (c <= 0x20 || c >= 0x7F || strchr("#\"<>\\", c))
			return refuse(&p->framing->why, ERR_HEAD,
				      "The address has a byte that must be escaped.");
		if (c == '%' && escaped((struct str){t.at + i, t.len - i}) < 0)
			return refuse(&p->framing->why, ERR_HEAD, "The address has a bad escape.");
	}
	return 0;
}

static bool is_host_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '.' || c == '-' || c == '_';
}

/* A name, an IPv4 address or one of IPv6 in brackets, and perhaps a port. RFC 9110 section 7.2. */
static bool is_host(struct str s)
{
	size_t i = 0, from;

	if (s.len && s.at[0] == '[') {
		for (i = 1; i < s.len && (hex(s.at[i]) >= 0 || s.at[i] == ':' || s.at[i] == '.');)
			i++;
		if (i < 4 || i == s.len || s.at[i++] != ']')
			return false;
	} else {
		while (i < s.len && is_host_byte(s.at[i]))
			i++;
	}
	if (i == 0 || i > 255)
		return false;
	if (i == s.len)
		return true;
	for (from = ++i; i < s.len && s.at[i] >= '0' && s.at[i] <= '9';)
		i++;
	return s.at[from - 1] == ':' && i == s.len && i > from && i - from <= 5;
}

static size_t count_fields(const struct http_request *r, struct str name)
{
	size_t n = 0;

	for (size_t i = 0; i < r->field_count; i++)
		n += str_eq(r->field[i].name, name);
	return n;
}

static int check_host(struct parse *p)
{
	struct http_request *r = p->request;

	r->host = http_field_get(r, STR("host"));
	if (count_fields(r, STR("host")) != 1)
		return refuse(&p->framing->why, ERR_HEAD, "There must be exactly one Host.");
	if (!is_host(r->host))
		return refuse(&p->framing->why, ERR_HEAD, "The Host is not a name or address.");
	return 0;
}

static int check_names(struct parse *p)
{
	const struct http_request *r = p->request;

	for (size_t i = 0; i < r->field_count; i++) {
		struct str name = r->field[i].name;

		for (size_t n = 0; n < name.len; n++) {
			if (!is_token(name.at[n]))
				name.len = 0;
		}
		if (!name.len)
			return refuse(&p->framing->why, ERR_HEAD,
				      "A header field has no proper name.");
	}
	return 0;
}

static int check_length(struct parse *p)
{
	struct str length = http_field_get(p->request, STR("content-length"));
	size_t n = count_fields(p->request, STR("content-length"));
	int64_t value = 0;

	if (n > 1)
		return refuse(&p->framing->why, ERR_HEAD, "There is more than one Content-Length.");
	if (n == 0)
		return 0;
	for (size_t i = 0; i < length.len && i <= LENGTH_DIGITS_MAX; i++) {
		if (length.at[i] < '0' || length.at[i] > '9')
			length.len = 0;
		else
			value = value * 10 + (length.at[i] - '0');
	}
	if (!length.len || length.len > LENGTH_DIGITS_MAX)
		return refuse(&p->framing->why, ERR_HEAD,
			      "The Content-Length is not at most 12 digits.");
	p->framing->body_bytes = value;
	return 0;
}

/* Fields of which a second one could be read by somebody else instead of the first. */
static int check_single(struct parse *p)
{
	static const struct str single[] = {
		STR_INIT("authorization"),   STR_INIT("content-type"), STR_INIT("cookie"),
		STR_INIT("idempotency-key"), STR_INIT("expect"),       STR_INIT("origin"),
		STR_INIT("sec-fetch-site"),
	};

	for (size_t i = 0; i < COUNT(single); i++) {
		if (count_fields(p->request, single[i]) > 1)
			return refuse(&p->framing->why, ERR_HEAD,
				      "A header field that may come once came twice.");
	}
	return 0;
}

static int check_connection(struct parse *p)
{
	const struct http_request *r = p->request;

	p->framing->is_keep_alive = !r->is_version_10;
	for (size_t i = 0; i < r->field_count; i++) {
		struct str rest = r->field[i].value;

		if (str_eq(r->field[i].name, STR("upgrade")))
			return refuse(&p->framing->why, ERR_HEAD,
				      "No other protocol is spoken here.");
		if (!str_eq(r->field[i].name, STR("connection")))
			continue;
		while (!str_is_null(rest)) {
			struct str word = str_trim(str_cut(rest, ',', &rest));

			if (str_eq_nocase(word, STR("close"))) {
				p->framing->is_keep_alive = false;
				return 0;
			}
			if (str_eq_nocase(word, STR("keep-alive")))
				p->framing->is_keep_alive = true;
		}
	}
	return 0;
}

static int check_coding(struct parse *p)
{
	if (count_fields(p->request, STR("content-encoding")))
		return refuse(&p->framing->why, ERR_MEDIA_TYPE,
			      "Send the body without a Content-Encoding.");
	return 0;
}

static int check_expect(struct parse *p)
{
	struct str expect = http_field_get(p->request, STR("expect"));

	if (str_is_null(expect))
		return 0;
	if (!str_eq_nocase(expect, STR("100-continue")))
		return refuse(&p->framing->why, ERR_EXPECT,
			      "Only Expect: 100-continue is understood.");
	p->framing->wants_continue = !p->request->is_version_10;
	return 0;
}

/* A further rule is a function and its place in this row. */
static int check_policy(struct parse *p)
{
	static int (*const check[])(struct parse *) = {
		check_target, check_names,      check_host,   check_length,
		check_single, check_connection, check_coding, check_expect,
	};

	for (size_t i = 0; i < COUNT(check); i++) {
		int err = check[i](p);

		if (err)
			return err;
	}
	return 0;
}

/* What llhttp's refusal means, now that names are in lower case. */
static int llhttp_refusal(const llhttp_t *l, struct parse *p)
{
	const char *reason = llhttp_get_error_reason(l);

	if (p->is_full)
		return refuse(&p->framing->why, ERR_HEAD_TOO_LARGE,
			      "There are more than 100 header fields.");
	return refuse(&p->framing->why, ERR_HEAD,
		      reason && *reason ? reason : "This is not HTTP/1.1.");
}

int http_head_parse(char *head, size_t len, struct http_request *ret_request,
		    struct http_framing *ret_framing)
{
	struct parse p = {.request = ret_request, .framing = ret_framing};
	llhttp_errno_t verdict;
	llhttp_t l;
	int err;

	ret_request->method = METHOD_GET;
	ret_request->target = ret_request->path = STR("");
	ret_request->query = ret_request->host = ret_request->body = (struct str){NULL, 0};
	ret_request->field_count = 0;
	ret_request->is_version_10 = false;
	*ret_framing = (struct http_framing){0};

	err = check_method(head, len, &p);
	if (err)
		return err;
	llhttp_init(&l, HTTP_REQUEST, &parse_settings);
	l.data = &p;
	verdict = llhttp_execute(&l, head, len);
	lower_names(head, ret_request);
	if (count_fields(ret_request, STR("transfer-encoding")))
		return refuse(&ret_framing->why, ERR_LENGTH,
			      "Send a Content-Length; chunked requests are not taken.");
	if (verdict != HPE_PAUSED)
		return llhttp_refusal(&l, &p);
	err = check_request_line(head, len, &p);
	return err ? err : check_policy(&p);
}
