/*
 * Results as JSON text. Members stand in the order of the specification's tables, lists in
 * the order that it demands. Written straight into the buffer, without a tree of JSON: a
 * portfolio's answer has millions of numbers.
 *
 * The words are those of projection.def; what is added there is printed without a change here, but
 * for new members of an outcome.
 */
#include "projection_print.h"

#include <inttypes.h>

#include "libassets/base/err.h"
#include "projection_flags.h"
#include "projection_share.h"

static const char *const scenario_words[SCENARIOS] = {
#define SCENARIO(word) [SCENARIO_##word] = #word,
#include "projection.def"
#undef SCENARIO
};

static const char *const line_words[LINES] = {
#define LINE(word, meaning) [LINE_##word] = #word,
#include "projection.def"
#undef LINE
};

static const char *const status_words[] = {
#define STATUS(word) [STATUS_##word] = #word,
#include "projection.def"
#undef STATUS
};

static const char *const best_value_words[] = {
#define BEST_VALUE(word) [BEST_VALUE_##word] = #word,
#include "projection.def"
#undef BEST_VALUE
};

static const char *const flag_words[FLAGS] = {
#define FLAG(word, is_exception) [FLAG_##word] = #word,
#include "projection.def"
#undef FLAG
};

static const char *const dim_words[ROLLUPS] = {
#define ROLLUP(word) [ROLLUP_##word] = #word,
#include "projection.def"
#undef ROLLUP
};

const char *projection_scenario_word(enum projection_scenario s)
{
	return scenario_words[s];
}

int projection_scenario_parse(struct str word, enum projection_scenario *ret_scenario)
{
	for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
		if (str_eq(word, str_of(scenario_words[s]))) {
			*ret_scenario = s;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

const char *projection_flag_word(enum projection_flag f)
{
	return flag_words[f];
}

static void print_cell(struct buf *out, const struct projection_cell *c)
{
	for (size_t i = 0; i < LINES; i++) {
		buf_fmt(out, "%s\"%s\":", i ? "," : "{", line_words[i]);
		buf_i64(out, c->line[i]);
	}
	buf_char(out, '}');
}

/* The key of a cell, after a comma unless it is the first. */
static void print_quarter(struct buf *out, size_t i, int32_t quarter)
{
	char label[QUARTER_TEXT];

	quarter_format(quarter, label);
	buf_fmt(out, "%s\"%s\":", i ? "," : "", label);
}

static void print_track(struct buf *out, const char *key, const struct projection_track *t)
{
	buf_fmt(out, "\"%s\":{", key);
	for (size_t i = 0; i < t->cells; i++) {
		print_quarter(out, i, t->cell[i].quarter);
		print_cell(out, &t->cell[i]);
	}
	buf_str(out, STR("},"));
}

/* Shares are worked out again for printing: kept, they would be as many cells for each owner. */
static void print_shares(struct buf *out, const char *key, const struct projection_asset *a,
			 const struct projection_track *t, const struct str *partner)
{
	struct projection_cell part[PROJECTION_OWNERS_MAX];

	if (a->owners < 2)
		return;
	buf_fmt(out, "\"%s\":{", key);
	for (size_t i = 0; i < t->cells; i++) {
		projection_share(a, &t->cell[i], part);
		print_quarter(out, i, t->cell[i].quarter);
		for (uint32_t k = 0; k < a->owners; k++) {
			buf_char(out, k ? ',' : '{');
			buf_json(out, partner[a->owner[k].partner]);
			buf_char(out, ':');
			print_cell(out, &part[k]);
		}
		buf_char(out, '}');
	}
	buf_str(out, STR("},"));
}

static void print_planned(struct buf *out, const struct projection_outcome *o)
{
	char label[QUARTER_TEXT];

	if (!o->has_planned) {
		buf_str(out, STR("\"planned\":null"));
		return;
	}
	quarter_format(o->planned_quarter, label);
	buf_fmt(out, "\"planned\":{\"quarter\":\"%s\",\"gross\":%" PRId64 ",\"cost\":%" PRId64 "}",
		label, o->planned_gross_pence, o->planned_cost_pence);
}

static void print_outcome(struct buf *out, const struct projection_asset *a,
			  const struct projection_outcome *o, const struct str *partner)
{
	buf_char(out, '{');
	print_track(out, "baseline", &o->baseline);
	print_track(out, "adjusted", &o->adjusted);
	print_shares(out, "owners_baseline", a, &o->baseline, partner);
	print_shares(out, "owners_adjusted", a, &o->adjusted, partner);
	buf_fmt(out,
		"\"baseline_total\":%" PRId64 ",\"adjusted_total\":%" PRId64
		",\"adjustment\":%" PRId64 ",\"forgone\":",
		o->baseline.total_pence, o->adjusted.total_pence, o->adjustment_pence);
	if (o->has_forgone)
		buf_i64(out, o->forgone_pence);
	else
		buf_str(out, STR("null"));
	buf_fmt(out,
		",\"forgone_rent_pa\":%" PRId64 ",\"nfb\":%" PRId64 ",\"p_transfer_ppb\":%" PRId64
		",\"p_market_ppb\":%" PRId64 ",",
		o->forgone_rent_pa_pence, o->nfb_pence, o->p_transfer_ppb, o->p_market_ppb);
	print_planned(out, o);
	buf_char(out, '}');
}

void projection_print_asset(struct buf *out, struct str id, const struct projection_asset *a,
			    const struct projection_result *r, const struct str *partner)
{
	bool is_error = projection_is_error(r->status);
	const char *comma = "";

	buf_str(out, STR("{\"id\":"));
	buf_str(out, id);
	buf_fmt(out, ",\"status\":\"%s\",\"flags\":[", status_words[r->status]);
	for (size_t f = 0; f < FLAGS; f++) {
		if (!(r->flags >> f & 1))
			continue;
		buf_fmt(out, "%s\"%s\"", comma, flag_words[f]);
		comma = ",";
	}
	if (is_error) {
		buf_str(out, STR("],\"ltbc\":null,\"scenarios\":{}}"));
		return;
	}
	buf_fmt(out, "],\"ltbc\":\"%s\",\"scenarios\":", best_value_words[r->best_value]);
	for (size_t s = 0; s < SCENARIOS; s++) {
		buf_fmt(out, "%s\"%s\":", s ? "," : "{", scenario_words[s]);
		print_outcome(out, a, &r->outcome[s], partner);
	}
	buf_str(out, STR("}}"));
}

static void comma_unless_first(struct buf *out, bool *is_first)
{
	if (!*is_first)
		buf_char(out, ',');
	*is_first = false;
}

void projection_print_exceptions(struct buf *out, struct str id, const struct projection_result *r,
				 bool *is_first)
{
	for (enum projection_flag f = 0; f < FLAGS; f++) {
		if (!(r->flags >> f & 1) || !projection_flag_is_exception(f))
			continue;
		comma_unless_first(out, is_first);
		buf_str(out, STR("{\"id\":"));
		buf_str(out, id);
		buf_fmt(out, ",\"reason\":\"%s\"}", flag_words[f]);
	}
}

/* What the rows of one key have in common. */
struct rows {
	struct buf *out;
	const struct rollup *rollup;
	const struct rollup_key *key;
	enum projection_scenario scenario;
	bool *is_first;
};

/* A sum beyond 64 bits says so in its own place; the others still stand. */
static void print_sum(struct buf *out, const char *key, int128 sum)
{
	buf_fmt(out, ",\"%s\":", key);
	if (money_fits(sum))
		buf_i64(out, (int64_t)sum);
	else
		buf_str(out, STR("\"E_OVERFLOW\""));
}

static void print_row(const struct rows *r, const char *label_before, const char *label,
		      struct rollup_span span)
{
	struct rollup_sums s = rollup_read(r->rollup, r->key->dim, r->key->key, r->scenario, span);

	if (!s.cells)
		return;
	comma_unless_first(r->out, r->is_first);
	buf_fmt(r->out, "{\"scenario\":\"%s\",\"dim\":\"%s\",\"key\":", scenario_words[r->scenario],
		dim_words[r->key->dim]);
	buf_json(r->out, r->key->name);
	buf_fmt(r->out, ",\"fy\":\"%s%s\"", label_before, label);
	print_sum(r->out, "baseline_net", s.baseline.net_pence);
	print_sum(r->out, "adjusted_net", s.adjusted.net_pence);
	print_sum(r->out, "rent", s.rent_pence);
	print_sum(r->out, "pv_baseline", s.baseline.pv_pence);
	print_sum(r->out, "pv_adjusted", s.adjusted.pv_pence);
	print_sum(r->out, "adjustment", s.baseline.net_pence - s.adjusted.net_pence);
	buf_char(r->out, '}');
}

void projection_print_rollup(struct buf *out, const struct rollup *r, const struct rollup_key *key,
			     enum projection_scenario scenario, bool *is_first)
{
	struct rows rows = {out, r, key, scenario, is_first};
	int32_t now = quarter_fy(r->first_quarter), last = quarter_fy(r->end_quarter - 1);
	char label[FY_TEXT];

	for (int32_t fy = now; fy <= last; fy++) {
		fy_format(fy, label);
		print_row(&rows, "", label, rollup_year(r, fy));
	}
	/* The present year is in both: what it has brought, and what it may still bring. */
	for (int32_t fy = r->actual_fy; fy <= now; fy++) {
		fy_format(fy, label);
		print_row(&rows, "ACTUAL:", label, rollup_actual(r, fy));
	}
	print_row(&rows, "", "BEYOND", rollup_beyond(r));
	print_row(&rows, "", "TOTAL", rollup_total(r));
}
