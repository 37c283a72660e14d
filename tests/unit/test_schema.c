/*
 * Shapes as JSON Schema: every type of field, and the three uses.
 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "libassets/clock/calendar_list.h"
#include "libassets/notify/webhook.h"
#include "libassets/projection/run.h"
#include "libassets/register/asset.h"
#include "libassets/register/body.h"
#include "libassets/request/request.h"
#include "libassets/shape/schema.h"

static json_t *schema(const struct shape *shape, enum schema_use use)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);
	json_t *root;

	schema_write(shape, use, &out);
	root = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "%s", out.at);
	return root;
}

/* A field's schema, as a text in a fixed order. */
static const char *field(const json_t *root, const char *name)
{
	static char *text;

	free(text);
	text = json_dumps(json_object_get(json_object_get(root, "properties"), name),
			  JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
	return text;
}

static bool has_required(const json_t *root, const char *name)
{
	size_t i;
	json_t *it;

	json_array_foreach (json_object_get(root, "required"), i, it) {
		if (strcmp(json_string_value(it), name) == 0)
			return true;
	}
	return false;
}

Test(schema, of_what_is_sent)
{
	json_t *root = schema(&asset_shape, SCHEMA_CREATE);

	cr_assert(has_required(root, "name") && !has_required(root, "reference"));
	cr_assert(json_is_false(json_object_get(root, "additionalProperties")));
	cr_assert_str_eq(field(root, "tenure"),
			 "{\"enum\":[\"OWNED\",\"LEASED_IN\"],\"type\":\"string\"}");
	cr_assert_str_eq(field(root, "authority_id"),
			 "{\"pattern\":\"^aut_[0-9a-z]{26}$\",\"type\":\"string\"}");
	cr_assert_str_eq(field(root, "lat"),
			 "{\"maximum\":90,\"minimum\":-90,\"type\":[\"number\",\"null\"]}");
	cr_assert_str_eq(field(root, "effective_on"),
			 "{\"format\":\"date\",\"type\":[\"string\",\"null\"]}");
	cr_assert_not_null(
		strstr(field(root, "owners"), "\"required\":[\"authority_id\",\"units\"]"));
	cr_assert_null(json_object_get(json_object_get(root, "properties"), "version"),
		       "nobody sends that");
	json_decref(root);
}

Test(schema, of_a_patch)
{
	json_t *root = schema(&body_shape, SCHEMA_PATCH);

	cr_assert_null(json_object_get(root, "required"));
	cr_assert_not_null(strstr(field(root, "contact"), "\"type\":[\"object\",\"null\"]"));
	cr_assert_not_null(strstr(field(root, "name"), "\"type\":\"string\""),
			   "what is needed is not taken away");
	json_decref(root);
}

Test(schema, of_what_is_shown)
{
	json_t *root = schema(&asset_shape, SCHEMA_ITEM);

	cr_assert_null(json_object_get(root, "required"), "some is not for everybody");
	cr_assert_null(json_object_get(root, "additionalProperties"), "additive change is free");
	cr_assert_str_eq(field(root, "version"), "{\"readOnly\":true}");
	json_decref(root);
}

/* A schema that is closed names these, too, or whoever keeps to it can send none of them. */
Test(schema, of_what_is_sent_beside_the_fields)
{
	json_t *root = schema(&run_shape, SCHEMA_CREATE);

	cr_assert(json_is_false(json_object_get(root, "additionalProperties")));
	cr_assert_str_eq(field(root, "overlay"), "{}");
	cr_assert_str_eq(field(root, "parameters"), "{}");
	json_decref(root);
	root = schema(&calendar_form_shape, SCHEMA_CREATE);
	cr_assert_str_eq(field(root, "bank_holidays"), "{}");
	json_decref(root);
	root = schema(&run_shape, SCHEMA_ITEM);
	cr_assert_null(json_object_get(json_object_get(root, "properties"), ""));
	json_decref(root);
}

Test(schema, a_secret_is_sent_and_not_shown)
{
	json_t *root = schema(&webhook_shape, SCHEMA_PATCH);

	cr_assert_not_null(strstr(field(root, "client_key"), "\"writeOnly\":true"));
	cr_assert_null(strstr(field(root, "client_certificate"), "writeOnly"));
	json_decref(root);
	root = schema(&webhook_shape, SCHEMA_ITEM);
	cr_assert_null(json_object_get(json_object_get(root, "properties"), "client_key"));
	cr_assert_not_null(
		json_object_get(json_object_get(root, "properties"), "client_certificate"));
	json_decref(root);
}

/* What the check refuses, the schema does not let through either. */
Test(schema, a_needed_text_is_not_empty_and_no_word_is)
{
	json_t *root = schema(&asset_shape, SCHEMA_CREATE);

	cr_assert_str_eq(field(root, "name"),
			 "{\"maxLength\":300,\"minLength\":1,\"type\":\"string\"}");
	cr_assert_not_null(strstr(field(root, "reference"), "\"minLength\":0"));
	json_decref(root);
	root = schema(&request_act_shape, SCHEMA_CREATE);
	cr_assert_not_null(strstr(field(root, "event"), "\"enum\":[\"EXPRESS_INTEREST\","));
	json_decref(root);
}
