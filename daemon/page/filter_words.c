/*
 * See filter_words.h.
 */
#include "filter_words.h"

#include <string.h>

#include "dress.h"
#include "map.h"

/* field: of words.def, for values that are codes. The last two narrow nothing. */
static const struct filter {
	const char *name, *label, *field;
} filter_table[] = {
	{.name = "authority_id", .label = "public body"},
	{.name = "q", .label = "words"},
	{.name = "class", .label = "kind", .field = "class"},
	{.name = "lifecycle", .label = "state", .field = "lifecycle"},
	{.name = "tenure", .label = "tenure", .field = "tenure"},
	{.name = "decile", .label = "decile of deprivation"},
	{.name = "near", .label = "latitude, longitude, metres"},
	{.name = "bbox", .label = "west, south, east, north"},
	{.name = "postcode", .label = "postcode"},
	{.name = "council", .label = "council area"},
	{.name = "data_zone", .label = "data zone"},
	{.name = "intermediate_zone", .label = "intermediate zone"},
	{.name = "cpp_id", .label = "community planning partnership, by its identifier"},
	{.name = "locality_id", .label = "locality, by its identifier"},
	{.name = "reference", .label = "reference"},
	{.name = "uprn", .label = "unique property reference number"},
	{.name = "published", .label = "everybody sees it", .field = "flag"},
	{.name = "valid_on", .label = "how things stood on"},
	{.name = "known_on", .label = "as the register knew it on"},
};

static const struct filter *filter_find(struct str name)
{
	for (size_t i = 0; i < COUNT(filter_table); i++) {
		if (str_eq(name, str_of(filter_table[i].name)))
			return &filter_table[i];
	}
	return NULL;
}

const char *filter_label(struct str name)
{
	const struct filter *filter = filter_find(name);

	return filter ? filter->label : NULL;
}

bool filter_is_ours(struct str name, struct str value)
{
	const struct filter *filter = filter_find(name);
	bool is = filter != NULL;

	while (is && filter->field && value.len)
		is = dress_has(str_of(filter->field), str_trim(str_cut(value, ',', &value)));
	for (size_t i = 0; is && i < value.len && !str_eq(name, STR("postcode")); i++)
		is = value.at[i] && strchr("0123456789-,. S", value.at[i]);
	return is;
}

void filter_value(struct buf *out, struct str name, struct str value)
{
	const struct filter *filter = filter_find(name);
	struct str rest = value;

	while (rest.len) {
		struct str one = str_trim(str_cut(rest, ',', &rest));

		if (filter && filter->field)
			dress_code(out, str_of(filter->field), one);
		else if (str_eq(name, STR("council")) && map_council_name(one).len)
			buf_str(out, map_council_name(one));
		else
			buf_str(out, one);
		buf_str(out, rest.len ? STR(", ") : STR(""));
	}
}
