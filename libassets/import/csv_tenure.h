/*
 * What a list says of how land is held. Whether it is owned or leased in is a legal fact that
 * everybody then reads, so a word that could be either is neither.
 */
#pragma once

#include "libassets/base/str.h"

enum csv_tenure { CSV_TENURE_OWNED, CSV_TENURE_LEASED_IN, CSV_TENURE_UNKNOWN };

/*
 * By its letters alone, without case.
 *
 * Example: "Leased-in" and "LEASED_IN" are leased in; "Leased out", which its owner says, is owned;
 * "Ground lease" and "Licence", which the owner and the holder both say, are unknown, and so is "".
 */
enum csv_tenure csv_tenure_of(struct str said);
