/*
 * What stands between connections and the work: finding the row of the route table, saying
 * no to what has none, answering OPTIONS, and starting the row's flow.
 */
#pragma once

struct http_service;

/* The API and the pages, on a worker's server. */
extern const struct http_service service_api;

/* /metrics alone, for the listener of [metrics] listen, on the main thread: no worker, no page. */
extern const struct http_service service_metrics;
