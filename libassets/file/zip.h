/*
 * A ZIP that is sent as it is made, in memory that does not grow with it (PKWARE APPNOTE 6.3
 * section 4.3). Files are stored as they are: since the length and CRC of each is known before, so
 * are all offsets and the length of the whole, for a Content-Length. Or one is deflated by the
 * caller, and what came of it is said behind it: then the whole has no length beforehand.
 *
 * The same entries give the same bytes. Names are UTF-8. Without ZIP64: up to 4 GiB and 65,535
 * files.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/base/day.h"

enum { ZIP_FILES_MAX = 65535 };

struct zip_file {
	struct str name; /* with '/' between folders; at most 65,535 bytes */
	int64_t bytes;
	uint32_t crc;
	struct day on; /* its date; before 1980 or after 2107 the nearest that there is */
	/* Deflated: bytes, crc and deflated are known only when zip_behind() is called. */
	bool is_deflated;
	int64_t deflated; /* bytes of it as they were sent */
};

/*
 * Bytes of the whole archive, of which none is deflated.
 * ERR_LIMIT  it is beyond what a ZIP without ZIP64 can be
 */
MUST_CHECK int zip_length(const struct zip_file *file, size_t n, int64_t *ret_bytes);

/* Append what stands before a file's bytes. */
void zip_local(struct buf *out, const struct zip_file *file);

/* Append what stands behind the bytes of a file that is deflated. */
void zip_behind(struct buf *out, const struct zip_file *file);

/* Append what stands behind the last file's bytes: the directory and its end. */
void zip_directory(struct buf *out, const struct zip_file *file, size_t n);
