/*
 * The few words every file may use: scope-bound release, ownership transfer, counting,
 * and results that may not be dropped. Nothing else belongs here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The caller must look at the result. On every function that returns 0 or an ERR_…: such a
 * function sets its `ret_` outputs on success only, unless its comment says otherwise.
 */
#define MUST_CHECK __attribute__((warn_unused_result))

/*
 * Release a local when its scope ends, on whichever way out; fn gets its address.
 * Initialise it where it is declared: fn runs also on a return just below.
 *
 * Example: CLEANUP(buf_done) struct buf b = BUF(200);
 */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/*
 * Define `fn_p`, the cleanup form of fn(T) for a pointer type T; fn is not called for NULL.
 *
 * Example: DEFINE_CLEANUP(FILE *, fclose) makes CLEANUP(fclose_p) FILE *f close itself.
 */
#define DEFINE_CLEANUP(type, fn)                                                                   \
	static inline void fn##_p(type *p)                                                         \
	{                                                                                          \
		if (*p)                                                                            \
			fn(*p);                                                                    \
	}

/*
 * The pointer in the variable p, which is NULL afterwards: ownership moves, and a cleanup of p
 * has nothing left to do.
 */
#define TAKE(p)                                                                                    \
	__extension__({                                                                            \
		__auto_type take_ = &(p);                                                          \
		__auto_type got_ = *take_;                                                         \
		*take_ = NULL;                                                                     \
		got_;                                                                              \
	})

/* Elements of an array; of a pointer, a parameter of array form included, it is nonsense. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Let the compiler check a format: the places, from 1, of the format and of its arguments. */
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
