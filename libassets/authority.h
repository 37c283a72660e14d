/*
 * Authorities, the partnerships they plan in, and localities: public, written by operators.
 */
#pragma once

#include "shape_row.h"

#define AUTHORITY_KINDS                                                                            \
	"COUNCIL HEALTH_BOARD SCOTTISH_MINISTERS COLLEGE ENTERPRISE NATIONAL_PARK TRANSPORT "      \
	"POLICE "                                                                                  \
	"FIRE WATER OTHER"
#define AUTHORITY_ROUTES "LA_REVIEW MINISTERS_REVIEW MINISTERS_APPEAL LA_STYLE_REVIEW"

struct duty {
#define FIELD SHAPE_MEMBER
#include "duty.def"
#undef FIELD
};

struct authority {
#define FIELD SHAPE_MEMBER
#include "authority.def"
#undef FIELD
};

struct cpp {
#define FIELD SHAPE_MEMBER
#include "cpp.def"
#undef FIELD
};

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
 * end reaches everywhere). Faults become flaws at /duties/N.
 */
void authority_check(const struct authority *a, struct flaws *flaws);

/* Who hears a challenge: as given, else by kind (2015 Act ss.85, 86, 88; SSI 2016/358 Part 4).
 * Never absent. */
struct str authority_route(struct str kind, struct str given);
