/*
 * The catalogue of events.
 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "libassets/notify/event_pattern.h"
#include "libassets/notify/event_type.h"

/* W-52: each type has a name of the form that filters take, once, and a schema that is JSON. */
Test(event_type, each_type_once_with_a_schema)
{
	const struct event_type *t;
	size_t n;

	for (n = 0; (t = event_type_at(n)); n++) {
		CLEANUP(buf_done) struct buf out = BUF(1 << 20);
		json_t *schema, *required;
		size_t i;
		json_t *name;

		cr_assert_eq(event_pattern_check(str_of(t->name)), 0, "%s", t->name);
		cr_assert(!strchr(t->name, '*'));
		cr_assert(t->says[0] && t->says[strlen(t->says) - 1] != '.', "%s", t->name);
		for (size_t k = 0; k < n; k++)
			cr_assert_str_neq(event_type_at(k)->name, t->name);
		event_type_schema_write(t, &out);
		schema = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL);
		cr_assert(schema, "%s: %s", t->name, out.at);
		required = json_object_get(schema, "required");
		json_array_foreach (required, i, name)
			cr_assert(json_object_get(json_object_get(schema, "properties"),
						  json_string_value(name)));
		json_decref(schema);
	}
	cr_assert_gt(n, 100);
}

Test(event_type, the_catalogue_has_them_all)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);
	json_t *all;
	size_t n = 0;

	event_type_catalogue_write(&out);
	all = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert(all);
	while (event_type_at(n))
		n++;
	cr_assert_eq(json_array_size(json_object_get(all, "items")), n);
	json_decref(all);
}
