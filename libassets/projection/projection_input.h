/*
 * What the model knows of one asset. Partners, classes, places are small numbers that the
 * caller gives out (names.h); what hangs on the asset is borrowed. Amounts may be any 64-bit
 * number of pence: what does not fit becomes E_OVERFLOW, never a wrong figure.
 * Source: MODEL.md 2, 9.
 */
#pragma once

#include "projection_params.h"

enum projection_method {
#define METHOD(word) METHOD_##word,
#include "projection.def"
#undef METHOD
};

enum projection_kind {
#define KIND(word) KIND_##word,
#include "projection.def"
#undef KIND
};

enum projection_lease_class {
#define LEASE_CLASS(word) LEASE_CLASS_##word,
#include "projection.def"
#undef LEASE_CLASS
};

/* How often a portfolio is simulated: when nobody says, and at most. Memory goes by it. */
enum { SIMULATION_PATHS = 10000, SIMULATION_PATHS_MAX = 1000000 };

/* Of one asset; and the longest lease, in months. */
enum { PROJECTION_OWNERS_MAX = 256, PROJECTION_REQUESTS_MAX = 256, PROJECTION_TERM_MAX = 120000 };

/* Amounts are pence, of rent a year; each may be below zero. */
struct projection_lease {
	int64_t rent_pa_pence;
	int64_t premium_pence;
	int32_t term_months; /* 1 to PROJECTION_TERM_MAX */
	int32_t rent_free_months;
	uint8_t class; /* enum projection_lease_class */
};

/* The one valuation that counts; which of several that is, is the caller's choice. */
struct projection_valuation {
	struct day date;
	int64_t amount_pence;
	uint8_t basis; /* enum projection_basis */
};

/* A plan of method NONE is no plan. */
struct projection_plan {
	uint8_t method; /* enum projection_method */
	bool has_agreed_price, has_p, has_cost_fixed, has_lease;
	uint32_t stage;             /* of the parameters */
	struct day date;            /* planned completion; given unless the method is NONE */
	int64_t agreed_price_pence; /* this and what follows only where has_… says so */
	int64_t p_ppm;              /* 0 to PPM */
	int64_t cost_fixed_pence;
	struct projection_lease lease; /* of method LEASE alone */
};

/* A live request: one whose state is in the parameters. Others have no effect; leave them out. */
struct projection_request {
	int64_t id; /* the last sort key */
	uint32_t state;
	uint8_t kind; /* enum projection_kind */
	bool has_offer, has_agreed_price, has_lease, has_market_rent, has_p, prohibits;
	struct day state_date;    /* since when the model's state holds */
	struct day expected_date; /* of completion; or DAY_NONE: by the state's months */
	struct day release_date;  /* asset free if it fails; or DAY_NONE, likewise */
	int64_t offer_pence;
	int64_t agreed_price_pence;
	int64_t market_rent_pa_pence;
	int64_t p_ppm;     /* 0 to PPM */
	int64_t nfb_pence; /* benefit that is not money, beside the figures and never in them */
	struct projection_lease lease; /* of kinds LEASE and RIGHTS */
};

/* One quarter of a baseline frozen before completion. */
struct projection_frozen {
	int32_t quarter; /* within the model's years */
	int64_t gm_pence;
	int64_t cm_pence;
	int64_t rent_pence;
};

/* What came in of an asset that is gone; with it plan and requests mean nothing. */
struct projection_completed {
	bool is_transfer;
	bool has_baseline; /* an empty one is a frozen baseline of nothing */
	struct day date;
	int64_t gross_pence;
	int64_t cost_pence;
	const struct projection_frozen *baseline; /* each quarter at most once */
	uint32_t baseline_quarters;
};

/* units 0: named, gets no pennies. */
struct projection_owner {
	uint32_t partner;
	int64_t units;
};

struct projection_asset {
	int64_t id;    /* of the draws and the order of output; each once in an input */
	uint32_t lead; /* the partner whose settings apply */
	uint32_t class, cpp, locality;
	uint8_t decile; /* 1 to 10, 0 unknown */
	bool has_valuation;
	uint16_t owners, requests;                /* at most PROJECTION_…_MAX */
	const struct projection_owner *owner;     /* in ascending order of the partners' names */
	const struct projection_request *request; /* in any order */
	const struct projection_completed *completed; /* or NULL */
	struct projection_valuation valuation;
	struct projection_plan plan;
};
