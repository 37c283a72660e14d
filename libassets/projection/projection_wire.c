/*
 * A whole input from JSON: parameters first, then partners, then assets, whose texts become
 * numbers on the way. Stages and states are looked up in the parameters that the same document
 * may change, hence the order. Faults are collected to the end; assets are sorted by id only
 * when there are none.
 */
#include "projection_wire.h"

#include <stdlib.h>

#include "libassets/base/err.h"

/* Code points of a partner's, place's or class's name. */
enum { NAME_MAX_CHARS = 1000, DECILE_MAX = 10 };

/* An asset as it is read, its place and lead still by name. */
struct asset_row {
	struct projection_asset asset;
	struct str lead, cpp, locality, class;
	int32_t decile;
};

struct owner_row {
	struct str partner;
	int64_t units;
};

struct input_row {
	struct day as_of;
};

struct mc_row {
	uint64_t seed;
	int64_t paths;
};

struct partner_row {
	struct str id;
};

/* clang-format off */
#define AT(type, member) offsetof(type, member), offsetof(type, member)
#define TEXT 0, NAME_MAX_CHARS, NULL
#define OTHER(key, required) {key, WIRE_OTHER, required, 0, 0, 0, 0, NULL}

static const struct wire_field input_fields[] = {
	{"asof", WIRE_DAY, true, AT(struct input_row, as_of), 0, 0, NULL},
	OTHER("assets", true), OTHER("params", false), OTHER("partners", false), OTHER("mc", false),
};

static const struct wire_field mc_fields[] = {
	{"seed",  WIRE_U64, true,  AT(struct mc_row, seed),  0, 0, NULL},
	{"paths", WIRE_I64, false, AT(struct mc_row, paths), 1, SIMULATION_PATHS_MAX, NULL},
};

static const struct wire_field asset_fields[] = {
#define A struct asset_row
	{"id",       WIRE_I64,  true, AT(A, asset.id), 1, INT64_MAX, NULL},
	{"lead",     WIRE_TEXT, true, AT(A, lead),     TEXT},
	{"cpp",      WIRE_TEXT, true, AT(A, cpp),      TEXT},
	{"locality", WIRE_TEXT, true, AT(A, locality), TEXT},
	{"class",    WIRE_TEXT, true, AT(A, class),    TEXT},
	{"decile",   WIRE_I32,  true, AT(A, decile),   0, DECILE_MAX, NULL},
	OTHER("owners", false), OTHER("valuation", false), OTHER("plan", false),
	OTHER("requests", false), OTHER("completed", false),
};

static const struct wire_field owner_fields[] = {
	{"partner", WIRE_TEXT, true, AT(struct owner_row, partner), TEXT},
	{"units",   WIRE_I64,  true, AT(struct owner_row, units), 0, INT64_MAX, NULL},
};

static const struct wire_field partner_id =
	{"id", WIRE_TEXT, true, AT(struct partner_row, id), TEXT};
/* clang-format on */

/* Settings of a partner that is listed, until all partners are known. */
struct listed {
	uint32_t partner;
	struct projection_partner settings;
};

struct reader {
	struct projection_input *in;
	struct arena *arena;
	struct flaws *flaws;
	struct listed *listed;
	size_t listed_count;
	bool is_again; /* sound assets of another input, under these parameters */
};

static void duplicate(struct flaws *flaws, const struct wire_at *at)
{
	wire_flaw(flaws, at, STR("DUPLICATE"), STR("This stands here twice."),
		  STR("Send each once."));
}

static bool is_bounded(const json_t *list, size_t max, const struct wire_at *at,
		       struct flaws *flaws)
{
	if (json_array_size(list) <= max)
		return true;
	wire_flaw(flaws, at, STR("TOO_MANY"), STR("There are too many of these."),
		  STR("Leave some out."));
	return false;
}

static int read_partner(struct reader *r, json_t *value, const struct wire_at *at)
{
	struct listed *l = &r->listed[r->listed_count];
	struct partner_row row = {{NULL, 0}};
	json_t *id = wire_member(value, "id");
	uint32_t known = r->in->partner.count;
	struct wire_at id_at = WIRE_KEY(at, "id");
	int err;

	if (!wire_is_object(value, at, r->flaws))
		return 0;
	l->settings = r->in->params.partner_default;
	projection_partner_read(&l->settings, value, at, r->flaws);
	if (!id)
		wire_flaw(r->flaws, &id_at, STR("REQUIRED"), STR("This field is missing."),
			  STR("Send it."));
	else
		wire_value(&partner_id, id, &id_at, r->flaws, &row.id);
	if (str_is_null(row.id))
		return 0;
	err = names_number(&r->in->partner, row.id, &l->partner);
	if (err == 0 && l->partner < known)
		duplicate(r->flaws, &id_at);
	r->listed_count++;
	return err;
}

static int read_partners(struct reader *r, json_t *list, const struct wire_at *at)
{
	int err = 0;

	if (!wire_is_array(list, at, r->flaws))
		return 0;
	r->listed = ARENA_ARRAY(r->arena, json_array_size(list), struct listed);
	if (!r->listed)
		return ERR_NOMEM;
	for (size_t i = 0; i < json_array_size(list) && err == 0; i++)
		err = read_partner(r, json_array_get(list, i), &WIRE_INDEX(at, i));
	return err;
}

/* Put an owner where its name belongs among those before it. */
static void owner_insert(const struct reader *r, struct projection_owner *list, uint32_t n,
			 struct projection_owner owner, const struct wire_at *at)
{
	const struct str *name = r->in->partner.at;

	for (; n && str_cmp(name[owner.partner], name[list[n - 1].partner]) < 0; n--)
		list[n] = list[n - 1];
	if (n && list[n - 1].partner == owner.partner)
		duplicate(r->flaws, at);
	list[n] = owner;
}

static int read_owners(struct reader *r, struct projection_asset *a, json_t *list,
		       const struct wire_at *at)
{
	struct projection_owner *owner;
	int err = 0;

	if (!wire_is_array(list, at, r->flaws) ||
	    !is_bounded(list, PROJECTION_OWNERS_MAX, at, r->flaws))
		return 0;
	owner = ARENA_ARRAY(r->arena, json_array_size(list), struct projection_owner);
	if (!owner)
		return ERR_NOMEM;
	a->owner = owner;
	for (size_t i = 0; i < json_array_size(list) && err == 0; i++) {
		struct wire_at here = WIRE_INDEX(at, i);
		struct owner_row row = {{NULL, 0}, 0};
		struct projection_owner one;
		json_t *value = json_array_get(list, i);

		if (json_is_object(value))
			wire_read(owner_fields, COUNT(owner_fields), value, &here, r->flaws, &row);
		else
			(void)wire_is_object(value, &here, r->flaws);
		if (str_is_null(row.partner))
			continue;
		err = names_number(&r->in->partner, row.partner, &one.partner);
		if (err < 0)
			continue;
		one.units = row.units;
		owner_insert(r, owner, a->owners++, one, &here);
	}
	return err;
}

static int read_requests(struct reader *r, struct projection_asset *a, json_t *list,
			 const struct wire_at *at)
{
	struct projection_request *live, *all;
	size_t n;

	if (!wire_is_array(list, at, r->flaws) ||
	    !is_bounded(list, PROJECTION_REQUESTS_MAX, at, r->flaws))
		return 0;
	n = json_array_size(list);
	live = ARENA_ARRAY(r->arena, n, struct projection_request);
	all = ARENA_ARRAY(r->arena, n, struct projection_request);
	if (!live || !all)
		return ERR_NOMEM;
	a->request = live;
	for (size_t i = 0; i < n; i++) {
		struct wire_at here = WIRE_INDEX(at, i);
		size_t before = r->flaws->count;
		bool is_live;

		projection_request_read(&r->in->params, &all[i], &is_live, json_array_get(list, i),
					&here, r->flaws);
		for (size_t k = 0; k < i && r->flaws->count == before; k++) {
			if (all[k].id == all[i].id)
				duplicate(r->flaws, &WIRE_KEY(&here, "id"));
		}
		if (is_live)
			live[a->requests++] = all[i];
	}
	return 0;
}

/* What was a plan under other parameters is none where its stage is not known. */
static void read_plan(struct reader *r, struct projection_asset *a, json_t *value,
		      const struct wire_at *at)
{
	size_t before = r->flaws->count;

	projection_plan_read(&r->in->params, &a->plan, value, at, r->flaws);
	if (r->is_again && r->flaws->count > before)
		a->plan = (struct projection_plan){.method = METHOD_NONE};
}

/* Give the asset's texts their numbers. */
static int number_names(struct reader *r, struct asset_row *row)
{
	struct projection_input *in = r->in;
	struct projection_asset *a = &row->asset;
	int err = names_number(&in->partner, row->lead, &a->lead);

	if (err == 0)
		err = names_number(&in->cpp, row->cpp, &a->cpp);
	if (err == 0)
		err = names_number(&in->locality, row->locality, &a->locality);
	if (err == 0)
		err = names_number(&in->class, row->class, &a->class);
	return err;
}

static int read_asset(struct reader *r, struct projection_asset *ret_asset, json_t *value,
		      const struct wire_at *at)
{
	struct asset_row row = {{0}, STR(""), STR(""), STR(""), STR(""), 0};
	struct projection_asset *a = &row.asset;
	struct wire_at part;
	int err;

	if (!wire_is_object(value, at, r->flaws))
		return 0;
	wire_read(asset_fields, COUNT(asset_fields), value, at, r->flaws, &row);
	a->decile = (uint8_t)row.decile;
	part = WIRE_KEY(at, "valuation");
	projection_valuation_read(a, wire_member(value, "valuation"), &part, r->flaws);
	part = WIRE_KEY(at, "plan");
	read_plan(r, a, wire_member(value, "plan"), &part);
	part = WIRE_KEY(at, "completed");
	err = projection_completed_read(&a->completed, wire_member(value, "completed"), &part,
					r->arena, r->flaws);
	part = WIRE_KEY(at, "owners");
	if (err == 0)
		err = read_owners(r, a, wire_member(value, "owners"), &part);
	part = WIRE_KEY(at, "requests");
	if (err == 0)
		err = read_requests(r, a, wire_member(value, "requests"), &part);
	if (err == 0)
		err = number_names(r, &row);
	*ret_asset = row.asset;
	return err;
}

static int by_id(const void *a, const void *b)
{
	const struct projection_asset *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Where in the list an id stands for the second time; the list is walked for a fault only. */
static size_t second_of(const json_t *list, int64_t id)
{
	size_t i = 0, met = 0;

	for (; i < json_array_size(list); i++) {
		met += json_integer_value(json_object_get(json_array_get(list, i), "id")) == id;
		if (met == 2)
			break;
	}
	return i;
}

/* All assets of a list, in ascending order of their ids. */
static int read_list(struct reader *r, json_t *list, const struct wire_at *at,
		     struct projection_asset **ret_asset)
{
	size_t n = json_array_size(list);
	int err = 0;

	*ret_asset = ARENA_ARRAY(r->arena, n, struct projection_asset);
	if (!*ret_asset)
		return ERR_NOMEM;
	for (size_t i = 0; i < n && err == 0; i++)
		err = read_asset(r, &(*ret_asset)[i], json_array_get(list, i), &WIRE_INDEX(at, i));
	if (err == 0 && (r->is_again || !r->flaws->count))
		qsort(*ret_asset, n, sizeof(**ret_asset), by_id);
	return err;
}

static int read_assets(struct reader *r, json_t *list, const struct wire_at *at)
{
	struct projection_input *in = r->in;
	size_t n = json_array_size(list);
	int err;

	if (!wire_is_array(list, at, r->flaws) || !is_bounded(list, UINT32_MAX, at, r->flaws))
		return 0;
	err = read_list(r, list, at, &in->asset);
	in->assets = (uint32_t)n;
	if (err < 0 || r->flaws->count)
		return err;
	for (size_t i = 1; i < n; i++) {
		if (in->asset[i].id == in->asset[i - 1].id) {
			struct wire_at here = WIRE_INDEX(at, second_of(list, in->asset[i].id));

			duplicate(r->flaws, &WIRE_KEY(&here, "id"));
		}
	}
	return 0;
}

/* Now that all partners and classes are known: what applies to each. */
static int settle_names(struct reader *r)
{
	struct projection_input *in = r->in;
	struct projection_partner *settings =
		ARENA_ARRAY(r->arena, in->partner.count, struct projection_partner);
	uint32_t *index = ARENA_ARRAY(r->arena, in->class.count, uint32_t);
	int64_t *beta = ARENA_ARRAY(r->arena, in->class.count, int64_t);

	if (!settings || !index || !beta)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < in->partner.count; i++)
		settings[i] = in->params.partner_default;
	for (size_t i = 0; i < r->listed_count; i++)
		settings[r->listed[i].partner] = r->listed[i].settings;
	for (uint32_t i = 0; i < in->class.count; i++) {
		index[i] = projection_index_of_class(&in->params, in->class.at[i]);
		beta[i] = projection_beta_of_class(&in->params, in->class.at[i]);
	}
	in->settings = settings;
	in->class_index = index;
	in->class_beta = beta;
	return 0;
}

static void input_init(struct projection_input *in, struct arena *arena)
{
	*in = (struct projection_input){.as_of = DAY_NONE};
	names_init(&in->partner, arena);
	names_init(&in->class, arena);
	names_init(&in->cpp, arena);
	names_init(&in->locality, arena);
}

static void read_mc(struct projection_input *in, json_t *mc, const struct wire_at *at,
		    struct flaws *flaws)
{
	struct mc_row row = {.paths = SIMULATION_PATHS};

	in->has_mc = wire_is_object(mc, at, flaws);
	if (in->has_mc)
		wire_read(mc_fields, COUNT(mc_fields), mc, at, flaws, &row);
	in->mc_seed = row.seed;
	in->mc_paths = (uint32_t)row.paths;
}

/* All but what applies to each name: further ones may follow. */
static int read_input(struct reader *r, json_t *root, const struct wire_at *at)
{
	struct projection_input *in = r->in;
	struct input_row row = {DAY_NONE};
	int err;

	input_init(in, r->arena);
	if (!wire_is_object(root, at, r->flaws))
		return flaws_err(r->flaws);
	wire_read(input_fields, COUNT(input_fields), root, at, r->flaws, &row);
	in->as_of = row.as_of;
	read_mc(in, wire_member(root, "mc"), &WIRE_KEY(at, "mc"), r->flaws);
	err = projection_params_init(&in->params, r->arena);
	if (err == 0)
		err = projection_params_read(&in->params, wire_member(root, "params"),
					     &WIRE_KEY(at, "params"), r->arena, r->flaws);
	if (err == 0)
		err = read_partners(r, wire_member(root, "partners"), &WIRE_KEY(at, "partners"));
	if (err == 0)
		err = read_assets(r, wire_member(root, "assets"), &WIRE_KEY(at, "assets"));
	return err < 0 ? err : flaws_err(r->flaws);
}

int projection_input_read(struct projection_input *in, json_t *root, struct arena *arena,
			  struct flaws *flaws)
{
	struct reader r = {.in = in, .arena = arena, .flaws = flaws};
	int err = read_input(&r, root, &WIRE_TOP);

	return err < 0 ? err : settle_names(&r);
}

static const struct wire_field movement_fields[] = {
	OTHER("kind", false),
	OTHER("old", true),
	OTHER("new", true),
};

/* A faulty document still lets the other one's faults be found. */
int projection_movement_read(struct movement_input *in, json_t *root, struct arena *arena,
			     struct flaws *flaws)
{
	struct reader before = {.in = &in->before, .arena = arena, .flaws = flaws};
	struct reader after = {.in = &in->after, .arena = arena, .flaws = flaws};
	json_t *old = wire_member(root, "old"), *fresh = wire_member(root, "new");
	struct wire_at top = WIRE_TOP;
	struct flaws unknown;
	int err;

	flaws_init(&unknown, arena);
	*in = (struct movement_input){0};
	wire_read(movement_fields, COUNT(movement_fields), root, &top, flaws, in);
	(void)json_object_del(old, "mc");
	(void)json_object_del(fresh, "mc");
	err = read_input(&before, old, &WIRE_KEY(&top, "old"));
	if (err != ERR_NOMEM)
		err = read_input(&after, fresh, &WIRE_KEY(&top, "new"));
	if (err < 0 || flaws->count)
		return err < 0 ? err : flaws_err(flaws);
	after.flaws = &unknown;
	after.is_again = true;
	err = read_list(&after, json_object_get(old, "assets"), &top, &in->kept);
	if (err == 0)
		err = settle_names(&before);
	return err < 0 ? err : settle_names(&after);
}
