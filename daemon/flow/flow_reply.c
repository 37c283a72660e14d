/*
 * Answers: JSON with the fields every answer owes, not-modified, and problem documents.
 *
 * What somebody saw with a key is theirs alone; what anybody may see may be kept for a
 * minute by anybody. An ETag names format and view, so caches vary by who asks.
 *
 * What a step began to say of a success (an ETag, a Location) is dropped when it fails: a
 * problem document is made of the error and the flaws alone.
 */
#include "daemon/process/worker.h"
#include "daemon/route/problem.h"
#include "daemon/route/router.h"
#include "flow_private.h"
#include "flow_stream.h"

/* Bytes of a body; an answer beyond is a 413. */
enum { ANSWER_MAX = 64 << 20 };

/* With a key, or by a page's session, the same address may say more. */
static void caching(struct flow *f)
{
	http_reply_field(f->reply, STR("Vary"),
			 f->route->flags & ROUTE_PAGE
				 ? STR("Accept, Cookie, Accept-Encoding")
				 : STR("Accept, Authorization, Accept-Encoding"));
	if (!flow_is_safe(f) || f->route->flags & ROUTE_SECRET)
		http_reply_field(f->reply, STR("Cache-Control"), STR("no-store"));
	else if (f->who->id.len)
		http_reply_field(f->reply, STR("Cache-Control"), STR("private, no-cache"));
	else
		http_reply_field(f->reply, STR("Cache-Control"),
				 STR("public, max-age=60, stale-while-revalidate=300"));
}

void flow_head(struct flow *f, struct str type)
{
	http_reply_field(f->reply, STR("Content-Type"), type);
	caching(f);
}

enum step_result flow_answer_as(struct flow *f, int status, struct str type, struct str text)
{
	struct http_reply *reply = f->reply;

	reply->status = status;
	flow_head(f, type);
	reply->body = BUF(ANSWER_MAX);
	buf_str(&reply->body, text);
	if (buf_err(&reply->body) < 0)
		return flow_fail(f, buf_err(&reply->body));
	return STEP_DONE;
}

/* What is long is not copied once more. */
enum step_result flow_answer_made(struct flow *f, struct str type, struct buf *text)
{
	if (buf_err(text) < 0)
		return flow_fail(f, buf_err(text));
	f->reply->status = 200;
	flow_head(f, type);
	f->reply->body = *text;
	*text = BUF(0);
	return STEP_DONE;
}

enum step_result flow_answer(struct flow *f, int status, struct str json)
{
	return flow_answer_as(f, status, STR("application/json"), json);
}

enum step_result flow_answer_empty(struct flow *f, int status)
{
	f->reply->status = status;
	caching(f);
	return STEP_DONE;
}

/* RFC 9110 section 13.1.2: a weak comparison, so W/ does not matter. */
static bool has_tag(struct str list, struct str tag)
{
	if (str_eq(str_trim(list), STR("*")))
		return true;
	while (list.len) {
		struct str one = str_trim(str_cut(list, ',', &list));

		if (str_starts(one, STR("W/")))
			one = (struct str){one.at + 2, one.len - 2};
		if (str_eq(one, tag))
			return true;
	}
	return false;
}

/* Set it, and see whether the client has it; `tag` is without W/. */
static bool set_tag(struct flow *f, struct str field, struct str tag)
{
	http_reply_field(f->reply, STR("ETag"), field);
	if (f->p->kept_stamp) /* it is made whole, and looked at again in the end */
		return false;
	if (!flow_is_safe(f) || !has_tag(http_field_get(f->request, STR("if-none-match")), tag))
		return false;
	(void)flow_answer_empty(f, 304);
	return true;
}

bool flow_etag(struct flow *f, int32_t version, const char *view)
{
	struct str tag = arena_fmt(f->arena, "\"%d-%s\"", version, view);

	return !str_is_null(tag) && set_tag(f, tag, tag);
}

bool flow_etag_weak(struct flow *f, struct str hash)
{
	struct str field = arena_fmt(f->arena, "W/\"%.*s\"", (int)hash.len, hash.at);

	return !str_is_null(field) && set_tag(f, field, (struct str){field.at + 2, field.len - 2});
}

bool flow_etag_as(struct flow *f, struct str field)
{
	size_t weak = str_starts(field, STR("W/")) ? 2 : 0;

	return set_tag(f, field, (struct str){field.at + weak, field.len - weak});
}

bool flow_etag_strong(struct flow *f, struct str hash)
{
	struct str tag = arena_fmt(f->arena, "\"%.*s\"", (int)hash.len, hash.at);

	return !str_is_null(tag) && set_tag(f, tag, tag);
}

void flow_problem(struct flow *f, const char *member, struct str json)
{
	struct buf *out = &f->p->members;

	if (out->len)
		buf_char(out, ',');
	buf_json(out, str_of(member));
	buf_char(out, ':');
	buf_str(out, json);
}

void flow_detail(struct flow *f, struct str sentence)
{
	f->p->detail = arena_str(f->arena, sentence);
}

/* What a step had begun to say of an answer is not of a problem; but how long the file is in which
 * a range was not found (RFC 9110 15.5.17). */
static void drop_fields(struct flow *f)
{
	struct http_reply *reply = f->reply;
	size_t had = reply->field_count;

	reply->field_count = 0;
	for (size_t i = 0; f->p->err == ERR_UNSATISFIABLE && i < had; i++) {
		if (str_eq(reply->field[i].name, STR("Content-Range")))
			reply->field[reply->field_count++] = reply->field[i];
	}
}

void flow_write_problem(struct flow *f)
{
	struct problem problem = {
		.err = f->p->err,
		.instance = str_of(f->request->id),
		.detail = f->p->detail,
		.flaws = &f->flaws,
	};

	if (buf_err(&f->p->members) == 0)
		problem.members = buf_view(&f->p->members);
	drop_fields(f);
	if (f->route->flags & ROUTE_PAGE && f->worker->page_problem)
		f->worker->page_problem(f, &problem);
	else
		problem_reply(f->reply, &problem);
}
