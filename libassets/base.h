/*
 * The few words every file may use: scope-bound release, ownership transfer, counting,
 * and results that may not be dropped. Nothing else belongs here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The caller must look at the result. On every function that returns an ERR_... */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Release a local when its scope ends: CLEANUP(buf_done) struct buf b = …; */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Define `fn_p`, the cleanup form of fn(T), which is not called for NULL. */
#define DEFINE_CLEANUP(type, fn)                                                                   \
	static inline void fn##_p(type *p)                                                         \
	{                                                                                          \
		if (*p)                                                                            \
			fn(*p);                                                                    \
	}

/* Hand a pointer on and forget it. */
#define TAKE(p)                                                                                    \
	__extension__({                                                                            \
		__auto_type take_ = &(p);                                                          \
		__auto_type got_ = *take_;                                                         \
		*take_ = NULL;                                                                     \
		got_;                                                                              \
	})

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
