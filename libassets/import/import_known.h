/*
 * A record's draft beside the asset it stands for: inside import.c's comparison, which knows both.
 */
#pragma once

#include <jansson.h>

#include "csv_map.h"
#include "libassets/register/asset.h"

/* How the list is read, and where texts of problems go; both borrowed. */
struct import_known {
	const struct csv_map *map;
	struct arena *arena;
};

/*
 * Take out what says what is there: a text that differs in its blanks and line breaks alone, which
 * a list loses, and a point that has not moved, which would have its degrees worked out anew.
 */
void import_drop_unchanged(const struct import_known *k, const json_t *item, json_t *draft);

/*
 * A record of our own files names its place twice. Where one pair is as it was and was taken out,
 * the other says where the asset is now; where both are new and lie apart, the grid's is kept.
 */
void import_pairs_settle(const struct import_known *k, json_t *draft,
			 struct csv_problems *problems);

/*
 * Land is split by a hand: of a list, what an asset is part of is only compared, an error where it
 * is another, and taken out.    item: NULL for a new asset.
 */
void import_part_settle(const struct import_known *k, const json_t *item, json_t *draft,
			struct csv_problems *problems);

/* What a list newly names by its id must be among `ids` (import.h; NULL: nobody need look). */
void import_check_ids(const json_t *ids, const struct asset *before, const struct asset *asset,
		      struct flaws *flaws);

/*
 * Land under a bar is not disposed of by a list (section 84). The database refuses it too, and then
 * the whole list without a line.    item: NULL for a new asset.
 */
void import_check_bar(const json_t *item, const struct asset *asset, struct flaws *flaws);

/* A zone's decile is a fact: where a list says another beside it, that is a warning. */
void import_check_decile(const struct import_known *k, int64_t sent, int64_t settled,
			 struct csv_problems *problems);

/*
 * What a new asset must have and its record does not say, with a warning for each that is made up;
 * on an asset that is there a column that the list lacks changes nothing.
 */
void import_complete(const struct import_known *k, struct str authority_id, json_t *draft,
		     struct csv_problems *problems);
