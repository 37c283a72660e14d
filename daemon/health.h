/*
 * Health for supervisors and balancers, as application/health+json.
 */
#pragma once

struct http_exchange;

/* /livez: 200 while no thread is late by 2 s or more. Asks no database. */
void health_live(struct http_exchange *x);
