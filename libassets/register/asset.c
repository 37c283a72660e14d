/*
 * The tables of assets, and what one field says of another. What one field owes by itself is
 * a row of asset.def. Pure: what the register knows beside the asset is an argument.
 *
 * A further field is a row of asset.def, a column of the table `asset` and of its queries; the
 * JSON, the check, the form and the API's description follow from the row.
 */
#include "asset.h"

#include "libassets/base/err.h"
#include "libassets/base/grid.h"
#include "libassets/shape/shape_form.h"

static const struct shape_field owner_table[] = {
#define FIELD(...) SHAPE_ROW(owner, __VA_ARGS__)
#include "owner.def"
#undef FIELD
};

SHAPE(owner, NULL);

static const struct shape_field asset_table[] = {
#define FIELD(...) SHAPE_ROW(asset, __VA_ARGS__)
#include "asset.def"
#undef FIELD
};

SHAPE(asset, SHAPE_COMMON " disposal model_id removed_at");

static const struct shape_field asset_merge_table[] = {
#define FIELD(...) SHAPE_ROW(asset_merge, __VA_ARGS__)
#include "asset_merge.def"
#undef FIELD
};

SHAPE(asset_merge, NULL);

static bool is_same_number(struct shape_number a, struct shape_number b)
{
	return a.is_set == b.is_set && (!a.is_set || a.value == b.value);
}

static void flaw_at(struct flaws *flaws, const char *field, struct str code, struct str detail,
		    struct str cure)
{
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), code, detail, cure);
}

static int settle_owners(struct asset *a, struct flaws *flaws)
{
	const struct wire_at list = WIRE_KEY(&WIRE_TOP, "owners");
	struct owner *owner = a->owners.at;
	int64_t sum = 0;

	if (!owner) {
		owner = ARENA_NEW(flaws->arena, struct owner);
		if (!owner)
			return ERR_NOMEM;
		*owner = (struct owner){a->authority_id, {1, true}};
		a->owners = (struct shape_list){owner, 1};
		return 0;
	}
	for (size_t i = 0; i < a->owners.count; i++) {
		sum += owner[i].units.value; /* at most 100 times 10^9 */
		for (size_t j = 0; j < i; j++) {
			if (str_eq(owner[i].authority_id, owner[j].authority_id))
				wire_flaw(flaws, &WIRE_INDEX(&list, i), STR("DUPLICATE"),
					  STR("This owner stands here twice."),
					  STR("Name each owner once, with all its units."));
		}
	}
	if (sum > 0)
		return 0;
	wire_flaw(flaws, &list, STR("OUT_OF_RANGE"), STR("The owners' units sum to nothing."),
		  STR("Give at least one owner one unit, or leave owners out."));
	return ERR_WEIGHTS;
}

static void half_a_place(struct flaws *flaws, const char *missing)
{
	flaw_at(flaws, missing, STR("REQUIRED"), STR("A place has two numbers; one is missing."),
		STR("Send both, or neither."));
}

static struct grid_point point_of(const struct asset *a)
{
	return (struct grid_point){(int32_t)a->easting.value, (int32_t)a->northing.value};
}

static void place_by_degrees(struct asset *a, bool is_both, struct flaws *flaws)
{
	struct grid_degrees d = {a->lat.value, a->lon.value};
	struct grid_point p;

	if (grid_of_degrees(d, &p) < 0) {
		flaw_at(flaws, "lat", STR("OUT_OF_RANGE"),
			STR("This place is not on the National Grid."),
			STR("Look whether lat and lon are swapped."));
		return;
	}
	if (is_both && !grid_is_near(p, point_of(a)))
		flaw_at(flaws, "lat", STR("CONFLICT"),
			STR("lat and lon are another place than easting and northing."),
			STR("Send one pair only; the other follows from it."));
	if (is_both)
		return;
	a->easting = (struct shape_number){p.easting, true};
	a->northing = (struct shape_number){p.northing, true};
}

static void place_by_grid(struct asset *a, struct flaws *flaws)
{
	struct grid_degrees d;

	if (grid_to_degrees(point_of(a), &d) < 0) {
		flaw_at(flaws, "easting", STR("OUT_OF_RANGE"),
			STR("This is not on the National Grid."),
			STR("Look whether easting and northing are swapped."));
		return;
	}
	a->lat = (struct shape_number){d.lat_e7, true};
	a->lon = (struct shape_number){d.lon_e7, true};
}

/* Whichever pair was changed says where it is; the other follows, or is taken away with it. */
static void settle_place(struct asset *a, const struct asset *before, struct flaws *flaws)
{
	static const struct asset nothing;
	const struct asset *was = before ? before : &nothing;
	bool is_grid_new = !is_same_number(a->easting, was->easting) ||
			   !is_same_number(a->northing, was->northing);
	bool is_degrees_new =
		!is_same_number(a->lat, was->lat) || !is_same_number(a->lon, was->lon);

	if (a->easting.is_set != a->northing.is_set)
		half_a_place(flaws, a->easting.is_set ? "northing" : "easting");
	else if (a->lat.is_set != a->lon.is_set)
		half_a_place(flaws, a->lat.is_set ? "lon" : "lat");
	else if (is_degrees_new && a->lat.is_set)
		place_by_degrees(a, is_grid_new && a->easting.is_set, flaws);
	else if (is_grid_new && a->easting.is_set)
		place_by_grid(a, flaws);
	else if (is_grid_new)
		a->lat = a->lon = (struct shape_number){0, false};
	else if (is_degrees_new)
		a->easting = a->northing = (struct shape_number){0, false};
}

/* What is owned is held by no lease; a lease ends after it began. */
static void settle_lease(const struct asset *a, struct flaws *flaws)
{
	bool has_start = !day_is_none(a->lease_starts_on), has_end = !day_is_none(a->lease_ends_on);

	if ((has_start || has_end) && str_eq(a->tenure, STR("OWNED")))
		flaw_at(flaws, has_start ? "lease_starts_on" : "lease_ends_on", STR("CONFLICT"),
			STR("What is owned is held by no lease."),
			STR("Send the tenure LEASED_IN, or leave the lease out."));
	if (has_start && has_end && a->lease_ends_on.number < a->lease_starts_on.number)
		flaw_at(flaws, "lease_ends_on", STR("CONFLICT"),
			STR("The lease would end before it began."), STR("Look at both days."));
}

/* Has what was sent of it a flaw already? Then nothing more is to be said of it. */
static bool is_flawed(const struct flaws *flaws, const char *field)
{
	struct str inside;

	for (size_t i = 0; i < flaws_kept(flaws); i++) {
		if (flaw_is_in(&flaws->at[i], str_of(field), &inside))
			return true;
	}
	return false;
}

/* Whatever day comes last: both are told. */
static int check_days(const struct asset *a, struct day today, struct flaws *flaws)
{
	int r = day_is_none(a->effective_on)
			? 0
			: shape_not_after(a->effective_on, today, "effective_on", flaws);
	int checked = day_is_none(a->checked_on)
			      ? 0
			      : shape_not_after(a->checked_on, today, "checked_on", flaws);

	return r < 0 ? r : checked;
}

void asset_look(const struct asset *a, struct day today, struct flaws *flaws)
{
	bool is_grid_sound = !is_flawed(flaws, "easting") && !is_flawed(flaws, "northing");
	bool is_degrees_sound = !is_flawed(flaws, "lat") && !is_flawed(flaws, "lon");

	if (is_grid_sound && a->easting.is_set != a->northing.is_set)
		half_a_place(flaws, a->easting.is_set ? "northing" : "easting");
	if (is_degrees_sound && a->lat.is_set != a->lon.is_set)
		half_a_place(flaws, a->lat.is_set ? "lon" : "lat");
	settle_lease(a, flaws);
	(void)check_days(a, today, flaws); /* what was sent is refused already */
}

/*
 * Not given, it is as the plan has it, else IN_USE. Under a plan, or once disposed of, it may be
 * said only as it stands already.
 */
static int settle_lifecycle(struct asset *a, const struct asset *before,
			    const struct asset_around *around)
{
	if (str_is_null(a->lifecycle))
		a->lifecycle = before && !str_is_null(around->plan_lifecycle) ? before->lifecycle
									      : STR("IN_USE");
	if (!before || str_eq(a->lifecycle, before->lifecycle))
		return 0;
	return around->is_disposed || !str_is_null(around->plan_lifecycle) ? ERR_LIFECYCLE : 0;
}

int asset_settle(struct asset *a, const struct asset *before, const struct asset_around *around,
		 struct flaws *flaws)
{
	int r;

	if (!a->published.is_set)
		a->published = (struct shape_flag){true, true};
	if (str_is_null(a->cpp_id))
		a->cpp_id = around->only_cpp_id;
	if (!a->decile.is_set)
		a->decile = (struct shape_number){0, true};
	/* A zone's decile is a fact: it overrules what was sent. */
	if (!str_is_null(a->data_zone))
		a->decile.value = around->zone_decile;
	if (!str_is_null(a->data_zone) && !around->zone_decile)
		flaw_at(flaws, "data_zone", STR("NOT_FOUND"),
			STR("There is no such data zone of 2011."),
			STR("Look it up, or give the decile alone."));
	if (day_is_none(a->effective_on))
		a->effective_on = around->today;
	settle_place(a, before, flaws);
	settle_lease(a, flaws);
	r = settle_owners(a, flaws);
	if (r < 0)
		return r;
	/* What is wrong with fields, all of it, is told before what forbids the change. */
	r = flaws_err(flaws);
	if (r < 0) {
		(void)check_days(a, around->today, flaws);
		return r;
	}
	r = check_days(a, around->today, flaws);
	if (r < 0)
		return r;
	return settle_lifecycle(a, before, around);
}

struct str asset_lifecycle_of_plan(struct str method, struct str stage)
{
	if (str_is_null(stage) || str_eq(method, STR("NONE")))
		return (struct str){NULL, 0};
	if (str_eq(stage, STR("IDENTIFIED")))
		return STR("IN_USE");
	if (str_eq(stage, STR("MISSIVES")))
		return STR("UNDER_OFFER");
	return stage;
}
