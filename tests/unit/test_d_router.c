/*
 * From paths to rows of the route table, and what the table itself promises.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "daemon/base/metric.h"
#include "daemon/route/router.h"
#include "libassets/base/arena.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

static struct arena arena;
static const struct route *route;
static struct str param[ROUTE_PARAM_MAX];
static struct str allow;

static int find(enum http_method method, const char *path)
{
	arena_done(&arena);
	arena_init(&arena, 1 << 20);
	route = NULL;
	allow = (struct str){0};
	return router_find(method, str_of(path), &arena, &route, param, &allow);
}

Test(router, finds_a_path)
{
	cr_assert_eq(find(METHOD_GET, "/livez"), 0);
	cr_assert_str_eq(route->path, "/livez");
	cr_assert_eq(find(METHOD_HEAD, "/livez"), 0, "HEAD is answered as GET");
	cr_assert_eq(route->method, METHOD_GET);
	cr_assert_eq(find(METHOD_GET, "/%6Civez"), 0);
}

Test(router, refuses_a_method)
{
	cr_assert_eq(find(METHOD_POST, "/livez"), ERR_METHOD);
	cr_assert(str_eq(allow, STR("GET, HEAD, OPTIONS")));
	cr_assert_eq(find(METHOD_OPTIONS, "/livez"), ERR_METHOD);
	cr_assert(str_eq(allow, STR("GET, HEAD, OPTIONS")));
	cr_assert_eq(find(METHOD_OPTIONS, "*"), ERR_METHOD);
	cr_assert(str_starts(allow, STR("GET, HEAD, ")));
}

Test(router, refuses_what_climbs_or_hides)
{
	static const char *const bad[] = {
		"/livez/",
		"//livez",
		"/./livez",
		"/livez/.",
		"/a/../livez",
		"/%2e%2e/livez",
		"/livez%2F",
		"/livez%5C",
		"/livez%00",
		"/livez%0a",
		"/livez%7f",
		"/livez%ff",
		"/livez%c0%80",
		"/livez%",
		"/livez%2",
		"/nothing",
		"/a/b/c/d/e/f/g/h/i/j/k",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_eq(find(METHOD_GET, bad[i]), ERR_NOT_FOUND, "%s", bad[i]);
}

/* A path that the row's pattern matches, with "x1", "x2" … for its names. */
static void sample(const struct route *r, char *to, size_t size)
{
	size_t n = 0;
	int names = 0;

	for (const char *at = r->path; *at && n + 4 < size; at++) {
		if (*at != '{') {
			to[n++] = *at;
			continue;
		}
		n += (size_t)snprintf(to + n, size - n, "x%d", ++names);
		at = strchr(at, '}');
	}
	to[n] = '\0';
}

Test(router, every_row_is_reached_with_its_parameters)
{
	char path[256], want[16];

	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];
		int names = 0;

		sample(r, path, sizeof(path));
		cr_assert_eq(find(r->method, path), 0, "%s", path);
		cr_assert_eq(route, r, "%s is reached as %s", r->path, route->path);
		for (const char *at = r->path; (at = strchr(at, '{')); at++) {
			(void)snprintf(want, sizeof(want), "x%d", names + 1);
			cr_assert(str_eq(param[names++], str_of(want)), "%s", r->path);
		}
		cr_assert(names <= ROUTE_PARAM_MAX);
	}
}

Test(router, every_row_says_what_it_is)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];

		cr_assert(r->summary && *r->summary, "%s", r->path);
		cr_assert(!r->flow != !r->answer, "%s has one of flow and answer", r->path);
		cr_assert(r->method != METHOD_HEAD && r->method != METHOD_OPTIONS, "%s", r->path);
		cr_assert(r->path[0] == '/' && !strstr(r->path, "//"), "%s", r->path);
		cr_assert(r->body_bytes <= HTTP_FORM_MAX, "%s", r->path);
		cr_assert(r->method != METHOD_GET || r->body_bytes == 0, "%s", r->path);
		cr_assert(!r->answer || r->needs == PERM_NONE, "%s asks nobody who they are",
			  r->path);
	}
}

/* Each route may give 4 classes (no reply ends with 1xx) and its seconds; three kinds 8 buckets, a
 * sum and a count. */
Test(metric, stays_below_its_number_of_series)
{
	cr_assert(METRIC_COUNT + (route_count + 1) * 5 + 3 * 10 <= METRIC_SERIES_MAX);
}

Test(metric, writes_openmetrics)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);

	cr_assert_eq(find(METHOD_GET, "/livez"), 0);
	metric_add(METRIC_CONNECTIONS, 2);
	metric_add(METRIC_CONNECTIONS_OPEN, 3);
	metric_add(METRIC_CONNECTIONS_OPEN, -1);
	metric_request(route, 200, 4000);
	metric_request(route, 204, 800000);
	metric_request(NULL, 404, 10);
	metric_write(&out);
	cr_assert(strstr(out.at, "# TYPE assetd_http_connections counter\n"));
	cr_assert(strstr(out.at, "\nassetd_http_connections_total 2\n"));
	cr_assert(strstr(out.at, "\nassetd_http_connections_open 2\n"));
	cr_assert(strstr(
		out.at,
		"\nassetd_http_requests_total{method=\"GET\",route=\"/livez\",class=\"2xx\"} 2\n"));
	cr_assert(strstr(out.at, "{method=\"\",route=\"\",class=\"4xx\"} 1\n"));
	cr_assert(strstr(out.at, "_bucket{kind=\"api\",le=\"0.005\"} 1\n"));
	cr_assert(strstr(out.at, "_bucket{kind=\"api\",le=\"1.0\"} 2\n"));
	cr_assert(strstr(out.at,
			 "http_request_seconds_total{method=\"GET\",route=\"/livez\"} 0.804000\n"));
	cr_assert(strstr(out.at, "_sum{kind=\"api\"} 0.804000\n"));
}
