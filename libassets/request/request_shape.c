/*
 * The tables of fields of everything that is said of a request. Tables alone: a new field is
 * a row of a .def file, and what it means is request.c's or request_item.c's.
 */
#include "libassets/base/grid.h"
#include "libassets/register/body.h"
#include "libassets/shape/shape_form.h"
#include "request.h"

static const struct shape_field land_table[] = {
#define FIELD(...) SHAPE_ROW(land, __VA_ARGS__)
#include "libassets/register/land.def"
#undef FIELD
};

SHAPE(land, NULL);

static const struct shape_field item_table[] = {
#define FIELD(...) SHAPE_ROW(item, __VA_ARGS__)
#include "item.def"
#undef FIELD
};

SHAPE(item, NULL);

static const struct shape_field bar_table[] = {
#define FIELD(...) SHAPE_ROW(bar, __VA_ARGS__)
#include "bar.def"
#undef FIELD
};

SHAPE(bar, NULL);

static const struct shape_field matter_table[] = {
#define FIELD(...) SHAPE_ROW(matter, __VA_ARGS__)
#include "matter.def"
#undef FIELD
};

SHAPE(matter, NULL);

static const struct shape_field ledger_entry_table[] = {
#define FIELD(...) SHAPE_ROW(ledger_entry, __VA_ARGS__)
#include "ledger_entry.def"
#undef FIELD
};

SHAPE(ledger_entry, NULL);

static const struct shape_field reminder_table[] = {
#define FIELD(...) SHAPE_ROW(reminder, __VA_ARGS__)
#include "reminder.def"
#undef FIELD
};

SHAPE(reminder, NULL);

static const struct shape_field request_around_table[] = {
#define FIELD(...) SHAPE_ROW(request_around, __VA_ARGS__)
#include "request_around.def"
#undef FIELD
};

SHAPE(request_around, NULL);

static const struct shape_field request_form_table[] = {
#define FIELD(...) SHAPE_ROW(request_form, __VA_ARGS__)
#include "request_form.def"
#undef FIELD
};

SHAPE(request_form,
      SHAPE_COMMON " reference authority_id state state_on level route validated_on "
		   "acknowledged_on bar override_reason deadlines allowed flags restricted_fields");

static const struct shape_field request_act_table[] = {
#define FIELD(...) SHAPE_ROW(request_act, __VA_ARGS__)
#include "request_act.def"
#undef FIELD
};

SHAPE(request_act, NULL);

static const struct shape_field request_table[] = {
#define FIELD(...) SHAPE_ROW(request, __VA_ARGS__)
#include "request_row.def"
#undef FIELD
};

SHAPE(request, NULL);
