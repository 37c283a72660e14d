/*
 * Parameters from JSON. What projection_params.def lists is read by tables made from it; the
 * maps by name (stages, states, profiles, indices, classes) may also gain new names, which
 * must then be complete.
 *
 * A further number begins with its row of projection_params.def. A further map by name needs a
 * table of its fields and a reader beside those for stages and states.
 */
#include <inttypes.h>

#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "projection_wire.h"

/* Code points of a name; fields of the longest table below. */
enum { NAME_MAX_CHARS = 200, FIELDS_MAX = 8 };

/* clang-format off */
#define FIELD(key, kind, type, member, min, max) \
	{key, kind, false, offsetof(type, member), offsetof(type, member), min, max, NULL}
#define OTHER(key) {key, WIRE_OTHER, false, 0, 0, 0, 0, NULL}

static const struct wire_field params_fields[] = {
#define NUMBER(key, field, value, min, max) \
	FIELD(#key, WIRE_I64, struct projection_params, field, min, max),
#include "projection_params.def"
#undef NUMBER
	OTHER("market_stage"), OTHER("request_state"), OTHER("slip"), OTHER("scenarios"),
	OTHER("index"), OTHER("class_index"), OTHER("deflator"), OTHER("discount"),
	OTHER("basis_factor"), OTHER("partner_default"), OTHER("mc"),
};

static const struct wire_field scenario_fields[] = {
#define SCENARIO_NUMBER(key, field, best, likely, worst, min, max) \
	FIELD(#key, WIRE_I64, struct projection_scenario_params, field, min, max),
#include "projection_params.def"
#undef SCENARIO_NUMBER
};

static const char *const scenario_words[] = {
#define SCENARIO(word) #word,
#include "projection.def"
#undef SCENARIO
};

static const struct wire_field partner_fields[] = {
#define PARTNER_FLAG(key, field, value) \
	FIELD(#key, WIRE_BOOL, struct projection_partner, field, 0, 0),
#define PARTNER_NUMBER(key, field, value, min, max) \
	FIELD(#key, WIRE_I64, struct projection_partner, field, min, max),
#include "projection_params.def"
#undef PARTNER_FLAG
#undef PARTNER_NUMBER
	OTHER("id"),
};

static const struct wire_field basis_fields[] = {
#define BASIS(word, factor, largest, is_market) \
	FIELD(#word, WIRE_I64, struct projection_params, basis_factor_ppm[BASIS_##word], 0, largest),
#include "projection.def"
#undef BASIS
};

static const struct wire_field mc_fields[] = {
#define MC_NUMBER(key, value, min, max) \
	FIELD(#key, WIRE_I64, struct projection_params, mc_##key, min, max),
#include "projection_params.def"
#undef MC_NUMBER
	OTHER("beta"),
};

static const struct wire_field beta_field = {"", WIRE_I64, false, 0, 0, 0, PROJECTION_BETA_MAX, NULL};

static const struct wire_field series_fields[] = {
	FIELD("base_fy", WIRE_I64, struct projection_series, base_fy,
	      PROJECTION_FY_MIN, PROJECTION_FY_MAX),
	FIELD("default", WIRE_I64, struct projection_series, default_ppm,
	      PROJECTION_GROWTH_MIN, PROJECTION_GROWTH_MAX),
	OTHER("growth"),
};

static const struct wire_field growth_field =
	{"", WIRE_I32, false, 0, 0, PROJECTION_GROWTH_MIN, PROJECTION_GROWTH_MAX, NULL};

/* A row of market_stage or request_state, its profile still by name. */
struct outcome_row {
	int64_t p_ppm, complete_months, release_months, rank;
	struct str slip;
};

static const struct wire_field stage_fields[] = {
	FIELD("p",    WIRE_I64,  struct outcome_row, p_ppm, 0, PPM),
	FIELD("slip", WIRE_TEXT, struct outcome_row, slip, 1, NAME_MAX_CHARS),
};

static const struct wire_field state_fields[] = {
	FIELD("p",          WIRE_I64,  struct outcome_row, p_ppm, 0, PPM),
	FIELD("complete_m", WIRE_I64,  struct outcome_row, complete_months, 0, PROJECTION_MONTHS_MAX),
	FIELD("release_m",  WIRE_I64,  struct outcome_row, release_months, 0, PROJECTION_MONTHS_MAX),
	FIELD("slip",       WIRE_TEXT, struct outcome_row, slip, 1, NAME_MAX_CHARS),
	FIELD("rank",       WIRE_I64,  struct outcome_row, rank, -PROJECTION_RANK_MAX,
	      PROJECTION_RANK_MAX),
};

/* A pair of numbers in an array: [quarters, ppm] of a profile, [last year, ppm] of a band. */
static const struct wire_field step_fields[2] = {
	{"", WIRE_I64, true, 0, 0, 0, PROJECTION_SLIP_MAX, NULL},
	{"", WIRE_I64, true, 0, 0, 0, PPM, NULL},
};

static const struct wire_field band_fields[2] = {
	{"", WIRE_I64, true, 0, 0, 0, INT32_MAX, NULL},
	{"", WIRE_I64, true, 0, 0, 0, PPM, NULL},
};
/* clang-format on */

/* What every reader here needs. */
struct reader {
	struct projection_params *params;
	struct arena *arena;
	struct flaws *flaws;
	bool no_room;
};

/* A copy that outlives the document. */
static struct str keep(struct reader *r, const char *name)
{
	struct str copy = arena_str(r->arena, str_of(name));

	r->no_room |= str_is_null(copy);
	return copy;
}

/* The same fields, all of them required: a new name must be complete. */
static const struct wire_field *complete(const struct wire_field *field, size_t n,
					 struct wire_field room[FIELDS_MAX])
{
	for (size_t i = 0; i < n; i++) {
		room[i] = field[i];
		room[i].required = field[i].kind != WIRE_OTHER;
	}
	return room;
}

static void no_such_name(struct reader *r, const struct wire_at *at)
{
	wire_flaw(r->flaws, at, STR("NOT_IN_LIST"), STR("There is nothing of that name."),
		  STR("Use a name that the parameters define."));
}

static bool has_room(struct reader *r, const struct wire_at *at, uint32_t count, uint32_t max)
{
	if (count < max)
		return true;
	wire_flaw(r->flaws, at, STR("TOO_MANY"), STR("There are too many of these."),
		  STR("Leave some out."));
	return false;
}

/* Read pairs of numbers with the first ascending; how many, 0 where there is a fault. */
static uint32_t read_pairs(struct reader *r, const struct wire_field field[2], json_t *list,
			   const struct wire_at *at, int64_t (*ret_pair)[2], uint32_t max)
{
	size_t faults = r->flaws->count, i;
	json_t *pair;

	if (!wire_is_array(list, at, r->flaws))
		return 0;
	json_array_foreach (list, i, pair) {
		struct wire_at row = WIRE_INDEX(at, i);

		if (!has_room(r, at, (uint32_t)i, max))
			return 0;
		if (json_array_size(pair) != 2) {
			wire_flaw(r->flaws, &row, STR("WRONG_TYPE"),
				  STR("This is not a pair of numbers."),
				  STR("Send two whole numbers in brackets."));
			continue;
		}
		for (size_t k = 0; k < 2; k++)
			wire_value(&field[k], json_array_get(pair, k), &WIRE_INDEX(&row, k),
				   r->flaws, &ret_pair[i][k]);
		if (r->flaws->count == faults && i && ret_pair[i][0] <= ret_pair[i - 1][0])
			wire_flaw(r->flaws, &row, STR("WRONG_ORDER"),
				  STR("The first numbers do not ascend."),
				  STR("Sort the pairs by their first numbers, each once."));
	}
	return r->flaws->count == faults ? (uint32_t)i : 0;
}

static void read_profile(struct reader *r, const char *name, json_t *list, const struct wire_at *at)
{
	struct projection_params *p = r->params;
	int64_t pair[PROJECTION_STEPS_MAX][2] = {{0}}, sum = 0;
	size_t faults = r->flaws->count;
	uint32_t steps = read_pairs(r, step_fields, list, at, pair, PROJECTION_STEPS_MAX);
	struct projection_slip *slip;
	uint32_t i;

	for (uint32_t k = 0; k < steps; k++)
		sum += pair[k][1];
	if (r->flaws->count == faults && sum != PPM)
		wire_flaw(r->flaws, at, STR("WRONG_SUM"),
			  STR("The shares of a slip profile do not sum to 1000000."),
			  STR("Send shares in parts per million that sum to 1000000."));
	if (r->flaws->count != faults)
		return;
	if (projection_slip_find(p, str_of(name), &i) < 0) {
		if (!has_room(r, at, p->slips, PROJECTION_WORDS_MAX))
			return;
		i = p->slips++;
		p->slip[i].name = keep(r, name);
	}
	slip = &p->slip[i];
	slip->steps = steps;
	for (uint32_t k = 0; k < steps; k++) {
		slip->step[k].quarters = (int32_t)pair[k][0];
		slip->step[k].ppm = (int32_t)pair[k][1];
	}
}

static void read_slip_name(struct reader *r, struct str name, const struct wire_at *at,
			   uint32_t *ret_slip)
{
	if (!str_is_null(name) && projection_slip_find(r->params, name, ret_slip) < 0)
		no_such_name(r, &WIRE_KEY(at, "slip"));
}

static void read_stage(struct reader *r, const char *name, json_t *value, const struct wire_at *at)
{
	struct projection_params *p = r->params;
	const struct wire_field *field = stage_fields;
	struct wire_field room[FIELDS_MAX];
	struct outcome_row row = {0};
	uint32_t i = p->stages;
	bool is_new = projection_stage_find(p, str_of(name), &i) < 0;

	if (is_new && !has_room(r, at, p->stages, PROJECTION_WORDS_MAX))
		return;
	if (!is_new)
		row.p_ppm = p->stage[i].p_ppm;
	if (is_new)
		field = complete(stage_fields, COUNT(stage_fields), room);
	if (wire_is_object(value, at, r->flaws))
		wire_read(field, COUNT(stage_fields), value, at, r->flaws, &row);
	read_slip_name(r, row.slip, at, &p->stage[i].slip);
	p->stage[i].p_ppm = row.p_ppm;
	if (is_new) {
		p->stage[i].name = keep(r, name);
		p->stages++;
	}
}

static void read_state(struct reader *r, const char *name, json_t *value, const struct wire_at *at)
{
	struct projection_params *p = r->params;
	const struct wire_field *field = state_fields;
	struct wire_field room[FIELDS_MAX];
	struct projection_state *state;
	struct outcome_row row = {0};
	uint32_t i = p->states;
	bool is_new = projection_state_find(p, str_of(name), &i) < 0;

	if (is_new && !has_room(r, at, p->states, PROJECTION_WORDS_MAX))
		return;
	state = &p->state[i];
	if (!is_new)
		row = (struct outcome_row){state->p_ppm,
					   state->complete_months,
					   state->release_months,
					   state->rank,
					   {NULL, 0}};
	if (is_new)
		field = complete(state_fields, COUNT(state_fields), room);
	if (wire_is_object(value, at, r->flaws))
		wire_read(field, COUNT(state_fields), value, at, r->flaws, &row);
	read_slip_name(r, row.slip, at, &state->slip);
	state->p_ppm = row.p_ppm;
	state->complete_months = row.complete_months;
	state->release_months = row.release_months;
	state->rank = row.rank;
	if (is_new) {
		state->name = keep(r, name);
		p->states++;
	}
}

static void read_growth(struct reader *r, struct projection_series *s, json_t *map,
			const struct wire_at *at)
{
	const char *year;
	json_t *value;

	if (!wire_is_object(map, at, r->flaws))
		return;
	json_object_foreach (map, year, value) {
		struct wire_at row = WIRE_KEY(at, year);
		int64_t fy;

		if (str_to_i64(str_of(year), &fy) < 0 || fy < PROJECTION_FY_MIN ||
		    fy > PROJECTION_FY_MAX)
			wire_flaw(r->flaws, &row, STR("NOT_A_YEAR"),
				  STR("This is not a financial year of the model."),
				  STR("Name the year in which it begins, from 1899 to 2319."));
		else if (!json_is_null(value))
			wire_value(&growth_field, value, &row, r->flaws,
				   &s->growth_ppm[fy - PROJECTION_FY_MIN]);
	}
}

static void read_series(struct reader *r, struct projection_series *s, bool is_new, json_t *value,
			const struct wire_at *at)
{
	struct wire_field room[FIELDS_MAX];
	const struct wire_field *field = series_fields;

	if (is_new)
		field = complete(series_fields, COUNT(series_fields), room);
	if (wire_is_object(value, at, r->flaws))
		wire_read(field, COUNT(series_fields), value, at, r->flaws, s);
	read_growth(r, s, wire_member(value, "growth"), &WIRE_KEY(at, "growth"));
}

static void read_index(struct reader *r, const char *name, json_t *value, const struct wire_at *at)
{
	struct projection_params *p = r->params;
	uint32_t i = p->indices;
	bool is_new = projection_index_find(p, str_of(name), &i) < 0;

	if (is_new && !has_room(r, at, p->indices, PROJECTION_INDEX_MAX))
		return;
	if (is_new)
		projection_series_init(&p->index[p->indices++], keep(r, name));
	read_series(r, &p->index[i], is_new, value, at);
}

/* The row of a class, a new one if it has none yet: reserve_classes() made room. */
static struct projection_class *class_row(struct reader *r, const char *name)
{
	struct projection_params *p = r->params;
	uint32_t i = 0;

	while (i < p->classes && !str_eq(p->class[i].name, str_of(name)))
		i++;
	if (i == p->classes)
		p->class[p->classes++] = (struct projection_class){.name = keep(r, name)};
	return &p->class[i];
}

/* "default" is no class: it says which index those have that are not named. */
static void read_class(struct reader *r, const char *name, json_t *value, const struct wire_at *at)
{
	struct projection_params *p = r->params;
	struct projection_class *c;
	uint32_t index;

	if (projection_index_find(p, str_of(json_string_value(value)), &index) < 0) {
		no_such_name(r, at);
		return;
	}
	if (str_eq(str_of(name), STR("default"))) {
		p->class_default = index;
		return;
	}
	c = class_row(r, name);
	c->has_index = true;
	c->index = index;
}

static void read_scenario(struct reader *r, const char *name, json_t *value,
			  const struct wire_at *at)
{
	for (size_t i = 0; i < COUNT(scenario_words); i++) {
		if (!str_eq(str_of(name), str_of(scenario_words[i])))
			continue;
		if (wire_is_object(value, at, r->flaws))
			wire_read(scenario_fields, COUNT(scenario_fields), value, at, r->flaws,
				  &r->params->scenario[i]);
		return;
	}
	no_such_name(r, at);
}

/* Here too "default" is that of all that are not named. */
static void read_beta(struct reader *r, const char *name, json_t *value, const struct wire_at *at)
{
	struct projection_class *c;

	if (str_eq(str_of(name), STR("default"))) {
		wire_value(&beta_field, value, at, r->flaws, &r->params->beta_default_ppm);
		return;
	}
	c = class_row(r, name);
	c->has_beta = true;
	wire_value(&beta_field, value, at, r->flaws, &c->beta_ppm);
}

/* A year without a rate would have no present value: the last band must reach all of them. */
static void read_bands(struct reader *r, json_t *list, const struct wire_at *at)
{
	struct projection_params *p = r->params;
	int64_t pair[PROJECTION_BANDS_MAX][2] = {{0}};
	uint32_t n;

	if (!list)
		return;
	n = read_pairs(r, band_fields, list, at, pair, PROJECTION_BANDS_MAX);
	if (n && pair[n - 1][0] < PROJECTION_FYS)
		n = 0;
	if (!n) {
		wire_flaw(r->flaws, at, STR("INCOMPLETE"),
			  STR("The discount rates do not reach every year."),
			  STR("Let the last band end in year 1000000."));
		return;
	}
	p->bands = n;
	for (uint32_t i = 0; i < n; i++) {
		p->band[i].last_year = pair[i][0];
		p->band[i].ppm = pair[i][1];
	}
}

/* Call `each` for every member that is not null. */
static void read_map(struct reader *r, json_t *map, const struct wire_at *at,
		     void (*each)(struct reader *, const char *, json_t *, const struct wire_at *))
{
	const char *name;
	json_t *value;

	if (!wire_is_object(map, at, r->flaws))
		return;
	json_object_foreach (map, name, value) {
		if (!json_is_null(value))
			each(r, name, value, &WIRE_KEY(at, name));
	}
}

/* Room for the classes of these maps beside those there are. */
static void reserve_classes(struct reader *r, const json_t *index, const json_t *beta)
{
	struct projection_params *p = r->params;
	size_t room = p->classes + json_object_size(index) + json_object_size(beta) + 1;
	struct projection_class *more = ARENA_ARRAY(r->arena, room, struct projection_class);

	r->no_room |= !more;
	if (more && p->classes)
		memcpy(more, p->class, p->classes * sizeof(*more));
	if (more)
		p->class = more;
}

void projection_partner_read(struct projection_partner *ret_partner, json_t *value,
			     const struct wire_at *at, struct flaws *flaws)
{
	if (wire_is_object(value, at, flaws))
		wire_read(partner_fields, COUNT(partner_fields), value, at, flaws, ret_partner);
}

/* An object whose fields are all in one table. */
static void read_part(struct reader *r, json_t *params, const struct wire_at *at, const char *key,
		      const struct wire_field *field, size_t n)
{
	struct wire_at part = WIRE_KEY(at, key);
	json_t *value = wire_member(params, key);

	if (wire_is_object(value, &part, r->flaws))
		wire_read(field, n, value, &part, r->flaws, r->params);
}

int projection_params_read(struct projection_params *p, json_t *value, const struct wire_at *at,
			   struct arena *arena, struct flaws *flaws)
{
	static const struct {
		const char *key;
		void (*each)(struct reader *, const char *, json_t *, const struct wire_at *);
	} maps[] = {
		/* Profiles and indices first: the others speak of them. */
		{"slip", read_profile},       {"index", read_index},
		{"market_stage", read_stage}, {"request_state", read_state},
		{"class_index", read_class},  {"scenarios", read_scenario},
	};
	struct reader r = {.params = p, .arena = arena, .flaws = flaws};
	struct wire_at part, mc = WIRE_KEY(at, "mc"), beta = WIRE_KEY(&mc, "beta");

	if (!wire_is_object(value, at, flaws))
		return 0;
	reserve_classes(&r, wire_member(value, "class_index"),
			wire_member(wire_member(value, "mc"), "beta"));
	if (r.no_room)
		return ERR_NOMEM;
	wire_read(params_fields, COUNT(params_fields), value, at, flaws, p);
	for (size_t i = 0; i < COUNT(maps); i++) {
		part = WIRE_KEY(at, maps[i].key);
		read_map(&r, wire_member(value, maps[i].key), &part, maps[i].each);
	}
	part = WIRE_KEY(at, "deflator");
	if (wire_member(value, "deflator"))
		read_series(&r, &p->deflator, false, wire_member(value, "deflator"), &part);
	part = WIRE_KEY(at, "discount");
	read_bands(&r, wire_member(value, "discount"), &part);
	read_part(&r, value, at, "basis_factor", basis_fields, COUNT(basis_fields));
	read_part(&r, value, at, "mc", mc_fields, COUNT(mc_fields));
	read_map(&r, wire_member(wire_member(value, "mc"), "beta"), &beta, read_beta);
	part = WIRE_KEY(at, "partner_default");
	projection_partner_read(&p->partner_default, wire_member(value, "partner_default"), &part,
				flaws);
	return r.no_room ? ERR_NOMEM : 0;
}
