/*
 * All templates and what every page shows, made once at start and then shared by all workers,
 * never changed. Pages of flows are put together by page.h; this renders them, and errors.
 */
#pragma once

#include <jansson.h>

#include "daemon/http/http.h"
#include "language.h"

struct conf;
struct gaelic;
struct pages;
struct principal;
struct problem;

/* Bytes of one page. */
enum { PAGE_BYTES_MAX = 4 << 20 };

/* Where a page belongs in the menu. */
enum page_part {
	PAGE_HOME,
	PAGE_REGISTER,
	PAGE_REQUESTS,
	PAGE_FORECAST,
	PAGE_REPORTS,
	PAGE_SIGN_IN,
	PAGE_NOWHERE
};

/*
 * Compile every template, in English and in Gaelic, make the guides, and learn the static parts'
 * addresses.
 *
 * ERR_INVALID  a template does not parse or names a missing one, or the catalogue of Gaelic is
 *              wrong, or a guide; ret_why is a sentence with its file, yours to free(). ERR_NOMEM
 */
MUST_CHECK int pages_new(const struct conf *conf, struct pages **ret_pages, char **ret_why);
/* Takes NULL. */
void pages_free(struct pages *p);

/* The guides, as guides_new has them: for everybody to read, never changed. */
const json_t *pages_guides(const struct pages *p);

/* What of the pages has Gaelic. */
const struct gaelic *pages_gaelic(const struct pages *p);

/*
 * Make the reply a page: render the template with `data`, which gets site, nav, is_home, in_gaelic
 * and for each list a flag has_NAME that it is not empty.
 *
 * Sets body, Content-Type, Content-Language, Cache-Control and Vary, not the status. data: changed.
 * ERR_BUG    no template of that name
 * ERR_LIMIT  longer than PAGE_BYTES_MAX, or beyond template_render's bounds     ERR_NOMEM
 */
MUST_CHECK int pages_render(const struct pages *p, const char *name, enum page_part part,
			    enum language language, json_t *data, struct http_reply *reply);

/*
 * Put who reads a page that no batch was asked for into its data: `who`, as page_frame.sql has it,
 * or is_unknown, and then the page says neither their name nor that they should sign in. ERR_NOMEM
 */
MUST_CHECK int pages_put_reader(json_t *data, const struct principal *who);

/* Whoever sends that, without looking: nobody in particular, or unknown, who may have a session. */
const struct principal *pages_stranger(const struct http_request *r);

/*
 * Make an error the reply, as a page: what happened, what to do. In place of a problem document
 * for routes that are pages and for paths outside /v1 that do not exist. Never fails: without
 * memory the body is empty, and status and fields are right. typed: the form that has failed
 * (typed.h); NULL: none has.
 */
void pages_problem(const struct pages *p, enum language language, const struct principal *who,
		   const struct problem *problem, json_t *typed, struct http_reply *reply);

/* What of all pages is to be translated, for --dump-messages: see gaelic_dump. */
void pages_dump(struct buf *out);
