/*
 * Problem documents for every error there is, and with everything that may be in one.
 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "daemon/route/problem.h"
#include "libassets/base/err.h"

static json_t *document(struct http_reply *reply, const struct problem *p)
{
	json_t *root;

	problem_reply(reply, p);
	root = json_loadb(reply->body.at, reply->body.len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "%.*s", (int)reply->body.len, reply->body.at);
	return root;
}

static struct str field(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->field_count; i++) {
		if (str_eq(reply->field[i].name, str_of(name)))
			return reply->field[i].value;
	}
	return (struct str){0};
}

Test(problem, of_every_error)
{
	const struct err_info *info;

	for (size_t i = 0; (info = err_at(i)); i++) {
		struct http_reply reply = {0};
		json_t *root = document(&reply, &(struct problem){.err = info->err});

		cr_assert_eq(reply.status, info->status);
		cr_assert_eq(json_integer_value(json_object_get(root, "status")), info->status);
		cr_assert_str_eq(json_string_value(json_object_get(root, "title")), info->title);
		cr_assert(str_eq(field(&reply, "Content-Type"), STR("application/problem+json")));
		cr_assert_eq(info->status == 503,
			     !str_is_null(field(&reply, "Retry-After")) && info->status == 503);
		cr_assert_eq(info->status == 401, !str_is_null(field(&reply, "WWW-Authenticate")));
		json_decref(root);
		buf_done(&reply.body);
	}
}

Test(problem, with_all_members)
{
	struct http_reply reply = {0};
	struct arena arena;
	struct flaws flaws;
	json_t *root, *errors;

	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	for (int i = 0; i < FLAW_MAX + 1; i++)
		flaw_add(&flaws, STR("/a\"b"), STR("WRONG_TYPE"), STR("It is\nodd."),
			 STR("Mend it."));
	reply.body = BUF(100);
	buf_str(&reply.body, STR("half an answer"));
	root = document(&reply, &(struct problem){.err = ERR_INVALID,
						  .instance = STR("req_1"),
						  .detail = STR("\x1b[31m \xff"),
						  .flaws = &flaws,
						  .members = STR("\"allowed\":[\"AGREE\"]")});
	errors = json_object_get(root, "errors");
	cr_assert_eq(json_array_size(errors), FLAW_MAX);
	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(errors, 0), "pointer")),
			 "/a\"b");
	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(errors, 0), "cure")),
			 "Mend it.");
	cr_assert_eq(json_integer_value(json_object_get(root, "errors_in_all")), FLAW_MAX + 1);
	cr_assert_str_eq(json_string_value(json_object_get(root, "instance")), "req_1");
	cr_assert_str_eq(json_string_value(json_object_get(root, "detail")),
			 "\x1b[31m \xEF\xBF\xBD");
	cr_assert_eq(json_array_size(json_object_get(root, "allowed")), 1);
	json_decref(root);
	buf_done(&reply.body);
	arena_done(&arena);
}
