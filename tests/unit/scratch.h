/*
 * A file to read back, in the folder for such files ($TMPDIR, else /tmp). For tests alone.
 */
#pragma once

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A new file with this text; yours to unlink(). Its path: PATH_MAX bytes. */
static inline void scratch_file(const char *text, char ret_path[PATH_MAX])
{
	const char *folder = getenv("TMPDIR");
	size_t len = strlen(text);
	int fd;

	(void)snprintf(ret_path, PATH_MAX, "%s/assetd-unit-XXXXXX",
		       folder && *folder ? folder : "/tmp");
	fd = mkstemp(ret_path);
	cr_assert_geq(fd, 0, "%s", ret_path);
	cr_assert_eq(write(fd, text, len), (ssize_t)len);
	(void)close(fd);
}
