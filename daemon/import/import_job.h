/*
 * A list on its way to being a preview: read, then compared with the register, both aside
 * (aside.h). A handler gives it out, waits for it, and takes from it what is to be stored. Of an
 * edit of many assets there is nothing to be read: it begins with the comparison.
 */
#pragma once

#include "daemon/flow/aside.h"
#include "import_read.h"
#include "libassets/base/buf.h"
#include "libassets/import/csv_map.h"
#include "libassets/import/import.h"

struct blob;
struct import_reader;

/* Parts of at least 4 MiB in which lines go to the database; what needs more is refused. */
enum { IMPORT_CHUNKS_MAX = 24 };

/* Records left out that a preview names one by one. */
enum { IMPORT_SKIPPED_MAX = 100 };

/* While it is aside it is that thread's alone; before and after, the worker's. */
struct import_job {
	struct aside_job aside;
	struct arena arena; /* everything here; freed with the owner */
	struct flaws flaws;
	int err; /* why the list is refused, flaws say more; 0: it is not */

	/* What it is given. */
	struct blob *file;
	struct str mapping_name, zone_deciles, known_ids;
	const struct csv_layout *saved; /* in the arena; NULL: ours alone */
	struct str *item;               /* the authority's assets, a JSON text each */
	size_t item_count;

	/* After it was read. */
	const char *encoding;
	size_t file_bytes;
	struct str columns, zones; /* text[] */
	struct str ids;            /* text[]: of partnerships, localities and owners */
	struct str references;     /* text[]: those it may match; absent: any */
	struct str sha256;         /* of the file, hexadecimal */

	/* After it was compared: lists of lines as import_lines_insert takes them. */
	struct str chunk[IMPORT_CHUNKS_MAX];
	size_t chunk_count;
	struct import_counts counts;
	struct str mapping; /* JSON: name, fields, header, records left out */

	/* Of an edit: what is set on each item. */
	json_t *set;

	/* import_job.c's own. */
	struct import_reader *reader;
	struct import_sheet sheet;
	struct csv_map map;
	json_t *items, *zone_table, *id_table;
	struct buf lines; /* of the chunk being filled */
	struct import_register around;
	struct import *import;
	size_t items_done, first, next; /* first record behind the header; the one that is next */
	struct {
		size_t line;
		enum csv_kind kind;
	} skipped[IMPORT_SKIPPED_MAX];
	size_t skipped_count;
};

/*
 * A job that reads `file`, which is taken; the texts are copied. *ret_owner frees it, from
 * whichever thread drops it last. NULL without memory, the file being gone as well.
 */
struct import_job *import_job_new(struct blob *file, struct str mapping_name,
				  struct str authority_id, struct blob **ret_owner);

/* What the list says is so from that day on; before it compares. Today without. */
void import_job_valid_on(struct import_job *j, struct day day);

/*
 * Read it by this saved mapping, as mapping_find gives it; before it is given out. Copied.
 * ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int import_job_map(struct import_job *j, struct str mapping);

/*
 * A job that sets these fields, a JSON text, on all items it is given. Its encoding, columns,
 * mapping and sha256 are the caller's to fill in. NULL without memory.
 */
struct import_job *import_job_edit(struct str set, struct str authority_id,
				   struct blob **ret_owner);

/* What the database says around a list. */
struct import_job_around {
	struct str only_cpp_id, zone_deciles; /* as import.h has them */
	struct str known_ids;                 /* absent: they were looked at before */
};

/*
 * From now on it compares: to be given out again when import_job_item has been called for each
 * of item_count items, a JSON text each, copied.
 * ERR_NOMEM  also when the register is too large for one comparison
 */
MUST_CHECK int import_job_compare(struct import_job *j, size_t item_count,
				  const struct import_job_around *around, struct day today);
MUST_CHECK int import_job_item(struct import_job *j, struct str item);
