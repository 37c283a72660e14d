/*
 * Lines of the log as JSON: texts of clients in them, and lines with too much to say.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/base/log.h"

/* What the line says; standard error is a file meanwhile. */
static json_t *logged(const char *what, const struct log_field *field)
{
	char line[32 * 1024];
	FILE *file = tmpfile();
	int terminal = dup(STDERR_FILENO);
	json_t *root;
	size_t len;

	cr_assert(file && terminal >= 0);
	cr_assert_eq(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
	log_write(LOG_LEVEL_INFO, what, field);
	cr_assert_eq(dup2(terminal, STDERR_FILENO), STDERR_FILENO);
	rewind(file);
	len = fread(line, 1, sizeof(line), file);
	(void)fclose(file);
	(void)close(terminal);
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "%.*s", (int)len, line);
	return root;
}

static const char *text_of(const json_t *root, const char *name)
{
	return json_string_value(json_object_get(root, name));
}

Test(log, escapes_what_a_client_sent)
{
	json_t *root = logged("seen", (const struct log_field[]){
					      F_TEXT("text", STR("\x1b[31m\"\\\n\xE2\x80\xA8\xFF")),
					      F_TEXT("none", ((struct str){NULL, 0})),
					      F_INT("number", INT64_MIN),
					      {0}});

	cr_assert_str_eq(text_of(root, "what"), "seen");
	cr_assert_str_eq(text_of(root, "text"), "\x1b[31m\"\\\n\xE2\x80\xA8\xEF\xBF\xBD");
	cr_assert(json_is_null(json_object_get(root, "none")));
	cr_assert_eq(json_integer_value(json_object_get(root, "number")), INT64_MIN);
	json_decref(root);
}

Test(log, leaves_out_a_field_that_does_not_fit)
{
	char bytes[1000];
	struct str text = {bytes, sizeof(bytes)};
	json_t *root;

	memset(bytes, 1, sizeof(bytes)); /* six characters each */
	root = logged("long", (const struct log_field[]){F_TEXT("a", text),
							 F_TEXT("b", text),
							 F_TEXT("c", text),
							 F_INT("number", 7),
							 {0}});
	cr_assert_eq(json_string_length(json_object_get(root, "a")), sizeof(bytes));
	cr_assert_eq(json_string_length(json_object_get(root, "b")), sizeof(bytes));
	cr_assert_null(json_object_get(root, "c"));
	cr_assert_eq(json_integer_value(json_object_get(root, "number")), 7);
	json_decref(root);
}
