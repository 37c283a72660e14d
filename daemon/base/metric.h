/*
 * Numbers for those who watch, as OpenMetrics 1.0 text. Each thread counts in memory of its
 * own; the scrape adds up. Rows are metric.def; requests are counted by route.
 */
#pragma once

#include "libassets/base/base.h"

struct buf;
struct route;

enum metric {
#define METRIC_COUNTER(id, name, help) METRIC_##id,
#define METRIC_GAUGE(id, name, help) METRIC_##id,
#include "metric.def"
#undef METRIC_COUNTER
#undef METRIC_GAUGE
	METRIC_COUNT
};

enum { METRIC_SERIES_MAX = 2000 };

/* Add to a counter (n >= 0) or move a gauge. Costs one uncontended store. From any thread. */
void metric_add(enum metric m, int64_t n);

/* Set a gauge that only this thread keeps. */
void metric_set(enum metric m, int64_t value);

/* A request was answered, after so many microseconds. route: NULL for those that matched none. */
void metric_request(const struct route *route, int status, int64_t took_us);

/* What came of an attempt to send a webhook an event, as its log has it, and by which answer; 0:
 * none. */
void metric_attempt(const char *result, int status);

/* A webhook's receiver has taken an event, so many microseconds after what it tells of. */
void metric_delivery(int64_t took_us);

/*
 * Append all of it, without the "# EOF" with which a document of OpenMetrics ends. From any
 * thread; figures of one instant, not of one moment: threads go on counting meanwhile.
 */
void metric_write(struct buf *out);
