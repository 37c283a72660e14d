/*
 * The forecast's rows beside its years: by public body, partnership, locality, kind of land or
 * deprivation decile, and what it is narrowed to. Of the page p_forecast.c.
 */
#pragma once

#include "daemon/projector/projector.h"
#include "page.h"

/* What rows can be of; those without a filter lead to no page of their own. */
struct forecast_dimension {
	enum projector_group group;
	const char *filter; /* in an address, and the member of an item's group */
	const char *label;  /* of one of them */
	const char *title;
	bool is_narrowed; /* false: it has no filter */
};

/*
 * What the rows are of: as the address says; where it says nothing by public body, or nothing where
 * it is of one body. NULL: no rows.   ERR_QUERY  there is no such grouping, said in the flow's
 * detail
 */
MUST_CHECK int forecast_grouping(struct flow *f, const struct forecast_dimension **ret_dimension);
/* What the address narrows it to. */
struct projector_filter forecast_filter(struct flow *f);
/* The same as filters of an address, FORECAST_FILTERS of them. */
enum { FORECAST_FILTERS = 4 };
void forecast_filters(struct flow *f, struct page_filter *filter);
/* Is it narrowed otherwise than to a public body? */
bool forecast_is_narrowed(struct flow *f);

/*
 * Ask how everything is called that stands in an answer by year and dimension (JSON; absent: there
 * is none), as the batch's next statement.
 */
void forecast_ask_names(struct flow *f, const struct forecast_dimension *d, struct str answer);
/*
 * Put the rows of the answer, with the first years across that the page shows, what it is narrowed
 * to, and what rows can be of. names: the statement of forecast_ask_names.
 */
void forecast_put_groups(struct page *p, const struct forecast_dimension *d, struct str answer,
			 int names);
