/*
 * Files from the command line, read whole: what reads them bounds them by its buffer.
 */
#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libassets/base/err.h"

static int read_all(FILE *f, struct buf *out)
{
	char part[1 << 16];
	size_t n;

	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(out, part, n);
	if (ferror(f))
		return ERR_NOT_FOUND;
	return buf_err(out);
}

int input_read(const char *path, struct buf *out)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(path, "rb");
	int r;

	if (!f) {
		complain("%s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	errno = 0;
	r = read_all(f, out);
	if (r == ERR_NOT_FOUND)
		complain("%s: %s", path, errno ? strerror(errno) : "cannot be read");
	else if (r < 0)
		complain("%s: the file is too large", path);
	if (!is_stdin)
		(void)fclose(f);
	return r < 0 ? EXIT_FAILED : EXIT_OK;
}

void input_complain(const char *path, const struct flaws *flaws)
{
	size_t kept = flaws_kept(flaws);

	for (size_t i = 0; i < kept; i++) {
		const struct flaw *f = &flaws->at[i];

		complain("%s: %s%s %s %s", path, f->pointer.at,
			 f->pointer.len ? ":" : "the input:", f->detail.at, f->cure.at);
	}
	if (flaws->count > kept)
		complain("%s: and %zu more faults", path, flaws->count - kept);
}
