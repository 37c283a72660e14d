/*
 * FNV-1a in 64 bits: a number for bytes, the same on every machine and for ever. For finding things
 * and telling whether they are as they were; whoever wishes two that are the same finds them.
 *
 * Source: G. Fowler, L. C. Noll, K.-P. Vo.
 */
#pragma once

#include "str.h"

/* Of nothing yet. */
#define FNV_BEGIN UINT64_C(0xcbf29ce484222325)

/* Go on by one unit, a byte or a mark that no byte is; and by all bytes of a text. */
uint64_t fnv_unit(uint64_t hash, uint32_t unit);
uint64_t fnv_text(uint64_t hash, struct str text);
