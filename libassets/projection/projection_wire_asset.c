/*
 * The parts of an asset from JSON: valuation, plan, lease terms, request, completion. Words
 * are those of projection.def; stages and states those of the parameters.
 *
 * A row a field: its key, type, place in the struct, and the flag that says it was given. A
 * new field is a row, a member of projection_input.h, and a line in MODEL.md 9.
 */
#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "projection_wire.h"

/* Code points of a stage's or state's name. */
enum { NAME_MAX_CHARS = 200 };

static const char *const basis_words[] = {
#define BASIS(word, factor, largest, is_market) #word,
#include "projection.def"
#undef BASIS
	NULL,
};

static const char *const method_words[] = {
#define METHOD(word) #word,
#include "projection.def"
#undef METHOD
	NULL,
};

static const char *const kind_words[] = {
#define KIND(word) #word,
#include "projection.def"
#undef KIND
	NULL,
};

static const char *const lease_class_words[] = {
#define LEASE_CLASS(word) #word,
#include "projection.def"
#undef LEASE_CLASS
	NULL,
};

static const char *const completed_words[] = {"M", "T", NULL};

/* clang-format off */
#define AT(type, member) offsetof(type, member), offsetof(type, member)
#define AT_GIVEN(type, member, flag) offsetof(type, member), offsetof(type, flag)
#define PENCE INT64_MIN, INT64_MAX
#define NONE 0, 0
#define OTHER(key) {key, WIRE_OTHER, false, 0, 0, NONE, NULL}

static const struct wire_field valuation_fields[] = {
#define V struct projection_valuation
	{"date",   WIRE_DAY,  true, AT(V, date),         NONE,  NULL},
	{"amount", WIRE_I64,  true, AT(V, amount_pence), PENCE, NULL},
	{"basis",  WIRE_WORD, true, AT(V, basis),        NONE,  basis_words},
};

static const struct wire_field lease_fields[] = {
#define L struct projection_lease
	{"rent_pa",          WIRE_I64,  false, AT(L, rent_pa_pence),    PENCE, NULL},
	{"premium",          WIRE_I64,  false, AT(L, premium_pence),    PENCE, NULL},
	{"term_months",      WIRE_I32,  true,  AT(L, term_months),      1, PROJECTION_TERM_MAX, NULL},
	{"rent_free_months", WIRE_I32,  false, AT(L, rent_free_months), 0, PROJECTION_TERM_MAX, NULL},
	{"class",            WIRE_WORD, true,  AT(L, class),            NONE, lease_class_words},
};

/* A plan or a request as it is read; its stage or state still by name. */
struct plan_row {
	struct projection_plan plan;
	struct str stage;
};

struct request_row {
	struct projection_request request;
	struct str state;
	int64_t unused; /* nfb_score stands in no figure */
};

static const struct wire_field plan_fields[] = {
#define P struct plan_row
	{"method",       WIRE_WORD, true,  AT(P, plan.method), NONE, method_words},
	{"stage",        WIRE_TEXT, false, AT(P, stage),       0, NAME_MAX_CHARS, NULL},
	{"date",         WIRE_DAY,  false, AT(P, plan.date),   NONE, NULL},
	{"agreed_price", WIRE_I64,  false, AT_GIVEN(P, plan.agreed_price_pence, plan.has_agreed_price),
	 PENCE, NULL},
	{"p_ppm",        WIRE_I64,  false, AT_GIVEN(P, plan.p_ppm, plan.has_p), 0, PPM, NULL},
	{"cost_fixed",   WIRE_I64,  false, AT_GIVEN(P, plan.cost_fixed_pence, plan.has_cost_fixed),
	 PENCE, NULL},
	OTHER("lease"),
};

static const struct wire_field request_fields[] = {
#define R struct request_row
	{"id",             WIRE_I64,  true,  AT(R, request.id), INT64_MIN, INT64_MAX, NULL},
	{"state",          WIRE_TEXT, true,  AT(R, state), 0, NAME_MAX_CHARS, NULL},
	{"state_date",     WIRE_DAY,  true,  AT(R, request.state_date), NONE, NULL},
	{"kind",           WIRE_WORD, true,  AT(R, request.kind), NONE, kind_words},
	{"offer",          WIRE_I64,  false, AT_GIVEN(R, request.offer_pence, request.has_offer),
	 PENCE, NULL},
	{"agreed_price",   WIRE_I64,  false,
	 AT_GIVEN(R, request.agreed_price_pence, request.has_agreed_price), PENCE, NULL},
	{"market_rent_pa", WIRE_I64,  false,
	 AT_GIVEN(R, request.market_rent_pa_pence, request.has_market_rent), PENCE, NULL},
	{"p_ppm",          WIRE_I64,  false, AT_GIVEN(R, request.p_ppm, request.has_p), 0, PPM, NULL},
	{"prohibits",      WIRE_BOOL, false, AT(R, request.prohibits), NONE, NULL},
	{"expected_date",  WIRE_DAY,  false, AT(R, request.expected_date), NONE, NULL},
	{"release_date",   WIRE_DAY,  false, AT(R, request.release_date), NONE, NULL},
	{"nfb_pence",      WIRE_I64,  false, AT(R, request.nfb_pence), PENCE, NULL},
	{"nfb_score",      WIRE_I64,  false, AT(R, unused), PENCE, NULL},
	OTHER("lease"),
};

struct completed_row {
	struct projection_completed completed;
	uint8_t kind; /* place in completed_words */
};

static const struct wire_field completed_fields[] = {
#define C struct completed_row
	{"kind",  WIRE_WORD, true, AT(C, kind),                  NONE, completed_words},
	{"date",  WIRE_DAY,  true, AT(C, completed.date),        NONE, NULL},
	{"gross", WIRE_I64,  true, AT(C, completed.gross_pence), PENCE, NULL},
	{"cost",  WIRE_I64,  true, AT(C, completed.cost_pence),  PENCE, NULL},
	OTHER("baseline"),
};

/* A frozen cell may be one that was printed: its other lines are known and have no effect. */
static const struct wire_field frozen_fields[] = {
#define F struct projection_frozen
	{"GM",   WIRE_I64, false, AT(F, gm_pence),   PENCE, NULL},
	{"CM",   WIRE_I64, false, AT(F, cm_pence),   PENCE, NULL},
	{"RENT", WIRE_I64, false, AT(F, rent_pence), PENCE, NULL},
	OTHER("GT"), OTHER("CT"), OTHER("NET"), OTHER("PV"), OTHER("PVR"),
};
/* clang-format on */

static void read_lease(struct projection_lease *ret_lease, bool *ret_given, json_t *parent,
		       const struct wire_at *at, struct flaws *flaws)
{
	struct wire_at here = WIRE_KEY(at, "lease");
	json_t *value = wire_member(parent, "lease");

	if (!wire_is_object(value, &here, flaws))
		return;
	*ret_lease = (struct projection_lease){0};
	wire_read(lease_fields, COUNT(lease_fields), value, &here, flaws, ret_lease);
	*ret_given = true;
}

void projection_valuation_read(struct projection_asset *a, json_t *value, const struct wire_at *at,
			       struct flaws *flaws)
{
	if (!wire_is_object(value, at, flaws))
		return;
	wire_read(valuation_fields, COUNT(valuation_fields), value, at, flaws, &a->valuation);
	a->has_valuation = true;
}

static void missing(struct flaws *flaws, const struct wire_at *at, const char *key)
{
	wire_flaw(flaws, &WIRE_KEY(at, key), STR("REQUIRED"), STR("This field is missing."),
		  STR("Send it, or the method NONE."));
}

/* Stage and day are owed by what the method says, so not by their rows. */
void projection_plan_read(const struct projection_params *p, struct projection_plan *ret_plan,
			  json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	struct plan_row row = {.plan = {.date = DAY_NONE}};

	if (!wire_is_object(value, at, flaws))
		return;
	wire_read(plan_fields, COUNT(plan_fields), value, at, flaws, &row);
	read_lease(&row.plan.lease, &row.plan.has_lease, value, at, flaws);
	if (row.plan.method != METHOD_NONE) {
		if (!wire_member(value, "stage"))
			missing(flaws, at, "stage");
		if (!wire_member(value, "date"))
			missing(flaws, at, "date");
	}
	if (!str_is_null(row.stage) && projection_stage_find(p, row.stage, &row.plan.stage) < 0)
		wire_flaw(flaws, &WIRE_KEY(at, "stage"), STR("NOT_IN_LIST"),
			  STR("There is no such stage."),
			  STR("Use a key of market_stage of the parameters."));
	*ret_plan = row.plan;
}

void projection_request_read(const struct projection_params *p,
			     struct projection_request *ret_request, bool *ret_is_live,
			     json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	struct request_row row = {
		.request = {.prohibits = true, .expected_date = DAY_NONE, .release_date = DAY_NONE},
	};

	*ret_is_live = false;
	if (!wire_is_object(value, at, flaws))
		return;
	wire_read(request_fields, COUNT(request_fields), value, at, flaws, &row);
	read_lease(&row.request.lease, &row.request.has_lease, value, at, flaws);
	if (str_is_null(row.state))
		return;
	*ret_is_live = projection_state_find(p, row.state, &row.request.state) == 0;
	*ret_request = row.request;
}

static int read_frozen(struct projection_completed *c, json_t *map, const struct wire_at *at,
		       struct arena *arena, struct flaws *flaws)
{
	struct projection_frozen *list;
	const char *label;
	json_t *value;

	if (!wire_is_object(map, at, flaws))
		return 0;
	list = ARENA_ARRAY(arena, json_object_size(map), struct projection_frozen);
	if (!list)
		return ERR_NOMEM;
	json_object_foreach (map, label, value) {
		struct projection_frozen *f = &list[c->baseline_quarters];
		struct wire_at here = WIRE_KEY(at, label);

		if (quarter_parse(str_of(label), &f->quarter) < 0 ||
		    quarter_fy(f->quarter) > PROJECTION_FY_MAX) {
			wire_flaw(flaws, &here, STR("NOT_A_QUARTER"), STR("This is not a quarter."),
				  STR("Name quarters like 2027-28Q4, up to the year 2319-20."));
		} else if (wire_is_object(value, &here, flaws)) {
			wire_read(frozen_fields, COUNT(frozen_fields), value, &here, flaws, f);
			c->baseline_quarters++;
		}
	}
	c->baseline = list;
	c->has_baseline = true;
	return 0;
}

int projection_completed_read(const struct projection_completed **ret_completed, json_t *value,
			      const struct wire_at *at, struct arena *arena, struct flaws *flaws)
{
	struct completed_row row = {.completed = {.date = DAY_NONE}};
	struct projection_completed *kept;
	int r;

	if (!wire_is_object(value, at, flaws))
		return 0;
	wire_read(completed_fields, COUNT(completed_fields), value, at, flaws, &row);
	r = read_frozen(&row.completed, wire_member(value, "baseline"), &WIRE_KEY(at, "baseline"),
			arena, flaws);
	kept = ARENA_NEW(arena, struct projection_completed);
	if (r < 0 || !kept)
		return ERR_NOMEM;
	row.completed.is_transfer = row.kind == 1;
	*kept = row.completed;
	*ret_completed = kept;
	return 0;
}
