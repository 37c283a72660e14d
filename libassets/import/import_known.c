/*
 * A list says again what the register knows: what is so already is taken out of a draft before it
 * is checked, so that what is left is what somebody changed.
 */
#include "import_known.h"

#include <inttypes.h>
#include <math.h>

#include "csv_value.h"
#include "libassets/base/grid.h"

static struct str text_of(const json_t *object, const char *member)
{
	const json_t *text = json_object_get(object, member);

	if (!json_is_string(text))
		return (struct str){NULL, 0};
	return (struct str){json_string_value(text), json_string_length(text)};
}

/* Of two that found room. */
static bool str_eq_kept(struct str a, struct str b)
{
	return !str_is_null(a) && !str_is_null(b) && str_eq(a, b);
}

static bool is_folded_of(const struct import_known *k, const json_t *old, const json_t *new)
{
	struct str was = {json_string_value(old), json_string_length(old)};
	struct str is_now = {json_string_value(new), json_string_length(new)};

	return json_is_string(old) && json_is_string(new) &&
	       str_eq_kept(csv_fold(was, k->arena), csv_fold(is_now, k->arena));
}

/* As degrees are kept: 55 and 55.0 are one. */
static bool is_same_degree(const json_t *a, const json_t *b)
{
	return json_is_number(a) && json_is_number(b) &&
	       llround(json_number_value(a) * GRID_E7) == llround(json_number_value(b) * GRID_E7);
}

static void drop_pair(json_t *draft, const char *one, const char *other)
{
	(void)json_object_del(draft, one);
	(void)json_object_del(draft, other);
}

void import_pairs_settle(const struct import_known *k, json_t *draft, struct csv_problems *problems)
{
	struct grid_point grid, other;
	struct grid_degrees d = {
		llround(json_number_value(json_object_get(draft, "lat")) * GRID_E7),
		llround(json_number_value(json_object_get(draft, "lon")) * GRID_E7)};

	if (!json_object_get(draft, "lat") || !json_is_integer(json_object_get(draft, "easting")))
		return;
	grid.easting = (int32_t)json_integer_value(json_object_get(draft, "easting"));
	grid.northing = (int32_t)json_integer_value(json_object_get(draft, "northing"));
	if (grid_of_degrees(d, &other) == 0 && grid_is_near(grid, other))
		return;
	drop_pair(draft, "lat", "lon");
	csv_problem_add(problems, (struct csv_problem){
					  .severity = CSV_WARNING,
					  .column = k->map->header[CSV_X],
					  .code = STR("points-differ"),
					  .message = STR("The two places that this record names "
							 "lie apart; the grid's is kept."),
					  .cure = STR("Take the wrong one out."),
				  });
}

void import_part_settle(const struct import_known *k, const json_t *item, json_t *draft,
			struct csv_problems *problems)
{
	struct str sent = text_of(draft, "part_of"), now = text_of(item, "part_of");
	bool is_there = json_object_get(draft, "part_of") != NULL;

	if (is_there && !str_eq(sent, now))
		csv_problem_add(
			problems,
			(struct csv_problem){
				.severity = CSV_ERROR,
				.column = k->map->header[CSV_PART_OF],
				.value = arena_str(k->arena, sent),
				.code = STR("part-of"),
				.message = STR("A list does not change what land an asset is "
					       "part of: bars and competing requests "
					       "hang on it."),
				.cure = STR("Leave the cell as it is, or empty for a new "
					    "asset; then say it on the asset's page."),
			});
	(void)json_object_del(draft, "part_of");
}

void import_drop_unchanged(const struct import_known *k, const json_t *item, json_t *draft)
{
	const char *field;
	json_t *value;
	void *next;

	json_object_foreach_safe (draft, next, field, value) {
		if (is_folded_of(k, json_object_get(item, field), value))
			(void)json_object_del(draft, field);
	}
	if (json_equal(json_object_get(item, "easting"), json_object_get(draft, "easting")) &&
	    json_equal(json_object_get(item, "northing"), json_object_get(draft, "northing"))) {
		drop_pair(draft, "easting", "northing");
	}
	if (is_same_degree(json_object_get(item, "lat"), json_object_get(draft, "lat")) &&
	    is_same_degree(json_object_get(item, "lon"), json_object_get(draft, "lon")))
		drop_pair(draft, "lat", "lon");
}

/* What a list names by its id must be there; of an edit the caller looks. */
static void check_id(const json_t *ids, struct str id, const char *field, struct flaws *flaws)
{
	struct str known = str_is_null(id) ? id : arena_str(flaws->arena, id);

	if (!ids || str_is_null(known) || json_object_get(ids, known.at))
		return;
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), STR("NOT_FOUND"),
		  STR("There is nothing with this id."),
		  STR("Look it up, or leave the cell empty."));
}

void import_check_ids(const json_t *ids, const struct asset *before, const struct asset *asset,
		      struct flaws *flaws)
{
	const struct owner *owner = asset->owners.at;

	if (!str_eq(asset->cpp_id, before->cpp_id))
		check_id(ids, asset->cpp_id, "cpp_id", flaws);
	if (!str_eq(asset->locality_id, before->locality_id))
		check_id(ids, asset->locality_id, "locality_id", flaws);
	for (size_t i = 0; asset->owners.at != before->owners.at && i < asset->owners.count; i++)
		check_id(ids, owner[i].authority_id, "owners", flaws);
}

void import_check_bar(const json_t *item, const struct asset *asset, struct flaws *flaws)
{
	const json_t *disposal = json_object_get(item, "disposal");

	if (!str_eq(asset->lifecycle, STR("DISPOSED")) ||
	    str_eq(text_of(item, "lifecycle"), STR("DISPOSED")) ||
	    !json_is_false(json_object_get(disposal, "allowed")))
		return;
	flaw_add(flaws, STR("/lifecycle"), STR("DISPOSAL_BARRED"), text_of(disposal, "why"),
		 STR("Leave the column as it is; a disposal that is exempt is recorded by "
		     "itself."));
}

void import_check_decile(const struct import_known *k, int64_t sent, int64_t settled,
			 struct csv_problems *problems)
{
	if (sent == settled)
		return;
	csv_problem_add(problems, (struct csv_problem){
					  .severity = CSV_WARNING,
					  .column = k->map->header[CSV_DECILE],
					  .value = arena_fmt(k->arena, "%" PRId64, sent),
					  .code = STR("decile-of-zone"),
					  .message = arena_fmt(k->arena,
							       "The data zone is of decile %" PRId64
							       "; what the list says is not taken.",
							       settled),
					  .cure = STR("Change the data zone, or take it out."),
				  });
}

/* What was made up, how a warning calls it, and what is to be done. */
struct made_up {
	const char *field, *code, *called;
	struct str value;
};

static void put_made_up(const struct import_known *k, json_t *draft, const struct made_up *made,
			struct csv_problems *problems)
{
	if (json_object_get(draft, made->field))
		return;
	(void)json_object_set_new(draft, made->field,
				  json_stringn(made->value.at, made->value.len));
	csv_problem_add(
		problems,
		(struct csv_problem){
			.severity = CSV_WARNING,
			.value = made->value,
			.code = str_of(made->code),
			.message = arena_fmt(k->arena, "The list does not say %s; %s is assumed.",
					     made->called, made->value.at),
			.cure = STR("Say it in the list, or change the assets afterwards."),
		});
}

/* What the layout itself says of the assets it lists. */
static void put_presets(const struct import_known *k, json_t *draft)
{
	for (int t = 0; t < CSV_TARGET_COUNT; t++) {
		struct str value = k->map->preset[t];
		const char *field = csv_target_field((enum csv_target)t);

		if (!str_is_null(value) && !json_object_get(draft, field))
			(void)json_object_set_new(draft, field, json_stringn(value.at, value.len));
	}
}

void import_complete(const struct import_known *k, struct str authority_id, json_t *draft,
		     struct csv_problems *problems)
{
	struct str reference = text_of(draft, "reference");
	/* As the lists of the Spatial Hub have it, which name nothing. */
	struct str street =
		str_cut(csv_first_line(text_of(draft, "address")), ',', &(struct str){0});
	/* A tenure that is assumed is told as one that was not understood: somebody has to look. */
	const struct made_up made[] = {
		{"name", "name-made-up", "its name",
		 street.len ? street
			    : arena_fmt(k->arena, "Unnamed %s",
					reference.len ? reference.at : "asset")},
		{"class", "assumed", "its kind", STR("OTHER")},
		{"tenure", "tenure-assumed", "its tenure", STR("OWNED")},
	};

	(void)json_object_set_new(draft, "authority_id",
				  json_stringn(authority_id.at, authority_id.len));
	put_presets(k, draft);
	for (size_t i = 0; i < COUNT(made); i++)
		put_made_up(k, draft, &made[i], problems);
	if (str_is_null(reference))
		csv_problem_add(problems,
				(struct csv_problem){
					.severity = CSV_WARNING,
					.code = STR("no-reference"),
					.message = STR("Without a reference a later load finds "
						       "this asset by its name alone."),
					.cure = STR("Give it a reference."),
				});
}
