/*
 * An asset's inputs as JSON, in the form in which they are read (projection_wire.h, MODEL.md 9):
 * what a frozen run keeps, so that its figures can be worked out again. Reading them under the same
 * parameters gives the same asset. Added to a buffer; whether it went in is asked of the buffer.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/base/names.h"
#include "projection_params.h"

struct projection_asset;

/* By which names and words an asset's numbers are called. */
struct projection_words {
	const struct projection_params *params; /* of stages and states */
	const struct names *partner, *cpp, *locality, *class;
};

/* The whole object. asset_id: a member `asset` more, for who reads it again; absent: none. */
void projection_input_print(struct buf *out, const struct projection_words *words,
			    const struct projection_asset *a, struct str asset_id);
