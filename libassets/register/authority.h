/*
 * Authorities, the partnerships they plan in, and localities: public, written by operators.
 * The members of the structs are the rows of duty.def, authority.def, cpp.def, locality.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

/* The words of `kind` and of `challenge_route`, separated by single blanks. */
#define AUTHORITY_KINDS                                                                            \
	"COUNCIL HEALTH_BOARD SCOTTISH_MINISTERS COLLEGE ENTERPRISE NATIONAL_PARK TRANSPORT "      \
	"POLICE "                                                                                  \
	"FIRE WATER OTHER"
#define AUTHORITY_ROUTES "LA_REVIEW MINISTERS_REVIEW MINISTERS_APPEAL LA_STYLE_REVIEW"

/* From when to when the authority stands in a schedule of the 2015 Act; open without a day. */
struct duty {
#define FIELD SHAPE_MEMBER
#include "libassets/clock/duty.def"
#undef FIELD
};

struct authority {
#define FIELD SHAPE_MEMBER
#include "authority.def"
#undef FIELD
};

/* A community planning partnership (2015 Act s.4). */
struct cpp {
#define FIELD SHAPE_MEMBER
#include "cpp.def"
#undef FIELD
};

/* A part of a partnership's area (2015 Act s.9), or a statistical one that it reports by. */
struct locality {
#define FIELD SHAPE_MEMBER
#include "locality.def"
#undef FIELD
};

extern const struct shape duty_shape;
extern const struct shape authority_shape;
extern const struct shape cpp_shape;
extern const struct shape locality_shape;

/*
 * Duties: each ends on or after the day it begins, and of one schedule no two overlap (an open
 * end reaches everywhere). Faults become flaws: BEFORE_START at /duties/N/to_on, OVERLAP at
 * /duties/N for the later in the list.
 */
void authority_check(const struct authority *a, struct flaws *flaws);
