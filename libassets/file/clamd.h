/*
 * What clamd, the daemon of ClamAV, is told and answers when it looks at a file that is sent to it:
 * "zINSTREAM" and a NUL, pieces with their length before them, a length of 0; then one text with a
 * NUL behind it. The socket is daemon/document/scan_file.c's.
 *
 * Source: clamd(8) of ClamAV 1.0 and 1.4, "zINSTREAM".
 */
#pragma once

#include "libassets/base/str.h"

enum {
	CLAMD_HEAD = 4,             /* bytes before each piece */
	CLAMD_REPLY_MAX = 1024,     /* longer than any answer of its */
	CLAMD_NAME_MAX = 120,       /* of a signature; longer ones are cut */
	CLAMD_WAIT_MAX_MS = 720000, /* no wait of clamd_wait_ms is longer */
};

enum clamd_verdict {
	CLAMD_CLEAN,     /* it found nothing */
	CLAMD_FOUND,     /* a virus, or what a rule of its says is as good as one */
	CLAMD_TOO_LARGE, /* more than its StreamMaxLength */
	CLAMD_FAILED,    /* it could not look, or this is no answer of clamd's */
};

/* The command, with its NUL; a constant. */
struct str clamd_begin(void);

/* What goes before a piece of n bytes, n at most 1 MiB; of 0 it ends the file. */
void clamd_head(size_t n, unsigned char ret_head[CLAMD_HEAD]);

/*
 * What an answer says. reply: all that came, the NUL included. Nothing is taken for CLAMD_CLEAN but
 * exactly "stream: OK" and a NUL.
 *
 * ret_name: with CLAMD_FOUND, the signature, without what cannot be printed, never empty; at most
 * CLAMD_NAME_MAX bytes and a NUL. Else "".
 *
 * Example: "stream: Eicar.Test FOUND\0" is CLAMD_FOUND, "Eicar.Test".
 */
enum clamd_verdict clamd_answer(struct str reply, char ret_name[CLAMD_NAME_MAX + 1]);

/*
 * Milliseconds until a file that could not be looked at `attempt` times (1 …) is tried again: two
 * seconds, doubled each time, ten minutes at most; up to a fifth more by chance, out of the seed.
 */
int64_t clamd_wait_ms(int attempt, uint64_t seed);
