/*
 * The file of a document on its way in: parts of what has arrived go into the database, and when
 * none is missing, all are read back, looked at and hashed before the document counts as whole. So
 * what is said of a file is said of what is kept. For PUT …/content (h_upload.c) and for the form
 * of a page (p_document.c).
 */
#pragma once

#include "daemon/base/sha256.h"
#include "daemon/flow/flow.h"
#include "libassets/file/sniff.h"
#include "upload_copy.h"

struct upload {
	struct str id;     /* of the document */
	struct str name;   /* of its file */
	struct str body;   /* what was sent, borrowed from the request */
	int first;         /* number of the part that it begins with */
	bool is_all;       /* nothing else belongs to the file; what arrived before is forgotten */
	int64_t announced; /* bytes of the whole, 0: not said */
	struct str sha256; /* of the whole, 64 digits, absent: not said */
	const struct flow_step *then; /* goes on when all is stored, finished or not */

	/* Of upload.c alone. */
	size_t sent;     /* bytes of the body that are on their way or there */
	int count_at;    /* in the batch under way: the statement that counts what has arrived */
	int parts, next; /* of the whole; to be read back */
	int64_t bytes;   /* read back */
	int err;         /* why the file is refused */
	struct str originals; /* hashes of what it is to be a redacted copy of */
	bool is_whole;
	uint32_t crc;
	struct sha256 of_sent, of_all, of_parts;
	enum file_type type;
	struct sniff *sniff;
	char *part;               /* one, decoded */
	struct upload_copy *copy; /* for the public, of a photograph; NULL: none */
};

/*
 * Store the body, several parts to a batch, and look at the file if it is then whole; go on with
 * u->then, whose first step begins a batch of its own. u lives in the flow's arena.
 *
 * Fails the flow with ERR_DOCUMENT_STATE (it has its file), ERR_DOCUMENT_TYPE, ERR_DIGEST or
 * ERR_REDACTION (a copy in which nothing was redacted); of the last three what had arrived is
 * forgotten, as nothing could come of it.
 */
enum step_result upload_begin(struct flow *f, struct upload *u);

/*
 * In u->then, where the file is whole: add what makes the document STORED, and its change, to the
 * batch. Nothing where it is not. True if it is.
 */
bool upload_finish(struct flow *f, struct upload *u);

/* Read "\\x…" of a bytea. ret_bytes has room for `most`. Bytes, or ERR_BUG. */
MUST_CHECK int64_t upload_unhex(struct str text, char *ret_bytes, size_t most);

/*
 * The part that document_part_get answered, decoded into `at`, which has room for one, and held
 * against its hash. ERR_DAMAGED  it is not what was stored, or gone
 */
MUST_CHECK int upload_part(const struct db_reply *got, int statement, char *at,
			   struct str *ret_part);

/* Is the hash of all so far this one, in 64 digits? */
bool upload_is_hash(const struct sha256 *of, struct str hex);

/* A bytea's hexadecimal digits without "\\x", absent for what is none. */
struct str upload_hex(struct str bytea);
