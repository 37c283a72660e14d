/*
 * What the handlers of the register share: bodies into structs, structs into JSON, new ids,
 * the record of a change. Each handler file holds its steps and nothing else.
 *
 * Everything made here lives in the flow's arena.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/shape/shape.h"

/*
 * Read the body by a shape. CREATE clears the struct first; PATCH lays the body over it.
 * ERR_INVALID, ERR_RANGE  with f->flaws      ERR_JSON, ERR_MEDIA_TYPE, ERR_NOMEM  see flow_body
 */
MUST_CHECK int h_decode(struct flow *f, const struct shape *shape, enum shape_mode mode, void *at);

/*
 * Read what a query gave of an item, for a PATCH to be laid over. *ret_at is cleared first;
 * members that the shape does not have are passed over.
 * ERR_BUG, ERR_JSON  our own rendering does not fit our own shape     ERR_NOMEM
 */
MUST_CHECK int h_stored(struct flow *f, struct str json, const struct shape *shape, void *ret_at);

/*
 * Both: what was stored, whose JSON goes to *ret_was, and the body laid over it. The errors of
 * h_stored and h_decode.
 */
MUST_CHECK int h_patch(struct flow *f, struct str json, const struct shape *shape, void *ret_at,
		       struct str *ret_was);

/*
 * The struct as a JSON text, and a list or words of one. Absent without memory, which makes
 * the batch that is given it fail.
 */
struct str h_json(struct flow *f, const struct shape *shape, const void *at);
struct str h_json_list(struct flow *f, const struct shape *shape, struct shape_list list);

/*
 * Two JSON objects as one text; of a member that both have a reader takes the second. Absent
 * when either is, and without memory.
 */
struct str h_json_joined(struct flow *f, struct str a, struct str b);

/* A JSON value as a text. Absent of NULL, and without memory. */
struct str h_text(struct flow *f, const json_t *value);
/* … as the answer, 200. */
enum step_result h_answer_json(struct flow *f, const json_t *value);
/* … of a PUT that made that event, or none: 204 without it for who wants little. */
enum step_result h_answer_put(struct flow *f, const json_t *value, struct str event_id);

/* A text[] of words, for a parameter. Absent without memory. */
struct str h_words(struct flow *f, struct shape_words words);
/* The same of a literal list separated by single blanks, such as "lease offer_pence". */
struct str h_names(struct flow *f, const char *names);

/* The same of what an anonymous form makes: another for another form, the same where it is sent
 * twice. */
struct str h_id_once(struct flow *f, const char *prefix);
/* A new id in the arena. prefix: four characters, such as "ast_". Absent without memory. */
struct str h_id(struct flow *f, const char *prefix);

/* A flaw at /field; see flaw.h for the texts. The step goes on: flaws are looked at once. */
void h_flaw(struct flow *f, const char *field, const char *code, struct str detail,
	    struct str cure);

/* A flaw: /field names something that is not there (or not for this caller). */
void h_unknown(struct flow *f, const char *field);

/* 0 if the caller may do that for that authority. ERR_FORBIDDEN  it may not. */
MUST_CHECK int h_may(const struct flow *f, enum permission what, struct str authority_id);

/* A change to be recorded: it becomes an event of the feed, and a row of the history. */
struct h_change {
	const char *type;        /* "asset.valued" */
	struct str subject;      /* id of the item whose version it is */
	int32_t seq;             /* 0: the version that asset_move gave the asset in this batch */
	struct str authority_id; /* absent: the installation's */
	struct str asset_id;     /* absent: it concerns none */
	struct str data;         /* JSON object: what the event tells */
	struct str was; /* JSON objects: of these the differences are kept; may be absent */
	struct str is_now;
	const char *money; /* members of the three for readers of money alone, blanks between; NULL:
			      none */
	struct str reason; /* in words, absent: none was given */
	bool is_hidden; /* of no asset and not public; then without was, is_now, money and reason */
};

/* Add the change to the batch, to be written with the rows it speaks of; its id, evt_…. */
struct str h_change(struct flow *f, const struct h_change *c);

/*
 * A moment or a day in the query, as PostgreSQL takes it; absent when it was not given.
 * ERR_QUERY  with a flaw
 */
MUST_CHECK int h_moment(struct flow *f, const char *name, struct str *ret_moment);
MUST_CHECK int h_day(struct flow *f, const char *name, struct str *ret_day);

/*
 * Which version the query asks for; without one 0, and not given. cure: what to send.
 * ERR_QUERY  with a flaw
 */
MUST_CHECK int h_version(struct flow *f, struct str cure, int32_t *ret_version, bool *ret_is_given);

/*
 * What a version that is gone at the store means, as SQL takes it: the number of err.def of
 * flow_stale(), 43 after If-Match, else 45.
 */
int32_t h_stale(const struct flow *f);
