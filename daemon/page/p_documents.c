/*
 * A list of documents with links to their files, the same on an asset's page, on a request's and in
 * its file. Pictures that browsers know are shown as well; their files come from the same door,
 * which lets nothing in them run. What nobody is served, as it waits to be looked at for viruses or
 * has one, is said in place of the link.
 */
#include "p_documents.h"

#include "libassets/file/sniff.h"

static bool is_picture(const json_t *document)
{
	const char *type = json_string_value(json_object_get(document, "media_type"));

	return str_eq(str_of(type), STR("image/png")) || str_eq(str_of(type), STR("image/jpeg")) ||
	       str_eq(str_of(type), STR("image/webp"));
}

static bool is_scan(const json_t *document, const char *scan)
{
	return str_eq(str_of(json_string_value(json_object_get(document, "scan"))), str_of(scan));
}

/* "70 KB", as systems show it beside a file: thousands, and of a million on with one decimal. */
static json_t *size_words(const json_t *document)
{
	json_int_t bytes = json_integer_value(json_object_get(document, "byte_count"));

	if (bytes < 1000)
		return json_sprintf("%d bytes", (int)bytes);
	if (bytes < 999500)
		return json_sprintf("%d KB", (int)((bytes + 500) / 1000));
	return json_sprintf("%d.%d MB", (int)((bytes + 50000) / 1000000),
			    (int)((bytes + 50000) / 100000 % 10));
}

void documents_put(struct page *p, json_t *object, json_t *documents)
{
	bool has_unscanned = false;
	json_t *document;
	size_t i;

	json_array_foreach (documents, i, document) {
		bool is_infected = is_scan(document, "INFECTED");
		bool is_held = is_infected || is_scan(document, "PENDING");

		has_unscanned |= is_scan(document, "NOT_SCANNED");
		page_put_in(p, document, "is_telling",
			    json_boolean(file_type_tells(str_of(
				    json_string_value(json_object_get(document, "media_type"))))));
		page_put_in(p, document, "size_words", size_words(document));
		page_put_in(p, document, "is_infected", json_boolean(is_infected));
		page_put_in(p, document, "is_held", json_boolean(is_held));
		page_put_in(p, document, "is_image",
			    json_boolean(!is_held && is_picture(document)));
	}
	page_put_in(p, object, "has_unscanned", json_boolean(has_unscanned));
	page_put_in(p, object, "has_documents", json_boolean(json_array_size(documents) > 0));
	page_put_in(p, object, "documents_shown", json_boolean(documents != NULL));
	if (documents)
		page_put_in(p, object, "documents", json_incref(documents));
}
