/*
 * Saved mappings: how an authority's own lists are read, by a name of its own.
 */
#pragma once

#include "csv_layout.h"
#include "libassets/shape/shape_row.h"

enum { MAPPING_COLUMNS_MAX = 60, MAPPING_PRESETS_MAX = 6 };

struct mapping_column {
#define FIELD SHAPE_MEMBER
#include "mapping_column.def"
#undef FIELD
};

struct mapping_preset {
#define FIELD SHAPE_MEMBER
#include "mapping_preset.def"
#undef FIELD
};

struct mapping {
#define FIELD SHAPE_MEMBER
#include "mapping.def"
#undef FIELD
};

extern const struct shape mapping_column_shape, mapping_preset_shape, mapping_shape;

/* What its table cannot say: a name that is not one of ours, and a reference or a name among the
 * columns. */
void mapping_check(const struct mapping *m, struct flaws *flaws);

/*
 * The mapping as a layout, in the arena. m: decoded without a fault, its texts outlive the layout.
 * NULL without memory.
 */
struct csv_layout *mapping_layout(const struct mapping *m, struct arena *a);
