/*
 * The copy of a photograph that the public is sent, made while the file is read back: without what
 * the picture says of where, when and by whom it was taken (libassets/file/picture.h). Its parts
 * stand beside those of the file, from DOCUMENT_COPY_FIRST on.
 *
 * One is made for every file and does nothing for those that are no photograph. A photograph that
 * cannot be read through has none, and can then not be published.
 */
#pragma once

#include "daemon/flow/flow.h"

enum { DOCUMENT_COPY_FIRST = 1000 };

struct upload_copy;

/* In the flow's arena; NULL without memory. */
struct upload_copy *upload_copy_new(struct flow *f);

/* The next piece of the file, at most two parts since the last upload_copy_store. */
void upload_copy_add(struct upload_copy *c, struct str piece);

/* Nothing more comes. True when something of it is still to be stored. */
bool upload_copy_end(struct upload_copy *c);

/*
 * Add what is ready to the batch, behind what the caller reads of it: whole parts, with is_last
 * all. The bytes stay until upload_copy_stored, after the batch was answered.
 */
void upload_copy_store(struct flow *f, struct upload_copy *c, struct str document_id, bool is_last);
void upload_copy_stored(struct upload_copy *c);

/* bytes 0: there is none; sha256 is then absent. Sums are bytea in the flow's arena. */
struct upload_copy_sum {
	int64_t bytes;
	struct str sha256;
	struct str
		parts; /* over the sums of its parts, absent where it is kept as the file alone */
	int end;       /* no part from this number on is of it */
	uint32_t crc;
};
struct upload_copy_sum upload_copy_sum(struct flow *f, const struct upload_copy *c);
