/*
 * From a request to its row, and from the row to its answer. What has no row is refused here,
 * before a byte of its body is read: as a page to a browser outside /v1, else as a problem.
 * OPTIONS is answered here for every path; open data may be asked for by other sites' scripts.
 */
#include "service.h"

#include "daemon/base/fault.h"
#include "daemon/base/metric.h"
#include "daemon/base/metric_process.h"
#include "daemon/flow/flow.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/http/http_server.h"
#include "daemon/page/pages.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "problem.h"

/* RFC 9110 section 9.3.7, and the Fetch standard's preflight for open data. */
static void reply_options(struct http_exchange *x, struct str allow)
{
	x->reply.status = 204;
	http_reply_field(&x->reply, STR("Allow"), allow);
	if (str_is_null(http_field_get(&x->request, STR("access-control-request-method"))))
		return;
	http_reply_field(&x->reply, STR("Access-Control-Allow-Origin"), STR("*"));
	http_reply_field(&x->reply, STR("Access-Control-Allow-Methods"), STR("GET, HEAD"));
	http_reply_field(&x->reply, STR("Access-Control-Allow-Headers"), STR("If-None-Match"));
	http_reply_field(&x->reply, STR("Access-Control-Max-Age"), STR("86400"));
}

/* A browser that asks outside the API is answered with a page, also where of what it asks no more
 * could be read than that. */
static bool is_for_people(const struct http_exchange *x)
{
	struct str rest = http_field_get(&x->request, STR("accept"));

	if (!x->worker || str_starts(x->request.path, STR("/v1")))
		return false;
	while (rest.len) {
		if (str_starts(str_trim(str_cut(rest, ',', &rest)), STR("text/html")))
			return true;
	}
	return false;
}

static int say_no(struct http_exchange *x, int err)
{
	struct problem problem = {.err = err, .instance = str_of(x->request.id)};

	if (is_for_people(x))
		pages_problem(x->worker->process->pages, language_of(&x->request),
			      pages_stranger(&x->request), &problem, NULL, &x->reply);
	else
		problem_reply(&x->reply, &problem);
	return err;
}

static int api_admit(struct http_exchange *x)
{
	const struct http_request *r = &x->request;
	struct str allow = {0};
	int err = router_find(r->method, r->path, &x->arena, &x->route, x->param, &allow);

	if (err == ERR_METHOD && r->method == METHOD_OPTIONS) {
		reply_options(x, allow);
		return err; /* no fault: the reply is whole, and that is what "not 0" means */
	}
	if (err) {
		if (err == ERR_METHOD)
			http_reply_field(&x->reply, STR("Allow"), allow);
		return say_no(x, err);
	}
	(void)FAULT_POINT(HTTP_HEAD_READ);
	x->body_max = x->route->body_bytes;
	return 0;
}

static void api_serve(struct http_exchange *x)
{
	(void)FAULT_POINT(HTTP_WHOLE);
	if (!x->route->answer) {
		flow_serve(x);
		return;
	}
	x->route->answer(x);
	http_exchange_reply(x);
}

/*
 * As the route would say it itself (flow_reply.c). Of a head that did not come whole nobody knows
 * what it asked for.
 */
static void refuse(struct http_exchange *x, int err, const char *why)
{
	struct problem problem = {
		.err = err, .instance = str_of(x->request.id), .detail = str_of(why)};

	if (x->route ? x->route->flags & ROUTE_PAGE : is_for_people(x))
		pages_problem(x->worker->process->pages, language_of(&x->request),
			      pages_stranger(&x->request), &problem, NULL, &x->reply);
	else
		problem_reply(&x->reply, &problem);
}

const struct http_service service_api = {api_admit, refuse, api_serve, flow_left, flow_drained};

static int metrics_admit(struct http_exchange *x)
{
	enum http_method method = x->request.method;

	if (!str_eq(x->request.path, STR("/metrics")))
		return say_no(x, ERR_NOT_FOUND);
	if (method == METHOD_OPTIONS)
		reply_options(x, STR("GET, HEAD, OPTIONS"));
	if (method == METHOD_OPTIONS || method == METHOD_GET || method == METHOD_HEAD)
		return method == METHOD_OPTIONS ? ERR_METHOD : 0;
	http_reply_field(&x->reply, STR("Allow"), STR("GET, HEAD, OPTIONS"));
	return say_no(x, ERR_METHOD);
}

static void metrics_serve(struct http_exchange *x)
{
	x->reply.status = 200;
	http_reply_field(&x->reply, STR("Content-Type"),
			 STR("application/openmetrics-text; version=1.0.0; charset=utf-8"));
	http_reply_field(&x->reply, STR("Cache-Control"), STR("no-store"));
	metric_write(&x->reply.body);
	metric_process_write(&x->reply.body);
	buf_str(&x->reply.body, STR("# EOF\n"));
	http_exchange_reply(x);
}

static void metrics_left(struct http_exchange *x)
{
	(void)x; /* answered at once: nothing is under way */
}

const struct http_service service_metrics = {metrics_admit, refuse, metrics_serve, metrics_left,
					     NULL};
