/*
 * The table of all addresses. A new one is a row here, in the order of the API's page; its
 * steps live in an h_*.c of their own.
 */
#include "health.h"
#include "router.h"

/* clang-format off */
const struct route route_table[] = {
	{METHOD_GET, "/livez", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_live,
	 .summary = "Is the process alive: 200 while every thread takes its turns"},
};
/* clang-format on */

const size_t route_count = COUNT(route_table);
