/*
 * The tables of case.h. A further field is a row of its .def file and a column.
 */
#include "case.h"

static const struct shape_field case_officer_table[] = {
#define FIELD(...) SHAPE_ROW(case_officer, __VA_ARGS__)
#include "case_officer.def"
#undef FIELD
};

SHAPE(case_officer, NULL);

static const struct shape_field case_note_table[] = {
#define FIELD(...) SHAPE_ROW(case_note, __VA_ARGS__)
#include "case_note.def"
#undef FIELD
};

SHAPE(case_note, NULL);

static const struct shape_field case_reject_table[] = {
#define FIELD(...) SHAPE_ROW(case_reject, __VA_ARGS__)
#include "case_reject.def"
#undef FIELD
};

SHAPE(case_reject, NULL);

static const struct shape_field authority_setting_table[] = {
#define FIELD(...) SHAPE_ROW(authority_setting, __VA_ARGS__)
#include "libassets/register/authority_setting.def"
#undef FIELD
};

SHAPE(authority_setting, SHAPE_COMMON);
