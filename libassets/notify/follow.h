/*
 * Following as somebody asks for it, by the API or the page.
 */
#pragma once

#include "libassets/shape/question.h"
#include "libassets/shape/shape_row.h"
#include "mail.h"

#define FOLLOW_RHYTHMS "INSTANT DAILY WEEKLY"

struct follow {
#define FIELD SHAPE_MEMBER
#include "follow.def"
#undef FIELD
};

extern const struct shape follow_shape;

/* Fill in what was not said: letters come at once, of everything. */
void follow_settle(struct follow *f);

/* Does it ask what is due, for an authority's own people? */
bool follow_is_due(const struct follow *f);
