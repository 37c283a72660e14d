/*
 * The table of all addresses. A new one is a row here, in the order of the API's page; its
 * steps live in an h_*.c of their own.
 */
#include "h_import.h"
#include "h_whoami.h"
#include "health.h"
#include "router.h"

/* clang-format off */
const struct route route_table[] = {
	{METHOD_GET, "/livez", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_live,
	 .summary = "Is the process alive: 200 while every thread takes its turns"},
	{METHOD_GET, "/readyz", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_ready,
	 .summary = "Can it serve: 200 while the database answers and the process is not ending"},
	{METHOD_GET, "/v1/whoami", PERM_SIGNED_IN, flow_whoami,
	 .summary = "Whose key this is, with its scopes and the roles behind it"},

	{METHOD_POST, "/v1/imports", PERM_IMPORT_WRITE, flow_import_preview, .body_bytes = HTTP_UPLOAD_MAX,
	 .purpose = DB_WRITE, .flags = ROUTE_CSV, .query = "kind,authority_id,mapping",
	 .summary = "Preview what a list would do to the register"},
	{METHOD_GET, "/v1/imports/{id}", PERM_IMPORT_WRITE, flow_import_show,
	 .summary = "One import with its first 1,000 lines"},
	{METHOD_POST, "/v1/imports/{id}/apply", PERM_IMPORT_WRITE, flow_import_apply, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .query = "skip_errors", .summary = "Carry a previewed import out, in one transaction"},
	{METHOD_POST, "/v1/imports/{id}/undo", PERM_IMPORT_WRITE, flow_import_undo, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .summary = "Take an applied import back by a compensating batch"},
};
/* clang-format on */

const size_t route_count = COUNT(route_table);
