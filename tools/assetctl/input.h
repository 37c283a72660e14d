/*
 * What commands read: a file named on the command line, and what is said of its faults.
 */
#pragma once

#include "command.h"
#include "libassets/base/buf.h"
#include "libassets/shape/flaw.h"

/*
 * Append a whole file; - is standard input. EXIT_OK, or EXIT_FAILED, which has been said: it
 * cannot be read, or is larger than the buffer may become.
 */
int input_read(const char *path, struct buf *out);

/* Say each fault with its place, a line each, on standard error. */
void input_complain(const char *path, const struct flaws *flaws);
