/* The guides as they are built in: each has a title, sections, and pictures with their size. */
#include <criterion/criterion.h>

#include "daemon/page/guide.h"
#include "libassets/base/err.h"

static const char *text_of(const json_t *guide, const char *key)
{
	const char *text = json_string_value(json_object_get(guide, key));

	cr_assert_not_null(text, "%s", key);
	return text;
}

Test(guide, every_guide_is_made)
{
	static const char *const name[] = {"admin", "community", "estates", "finance"};
	char *why = NULL;
	json_t *guides = NULL;

	cr_assert_eq(guides_new(&guides, &why), 0, "%s", why ? why : "");
	cr_expect_eq(json_array_size(guides), COUNT(name));
	for (size_t i = 0; i < COUNT(name); i++) {
		const json_t *guide = json_array_get(guides, i);

		cr_expect_str_eq(text_of(guide, "id"), name[i]);
		cr_expect_gt(strlen(text_of(guide, "title")), 0);
		cr_expect_gt(strlen(text_of(guide, "about")), 0);
		cr_expect_gt(json_array_size(json_object_get(guide, "sections")), 2);
	}
	json_decref(guides);
}

Test(guide, the_text_is_markup_with_places_to_go_to_and_pictures_that_are_there)
{
	char *why = NULL;
	json_t *guides = NULL;
	const json_t *guide, *section;
	const char *text;
	size_t i;

	cr_assert_eq(guides_new(&guides, &why), 0, "%s", why ? why : "");
	guide = json_array_get(guides, 2);
	text = text_of(guide, "text");
	cr_expect_null(strstr(text, "<h1"), "the title is the page's");
	cr_expect_null(strstr(text, ".md"), "another guide is called by its address");
	cr_expect_not_null(strstr(text, "<a href=\"/guide/finance\">"));
	cr_expect_not_null(strstr(text, "<img src=\"/a/estates-log."));
	cr_expect_null(strstr(text, "width=\"0\""));
	json_array_foreach (json_object_get(guide, "sections"), i, section) {
		char place[200];

		(void)snprintf(place, sizeof(place), "<h2><span id=\"%s\"></span>",
			       text_of(section, "id"));
		cr_expect_not_null(strstr(text, place), "%s", place);
	}
	json_decref(guides);
}
