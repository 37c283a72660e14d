/*
 * Paths from the route table, each with its parameters, body, replies and permission; then the
 * schemas of what is sent and shown. Pages and static parts are not part of the API.
 *
 * The document is the same for everybody and for the whole life of the process.
 */
#include "openapi.h"

#include "daemon/http/exchange.h"
#include "libassets/base/err.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/file/document.h"
#include "libassets/import/mapping.h"
#include "libassets/notice/notice.h"
#include "libassets/notify/event_type.h"
#include "libassets/notify/follow.h"
#include "libassets/notify/webhook.h"
#include "libassets/projection/forecast_address.h"
#include "libassets/projection/run.h"
#include "libassets/register/account.h"
#include "libassets/register/api_key.h"
#include "libassets/register/asset.h"
#include "libassets/register/authority.h"
#include "libassets/register/body.h"
#include "libassets/register/land_pair.h"
#include "libassets/register/plan.h"
#include "libassets/register/valuation.h"
#include "libassets/request/ask.h"
#include "libassets/request/case.h"
#include "libassets/request/report.h"
#include "libassets/request/representation.h"
#include "libassets/request/request.h"
#include "libassets/shape/schema.h"

/* Items by the name of their schema. */
static const struct {
	const char *name;
	const struct shape *shape;
} kind_table[] = {
	{"account", &account_shape},
	{"answer", &answer_shape},
	{"answer_link", &answer_link_shape},
	{"ask", &ask_shape},
	{"asset", &asset_shape},
	{"asset_merge", &asset_merge_shape},
	{"authority", &authority_shape},
	{"authority_setting", &authority_setting_shape},
	{"body", &body_shape},
	{"calendar", &calendar_form_shape},
	{"case_note", &case_note_shape},
	{"case_officer", &case_officer_shape},
	{"case_reject", &case_reject_shape},
	{"pair", &land_pair_shape},
	{"cpp", &cpp_shape},
	{"disposal", &disposal_shape},
	{"document", &document_shape},
	{"extension", &extension_shape},
	{"follow", &follow_shape},
	{"forecast_address", &forecast_address_shape},
	{"key", &api_key_shape},
	{"key_rotation", &key_rotation_shape},
	{"locality", &locality_shape},
	{"mine_act", &mine_act_shape},
	{"mine_link", &mine_link_shape},
	{"notice", &notice_form_shape},
	{"notice_issue", &notice_issue_shape},
	{"notice_served", &notice_served_shape},
	{"mapping", &mapping_shape},
	{"plan", &plan_shape},
	{"report", &report_shape},
	{"request", &request_form_shape},
	{"representation", &representation_shape},
	{"representation_act", &representation_act_shape},
	{"request_act", &request_act_shape},
	{"run", &run_shape},
	{"confirmation", &confirmation_shape},
	{"submission", &submission_shape},
	{"valuation", &valuation_shape},
	{"webhook", &webhook_shape},
	{"webhook_recovery", &webhook_recovery_shape},
	{"webhook_rotation", &webhook_rotation_shape},
};

/* What names in a query mean, where a text is not enough. */
static const struct {
	const char *name, *schema, *about;
} query_table[] = {
	{"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100}",
	 "How many items at most"},
	{"cursor", "{\"type\":\"string\"}", "Where to go on, as `next` of the last answer has it"},
	{"sort", "{\"type\":\"string\"}", "A field to sort by, with - before it downwards"},
	{"valid_on", "{\"type\":\"string\",\"format\":\"date\"}", "As it was true on that day"},
	{"known_at", "{\"type\":\"string\",\"format\":\"date-time\"}",
	 "As it was known at that moment"},
	{"wait", "{\"type\":\"integer\",\"minimum\":0}", "Seconds to wait for something new"},
	{"status", "{\"type\":\"integer\",\"minimum\":100,\"maximum\":599}",
	 "What the receiver answered, by its status"},
	{"after", "{\"type\":\"string\"}", "The position after which to begin"},
	{"min_event", "{\"type\":\"string\"}",
	 "Wait, at most 2 seconds, until this event and all that was written with it shows in the "
	 "answer"},
	{"near", "{\"type\":\"string\"}", "latitude,longitude,metres"},
	{"bbox", "{\"type\":\"string\"}", "west,south,east,north in degrees"},
	{"postcode", "{\"type\":\"string\"}", "A postcode, or its first half"},
	{"council", "{\"type\":\"string\"}",
	 "Codes of council areas (S12…): by the data zone, or because it is that council's own"},
	{"due_within", "{\"type\":\"integer\",\"minimum\":0}",
	 "Open requests of which a date runs that is at most so many days away"},
	{"overdue", "{\"type\":\"boolean\"}", "Open requests of which a date has passed unmet"},
	{"format", "{\"type\":\"string\"}",
	 "json, geojson, ndjson, csv, xlsx, lga or catr, in place of Accept; a file is the whole "
	 "list"},
	{"guard", "{\"type\":\"string\",\"enum\":[\"yes\",\"no\"]}",
	 "An apostrophe before what a spreadsheet would take for a formula"},
	{"q", "{\"type\":\"string\"}", "Words to search for"},
	{"token", "{\"type\":\"string\"}",
	 "Of an address of the forecast, in place of a key; beside it format and guard alone"},
};

static const char *kind_name(const struct shape *shape)
{
	for (size_t i = 0; i < COUNT(kind_table); i++) {
		if (kind_table[i].shape == shape)
			return kind_table[i].name;
	}
	return NULL;
}

static bool is_api(const struct route *r)
{
	return !(r->flags & ROUTE_PAGE) && !str_starts(str_of(r->path), STR("/a/"));
}

/* --- One operation --------------------------------------------------------------------- */

static void write_parameter(struct buf *out, const char *in, struct str name, const char *schema,
			    const char *about)
{
	buf_str(out, STR("{\"name\":"));
	buf_json(out, name);
	buf_fmt(out, ",\"in\":\"%s\",\"schema\":%s", in, schema);
	if (*in == 'p')
		buf_str(out, STR(",\"required\":true"));
	if (about) {
		buf_str(out, STR(",\"description\":"));
		buf_json(out, str_of(about));
	}
	buf_char(out, '}');
}

static void write_query_parameter(struct buf *out, struct str name)
{
	for (size_t i = 0; i < COUNT(query_table); i++) {
		if (str_eq(name, str_of(query_table[i].name))) {
			write_parameter(out, "query", name, query_table[i].schema,
					query_table[i].about);
			return;
		}
	}
	write_parameter(out, "query", name, "{\"type\":\"string\"}", NULL);
}

static void write_parameters(struct buf *out, const struct route *r)
{
	struct str query = str_of(r->query);
	const char *between = "";
	bool is_waiting = false;

	buf_str(out, STR(",\"parameters\":["));
	for (const char *at = r->path; (at = strchr(at, '{')); at++) {
		buf_str(out, str_of(between));
		write_parameter(out, "path",
				(struct str){at + 1, (size_t)(strchr(at, '}') - at - 1)},
				"{\"type\":\"string\"}", NULL);
		between = ",";
	}
	while (!str_is_null(query)) {
		struct str name = str_cut(query, ',', &query);

		buf_str(out, str_of(between));
		write_query_parameter(out, name);
		is_waiting |= str_eq(name, STR("min_event"));
		between = ",";
	}
	/* flow_await.h */
	if (r->method == METHOD_GET && !(r->flags & ROUTE_NO_DB) && !is_waiting) {
		buf_str(out, str_of(between));
		write_query_parameter(out, STR("min_event"));
	}
	buf_char(out, ']');
}

static void write_body(struct buf *out, const struct route *r)
{
	const char *name = kind_name(r->takes);

	if (!r->body_bytes)
		return;
	buf_fmt(out, ",\"requestBody\":{\"required\":%s,\"content\":{\"%s\":{\"schema\":",
		r->takes ? "true" : "false", route_body_type(r));
	if (name)
		buf_fmt(out, "{\"$ref\":\"#/components/schemas/%s_%s\"}", name,
			r->method == METHOD_PATCH ? "patch" : "create");
	else
		buf_str(out, r->flags & ROUTE_CSV ? STR("{\"type\":\"string\"}")
						  : STR("{\"type\":\"object\"}"));
	/* A list, or what to set on the assets of one. */
	buf_str(out, r->flags & ROUTE_CSV
			     ? STR("},\"application/json\":{\"schema\":{\"type\":\"object\"}}}}")
			     : STR("}}}"));
}

/* The schema of a success: a kind by its name, "[]" after it for a list of them. */
/* Lines of JSON are no JSON. */
static bool ends_in_json(struct str type)
{
	return type.len > 5 && str_eq((struct str){type.at + type.len - 5, 5}, STR("+json"));
}

static void write_gives(struct buf *out, const struct route *r)
{
	struct str name = str_of(r->gives);

	if (!r->gives) {
		buf_str(out, !r->media || ends_in_json(str_of(r->media))
				     ? STR("{\"type\":\"object\"}")
				     : STR("{\"type\":\"string\"}"));
		return;
	}
	if (name.len > 2 && name.at[name.len - 1] == ']') {
		buf_fmt(out,
			"{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{"
			"\"items\":{\"type\":"
			"\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
			"%.*s\"}},\"next\":{\"type\":[\"string\","
			"\"null\"]}}}",
			(int)name.len - 2, name.at);
		return;
	}
	buf_fmt(out, "{\"$ref\":\"#/components/schemas/%s\"}", r->gives);
}

static void write_success(struct buf *out, const struct route *r, int status)
{
	buf_fmt(out, "\"%d\":{\"description\":\"%s\"", status, http_status_phrase(status));
	if (status != 204 && status != 304) {
		buf_fmt(out, ",\"content\":{\"%s\":{\"schema\":",
			r->media ? r->media : "application/json");
		write_gives(out, r);
		buf_char(out, '}');
		for (struct str rest = str_of(r->formats); rest.len;) {
			struct str type = str_cut(rest, ',', &rest);

			buf_fmt(out, ",\"%.*s\":{\"schema\":{\"type\":\"%s\"}}", (int)type.len,
				type.at, ends_in_json(type) ? "object" : "string");
		}
		buf_char(out, '}');
	}
	buf_str(out, STR("},"));
}

static void write_successes(struct buf *out, const struct route *r)
{
	switch (r->method) {
	case METHOD_GET:
		write_success(out, r, 200);
		if (r->flags & ROUTE_FILE && str_eq(str_of(r->media), STR("*/*")))
			write_success(out, r, 206);
		if (!(r->flags & (ROUTE_NO_DB | ROUTE_NO_ETAG)))
			write_success(out, r, 304);
		return;
	case METHOD_POST:
		write_success(out, r, r->status ? r->status : 201);
		return;
	case METHOD_PUT:
		if (r->status != 200) /* there always, as settings are */
			write_success(out, r, 201);
		write_success(out, r, 200);
		write_success(out, r, 204); /* Prefer: return=minimal */
		return;
	case METHOD_PATCH:
		write_success(out, r, 200);
		write_success(out, r, 204);
		return;
	case METHOD_DELETE:
		write_success(out, r, 204);
		return;
	case METHOD_HEAD:
	case METHOD_OPTIONS:
		return;
	}
}

static void write_refusal(struct buf *out, int status)
{
	buf_fmt(out, "\"%d\":{\"$ref\":\"#/components/responses/%d\"},", status, status);
}

/*
 * The refusals that an operation of this kind can meet; what any request can meet before its
 * operation is known (a head that cannot be read, a method that is not there) is `default`.
 */
static void write_refusals(struct buf *out, const struct route *r)
{
	const bool has_key = !(r->flags & ROUTE_NO_DB);
	const bool is_post = r->method == METHOD_POST;
	const bool is_write = r->method != METHOD_GET;
	const struct {
		int status;
		bool is_met;
	} table[] = {
		{400, has_key},
		{401, has_key},
		{403, has_key && r->needs != PERM_NONE},
		{404, strchr(r->path, '{') != NULL},
		{406, has_key && !(r->flags & ROUTE_FILE)},
		{409, is_post}, /* one with its Idempotency-Key is running */
		{412, is_write && !is_post},
		{413, r->body_bytes > 0},
		{415, r->body_bytes > 0 && (r->takes || r->flags & ROUTE_CSV)},
		{422, is_post || r->body_bytes > 0},
		{428, is_write && !is_post},
		{429, has_key},
		{503, has_key},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (table[i].is_met)
			write_refusal(out, table[i].status);
	}
	for (struct str rest = str_of(r->also); rest.len;) {
		int64_t status;

		if (str_to_i64(str_cut(rest, ',', &rest), &status) < 0)
			continue;
		if (has_key && status == 301)
			buf_fmt(out, "\"301\":{\"description\":\"%s\"},", http_status_phrase(301));
		else if (has_key && status >= 300)
			write_refusal(out, (int)status);
		else
			write_success(out, r,
				      (int)status); /* not yet done, or in words of its own */
	}
}

/* "get /v1/assets/{id}" as a name that generators of clients can use: get_v1_assets_id. */
static void write_operation_id(struct buf *out, const struct route *r)
{
	bool is_gap = true;

	buf_str(out, STR(",\"operationId\":\""));
	for (const char *at = http_method_name(r->method); *at; at++)
		buf_char(out, (char)(*at | 0x20));
	for (const char *at = r->path; *at; at++) {
		bool is_word = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');

		if (is_word && is_gap)
			buf_char(out, '_');
		if (is_word)
			buf_char(out, *at);
		is_gap = !is_word;
	}
	buf_char(out, '"');
}

static void write_operation(struct buf *out, const struct route *r)
{
	char method[8] = "";

	for (size_t i = 0; http_method_name(r->method)[i]; i++)
		method[i] = (char)(http_method_name(r->method)[i] | 0x20);
	buf_fmt(out, "\"%s\":{\"summary\":", method);
	buf_json(out, str_of(r->summary));
	write_operation_id(out, r);
	write_parameters(out, r);
	write_body(out, r);
	buf_str(out, STR(",\"responses\":{"));
	write_successes(out, r);
	write_refusals(out, r);
	buf_str(out, STR("\"default\":{\"$ref\":\"#/components/responses/default\"}}"));
	if (r->needs == PERM_NONE)
		buf_str(out, STR(",\"security\":[{},{\"key\":[]}]"));
	else
		buf_fmt(out, ",\"security\":[{\"key\":[\"%s\"]}]", permission_scope(r->needs));
	buf_char(out, '}');
}

/* --- The document ---------------------------------------------------------------------- */

/* Is this the first row of its path? */
static bool is_first(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(route_table[i].path, route_table[n].path) == 0)
			return false;
	}
	return true;
}

/* Looked through anew for each path: it is made once, from some hundred rows. */
static void write_paths(struct buf *out)
{
	const char *between = "";

	for (size_t n = 0; n < route_count; n++) {
		bool is_more = false;

		if (!is_api(&route_table[n]) || !is_first(n))
			continue;
		buf_str(out, str_of(between));
		buf_json(out, str_of(route_table[n].path));
		buf_str(out, STR(":{"));
		for (size_t i = n; i < route_count; i++) {
			if (strcmp(route_table[i].path, route_table[n].path) != 0)
				continue;
			if (is_more)
				buf_char(out, ',');
			write_operation(out, &route_table[i]);
			is_more = true;
		}
		buf_char(out, '}');
		between = ",";
	}
}

static void write_kinds(struct buf *out)
{
	static const struct {
		const char *suffix;
		enum schema_use use;
	} use_table[] = {{"", SCHEMA_ITEM}, {"_create", SCHEMA_CREATE}, {"_patch", SCHEMA_PATCH}};

	for (size_t i = 0; i < COUNT(kind_table); i++) {
		for (size_t u = 0; u < COUNT(use_table); u++) {
			buf_fmt(out, ",\"%s%s\":", kind_table[i].name, use_table[u].suffix);
			schema_write(kind_table[i].shape, use_table[u].use, out);
		}
	}
}

/*
 * The event as it is read and sent, and the data of each type. They are not tied together: a type
 * may come that a client does not know, and is to be passed over.
 */
static void write_events(struct buf *out)
{
	const struct event_type *t;

	for (size_t i = 0; (t = event_type_at(i)); i++) {
		buf_fmt(out, ",\"event_data.%s\":", t->name);
		event_type_schema_write(t, out);
	}
	buf_str(out,
		STR(",\"event\":{\"type\":\"object\",\"required\":[\"id\",\"position\",\"type\","
		    "\"subject\",\"subject_seq\",\"occurred_at\",\"actor\",\"schema_version\","
		    "\"data\"],\"properties\":{\"id\":{\"type\":\"string\",\"pattern\":"
		    "\"^evt_[0-9a-z]{26}$\"},\"position\":{\"type\":[\"integer\",\"null\"]},"
		    "\"type\":{\"type\":\"string\"},\"subject\":{\"type\":\"string\"},"
		    "\"subject_seq\":{\"type\":\"integer\",\"minimum\":1},\"occurred_at\":"
		    "{\"type\":\"string\",\"format\":\"date-time\"},\"actor\":{\"type\":"
		    "\"string\"},\"schema_version\":{\"type\":\"integer\"},\"data\":{\"type\":"
		    "\"object\"},\"traceparent\":{\"type\":[\"string\",\"null\"]}}}"));
}

/* The log of a webhook, which says how far back it goes. What was not reached has no time. */
static void write_deliveries(struct buf *out)
{
	static const char *const times[] = {"dns_us", "connect_us", "tls_us", "first_byte_us",
					    "total_us"};
	static const char *const texts[] = {"address", "tls", "excerpt", "error"};

	buf_str(out,
		STR(",\"deliveries\":{\"type\":\"object\",\"required\":[\"items\",\"next\","
		    "\"kept_days\"],\"properties\":{\"kept_days\":{\"type\":\"integer\","
		    "\"minimum\":1,\"maximum\":400},\"next\":{\"type\":[\"string\",\"null\"]},"
		    "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
		    "\"event_id\",\"type\",\"subject\",\"attempted_at\",\"number\",\"result\"],"
		    "\"properties\":{\"event_id\":{\"type\":\"string\"},\"position\":{\"type\":["
		    "\"integer\",\"null\"]},\"type\":{\"type\":\"string\"},\"subject\":{\"type\":"
		    "\"string\"},\"number\":{\"type\":\"integer\",\"minimum\":1},\"result\":{"
		    "\"enum\":[\"DELIVERED\",\"REFUSED\",\"TIMED_OUT\",\"NO_ANSWER\",\"ABORTED\","
		    "\"EXHAUSTED\",\"WITHHELD\",\"PONG\",\"NO_PONG\",\"CONSENT\"]},\"status\":{"
		    "\"type\":["
		    "\"integer\",\"null\"]},\"attempted_at\":{\"type\":\"string\",\"format\":"
		    "\"date-time\"},\"next_attempt_at\":{\"type\":[\"string\",\"null\"],"
		    "\"format\":\"date-time\"}"));
	for (size_t i = 0; i < COUNT(times); i++)
		buf_fmt(out, ",\"%s\":{\"type\":[\"integer\",\"null\"],\"minimum\":0}", times[i]);
	for (size_t i = 0; i < COUNT(texts); i++)
		buf_fmt(out, ",\"%s\":{\"type\":[\"string\",\"null\"]}", texts[i]);
	buf_str(out, STR("}}}}}"));
}

static void write_problem_schema(struct buf *out)
{
	buf_str(out,
		STR("\"problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],"
		    "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":["));
	for (size_t i = 0; err_at(i); i++)
		buf_fmt(out, "%s\"/v1/problems/%s\"", i ? "," : "", err_at(i)->slug);
	buf_str(out, STR("]},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
			 "\"detail\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\"},"
			 "\"errors\":{\"type\":\"array\",\"maxItems\":100,\"items\":{\"type\":"
			 "\"object\","
			 "\"required\":[\"pointer\",\"code\"],\"properties\":{"
			 "\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
			 "\"detail\":{\"type\":\"string\"},\"cure\":{\"type\":\"string\"}}}}}}"));
}

/* One response a status of err.def, with the titles that it can have. */
static void write_response(struct buf *out, int status)
{
	const char *between = "";

	buf_fmt(out, "\"%d\":{\"description\":\"", status);
	for (size_t i = 0; err_at(i); i++) {
		if (err_at(i)->status != status)
			continue;
		buf_fmt(out, "%s%s: %s", between, err_at(i)->slug, err_at(i)->title);
		between = "; ";
	}
	buf_str(out, STR("\",\"content\":{\"application/problem+json\":{\"schema\":"
			 "{\"$ref\":\"#/components/schemas/problem\"}}}},"));
}

static bool is_first_of_status(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (err_at(i)->status == err_at(n)->status)
			return false;
	}
	return true;
}

static void write_responses(struct buf *out)
{
	for (size_t i = 0; err_at(i); i++) {
		if (is_first_of_status(i))
			write_response(out, err_at(i)->status);
	}
	buf_str(out, STR("\"default\":{\"description\":\"Any other refusal\",\"content\":{"
			 "\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/"
			 "schemas/problem\"}}}}"));
}

void openapi_write(struct buf *out)
{
	buf_fmt(out,
		"{\"openapi\":\"3.1.0\",\"jsonSchemaDialect\":\"https://json-schema.org/draft/"
		"2020-12/schema\","
		"\"info\":{\"title\":\"Register of public land and buildings\",\"version\":\"%s\","
		"\"license\":{\"name\":\"Apache 2.0\",\"identifier\":\"Apache-2.0\"}},"
		"\"servers\":[{\"url\":\"/\"}],\"paths\":{",
		ASSETD_VERSION);
	write_paths(out);
	buf_str(out, STR("},\"components\":{\"securitySchemes\":{\"key\":{\"type\":\"http\","
			 "\"scheme\":\"bearer\","
			 "\"description\":\"An API key; its scopes narrow what its holder's roles "
			 "permit\"}},"
			 "\"responses\":{"));
	write_responses(out);
	buf_str(out, STR("},\"schemas\":{"));
	write_problem_schema(out);
	write_kinds(out);
	write_events(out);
	write_deliveries(out);
	buf_str(out, STR("}}}\n"));
}
