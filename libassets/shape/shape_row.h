/*
 * Rows of a .def file of fields: FIELD(name, TYPE, members of struct shape_field …), at least
 * one of those. With FIELD defined as SHAPE_MEMBER they make the struct's members, as
 * SHAPE_ROW the rows of its table; SHAPE then makes KIND_shape of KIND_table.
 *
 * Example: FIELD(name, TEXT, .most = 200, .rules = SHAPE_NEEDED) is `struct str name;` in the
 * struct, and a row that takes 1 to 200 characters. asset.h and asset.c show the whole of it.
 */
#pragma once

#include "shape.h"

#define SHAPE_MEMBER(name, type, ...) SHAPE_C_##type name;
#define SHAPE_ROW(kind, name_, type_, ...)                                                         \
	{.name = #name_,                                                                           \
	 .type = SHAPE_##type_,                                                                    \
	 .offset = offsetof(struct kind, name_),                                                   \
	 __VA_ARGS__},
/* What every item shows and nobody sends: the beginning of a shape's read_only. */
#define SHAPE_COMMON "id version created_at updated_at links"
/* struct KIND's shape, KIND_shape, from KIND_table. */
#define SHAPE(kind, read_only_) SHAPE_BESIDE(kind, read_only_, NULL)
#define SHAPE_BESIDE(kind, read_only_, beside_)                                                    \
	const struct shape kind##_shape = {                                                        \
		.field = kind##_table,                                                             \
		.count = COUNT(kind##_table),                                                      \
		.size = sizeof(struct kind),                                                       \
		.read_only = read_only_,                                                           \
		.beside = beside_,                                                                 \
	}
/* The member that each type of field has; a new enum shape_type needs its own here. */
#define SHAPE_C_TEXT struct str
#define SHAPE_C_FORM struct str
#define SHAPE_C_ENUM struct str
#define SHAPE_C_ID struct str
#define SHAPE_C_NUMBER struct shape_number
#define SHAPE_C_PENCE struct shape_number
#define SHAPE_C_DEGREES struct shape_number
#define SHAPE_C_DATE struct day
#define SHAPE_C_FLAG struct shape_flag
#define SHAPE_C_BOUNDARY struct str
#define SHAPE_C_PART void *
#define SHAPE_C_LIST struct shape_list
#define SHAPE_C_WORDS struct shape_words
