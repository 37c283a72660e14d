/*
 * What fields of a document owe each other, and that the tables of kinds and of retention hold
 * together: each kind's class is there and counts from what such a document has.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/file/document.h"

static const struct day today = {20778};

static struct document paper(void)
{
	struct document d;

	shape_clear(&document_shape, &d);
	d.asset_id = STR("ast_00000000000000000000000000");
	d.kind = STR("PLAN");
	d.received_on = today;
	return d;
}

static int settled(struct document *d, const char **ret_pointer)
{
	static char at[64];
	struct arena a;
	struct flaws flaws;
	int r;

	arena_init(&a, 1 << 16);
	flaws_init(&flaws, &a);
	r = document_settle(d, today, &flaws);
	at[0] = '\0';
	if (flaws_kept(&flaws))
		snprintf(at, sizeof(at), "%.*s", (int)flaws.at[0].pointer.len,
			 flaws.at[0].pointer.at);
	*ret_pointer = at;
	arena_done(&a);
	return r;
}

Test(document, defaults)
{
	struct document d = paper();
	const char *where;

	d.received_on = DAY_NONE;
	cr_assert_eq(settled(&d, &where), 0);
	cr_assert(day_cmp(d.received_on, today) == 0);
	cr_assert(str_eq(d.redaction, STR("UNCHECKED")));
	cr_assert(str_eq(d.retention, STR("LAND_PAPERS")));
}

Test(document, public_only_after_a_word_about_personal_data)
{
	static const struct {
		const char *redaction;
		int err;
	} table[] = {{"UNCHECKED", ERR_REDACTION}, {"NEEDED", ERR_REDACTION}, {"NOT_NEEDED", 0}};
	const char *where;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct document d = paper();

		d.published = (struct shape_flag){true, true};
		d.redaction = str_of(table[i].redaction);
		cr_assert_eq(settled(&d, &where), table[i].err, "%s", table[i].redaction);
	}
}

Test(document, every_kind_is_kept_by_a_class_that_counts)
{
	for (int of_request = 0; of_request < 2; of_request++) {
		const char *kind;

		for (size_t i = 0; (kind = document_kind_at(i, of_request)); i++) {
			struct document d = paper();
			const char *where;

			d.kind = str_of(kind);
			if (of_request) {
				d.asset_id = (struct str){NULL, 0};
				d.request_id = STR("atr_00000000000000000000000000");
			}
			cr_assert_eq(settled(&d, &where), 0, "%s %s", kind, where);
			cr_assert(retention_find(d.retention), "%s", kind);
		}
		cr_assert(document_kind_at(0, of_request));
	}
}

Test(document, every_class_says_how_long_and_why)
{
	const struct retention *r;

	for (size_t i = 0; (r = retention_at(i)); i++) {
		cr_assert_eq(retention_find(str_of(r->id)), r);
		cr_assert_eq(r->months == 0, strcmp(r->from, "NEVER") == 0, "%s", r->id);
		cr_assert(*r->words && *r->source && strlen(r->confidence) == 1 &&
			  strchr("CGPU", *r->confidence));
	}
	cr_assert_null(retention_find(STR("NOTHING")));
}

Test(document, a_sha256_is_64_digits)
{
	struct arena a;

	arena_init(&a, 1 << 12);
	cr_assert(
		str_eq(document_form_sha256(STR("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789A"
						"BCDEF0123456789"),
					    &a),
		       STR("abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789")));
	cr_assert(str_is_null(document_form_sha256(STR("abc"), &a)));
	cr_assert(str_is_null(document_form_sha256(
		STR("gbcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"), &a)));
	arena_done(&a);
}
