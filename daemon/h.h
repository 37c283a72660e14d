/*
 * What the handlers of the register share: bodies into structs, structs into JSON, new ids,
 * the record of a change. Each handler file holds its steps and nothing else.
 *
 * Everything made here lives in the flow's arena.
 */
#pragma once

#include "flow.h"
#include "libassets/shape.h"

/*
 * Read the body by a shape. CREATE clears the struct first; PATCH lays the body over it.
 * 0, the errors of flow_body, ERR_INVALID or ERR_RANGE with f->flaws.
 */
MUST_CHECK int h_decode(struct flow *f, const struct shape *shape, enum shape_mode mode, void *at);

/* Read what a query gave of an item, for a PATCH to be laid over. ERR_JSON  our own mistake. */
MUST_CHECK int h_stored(struct flow *f, struct str json, const struct shape *shape, void *ret_at);

/*
 * The struct as a JSON text, and a list or words of one. Absent without memory, which makes
 * the batch that is given it fail.
 */
struct str h_json(struct flow *f, const struct shape *shape, const void *at);
struct str h_json_list(struct flow *f, const struct shape *shape, struct shape_list list);

/* Two JSON objects as one text; of a member that both have a reader takes the second. */
struct str h_json_joined(struct flow *f, struct str a, struct str b);

/* A text[] of words. */
struct str h_words(struct flow *f, struct shape_words words);
/* A text[] of a literal list separated by blanks, such as "lease offer_pence". */
struct str h_names(struct flow *f, const char *names);

/* prefix: "ast_" */
struct str h_id(struct flow *f, const char *prefix);

/* A flaw at /field. */
void h_flaw(struct flow *f, const char *field, const char *code, struct str detail,
	    struct str cure);

/* A flaw: /field names something that is not there (or not for this caller). */
void h_unknown(struct flow *f, const char *field);

/* 0, ERR_FORBIDDEN. */
MUST_CHECK int h_may(const struct flow *f, enum permission what, struct str authority_id);

struct h_change {
	const char *type;
	struct str subject;
	int32_t seq;             /* 0: the version that asset_move gave the asset in this batch */
	struct str authority_id; /* absent: the installation's */
	struct str asset_id;     /* absent: it concerns none */
	struct str data;         /* JSON object: what the event tells */
	struct str was; /* JSON objects: of these the differences are kept; may be absent */
	struct str is_now;
	const char *money; /* members of the three for readers of money alone, blanks between; NULL:
			      none */
	struct str reason;
	bool is_hidden; /* of no asset and not public; then without was, is_now, money and reason */
};

/* Add the change to the batch; its id. */
struct str h_change(struct flow *f, const struct h_change *c);

/* The number of an error, as queries take it for what a stale version means. */
int32_t h_stale(const struct flow *f);
