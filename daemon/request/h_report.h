/*
 * Asset transfer reports (section 95): who has published, one report with its figures, the cases
 * behind a figure, the texts, publishing. Pages share these steps (p_report.c).
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/request/report.h"

/* Which report is asked for. */
struct report_at {
	struct str authority_id;
	int32_t year;
	int32_t wanted; /* of has_wanted: 0 the draft, else the version of that number */
	bool has_wanted;
};

/*
 * Of a path …/{authority}/{year} and `version` of the query; texts live in the arena.
 * ERR_NOT_FOUND  no such reporting year      ERR_QUERY  version is none, with a flaw
 */
MUST_CHECK int report_at(struct flow *f, struct report_at *ret_at);

/*
 * `year` of the query; 0 where there is none, which statements take for the newest that has ended.
 * ERR_QUERY  it is no reporting year, with a flaw
 */
MUST_CHECK int report_year_of(struct flow *f, int32_t *ret_year);

/* The step that asks for the one report that the address names, whatever it is then shown as. */
enum step_result report_show_load(struct flow *f);

/* Steps that a form of a page goes through as well. They end with flow_store_end. */
enum step_result report_text_load(struct flow *f);
enum step_result report_text_store(struct flow *f);
enum step_result report_publish_load(struct flow *f);
enum step_result report_publish_store(struct flow *f);

extern const struct flow_step flow_report_list[];
extern const struct flow_step flow_report_show[];
extern const struct flow_step flow_report_requests[];
extern const struct flow_step flow_report_csv[];
extern const struct flow_step flow_report_put[];
extern const struct flow_step flow_report_publish[];
