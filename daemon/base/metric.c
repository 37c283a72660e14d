/*
 * Counters in one shard a thread, made at its first count and kept until the process ends.
 * A shard has one writer, so a count is a load and a store without a locked instruction. What
 * a thread has counted outlives it, as a counter must.
 *
 * A new figure is a row of metric.def; a figure by route comes with the route itself.
 */
#include "metric.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/http/http.h"
#include "daemon/route/router.h"
#include "libassets/base/buf.h"

/* Threads that count; buckets of durations; classes of status, 1xx to 5xx. */
enum { SHARDS_MAX = 128, BUCKETS = 8, CLASSES = 5 };

/* How long it took is spread over buckets by what was asked for: a route each would be a thousand
 * series. A route has its requests and its seconds, so its mean. */
enum kind { KIND_API, KIND_PAGE, KIND_NONE, KINDS };

static const char *const kind_label[KINDS] = {"kind=\"api\"", "kind=\"page\"", "kind=\"none\""};

/* Upper bounds of the duration buckets; the last is +Inf. */
struct bucket {
	int64_t us;
	const char *text;
};

static const struct bucket bucket_table[BUCKETS] = {
	{1000, "0.001"},  {5000, "0.005"},  {20000, "0.02"},  {50000, "0.05"},
	{250000, "0.25"}, {1000000, "1.0"}, {5000000, "5.0"}, {INT64_MAX, "+Inf"},
};

/* Of deliveries, which may wait for days. */
static const struct bucket delivery_table[BUCKETS] = {
	{50000, "0.05"},    {250000, "0.25"},       {1000000, "1.0"},         {5000000, "5.0"},
	{60000000, "60.0"}, {3600000000, "3600.0"}, {86400000000, "86400.0"}, {INT64_MAX, "+Inf"},
};

static const struct {
	const char *name, *type, *suffix, *help;
} metric_table[METRIC_COUNT] = {
#define METRIC_COUNTER(id, name, help) [METRIC_##id] = {name, "counter", "_total", help},
#define METRIC_GAUGE(id, name, help) [METRIC_##id] = {name, "gauge", "", help},
#include "metric.def"
#undef METRIC_COUNTER
#undef METRIC_GAUGE
};

typedef _Atomic int64_t metric_cell;

/* What can come of an attempt of a webhook. */
static const char *const attempt_table[] = {"DELIVERED", "REFUSED", "TIMED_OUT",
					    "NO_ANSWER", "ABORTED", "EXHAUSTED"};

struct route_cells {
	metric_cell by_class[CLASSES]; /* 1xx … 5xx */
	metric_cell sum_us;
};

struct span_cells {
	metric_cell bucket[BUCKETS]; /* not cumulative */
	metric_cell sum_us;
};

struct shard {
	metric_cell value[METRIC_COUNT];
	struct span_cells kind[KINDS];
	struct span_cells delivery;
	metric_cell attempt[COUNT(attempt_table)][CLASSES + 1]; /* the first: no answer */
	struct route_cells route[]; /* of route_table, and one more for no route */
};

static _Atomic(struct shard *) shard_table[SHARDS_MAX];
static _Thread_local struct shard *shard_mine;

static struct shard *shard(void)
{
	struct shard *s, *none;

	if (shard_mine)
		return shard_mine;
	s = calloc(1, sizeof(*s) + (route_count + 1) * sizeof(s->route[0]));
	for (size_t i = 0; s && i < COUNT(shard_table); i++) {
		none = NULL;
		if (atomic_compare_exchange_strong(&shard_table[i], &none, s))
			return shard_mine = s;
	}
	free(s);
	return NULL; /* this thread's counts are lost, nothing else */
}

static int64_t cell_read(const metric_cell *cell)
{
	return atomic_load_explicit(cell, memory_order_relaxed);
}

static void cell_add(metric_cell *cell, int64_t n)
{
	atomic_store_explicit(cell, cell_read(cell) + n, memory_order_relaxed);
}

void metric_add(enum metric m, int64_t n)
{
	struct shard *s = shard();

	if (s)
		cell_add(&s->value[m], n);
}

/* A scrape adds up all threads, so a gauge that two of them set would show the sum. */
void metric_set(enum metric m, int64_t value)
{
	struct shard *s = shard();

	if (s)
		atomic_store_explicit(&s->value[m], value, memory_order_relaxed);
}

static enum kind kind_of(const struct route *route)
{
	if (!route)
		return KIND_NONE;
	return route->flags & ROUTE_PAGE ? KIND_PAGE : KIND_API;
}

static void span_add(struct span_cells *cells, const struct bucket *table, int64_t took_us)
{
	size_t bucket = 0;

	/* Ends with the last bucket, whose bound is no bound. */
	while (took_us > table[bucket].us)
		bucket++;
	cell_add(&cells->bucket[bucket], 1);
	cell_add(&cells->sum_us, took_us);
}

void metric_attempt(const char *result, int status)
{
	struct shard *s = shard();
	size_t class = status >= 100 && status <= 599 ? (size_t)status / 100 : 0;

	for (size_t i = 0; s && i < COUNT(attempt_table); i++) {
		if (strcmp(result, attempt_table[i]) == 0)
			cell_add(&s->attempt[i][class], 1);
	}
}

void metric_delivery(int64_t took_us)
{
	struct shard *s = shard();

	if (s)
		span_add(&s->delivery, delivery_table, took_us > 0 ? took_us : 0);
}

void metric_request(const struct route *route, int status, int64_t took_us)
{
	struct shard *s = shard();
	struct route_cells *r;

	if (!s || status < 100 || status > 599)
		return;
	r = &s->route[route ? (size_t)(route - route_table) : route_count];
	cell_add(&r->by_class[status / 100 - 1], 1);
	cell_add(&r->sum_us, took_us);
	span_add(&s->kind[kind_of(route)], bucket_table, took_us);
}

/* The sum over all threads of the cell at this distance from the shard's start. */
static int64_t total(size_t offset)
{
	int64_t sum = 0;

	for (size_t i = 0; i < COUNT(shard_table); i++) {
		const struct shard *s = atomic_load(&shard_table[i]);

		if (s)
			sum += cell_read((const metric_cell *)((const char *)s + offset));
	}
	return sum;
}

static size_t route_offset(size_t n, size_t member)
{
	return sizeof(struct shard) + n * sizeof(struct route_cells) + member;
}

static void write_family(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_fmt(out, "# TYPE assetd_%s %s\n# HELP assetd_%s %s\n", name, type, name, help);
}

/* {method="GET",route="/v1/assets/{id}" without the closing brace */
static void write_labels(struct buf *out, size_t n)
{
	if (n == route_count)
		buf_str(out, STR("{method=\"\",route=\"\""));
	else
		buf_fmt(out, "{method=\"%s\",route=\"%s\"", http_method_name(route_table[n].method),
			route_table[n].path);
}

static void write_requests(struct buf *out)
{
	write_family(out, "http_requests", "counter",
		     "Requests answered, by route and status class");
	for (size_t n = 0; n <= route_count; n++) {
		for (size_t c = 0; c < CLASSES; c++) {
			size_t member =
				offsetof(struct route_cells, by_class) + c * sizeof(metric_cell);
			int64_t value = total(route_offset(n, member));

			if (!value)
				continue;
			buf_str(out, STR("assetd_http_requests_total"));
			write_labels(out, n);
			buf_fmt(out, ",class=\"%zuxx\"} ", c + 1);
			buf_i64(out, value);
			buf_char(out, '\n');
		}
	}
}

static void write_seconds(struct buf *out, int64_t us)
{
	buf_fmt(out, "%lld.%06lld\n", (long long)(us / 1000000), (long long)(us % 1000000));
}

static void write_route_seconds(struct buf *out)
{
	write_family(out, "http_request_seconds", "counter",
		     "From the end of the head to the end of the work, by route");
	for (size_t n = 0; n <= route_count; n++) {
		int64_t us = total(route_offset(n, offsetof(struct route_cells, sum_us)));

		if (!us)
			continue;
		buf_str(out, STR("assetd_http_request_seconds_total"));
		write_labels(out, n);
		buf_str(out, STR("} "));
		write_seconds(out, us);
	}
}

/* label: such as kind="api", "" none. at: the cells' distance from the shard's start. */
static void write_span(struct buf *out, const char *name, const char *label, size_t at,
		       const struct bucket *table)
{
	const char *comma = *label ? "," : "", *open = *label ? "{" : "",
		   *close = *label ? "}" : "";
	int64_t so_far = 0;

	for (size_t b = 0; b < BUCKETS; b++) {
		so_far += total(at + b * sizeof(metric_cell));
		buf_fmt(out, "assetd_%s_bucket{%s%sle=\"%s\"} ", name, label, comma, table[b].text);
		buf_i64(out, so_far);
		buf_char(out, '\n');
	}
	buf_fmt(out, "assetd_%s_count%s%s%s ", name, open, label, close);
	buf_i64(out, so_far);
	buf_fmt(out, "\nassetd_%s_sum%s%s%s ", name, open, label, close);
	write_seconds(out, total(at + offsetof(struct span_cells, sum_us)));
}

static void write_durations(struct buf *out)
{
	write_family(out, "http_request_duration_seconds", "histogram",
		     "From the end of the head to the end of the work");
	buf_str(out, STR("# UNIT assetd_http_request_duration_seconds seconds\n"));
	for (size_t k = 0; k < KINDS; k++)
		write_span(out, "http_request_duration_seconds", kind_label[k],
			   offsetof(struct shard, kind) + k * sizeof(struct span_cells),
			   bucket_table);
}

static void write_attempts(struct buf *out)
{
	write_family(
		out, "webhook_attempts", "counter",
		"Attempts to send a webhook an event, by what came of them and the class of the "
		"answer");
	for (size_t i = 0; i < COUNT(attempt_table); i++) {
		for (size_t c = 0; c <= CLASSES; c++) {
			int64_t value = total(offsetof(struct shard, attempt) +
					      (i * (CLASSES + 1) + c) * sizeof(metric_cell));

			if (!value)
				continue;
			buf_fmt(out, "assetd_webhook_attempts_total{result=\"%s\",class=\"",
				attempt_table[i]);
			if (c)
				buf_fmt(out, "%zuxx\"} ", c);
			else
				buf_str(out, STR("none\"} "));
			buf_i64(out, value);
			buf_char(out, '\n');
		}
	}
}

static void write_deliveries(struct buf *out)
{
	write_family(out, "webhook_delivery_seconds", "histogram",
		     "From a change until a webhook's receiver has taken its event");
	buf_str(out, STR("# UNIT assetd_webhook_delivery_seconds seconds\n"));
	write_span(out, "webhook_delivery_seconds", "", offsetof(struct shard, delivery),
		   delivery_table);
}

void metric_write(struct buf *out)
{
	for (size_t m = 0; m < METRIC_COUNT; m++) {
		write_family(out, metric_table[m].name, metric_table[m].type, metric_table[m].help);
		buf_fmt(out, "assetd_%s%s ", metric_table[m].name, metric_table[m].suffix);
		buf_i64(out, total(offsetof(struct shard, value) + m * sizeof(metric_cell)));
		buf_char(out, '\n');
	}
	write_requests(out);
	write_route_seconds(out);
	write_durations(out);
	write_attempts(out);
	write_deliveries(out);
}
