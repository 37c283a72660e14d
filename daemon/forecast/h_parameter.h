/*
 * The parameters of the projection: read by everybody, set by an operator for the register, and by
 * an authority's FINANCE for its own costs, discount, hold and remarketing. Steps are shared with
 * the pages (p_parameters.c).
 *
 *	GET  /v1/projections/parameters[?authority_id=][&version=][&calibrate=yes]
 *	PUT  /v1/projections/parameters[?authority_id=]
 *	     {"params": changes to the defaults (MODEL.md 9), "note": why}
 *	PUT  … ?series=DEFLATOR or an index's name [&area=]&note=   with text/csv (series_csv.h)
 *	PUT  … ?series=DISCOUNT&note=   with text/csv (discount_csv.h)
 *	POST … the same, the note apart: what it would change; nothing is stored. With &totals=yes
 *	       also what the totals are, and what they would become
 */
#pragma once

#include <jansson.h>

#include "daemon/flow/flow.h"
#include "libassets/projection/discount_csv.h"
#include "libassets/projection/series_csv.h"

extern const struct flow_step flow_parameters_show[];
extern const struct flow_step flow_parameters_put[];
extern const struct flow_step flow_parameters_preview[];

/* What a PUT is about to do. Texts and JSON are the flow's, but for `next`. */
struct parameter_flow {
	struct str authority_id; /* absent: the register's */
	struct str series; /* absent: `next` was sent; else it is made of growth, or of bands */
	struct str path;   /* of a page: one value is laid over what stands, null takes it out */
	json_t *value;     /* in f->body */
	struct str note, area;
	bool is_preview; /* a reason is not asked for */
	struct series_growth growth;
	struct discount_bands bands;
	json_t *next; /* the change set to be: owned by f->body */
	struct str event_id;
	bool is_stored; /* false: it stands already as it was sent */
	struct str
		laid; /* of a page: values by their paths, a line each: those that were suggested */
	struct str shown; /* the preview to be shown, JSON */
	struct str was;   /* receipts as they are, JSON; absent: not known in time */
};

/* Whose: absent for the register. ERR_NOT_FOUND  an authority's, and the caller has no role there.
 */
MUST_CHECK int parameter_whose(struct flow *f, struct str *ret_authority_id);

/* Add the load of a version (0, false: the newest) to the batch, as its next statement. */
void parameter_load(struct flow *f, struct str authority_id, int32_t wanted, bool has_wanted);

/* Which version is shown, which is the newest, and which of the register's it stands on. */
struct parameter_at {
	int32_t version, newest, model;
};

/*
 * The answer of GET, of statement n of f->got: yours.
 * ERR_NOT_FOUND  no such version or authority      ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int parameter_shown(struct flow *f, int n, json_t **ret_answer,
			       struct parameter_at *ret_at);

/*
 * Every parameter of the register under changes that are stored, or the defaults where they are
 * absent, as parameters_rows() has them: yours. ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int parameter_in_full(struct flow *f, struct str changes, json_t **ret_rows);

/* The steps of a PUT once f->state is set: load what stands; then check, and preview or store. */
enum step_result parameter_put_ask(struct flow *f);
enum step_result parameter_put_store(struct flow *f);

/* A query's yes or no. ERR_QUERY with a flaw. */
MUST_CHECK int parameter_wants(struct flow *f, const char *name, bool *ret_wants);

/* The preview into s->shown, once what stands was loaded. As parameter_compare. */
MUST_CHECK int parameter_preview(struct flow *f);

/* A flaw at /field where no reason is given. */
void parameter_check_note(struct flow *f, const char *field, struct str note);

/* Is its series that of discount rates? */
bool parameter_is_discount(const struct parameter_flow *s);

/* Read a file into s->growth, or s->bands. ERR_INVALID with flaws, ERR_NOMEM */
MUST_CHECK int parameter_series(struct flow *f, struct parameter_flow *s, struct str file);

/* May the caller set these? ERR_FORBIDDEN */
MUST_CHECK int parameter_may_set(const struct flow *f, struct str authority_id);

/*
 * What `next` would change, as the preview says it: {"version", "params", "changes", "series"};
 * yours. *ret_is_same: nothing. ERR_INVALID with flaws, ERR_NOMEM, ERR_NOT_FOUND.
 */
MUST_CHECK int parameter_compare(struct flow *f, json_t **ret_preview, bool *ret_is_same,
				 int32_t *ret_version);

/*
 * Probabilities that outcomes suggest, with the counts behind them (h_calibration.c): added to an
 * answer of GET as its member `calibration`. counts: the statement that calibration_ask added.
 */
void calibration_ask(struct flow *f);
MUST_CHECK int calibration_put(struct flow *f, int counts, json_t *answer);

/*
 * What the totals would become: steps that begin with the preview in s->shown and end with its
 * member `totals`, null where a page may do without (h_parameter_totals.c).
 */
bool parameter_totals_may(struct flow *f);
enum step_result parameter_totals_ask(struct flow *f);
enum step_result parameter_totals_next(struct flow *f);
MUST_CHECK int parameter_totals_take(struct flow *f);
