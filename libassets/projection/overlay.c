/*
 * Reading an overlay and laying an entry of it over an input. What was sent is checked by shapes,
 * brought into one form, and only then given the names that the model has for it, so that the
 * register's words are the only ones that anybody learns.
 */
#include "overlay.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/register/lease.h"
#include "libassets/shape/shape_row.h"

struct overlay_plan {
#define OVERLAY_PLAN SHAPE_MEMBER
#include "overlay.def"
};

struct overlay_valuation {
#define OVERLAY_VALUATION SHAPE_MEMBER
#include "overlay.def"
};

struct overlay_request {
#define OVERLAY_REQUEST SHAPE_MEMBER
#include "overlay.def"
};

static const struct shape_field overlay_plan_table[] = {
#define OVERLAY_PLAN(...) SHAPE_ROW(overlay_plan, __VA_ARGS__)
#include "overlay.def"
};

static const struct shape_field overlay_valuation_table[] = {
#define OVERLAY_VALUATION(...) SHAPE_ROW(overlay_valuation, __VA_ARGS__)
#include "overlay.def"
};

static const struct shape_field overlay_request_table[] = {
#define OVERLAY_REQUEST(...) SHAPE_ROW(overlay_request, __VA_ARGS__)
#include "overlay.def"
};

static SHAPE(overlay_plan, NULL);
static SHAPE(overlay_valuation, NULL);
static SHAPE(overlay_request, NULL);

/* Members of `set`. may_be_none: null says that there is none at all. */
static const struct part {
	const char *name;
	const struct shape *shape;
	bool may_be_none;
} part_table[] = {
	{"plan", &overlay_plan_shape, true},
	{"valuation", &overlay_valuation_shape, true},
	{"request", &overlay_request_shape, false},
};

enum { PART_SIZE = 512 }; /* bytes: of the largest of those structs */
_Static_assert(sizeof(struct overlay_request) <= PART_SIZE &&
		       sizeof(struct overlay_plan) <= PART_SIZE,
	       "a part fits");

/* Where the model has another name than the register. */
static const struct {
	const char *ours, *models;
} renamed[] = {
	{"planned_on", "date"},
	{"valued_on", "date"},
	{"amount_pence", "amount"},
	{"agreed_price_pence", "agreed_price"},
	{"offer_pence", "offer"},
	{"probability_ppm", "p_ppm"},
	{"cost_fixed_pence", "cost_fixed"},
	{"state_on", "state_date"},
	{"expected_on", "expected_date"},
	{"release_on", "release_date"},
	{"benefit_pence", "nfb_pence"},
	{"rent_pa_pence", "rent_pa"},
	{"premium_pence", "premium"},
};

/* The register's state and the model's; NONE: the request has no part in it. */
static const struct {
	const char *state, *model;
} state_table[] = {
#define STATE(name, is_open, has_bar, model) {#name, #model},
#include "libassets/request/request_state.def"
#undef STATE
};

static const char *models_name(const char *ours)
{
	for (size_t i = 0; i < COUNT(renamed); i++) {
		if (strcmp(renamed[i].ours, ours) == 0)
			return renamed[i].models;
	}
	return ours;
}

static const char *models_state(const char *state)
{
	for (size_t i = 0; i < COUNT(state_table); i++) {
		if (strcmp(state_table[i].state, state) == 0)
			return state_table[i].model;
	}
	return "NONE";
}

/* --- reading -------------------------------------------------------------------------------- */

static void unknown_member(const struct wire_at *at, const char *cure, struct flaws *flaws)
{
	wire_flaw(flaws, at, STR("UNKNOWN_FIELD"), STR("There is no such field here."),
		  str_of(cure));
}

static void missing(const struct wire_at *at, const char *cure, struct flaws *flaws)
{
	wire_flaw(flaws, at, STR("REQUIRED"), STR("This field is missing."), str_of(cure));
}

/* Of what was sent the members that say something, as the shape writes them. */
static json_t *normal_part(const struct part *part, const json_t *sent, const struct wire_at *at,
			   struct flaws *flaws)
{
	_Alignas(max_align_t) char room[PART_SIZE];
	CLEANUP(buf_done) struct buf text = BUF(64 * 1024);
	size_t before = flaws->count;
	json_t *normal;

	if (!wire_is_object(sent, at, flaws))
		return NULL;
	shape_clear(part->shape, room);
	shape_decode(part->shape, sent, SHAPE_PATCH, at, flaws, room);
	if (flaws->count > before)
		return NULL;
	shape_encode(part->shape, room, &text);
	if (buf_err(&text) < 0)
		return NULL;
	normal = json_loadb(text.at, text.len, 0, NULL);
	for (size_t i = 0; normal && i < part->shape->count; i++) {
		const char *name = part->shape->field[i].name;

		if (json_is_null(json_object_get(sent, name)))
			(void)json_object_set_new(normal, name, json_null());
	}
	return normal;
}

static json_t *normal_set(json_t *sent, const struct wire_at *at, struct flaws *flaws)
{
	json_t *set = json_object();
	const char *name;
	json_t *value;

	if (!sent || !wire_is_object(sent, at, flaws) || !json_object_size(sent)) {
		if (!sent || json_is_object(sent))
			missing(at, "Send plan, valuation or request with what is otherwise.",
				flaws);
		return set;
	}
	json_object_foreach (sent, name, value) {
		const struct part *part = NULL;
		struct wire_at here = WIRE_KEY(at, name);

		for (size_t i = 0; i < COUNT(part_table); i++) {
			if (strcmp(part_table[i].name, name) == 0)
				part = &part_table[i];
		}
		if (!part)
			unknown_member(&here, "Send plan, valuation or request.", flaws);
		else if (part->may_be_none && json_is_null(value))
			(void)json_object_set_new(set, name, json_null());
		else
			(void)json_object_set_new(set, name,
						  normal_part(part, value, &here, flaws));
	}
	if (json_is_object(json_object_get(sent, "request")) &&
	    !wire_member(json_object_get(sent, "request"), "id"))
		missing(&WIRE_KEY(&WIRE_KEY(at, "request"), "id"), "Send the request's id, atr_….",
			flaws);
	return set;
}

static int read_entry(struct overlay *o, json_t *sent, const struct wire_at *at,
		      struct flaws *flaws)
{
	static const struct wire_field fields[] = {
		{"asset_id", WIRE_TEXT, true, 0, 0, 0, 64, NULL},
		{"set", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	};
	struct str id = {NULL, 0};
	json_t *entry;

	if (!wire_is_object(sent, at, flaws))
		return 0;
	wire_read(fields, COUNT(fields), sent, at, flaws, &id);
	entry = json_pack("{s:s%, s:o}", "asset_id", id.at ? id.at : "", id.len, "set",
			  normal_set(json_object_get(sent, "set"), &WIRE_KEY(at, "set"), flaws));
	return entry && json_array_append_new(o->list, entry) == 0 ? 0 : ERR_NOMEM;
}

static const char *id_of(const struct overlay *o, size_t i)
{
	return json_string_value(json_object_get(json_array_get(o->list, i), "asset_id"));
}

/* By asset id, so that equal overlays are equal texts; an insertion: there are few. */
static int put_in_order(struct overlay *o, struct flaws *flaws)
{
	json_t *sorted = json_array();
	size_t n = json_array_size(o->list);

	o->asset_id = ARENA_ARRAY(flaws->arena, n + 1, struct str);
	o->place = ARENA_ARRAY(flaws->arena, n + 1, size_t);
	if (!sorted || !o->asset_id || !o->place) {
		json_decref(sorted);
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		while (at > 0 && strcmp(id_of(o, i), id_of(o, o->place[at - 1])) < 0) {
			o->place[at] = o->place[at - 1];
			at--;
		}
		o->place[at] = i;
	}
	for (size_t i = 0; i < n; i++) {
		struct wire_at here = WIRE_INDEX(&WIRE_KEY(&WIRE_TOP, "overlay"), o->place[i]);

		o->asset_id[i] = arena_str(flaws->arena, str_of(id_of(o, o->place[i])));
		if (i && str_eq(o->asset_id[i], o->asset_id[i - 1]))
			wire_flaw(flaws, &WIRE_KEY(&here, "asset_id"), STR("DUPLICATE"),
				  STR("This asset stands in the overlay already."),
				  STR("Say all that is otherwise with it in one entry."));
		if (json_array_append(sorted, json_array_get(o->list, o->place[i])) < 0) {
			json_decref(sorted);
			return ERR_NOMEM;
		}
	}
	json_decref(o->list);
	o->list = sorted;
	o->count = n;
	return 0;
}

int overlay_read(struct overlay *o, const json_t *sent, struct flaws *flaws)
{
	struct wire_at top = WIRE_KEY(&WIRE_TOP, "overlay");
	size_t before = flaws->count;
	int r = 0;

	*o = (struct overlay){.list = json_array()};
	if (!o->list)
		return ERR_NOMEM;
	if (!sent || json_is_null(sent))
		return 0;
	if (!wire_is_array(sent, &top, flaws))
		return ERR_INVALID;
	if (json_array_size(sent) > OVERLAY_MAX) {
		wire_flaw(flaws, &top, STR("TOO_MANY"), STR("More than 200 assets are named."),
			  STR("Name at most 200; what is so for all of them is a parameter."));
		return ERR_INVALID;
	}
	for (size_t i = 0; i < json_array_size(sent) && r == 0; i++)
		r = read_entry(o, json_array_get(sent, i), &WIRE_INDEX(&top, i), flaws);
	if (r == 0 && flaws->count == before)
		r = put_in_order(o, flaws);
	if (r == 0 && flaws->count > before)
		r = ERR_INVALID;
	return r;
}

void overlay_done(struct overlay *o)
{
	json_decref(o->list);
	o->list = NULL;
}

/* --- laying --------------------------------------------------------------------------------- */

static json_t *models_lease(json_t *lease)
{
	json_t *terms =
		json_pack("{s:i, s:i, s:i}", "rent_pa", 0, "premium", 0, "rent_free_months", 0);
	const char *name;
	json_t *value;

	json_object_foreach (lease, name, value) {
		if (terms && strcmp(name, "market_rent_pa_pence") != 0)
			(void)json_object_set(terms, models_name(name), value);
	}
	return terms;
}

/* What is set, into the model's part, by its names. */
static int lay_part(json_t *part, json_t *set)
{
	const char *name;
	json_t *value;
	int r = 0;

	json_object_foreach (set, name, value) {
		if (strcmp(name, "lease") == 0 && json_is_object(value)) {
			json_t *rent = json_object_get(value, "market_rent_pa_pence");

			if (rent)
				r |= json_object_set(part, "market_rent_pa", rent);
			r |= json_object_set_new(part, "lease", models_lease(value));
		} else if (strcmp(name, "state") != 0 && strcmp(name, "id") != 0) {
			r |= json_object_set(part, models_name(name), value);
		}
	}
	return r ? ERR_NOMEM : 0;
}

/* The part of the input, made where there is none. */
static json_t *part_of(json_t *input, const char *name)
{
	json_t *part = json_object_get(input, name);

	if (json_is_object(part))
		return part;
	if (json_object_set_new(input, name, json_object()) < 0)
		return NULL;
	return json_object_get(input, name);
}

/* A part that was begun by an overlay alone may lack what the model cannot do without. */
static void need(const json_t *part, const char *const *ours, size_t n, const struct wire_at *at,
		 struct flaws *flaws)
{
	for (size_t i = 0; i < n; i++) {
		if (!wire_member(part, models_name(ours[i])))
			missing(&WIRE_KEY(at, ours[i]), "The asset has none yet: send it too.",
				flaws);
	}
}

static int lay_plan(json_t *input, json_t *set, const struct wire_at *at, struct flaws *flaws)
{
	static const char *const always[] = {"method"}, *const of_market[] = {"stage",
									      "planned_on"};
	json_t *plan;
	const char *method;
	int r;

	if (json_is_null(set))
		return json_object_set_new(input, "plan", json_null()) ? ERR_NOMEM : 0;
	plan = part_of(input, "plan");
	if (!plan)
		return ERR_NOMEM;
	r = lay_part(plan, set);
	method = json_string_value(json_object_get(plan, "method"));
	need(plan, always, COUNT(always), at, flaws);
	if (method && strcmp(method, "NONE") != 0)
		need(plan, of_market, COUNT(of_market), at, flaws);
	/* As the register gives it: terms are those of a lease. */
	if (r == 0 && method && strcmp(method, "LEASE") != 0)
		r = json_object_set_new(plan, "lease", json_null()) ? ERR_NOMEM : 0;
	return r;
}

static int lay_valuation(json_t *input, json_t *set, const struct wire_at *at, struct flaws *flaws)
{
	static const char *const always[] = {"amount_pence", "basis", "valued_on"};
	json_t *valuation;
	int r;

	if (json_is_null(set))
		return json_object_set_new(input, "valuation", json_null()) ? ERR_NOMEM : 0;
	valuation = part_of(input, "valuation");
	if (!valuation)
		return ERR_NOMEM;
	r = lay_part(valuation, set);
	need(valuation, always, COUNT(always), at, flaws);
	return r;
}

/* Number of the request of that id, from 1; 0: it is none of this asset's. */
static json_int_t number_of(const json_t *ids, const char *id)
{
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *one = json_string_value(json_array_get(ids, i));

		if (one && id && strcmp(one, id) == 0)
			return (json_int_t)i + 1;
	}
	return 0;
}

/* Where the request of that number stands in the list; its size: it is closed. */
static size_t place_of(const json_t *requests, json_int_t number)
{
	size_t i = 0;

	while (i < json_array_size(requests) &&
	       json_integer_value(json_object_get(json_array_get(requests, i), "id")) != number)
		i++;
	return i;
}

/* The state in the model's words; false: the request has no more part in it. */
static bool set_state(json_t *request, const json_t *set, struct day as_of)
{
	const char *state = json_string_value(json_object_get(set, "state"));
	const char *model = state ? models_state(state) : NULL;
	char day[DAY_TEXT];

	if (!model)
		return true;
	if (strcmp(model, "NONE") == 0)
		return false;
	(void)json_object_set_new(request, "state", json_string(model));
	day_format(as_of, day);
	if (!json_object_get(set, "state_on"))
		(void)json_object_set_new(request, "state_date", json_string(day));
	return true;
}

static int lay_request(const struct overlay_base *base, json_t *set, struct day as_of,
		       const struct wire_at *at, struct flaws *flaws)
{
	json_t *requests = json_object_get(base->input, "requests");
	json_int_t number =
		number_of(base->request_ids, json_string_value(json_object_get(set, "id")));
	size_t place = place_of(requests, number);
	int r;

	if (!number) {
		wire_flaw(flaws, &WIRE_KEY(at, "id"), STR("UNKNOWN_REQUEST"),
			  STR("This asset has no request of that id."),
			  STR("Look up the asset's requests."));
		return 0;
	}
	if (place == json_array_size(requests)) {
		wire_flaw(flaws, &WIRE_KEY(at, "id"), STR("NOT_LIVE"),
			  STR("That request is closed, and has no part in a forecast."),
			  STR("Name a request that is open."));
		return 0;
	}
	r = lay_part(json_array_get(requests, place), set);
	if (r == 0 && !set_state(json_array_get(requests, place), set, as_of))
		r = json_array_remove(requests, place) ? ERR_BUG : 0;
	return r;
}

int overlay_lay(const struct overlay *o, size_t i, const struct overlay_base *base,
		struct day as_of, struct flaws *flaws)
{
	struct wire_at top = WIRE_KEY(&WIRE_TOP, "overlay"), entry = WIRE_INDEX(&top, o->place[i]);
	struct wire_at at = WIRE_KEY(&entry, "set");
	const json_t *set = json_object_get(json_array_get(o->list, i), "set");
	json_t *plan = json_object_get(set, "plan");
	json_t *valuation = json_object_get(set, "valuation");
	json_t *request = json_object_get(set, "request");
	size_t before = flaws->count;
	int r = 0;

	if (wire_member(base->input, "completed")) {
		wire_flaw(flaws, &WIRE_KEY(&entry, "asset_id"), STR("DISPOSED"),
			  STR("What this asset brings has come in."),
			  STR("Leave it out: a scenario is of what may still happen."));
		return ERR_INVALID;
	}
	if (plan)
		r = lay_plan(base->input, plan, &WIRE_KEY(&at, "plan"), flaws);
	if (r == 0 && valuation)
		r = lay_valuation(base->input, valuation, &WIRE_KEY(&at, "valuation"), flaws);
	if (r == 0 && request)
		r = lay_request(base, request, as_of, &WIRE_KEY(&at, "request"), flaws);
	if (r == 0 && flaws->count > before)
		r = ERR_INVALID;
	return r;
}
