/*
 * From method and path to a row of the route table. A row says all that happens before a
 * step runs: permission, body limit, query names; it is also the metric's label, the API
 * page and the entry of openapi.json. routes.c is the table; a handler file adds no other.
 */
#pragma once

#include "auth.h"
#include "daemon/db/db.h"
#include "daemon/http/http.h"

struct flow_step;
struct http_exchange;
struct shape;

enum { ROUTE_PARAM_MAX = 3 };

enum route_flag {
	ROUTE_PAGE = 1,     /* HTML; errors are pages too, cookies count and keys do not */
	ROUTE_KEY_OWED = 2, /* a POST that must carry an Idempotency-Key */
	ROUTE_NO_DB = 4,    /* answers without the database */
	ROUTE_CSV = 8,      /* takes text/csv, or JSON */
	ROUTE_FORM = 16,    /* takes application/x-www-form-urlencoded */
	ROUTE_FREE = 32,    /* not counted by rate limits: health, static parts */
	ROUTE_NO_ETAG = 64, /* a GET that is made anew for each asker */
	ROUTE_FEED = 128,   /* shows the feed: min_event waits until that has told it */
	ROUTE_FILE = 256,   /* gives a file that was sent in: nothing of it may run in a browser */
	ROUTE_PARTS = 1024, /* with ROUTE_FORM: takes multipart/form-data, a form with a file */
	ROUTE_SECRET =
		2048,       /* its address or answer holds a secret: for no log, store or Referer */
	ROUTE_KEPT = 4096,  /* an asset, or a list that changes alone move: kept.h */
	ROUTE_TOKEN = 8192, /* takes the token of an address of the forecast in place of a key */
	ROUTE_BYTES = 512,  /* takes a file as it is, of whatever type */
};

/* A row. Texts are constants. */
struct route {
	enum http_method method;
	const char *path; /* "/v1/assets/{id}"; a segment is whole text or whole {name} */
	enum permission needs;
	const struct flow_step *flow;
	size_t state_bytes;
	size_t body_bytes; /* 0: no body is taken */
	enum db_purpose purpose;
	unsigned flags;
	const char *query; /* names it takes, comma-separated; NULL none */
	const char *summary;
	/* Instead of a flow: answers at once, by filling x->reply; no key, no database. */
	void (*answer)(struct http_exchange *x);
	/* For the API page. */
	const struct shape *takes; /* the fields of the body */
	const char *gives;   /* the kind of item answered, "asset[]" for a list; NULL: other */
	const char *media;   /* of a success, when it is not JSON */
	const char *formats; /* further types of a success, comma-separated; see flow_format.h */
	int status;          /* of a POST or PUT that succeeds, when it is not 201 */
	const char *also;    /* statuses beyond those of its kind, comma-separated: "409,410" */
};

extern const struct route route_table[];
extern const size_t route_count;

/*
 * Find the row; HEAD finds that of GET. ret_param gets the decoded {…} values, in the arena.
 * ERR_NOT_FOUND  no such path, or one with a bad or forbidden escape, an empty or dotted segment
 * ERR_METHOD     the path is there, not the method; ret_allow gets "GET, HEAD, …, OPTIONS".
 *                So do OPTIONS on every path, and on "*" with all methods: no row is theirs.
 * ERR_NOMEM
 */
MUST_CHECK int router_find(enum http_method method, struct str path, struct arena *a,
			   const struct route **ret_route, struct str *ret_param,
			   struct str *ret_allow);

/* The media type of the body that it takes. */
const char *route_body_type(const struct route *r);

/* The table as tab-separated text: method, path, the scope needed ("" for none), page, api or
 * plain (whom it answers), summary, names of the query, media type of the body ("" for none), its
 * members ("" where no shape says). For tests, and for assetctl, whose commands are made of it. */
struct buf;
void router_dump(struct buf *out);
