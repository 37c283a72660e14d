/*
 * Numbers and texts as everybody's totals are kept (projector_public.h): little endian, and a text
 * behind its length.
 */
#pragma once

#include "libassets/base/buf.h"

void bytes_put_number(struct buf *out, uint64_t n, int bytes);
/* Its length takes 8 bytes. */
void bytes_put_text(struct buf *out, struct str text);

/* Cut the next number off. False when there is too little. */
bool bytes_cut_number(struct str *rest, size_t bytes, uint64_t *ret);

/* Cut off a text, behind its length. Borrowed. */
bool bytes_cut_text(struct str *rest, size_t length_bytes, struct str *ret);
