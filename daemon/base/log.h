/*
 * What happened, as lines of JSON on standard error: one line a fact, from any thread.
 *
 *   log_info("listening", F_TEXT("address", address), F_INT("workers", n));
 *   {"at":"2026-11-21T10:00:00.123456Z","level":"info","what":"listening","thread":"main",…}
 *
 * `what` is a short fixed text that one can search for; everything that varies is a field.
 * Texts are cut at 1 KiB and escaped, so that no bytes of a client reach a terminal. A
 * secret, a key, a cookie or a person's contact is never a field.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* One member of a line; made by the F_… words below. */
struct log_field {
	const char *name; /* NULL ends the list */
	bool is_number;
	struct str text; /* absent is written as null */
	int64_t number;
};

#define F_TEXT(field, s)                                                                           \
	{                                                                                          \
		.name = (field), .text = (s)                                                       \
	}
#define F_Z(field, z)                                                                              \
	{                                                                                          \
		.name = (field), .text = str_of(z)                                                 \
	}
#define F_INT(field, n)                                                                            \
	{                                                                                          \
		.name = (field), .is_number = true, .number = (n)                                  \
	}
/* The error's name in err.def. */
#define F_ERR(err)                                                                                 \
	{                                                                                          \
		.name = "err", .text = log_err_name(err)                                           \
	}

#define log_error(...) LOG_AT(LOG_LEVEL_ERROR, __VA_ARGS__, {0})
#define log_warn(...) LOG_AT(LOG_LEVEL_WARN, __VA_ARGS__, {0})
#define log_info(...) LOG_AT(LOG_LEVEL_INFO, __VA_ARGS__, {0})
#define log_debug(...) LOG_AT(LOG_LEVEL_DEBUG, __VA_ARGS__, {0})
/* Fields of a line that nobody will see are not worked out. */
#define LOG_AT(level, what, ...)                                                                   \
	do {                                                                                       \
		if (log_is_on(level))                                                              \
			log_write((level), (what), (const struct log_field[]){__VA_ARGS__});       \
	} while (0)

/* Is a line of this level written? */
bool log_is_on(enum log_level level);

/*
 * Write one line, by one write(2): a text, a field list that {0} ends. Allocates nothing; a
 * line beyond 16 KiB loses the fields that do not fit. For the words above.
 */
void log_write(enum log_level level, const char *what, const struct log_field *field);
/* "NOT_FOUND"; a constant. For F_ERR. */
struct str log_err_name(int err);

/* Lines above this level are dropped; info until somebody says otherwise. For all threads. */
void log_set_level(enum log_level level);
/* "error", "warn", "info" or "debug". ERR_INVALID  none of them. */
MUST_CHECK int log_level_parse(struct str s, enum log_level *ret_level);

/* The name this thread's lines carry, "main" until then; borrowed for the thread's life. */
void log_thread_name(const char *name);

/*
 * For lines that a client or a broken part could cause without end: true at most
 * `per_second` times a second; ret_dropped then gets how many were refused since the last.
 * One gate belongs to one thread.
 */
struct log_gate {
	int64_t second;
	unsigned let, dropped;
};
bool log_gate_open(struct log_gate *g, unsigned per_second, int64_t *ret_dropped);

/* The last words of a process that has no memory: one line, no allocation, then _exit(71). */
_Noreturn void log_fatal_nomem(void);

/* Send what libevent says through here, at most ten lines a second. Once, before any base. */
void log_take_libevent(void);
