/*
 * Money is a signed 64-bit count of pence, in names that end in _pence. Rates are parts per
 * million (_ppm), probabilities parts per thousand million (_ppb). Products are taken in 128
 * bits and rounded once; what does not fit 64 bits is an error, never wrapped. No floating
 * point anywhere. Source: MODEL.md 1.
 */
#pragma once

#include "base.h"
#include "buf.h"

/* Wide enough for any product of two amounts, and for the sum of 2^64 of those that fit. */
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* MONEY_PARTS_MAX: owners that may share one amount. */
enum { MONEY_PARTS_MAX = 256, PPM = 1000000, PPB = 1000000000 };
enum { MONEY_TEXT = 24 }; /* money_plain() with its zero */

/* True if n is an amount of 64 bits. */
static inline bool money_fits(int128 n)
{
	return n == (int64_t)n;
}

/*
 * n / d rounded to the nearest whole number, halves away from zero, as PostgreSQL rounds a
 * numeric. d > 0; any n but the smallest.
 *
 * Example: money_rdiv(-3, 2) is -2.
 */
static inline int128 money_rdiv(int128 n, int128 d)
{
	uint128 size = n < 0 ? -(uint128)n : (uint128)n, by = (uint128)d;
	uint128 whole = size / by, rest = size % by;

	whole += rest >= by - rest;
	return n < 0 ? -(int128)whole : (int128)whole;
}

/*
 * Share an amount over weights so that the parts sum exactly to it.
 *
 * total_pence: any sign.    weight: n of them, n in 1 to MONEY_PARTS_MAX, none negative, not
 *              all zero.
 * ret_part_pence: n amounts of the total's sign. Leftover pence go to the largest remainders,
 *              ties to the lowest index, so the result does not depend on who asks.
 * ERR_WEIGHTS  n is out of range, a weight is negative, or all are zero.
 *
 * Example: £1.00 over 1:1:1 is 34, 33, 33.
 */
MUST_CHECK int money_apportion(int64_t total_pence, const int64_t *weight, size_t n,
			       int64_t *ret_part_pence);

/*
 * Append what stands before the digits of an amount wherever people read one: "£", and below
 * nothing "−£" with the minus sign U+2212, which no line is broken after.
 */
void money_sign(struct buf *out, int64_t pence);

/*
 * Append "£200,000.00", "−£0.01": always with pence and separators. Any 64-bit amount. Whether
 * it went in is the buffer's to say.
 */
void money_format(struct buf *out, int64_t pence);

/* As a cell of a spreadsheet has it: "200000.00", "-0.01". */
void money_plain(int64_t pence, char ret_text[MONEY_TEXT]);

/*
 * An amount as people write it: optional minus (U+2212 or a hyphen), optional pound sign (UTF-8),
 * pounds with commas at every third digit or with none, optionally a point and two digits of pence.
 * ERR_INVALID  another form.    ERR_RANGE  that form, but it does not fit 64 bits.
 *
 * Example: "£1,250", "1250.00" and "1,250.00" are 125,000; "£12,50" and "1.5" are invalid.
 */
MUST_CHECK int money_parse(struct str s, int64_t *ret_pence);
