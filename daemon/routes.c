/*
 * The table of all addresses. A new one is a row here, in the order of the API's page; its
 * steps live in an h_*.c of their own.
 *
 * From a row come dispatch, permission, body limit, the names a query may have, the metric's
 * label and the description of the API; tests ask that every row has a permission and a test.
 * What is answered at once (`answer`) has neither key nor database behind it.
 */
#include "h_asset.h"
#include "h_authority.h"
#include "h_body.h"
#include "h_calendar.h"
#include "h_calendar_version.h"
#include "h_disposal.h"
#include "h_event.h"
#include "h_import.h"
#include "h_notice.h"
#include "h_projection.h"
#include "h_read.h"
#include "h_representation.h"
#include "h_request.h"
#include "h_webhook.h"
#include "h_whoami.h"
#include "health.h"
#include "libassets/asset.h"
#include "libassets/authority.h"
#include "libassets/body.h"
#include "libassets/calendar_list.h"
#include "libassets/notice.h"
#include "libassets/plan.h"
#include "libassets/representation.h"
#include "libassets/request.h"
#include "libassets/run.h"
#include "libassets/valuation.h"
#include "libassets/webhook.h"
#include "openapi.h"
#include "p.h"
#include "router.h"
#include "static.h"

/* clang-format off */
const struct route route_table[] = {
	{METHOD_GET, "/livez", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_live,
	 .media = "application/health+json", .also = "503",
	 .summary = "Is the process alive: 200 while every thread takes its turns"},
	{METHOD_GET, "/readyz", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = health_ready,
	 .media = "application/health+json", .also = "503",
	 .summary = "Can it serve: 200 while the database answers and the process is not ending"},
	{METHOD_GET, "/", PERM_NONE, page_home, .flags = ROUTE_PAGE, .summary = "The first page"},
	{METHOD_GET, "/assets", PERM_NONE, page_assets, .flags = ROUTE_PAGE,
	 .query = "q,authority_id,class,lifecycle,after_name,after", .summary = "The register as a list with filters"},
	{METHOD_GET, "/assets/{id}", PERM_NONE, page_asset, .flags = ROUTE_PAGE, .summary = "One asset"},
	{METHOD_GET, "/requests", PERM_NONE, page_requests, .flags = ROUTE_PAGE,
	 .query = "authority_id,show,after_due,after", .summary = "Requests, the next date first"},
	{METHOD_GET, "/requests/{id}", PERM_NONE, page_request, .flags = ROUTE_PAGE, .summary = "One request"},
	{METHOD_GET, "/requests/{id}/representations", PERM_NONE, page_representations, .flags = ROUTE_PAGE,
	 .query = "after", .summary = "What people said of a request, with the officers' forms"},
	{METHOD_POST, "/requests/{id}/representations", PERM_REQUEST_WRITE, page_representation_add,
	 .body_bytes = 512 * 1024, .purpose = DB_WRITE, .flags = ROUTE_PAGE | ROUTE_FORM,
	 .summary = "Record a representation that came otherwise than by the form"},
	{METHOD_POST, "/representations/{id}", PERM_REQUEST_WRITE, page_representation_act,
	 .body_bytes = 512 * 1024, .purpose = DB_WRITE, .flags = ROUTE_PAGE | ROUTE_FORM,
	 .summary = "Mark, redact, publish or withhold one, or erase who wrote it"},
	{METHOD_GET, "/forecast", PERM_NONE, page_forecast, .flags = ROUTE_PAGE, .query = "authority_id,scenario",
	 .summary = "Receipts by year, baseline beside adjusted"},
	{METHOD_GET, "/sign-in", PERM_NONE, page_sign_in, .flags = ROUTE_PAGE, .query = "next",
	 .summary = "A form that takes an API key"},
	{METHOD_POST, "/sign-in", PERM_NONE, page_sign_in_check, .body_bytes = 4096, .purpose = DB_WRITE,
	 .flags = ROUTE_PAGE | ROUTE_FORM, .summary = "Open a session with that key"},
	{METHOD_POST, "/sign-out", PERM_NONE, page_sign_out, .body_bytes = 4096, .purpose = DB_WRITE,
	 .flags = ROUTE_PAGE | ROUTE_FORM, .summary = "End the session"},
	{METHOD_GET, "/a/{file}", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = static_answer,
	 .summary = "Style, script and fonts of the pages"},

	{METHOD_GET, "/v1/openapi.json", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = openapi_answer,
	 .summary = "This description"},
	{METHOD_GET, "/v1/problems/{slug}", .flags = ROUTE_NO_DB | ROUTE_FREE, .answer = openapi_problem_answer,
	 .summary = "What a problem's type means"},
	{METHOD_GET, "/v1/whoami", PERM_SIGNED_IN, flow_whoami, .flags = ROUTE_NO_ETAG,
	 .summary = "Whose key this is, with its scopes and the roles behind it"},

	{METHOD_GET, "/v1/authorities", PERM_NONE, flow_item_list, .query = LIST_QUERY ",kind,code," LIST_WHEN,
	 .gives = "authority[]", .summary = "Public authorities"},
	{METHOD_POST, "/v1/authorities", PERM_OPERATE, flow_authority_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "authority", .takes = &authority_shape,
	 .summary = "Record a public authority"},
	{METHOD_GET, "/v1/authorities/{id}", PERM_NONE, flow_item_show, .gives = "authority",
	 .summary = "One authority"},
	{METHOD_PATCH, "/v1/authorities/{id}", PERM_OPERATE, flow_authority_patch, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "authority", .takes = &authority_shape,
	 .also = "409", .summary = "Change an authority"},
	{METHOD_GET, "/v1/authorities/{id}/history", PERM_NONE, flow_history, .query = "limit,cursor,sort",
	 .summary = "What happened to an authority's record"},
	{METHOD_GET, "/v1/cpps", PERM_NONE, flow_item_list, .query = LIST_QUERY ",code," LIST_WHEN,
	 .gives = "cpp[]", .summary = "Community planning partnerships"},
	{METHOD_POST, "/v1/cpps", PERM_OPERATE, flow_cpp_add, .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE,
	 .gives = "cpp", .takes = &cpp_shape, .summary = "Record a partnership with its partners"},
	{METHOD_GET, "/v1/cpps/{id}", PERM_NONE, flow_item_show, .gives = "cpp",
	 .summary = "One partnership"},
	{METHOD_PATCH, "/v1/cpps/{id}", PERM_OPERATE, flow_cpp_patch, .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE,
	 .gives = "cpp", .takes = &cpp_shape,
	 .also = "409", .summary = "Change a partnership"},
	{METHOD_GET, "/v1/cpps/{id}/history", PERM_NONE, flow_history, .query = "limit,cursor,sort",
	 .summary = "What happened to a partnership's record"},
	{METHOD_GET, "/v1/localities", PERM_NONE, flow_item_list, .query = LIST_QUERY ",cpp_id,code,kind," LIST_WHEN,
	 .gives = "locality[]", .summary = "Localities of partnerships"},
	{METHOD_POST, "/v1/localities", PERM_OPERATE, flow_locality_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "locality", .takes = &locality_shape,
	 .summary = "Record a locality"},
	{METHOD_GET, "/v1/localities/{id}", PERM_NONE, flow_item_show, .gives = "locality",
	 .summary = "One locality"},
	{METHOD_PATCH, "/v1/localities/{id}", PERM_OPERATE, flow_locality_patch, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "locality", .takes = &locality_shape,
	 .also = "409", .summary = "Change a locality"},
	{METHOD_GET, "/v1/localities/{id}/history", PERM_NONE, flow_history, .query = "limit,cursor,sort",
	 .summary = "What happened to a locality's record"},

	{METHOD_GET, "/v1/assets", PERM_NONE, flow_item_list,
	 .query = LIST_QUERY ",authority_id,cpp_id,locality_id,class,lifecycle,tenure,decile,reference,uprn,"
		  "published,q,near,bbox,postcode,council,data_zone,intermediate_zone,updated_since,format," LIST_WHEN,
	 .gives = "asset[]", .formats = "application/geo+json", .summary = "The register of assets"},
	{METHOD_POST, "/v1/assets", PERM_ASSET_WRITE, flow_asset_add, .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE,
	 .gives = "asset", .takes = &asset_shape, .summary = "Record an asset"},
	{METHOD_GET, "/v1/assets/{id}", PERM_NONE, flow_item_show_at, .query = "valid_on,known_at",
	 .gives = "asset",
	 .also = "410", .summary = "One asset, also as it was true on a day and known at a moment"},
	{METHOD_PATCH, "/v1/assets/{id}", PERM_ASSET_WRITE, flow_asset_patch, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "asset", .takes = &asset_shape,
	 .also = "409,410", .summary = "Change an asset"},
	{METHOD_DELETE, "/v1/assets/{id}", PERM_ASSET_WRITE, flow_asset_remove, .purpose = DB_WRITE,
	 .also = "409,410", .summary = "Remove an asset from the register; its address then says so"},
	{METHOD_GET, "/v1/assets/{id}/history", PERM_NONE, flow_history, .query = "limit,cursor,sort",
	 .summary = "What happened to an asset"},
	{METHOD_GET, "/v1/assets/{id}/requests", PERM_NONE, flow_item_list,
	 .query = LIST_QUERY ",state,kind,is_open,due_within,overdue," LIST_WHEN, .gives = "request[]",
	 .also = "410", .summary = "The requests for an asset"},
	{METHOD_GET, "/v1/assets/{id}/valuations", PERM_NONE, flow_item_list,
	 .query = LIST_QUERY ",basis," LIST_BETWEEN("valued_on") "," LIST_WHEN, .gives = "valuation[]",
	 .also = "410", .summary = "The valuations of an asset"},
	{METHOD_POST, "/v1/assets/{id}/valuations", PERM_VALUATION_WRITE, flow_valuation_add,
	 .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE, .gives = "valuation", .takes = &valuation_shape,
	 .also = "410", .summary = "Record a valuation"},
	{METHOD_GET, "/v1/assets/{id}/valuations/{valuation_id}", PERM_NONE, flow_item_show, .gives = "valuation",
	 .summary = "One valuation"},
	{METHOD_GET, "/v1/assets/{id}/disposal-plan", PERM_NONE, flow_item_show, .gives = "plan",
	 .summary = "The asset's disposal plan"},
	{METHOD_PUT, "/v1/assets/{id}/disposal-plan", PERM_PLAN_WRITE, flow_plan_put, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "plan", .takes = &plan_shape,
	 .also = "409,410", .summary = "Plan the asset's disposal, or plan it anew"},
	{METHOD_DELETE, "/v1/assets/{id}/disposal-plan", PERM_PLAN_WRITE, flow_plan_remove, .purpose = DB_WRITE,
	 .also = "410", .summary = "Give the plan up"},
	{METHOD_GET, "/v1/assets/{id}/disposals", PERM_NONE, flow_item_list, .query = LIST_QUERY,
	 .gives = "disposal[]",
	 .also = "410", .summary = "The disposal of an asset, when there was one"},
	{METHOD_POST, "/v1/assets/{id}/disposals", PERM_DISPOSAL_WRITE, flow_disposal_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "disposal", .takes = &disposal_shape,
	 .also = "410", .summary = "Record that the asset was sold or transferred; freezes its baseline"},
	{METHOD_GET, "/v1/assets/{id}/disposals/{disposal_id}", PERM_NONE, flow_item_show, .gives = "disposal",
	 .summary = "One disposal"},

	{METHOD_GET, "/v1/community-bodies", PERM_NONE, flow_item_list, .query = LIST_QUERY ",legal_form,q," LIST_WHEN,
	 .gives = "body[]", .summary = "Community bodies"},
	{METHOD_POST, "/v1/community-bodies", PERM_BODY_WRITE, flow_body_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .query = "authority_id", .gives = "body", .takes = &body_shape,
	 .summary = "Record a community body"},
	{METHOD_GET, "/v1/community-bodies/{id}", PERM_NONE, flow_item_show,
	 .gives = "body", .summary = "One community body; its contact for the authority that holds it"},
	{METHOD_PATCH, "/v1/community-bodies/{id}", PERM_BODY_WRITE, flow_body_patch, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .query = "authority_id", .gives = "body", .takes = &body_shape,
	 .summary = "Change a community body"},
	{METHOD_GET, "/v1/community-bodies/{id}/history", PERM_NONE, flow_history, .query = "limit,cursor,sort",
	 .summary = "What happened to a body's record"},

	{METHOD_GET, "/v1/requests", PERM_NONE, flow_item_list,
	 .query = LIST_QUERY ",authority_id,asset_id,community_body_id,kind,state,is_open,due_within,overdue,reference,updated_since,"
		  LIST_BETWEEN("received_on") "," LIST_BETWEEN("validated_on") "," LIST_WHEN,
	 .gives = "request[]", .summary = "Asset transfer requests"},
	{METHOD_POST, "/v1/requests", PERM_REQUEST_WRITE, flow_request_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .flags = ROUTE_KEY_OWED, .gives = "request", .takes = &request_form_shape,
	 .summary = "Record a request, an enquiry or an expression of interest"},
	{METHOD_GET, "/v1/requests/{id}", PERM_NONE, flow_item_show_at, .query = "valid_on,known_at", .gives = "request",
	 .summary = "One request with its deadlines, also as it was true on a day and known at a moment"},
	{METHOD_PATCH, "/v1/requests/{id}", PERM_REQUEST_WRITE, flow_request_patch, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "request", .takes = &request_form_shape,
	 .also = "409", .summary = "Change what is said of a request, such as its offer"},
	{METHOD_GET, "/v1/requests/{id}/events", PERM_NONE, flow_ledger, .query = "limit,cursor,sort",
	 .summary = "What happened to a request, in order"},
	{METHOD_POST, "/v1/requests/{id}/events", PERM_REQUEST_ACT, flow_request_act, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "request", .takes = &request_act_shape,
	 .also = "412", .summary = "Move a request"},
	{METHOD_GET, "/v1/requests/{id}/deadlines.ics", PERM_NONE, flow_request_calendar,
	 .media = "text/calendar; charset=utf-8",
	 .summary = "The deadlines of a request as iCalendar"},
	{METHOD_GET, "/v1/requests/{id}/representations", PERM_NONE, flow_item_list,
	 .query = LIST_QUERY ",kind,mark,timing",
	 .summary = "What people said of a request: redacted, as published; officers see all of it"},
	{METHOD_POST, "/v1/requests/{id}/representations", PERM_REQUEST_WRITE, flow_representation_add,
	 .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE, .takes = &representation_shape, .also = "409,412",
	 .summary = "Record a representation that came by letter, mail or word of mouth"},
	{METHOD_GET, "/v1/representations/{id}", PERM_NONE, flow_item_show,
	 .summary = "One representation"},
	{METHOD_POST, "/v1/representations/{id}/events", PERM_REQUEST_WRITE, flow_representation_act,
	 .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE, .takes = &representation_act_shape, .also = "409,412",
	 .summary = "Mark, redact, publish or withhold a representation, or erase who wrote it"},
	{METHOD_GET, "/v1/requests/{id}/history", PERM_NONE, flow_history, .query = "limit,cursor,sort",
	 .summary = "The changes of a request, with what was before and after"},
	{METHOD_GET, "/v1/requests/{id}/notices", PERM_NONE, flow_item_list, .query = LIST_QUERY ",code,state",
	 .summary = "The notices of a request: those that are published, and for its authority all"},
	{METHOD_POST, "/v1/requests/{id}/notices", PERM_REQUEST_ACT, flow_notice_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .takes = &notice_form_shape, .also = "409",
	 .summary = "Draft a notice from what the register holds"},
	{METHOD_GET, "/v1/requests/{id}/notices/{notice_id}", PERM_NONE, flow_item_show, .summary = "One notice"},
	{METHOD_PATCH, "/v1/requests/{id}/notices/{notice_id}", PERM_REQUEST_ACT, flow_notice_patch,
	 .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE, .takes = &notice_form_shape, .also = "409",
	 .summary = "Add to a draft, and draft it anew"},
	{METHOD_POST, "/v1/requests/{id}/notices/{notice_id}/issue", PERM_REQUEST_ACT, flow_notice_issue,
	 .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE, .status = 200, .takes = &notice_issue_shape, .also = "409,412",
	 .summary = "Issue a notice that is whole; it takes the place of the one it supersedes and stays as it is"},
	{METHOD_POST, "/v1/requests/{id}/notices/{notice_id}/served", PERM_REQUEST_ACT, flow_notice_served,
	 .body_bytes = HTTP_JSON_MAX, .purpose = DB_WRITE, .status = 200, .takes = &notice_served_shape, .also = "409,412",
	 .summary = "Record whom an issued notice reached, how and when"},
	{METHOD_GET, "/v1/webhooks", PERM_WEBHOOK_WRITE, flow_item_list, .query = LIST_QUERY ",state",
	 .summary = "The caller's webhooks"},
	{METHOD_POST, "/v1/webhooks", PERM_WEBHOOK_WRITE, flow_webhook_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "webhook", .takes = &webhook_shape, .summary = "Be told of events by signed calls; the secret is in the first reply alone"},
	{METHOD_GET, "/v1/webhooks/{id}", PERM_WEBHOOK_WRITE, flow_item_show,
	 .also = "410", .summary = "One webhook"},
	{METHOD_PATCH, "/v1/webhooks/{id}", PERM_WEBHOOK_WRITE, flow_webhook_patch, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "webhook", .takes = &webhook_shape,
	 .also = "410", .summary = "Change a webhook; a new address has to prove itself again"},
	{METHOD_DELETE, "/v1/webhooks/{id}", PERM_WEBHOOK_WRITE, flow_webhook_remove, .purpose = DB_WRITE,
	 .also = "410", .summary = "Take a webhook away"},
	{METHOD_POST, "/v1/webhooks/{id}/verify", PERM_WEBHOOK_WRITE, flow_webhook_verify, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .status = 200, .also = "410",
	 .summary = "Ping the receiver again; it is called once it has echoed the nonce"},
	{METHOD_GET, "/v1/webhooks/{id}/deliveries", PERM_WEBHOOK_WRITE, flow_webhook_deliveries, .query = "limit,cursor",
	 .also = "410", .summary = "What was tried of a webhook, newest first"},

	{METHOD_GET, "/v1/events", PERM_NONE, flow_event_list, sizeof(struct event_flow),
	 .query = "after,types,subject,limit,wait", .flags = ROUTE_NO_ETAG | ROUTE_FEED,
	 .summary = "Events after a position, waiting for them if asked to"},
	{METHOD_GET, "/v1/events/{id}", PERM_NONE, flow_event_show, sizeof(struct event_flow), .flags = ROUTE_FEED,
	 .summary = "One event"},

	{METHOD_GET, "/v1/assets/{id}/projection", PERM_MONEY_READ, flow_projection_asset, .query = "min_event",
	 .also = "410", .flags = ROUTE_NO_ETAG,
	 .summary = "One asset's projection, for those who may read its money"},
	{METHOD_GET, "/v1/projections/receipts", PERM_NONE, flow_projection_receipts,
	 .query = "group_by,scenario,authority_id,cpp_id,locality_id,class,run,min_event",
	 .also = "403,404", .flags = ROUTE_NO_ETAG,
	 .summary = "Expected receipts by year, quarter, authority, partnership, locality, decile or class"},
	{METHOD_POST, "/v1/projections/runs", PERM_RUN_WRITE, flow_run_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_REPORT, .takes = &run_shape,
	 .summary = "Freeze a run as of a day"},
	{METHOD_GET, "/v1/projections/runs/{id}", PERM_MONEY_READ, flow_item_show, .summary = "One frozen run"},

	{METHOD_GET, "/v1/calendars", PERM_NONE, flow_item_list, .query = LIST_QUERY ",state",
	 .gives = "calendar[]", .summary = "Versions of the calendars by which working days are counted"},
	{METHOD_POST, "/v1/calendars", PERM_OPERATE, flow_calendar_add, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "calendar", .takes = &calendar_form_shape,
	 .summary = "Load a list of bank holidays or switch a calendar, and see which dates that would move"},
	{METHOD_GET, "/v1/calendars/{id}", PERM_NONE, flow_item_show, .gives = "calendar",
	 .summary = "One version of the calendars"},
	{METHOD_POST, "/v1/calendars/{id}/apply", PERM_OPERATE, flow_calendar_apply, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_WRITE, .gives = "calendar", .also = "409", .status = 200,
	 .summary = "Let this version stand: the dates that it moves follow, each with its event"},
	{METHOD_POST, "/v1/imports", PERM_IMPORT_WRITE, flow_import_preview, .body_bytes = HTTP_UPLOAD_MAX,
	 .purpose = DB_REPORT, .flags = ROUTE_CSV, .query = "kind,authority_id,mapping",
	 .summary = "Preview what a list would do to the register"},
	{METHOD_GET, "/v1/imports/{id}", PERM_IMPORT_WRITE, flow_import_show,
	 .summary = "One import with its first 1,000 lines"},
	{METHOD_POST, "/v1/imports/{id}/apply", PERM_IMPORT_WRITE, flow_import_apply, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_REPORT, .query = "skip_errors", .status = 200,
	 .summary = "Carry a previewed import out, in one transaction"},
	{METHOD_POST, "/v1/imports/{id}/undo", PERM_IMPORT_WRITE, flow_import_undo, .body_bytes = HTTP_JSON_MAX,
	 .purpose = DB_REPORT, .status = 200,
	 .summary = "Take an applied import back by a compensating batch"},
};
/* clang-format on */

const size_t route_count = COUNT(route_table);
