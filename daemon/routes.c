/*
 * The table of all addresses. A new one is a row here, in the order of the API's page; its
 * steps live in an h_*.c of their own.
 */
#include "h_event.h"
#include "h_import.h"
#include "h_whoami.h"
#include "health.h"
#include "p.h"
#include "router.h"
#include "static.h"

/* clang-format off */
const struct route route_table[] = {
	{METHOD_GET, "/livez", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_live,
	 .summary = "Is the process alive: 200 while every thread takes its turns"},
	{METHOD_GET, "/readyz", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_ready,
	 .summary = "Can it serve: 200 while the database answers and the process is not ending"},
	{METHOD_GET, "/", PERM_NONE, page_home, .flags = ROUTE_PAGE, .summary = "The first page"},
	{METHOD_GET, "/assets", PERM_NONE, page_assets, .flags = ROUTE_PAGE,
	 .query = "q,authority_id,class,lifecycle,after_name,after", .summary = "The register as a list with filters"},
	{METHOD_GET, "/assets/{id}", PERM_NONE, page_asset, .flags = ROUTE_PAGE, .summary = "One asset"},
	{METHOD_GET, "/requests", PERM_NONE, page_requests, .flags = ROUTE_PAGE,
	 .query = "authority_id,show,after_due,after", .summary = "Requests, the next date first"},
	{METHOD_GET, "/requests/{id}", PERM_NONE, page_request, .flags = ROUTE_PAGE, .summary = "One request"},
	{METHOD_GET, "/sign-in", PERM_NONE, page_sign_in, .flags = ROUTE_PAGE, .query = "next",
	 .summary = "A form that takes an API key"},
	{METHOD_POST, "/sign-in", PERM_NONE, page_sign_in_check, .body_bytes = 4096, .purpose = DB_WRITE,
	 .flags = ROUTE_PAGE | ROUTE_FORM, .summary = "Open a session with that key"},
	{METHOD_POST, "/sign-out", PERM_NONE, page_sign_out, .body_bytes = 4096, .purpose = DB_WRITE,
	 .flags = ROUTE_PAGE | ROUTE_FORM, .summary = "End the session"},
	{METHOD_GET, "/a/{file}", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = static_answer,
	 .summary = "Style, script and fonts of the pages"},

	{METHOD_GET, "/v1/whoami", PERM_SIGNED_IN, flow_whoami,
	 .summary = "Whose key this is, with its scopes and the roles behind it"},

	{METHOD_GET, "/v1/events", PERM_NONE, flow_event_list, sizeof(struct event_flow),
	 .query = "after,types,subject,limit,wait", .summary = "Events after a position, waiting for them if asked to"},
	{METHOD_GET, "/v1/events/{id}", PERM_NONE, flow_event_show, sizeof(struct event_flow),
	 .summary = "One event"},

	{METHOD_POST, "/v1/imports", PERM_IMPORT_WRITE, flow_import_preview, .body_bytes = HTTP_UPLOAD_MAX,
	 .purpose = DB_REPORT, .flags = ROUTE_CSV, .query = "kind,authority_id,mapping",
	 .summary = "Preview what a list would do to the register"},
	{METHOD_GET, "/v1/imports/{id}", PERM_IMPORT_WRITE, flow_import_show,
	 .summary = "One import with its first 1,000 lines"},
	{METHOD_POST, "/v1/imports/{id}/apply", PERM_IMPORT_WRITE, flow_import_apply, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_REPORT, .query = "skip_errors", .summary = "Carry a previewed import out, in one transaction"},
	{METHOD_POST, "/v1/imports/{id}/undo", PERM_IMPORT_WRITE, flow_import_undo, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_REPORT, .summary = "Take an applied import back by a compensating batch"},
};
/* clang-format on */

const size_t route_count = COUNT(route_table);
