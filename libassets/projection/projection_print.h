/*
 * Projections as JSON, in the form of MODEL.md 9. Everything is added to a
 * buffer; whether it went in is asked of the buffer.
 */
#pragma once

#include "libassets/base/buf.h"
#include "projection_input.h"
#include "projection_model.h"
#include "projection_result.h"
#include "projection_rollup.h"

/* The words of the closed lists, for whoever prints or reads them elsewhere; constants. */
const char *projection_scenario_word(enum projection_scenario s);
/* The scenario of a word such as "WORST". ERR_NOT_FOUND  there is none of that word. */
MUST_CHECK int projection_scenario_parse(struct str word, enum projection_scenario *ret_scenario);
const char *projection_flag_word(enum projection_flag f);

/*
 * The object of one asset. id: how it stands in the JSON, with its quotes if it has any.
 * partner: names by number. r: of this model and asset, before the scratch is used again.
 */
void projection_print_asset(struct buf *out, struct str id, const struct projection_asset *a,
			    const struct projection_result *r, const struct str *partner);

/* Objects {id, reason} of an asset's exceptions, each after a comma when `is_first` is not. */
void projection_print_exceptions(struct buf *out, struct str id, const struct projection_result *r,
				 bool *is_first);

/* A key of a dimension and how it is called. */
struct rollup_key {
	enum rollup_dim dim;
	uint32_t key;
	struct str name;
};

/* The rows of one scenario and key, by year; commas as above. */
void projection_print_rollup(struct buf *out, const struct rollup *r, const struct rollup_key *key,
			     enum projection_scenario scenario, bool *is_first);
