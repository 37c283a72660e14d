/*
 * JSON lines on standard error. A line is put together on the stack and written by one
 * write(2), so that lines of different threads do not mix and logging needs no memory.
 *
 * From any thread, at any time, also while memory is short. A text beyond FIELD_MAX is cut, a
 * field for which the line has no room is left out; the line itself is always whole JSON.
 */
#include "log.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "libassets/base/err.h"

/* Bytes of a text and of a line; EX_OSERR of sysexits.h, which the supervisor restarts on. */
enum { FIELD_MAX = 1024, LINE_MAX_BYTES = 16 * 1024, EXIT_NOMEM = 71 };

static _Atomic int log_limit = LOG_LEVEL_INFO;
static _Thread_local const char *log_thread = "main";

static const char *const level_name[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

struct line {
	char at[LINE_MAX_BYTES];
	size_t len;
	bool is_full; /* something was left out */
};

/* What does not fit is left out; the room for the end of the line is kept. */
static void line_add(struct line *l, const char *bytes, size_t len)
{
	if (len > sizeof(l->at) - 8 - l->len) {
		l->is_full = true;
		return;
	}
	memcpy(l->at + l->len, bytes, len);
	l->len += len;
}

static void line_z(struct line *l, const char *z)
{
	line_add(l, z, strlen(z));
}

/* The code point at the start of s, its length in *ret_len; U+FFFD for a byte that begins none. */
static uint32_t code_point(struct str s, size_t *ret_len)
{
	unsigned char lead = (unsigned char)s.at[0];
	uint32_t point;

	*ret_len = 1;
	if (lead < 0x80)
		return lead;
	for (size_t n = 2; n <= 4 && n <= s.len; n++) {
		if (!str_is_utf8((struct str){s.at, n}))
			continue;
		point = lead & (0x7Fu >> n);
		for (size_t i = 1; i < n; i++)
			point = point << 6 | ((unsigned char)s.at[i] & 0x3Fu);
		*ret_len = n;
		return point;
	}
	return 0xFFFD;
}

/* Lines are ASCII: neither control sequences nor U+2028 reach a terminal or a log viewer. */
static void line_point(struct line *l, uint32_t point)
{
	char escaped[16], plain = (char)point;

	if (point >= 0x20 && point < 0x7F && point != '"' && point != '\\') {
		line_add(l, &plain, 1);
		return;
	}
	if (point < 0x10000)
		(void)snprintf(escaped, sizeof(escaped), "\\u%04x", point);
	else
		(void)snprintf(escaped, sizeof(escaped), "\\u%04x\\u%04x",
			       0xD800 + ((point - 0x10000) >> 10), 0xDC00 + (point & 0x3FF));
	line_z(l, escaped);
}

static void line_text(struct line *l, struct str s)
{
	bool is_cut = s.len > FIELD_MAX;
	size_t n;

	if (str_is_null(s)) {
		line_z(l, "null");
		return;
	}
	if (is_cut)
		s.len = FIELD_MAX;
	line_z(l, "\"");
	for (size_t i = 0; i < s.len; i += n)
		line_point(l, code_point((struct str){s.at + i, s.len - i}, &n));
	line_z(l, is_cut ? "...\"" : "\"");
}

/* Names are ours and need no escape. Whole or not at all: half a text would be no JSON. */
static void line_field(struct line *l, const struct log_field *f)
{
	size_t before = l->len;
	char digits[24];

	line_z(l, ",\"");
	line_z(l, f->name);
	line_z(l, "\":");
	if (f->is_number) {
		(void)snprintf(digits, sizeof(digits), "%" PRId64, f->number);
		line_z(l, digits);
	} else {
		line_text(l, f->text);
	}
	if (l->is_full)
		l->len = before;
	l->is_full = false;
}

bool log_is_on(enum log_level level)
{
	return (int)level <= atomic_load_explicit(&log_limit, memory_order_relaxed);
}

void log_write(enum log_level level, const char *what, const struct log_field *field)
{
	struct line l = {.len = 0};
	char now[28];

	if (!log_is_on(level))
		return;
	clock_format(clock_now_us(), now);
	line_z(&l, "{\"at\":\"");
	line_z(&l, now);
	line_z(&l, "\",\"level\":\"");
	line_z(&l, level_name[level]);
	line_z(&l, "\",\"what\":");
	line_text(&l, str_of(what));
	line_z(&l, ",\"thread\":");
	line_text(&l, str_of(log_thread));
	for (; field->name; field++)
		line_field(&l, field);
	memcpy(l.at + l.len, "}\n", 2);
	l.len += 2;
	if (write(STDERR_FILENO, l.at, l.len) < 0)
		return; /* nobody is left to tell */
}

struct str log_err_name(int err)
{
	return str_of(err_info(err)->id);
}

void log_set_level(enum log_level level)
{
	atomic_store_explicit(&log_limit, (int)level, memory_order_relaxed);
}

int log_level_parse(struct str s, enum log_level *ret_level)
{
	for (size_t i = 0; i < COUNT(level_name); i++) {
		if (str_eq(s, str_of(level_name[i]))) {
			*ret_level = (enum log_level)i;
			return 0;
		}
	}
	return ERR_INVALID;
}

void log_thread_name(const char *name)
{
	log_thread = name;
}

bool log_gate_open(struct log_gate *g, unsigned per_second, int64_t *ret_dropped)
{
	int64_t second = clock_mono_us() / 1000000;

	if (g->second != second) {
		g->second = second;
		g->let = 0;
	}
	if (g->let >= per_second) {
		g->dropped++;
		return false;
	}
	g->let++;
	*ret_dropped = g->dropped;
	g->dropped = 0;
	return true;
}

_Noreturn void log_fatal_nomem(void)
{
	log_error("out of memory", F_INT("exit", EXIT_NOMEM));
	_exit(EXIT_NOMEM);
}

static void on_libevent_line(int severity, const char *text)
{
	static _Thread_local struct log_gate gate;
	int64_t dropped;
	enum log_level level = severity >= EVENT_LOG_ERR    ? LOG_LEVEL_ERROR
			       : severity == EVENT_LOG_WARN ? LOG_LEVEL_WARN
							    : LOG_LEVEL_DEBUG;

	if (!log_gate_open(&gate, 10, &dropped))
		return;
	log_write(level, "libevent",
		  (const struct log_field[]){F_Z("text", text), F_INT("dropped", dropped), {0}});
}

static void on_libevent_fatal(int err)
{
	log_error("libevent gave up", F_INT("code", err), F_INT("exit", EXIT_NOMEM));
	_exit(EXIT_NOMEM);
}

void log_take_libevent(void)
{
	event_set_log_callback(on_libevent_line);
	event_set_fatal_callback(on_libevent_fatal);
}
