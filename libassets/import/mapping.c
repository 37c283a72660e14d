/*
 * The tables of saved mappings. What a column can be is csv_map.def's; a preset is for what a list
 * often does not say of all its assets, as they are alike.
 */
#include "mapping.h"

static const char target_words[] = ""
#define CSV_TARGET(id, field, name) " " name
#include "csv_map.def"
#undef CSV_TARGET
	;

static const struct shape_field mapping_column_table[] = {
#define FIELD(...) SHAPE_ROW(mapping_column, __VA_ARGS__)
#include "mapping_column.def"
#undef FIELD
};

SHAPE(mapping_column, NULL);

static const struct shape_field mapping_preset_table[] = {
#define FIELD(...) SHAPE_ROW(mapping_preset, __VA_ARGS__)
#include "mapping_preset.def"
#undef FIELD
};

SHAPE(mapping_preset, NULL);

static const struct shape_field mapping_table[] = {
#define FIELD(...) SHAPE_ROW(mapping, __VA_ARGS__)
#include "mapping.def"
#undef FIELD
};

SHAPE(mapping, SHAPE_COMMON);

static bool names_an_asset(const struct mapping *m)
{
	const struct mapping_column *column = m->columns.at;

	for (size_t i = 0; i < m->columns.count; i++) {
		if (str_eq(column[i].field, STR("reference")) ||
		    str_eq(column[i].field, STR("name")))
			return true;
	}
	return false;
}

void mapping_check(const struct mapping *m, struct flaws *flaws)
{
	if (csv_layout_is_ours(m->name))
		flaw_add(
			flaws, STR("/name"), STR("DUPLICATE"),
			STR("There is a layout of that name already."),
			STR("Choose another than auto, LGA, BROWNFIELD, CATR, ASSETD and COMMON."));
	if (!names_an_asset(m))
		flaw_add(flaws, STR("/columns"), STR("REQUIRED"),
			 STR("No column is a reference or a name."),
			 STR("Say which column tells the assets apart."));
}

struct csv_layout *mapping_layout(const struct mapping *m, struct arena *a)
{
	const struct mapping_column *column = m->columns.at;
	const struct mapping_preset *preset = m->presets.at;
	struct csv_layout *layout = ARENA_NEW(a, struct csv_layout);
	struct csv_layout_row *row = ARENA_ARRAY(a, m->columns.count + 1, struct csv_layout_row);
	enum csv_target t;

	if (!layout || !row)
		return NULL;
	layout->name = m->name;
	layout->row = row;
	for (size_t i = 0; i < m->columns.count; i++) {
		if (!csv_target_of(column[i].field, &t))
			continue;
		row[layout->count++] = (struct csv_layout_row){column[i].header, t};
	}
	for (size_t i = 0; i < m->presets.count; i++) {
		if (csv_target_of(preset[i].field, &t))
			layout->preset[t] = preset[i].value;
	}
	return layout;
}
