/*
 * Everything the projection is made of, in memory: the model of one day, the inputs of all
 * assets that can produce a receipt, and the sums over them. An asset is put, put again or
 * dropped, and the sums follow by the difference. One thread at a time.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/names.h"
#include "libassets/projection/projection.h"
#include "libassets/projection/projection_rollup.h"
#include "libassets/shape/flaw.h"

/* An asset in memory, one block: what hangs on `in` lies behind it. */
struct held {
	struct projection_asset in;
	uint64_t print; /* of the row that it was read from: another row, very likely another print
			 */
	uint32_t flags; /* of its projection under the book's model */
	bool is_sold;
	bool is_valued_openly; /* everybody reads what it is worth */
	bool is_simulated,
		is_left_out; /* by projector_percentile.c: it is in the simulation, or cannot */
};

struct book {
	struct arena arena; /* names, parameters, model: until the book is closed */
	struct projection_params params;
	struct projection_model *model;
	struct projection_scratch *scratch;
	struct names asset, partner, cpp, locality, class;
	struct projection_partner *setting; /* by partner, `settings` of them */
	uint32_t settings;
	uint32_t *class_index; /* by class, `classes` of them */
	uint32_t classes;
	struct held **held; /* by asset, `room` of them; NULL: none */
	uint32_t room;
	struct cpp_member {
		uint32_t cpp, partner;
	} * member;
	uint32_t members;
	uint32_t *excepted; /* assets with exceptions, `excepted_count` of them; NULL: not listed */
	uint32_t excepted_count;
	struct rollup live;
	/* Percentiles of the sums, and what they include; NULL: none yet. */
	struct figures *figures;
	int64_t figures_position;
	uint64_t seed;
	uint32_t paths;
	/* Told of each asset that is added to the sums (sign 1) or taken off (-1). */
	void (*counted)(void *arg, struct held *h, const struct projection_result *r, int sign);
	void *counted_arg;
	char *parameters, *partners, *cpps; /* JSON, as the book was made from them */
	int32_t parameters_version;         /* of the register's, without what is laid over them */
	char parameters_hash[65];
};

/* What a row of projection_input says. */
struct book_row {
	struct str id;
	int64_t model_id;
	bool is_out; /* gone, or can produce no receipt */
	struct str lead, cpp, locality, class;
	int32_t decile;
	struct str input; /* JSON */
	bool is_valued_openly;
};

/*
 * A book without assets. params, partners, cpps: JSON as projector_begin gives them. NULL
 * without memory or when they are not sound; a flaw then says why, where it can.
 */
struct book *book_new(struct day as_of, struct str params, struct str partners, struct str cpps,
		      struct flaws *flaws);
void book_free(struct book *b);
/* About how much a copy of its inputs takes, in bytes. */
size_t book_bytes(const struct book *b);

/*
 * Another book with the same assets, as of that day and with `params` (JSON, absent: none)
 * laid over the parameters. Its sums are still to be made, by book_count over all its assets.
 * ERR_INVALID with flaws, ERR_NOMEM.
 */
MUST_CHECK int book_under(const struct book *b, struct day as_of, struct str params,
			  struct flaws *flaws, struct book **ret_book);
/* The same with these parameters and settings of partners (JSON) in place of the book's own. */
MUST_CHECK int book_with(const struct book *b, struct day as_of, struct str params,
			 struct str partners, struct flaws *flaws, struct book **ret_book);
/* The same without assets: those of `b` can be projected under it. */
MUST_CHECK int book_bare(const struct book *b, struct day as_of, struct str params,
			 struct str partners, struct flaws *flaws, struct book **ret_book);
/*
 * Add the next `most` assets from number *at on to the sums, and move *at; it is b->room at the
 * end. ERR_NOMEM.
 */
MUST_CHECK int book_count(struct book *b, uint32_t *at, uint32_t most);
/* The book is whole and stays so: keep a list of the assets with exceptions. ERR_NOMEM. */
MUST_CHECK int book_settle(struct book *b);

/*
 * Put an asset, or take it out. touched: called with each partner whose sums may have moved; not
 * called when the row is as it was.
 * ERR_INVALID  the row is not sound; the asset is then out, and the book as good as before
 * ERR_NOMEM    the sums may be wrong: make another book
 */
MUST_CHECK int book_put(struct book *b, const struct book_row *row,
			void (*touched)(void *arg, uint32_t partner), void *arg);

/* The asset of that id, NULL when it is not held. */
const struct held *book_find(const struct book *b, struct str asset_id);

/* By which key its sums, or those of one partner's share, are told in a dimension; 0 of all. */
uint32_t book_key(const struct held *h, enum rollup_dim dim, uint32_t partner);

/*
 * Read a row that need not be held; free() it. The book keeps only new names.
 * ERR_INVALID  the row is not sound, or larger than an asset may be    ERR_NOMEM
 */
MUST_CHECK int book_read(struct book *b, const struct book_row *row, struct held **ret_held);

/*
 * The same of an asset as a run keeps it (libassets/projection/projection_input_print.h).
 * ERR_INVALID  not sound under the book's parameters    ERR_NOMEM
 */
MUST_CHECK int book_read_kept(struct book *b, json_t *kept, struct held **ret_held);

/* Project with the book's model; borrowed until the next call. */
const struct projection_result *book_project(struct book *b, const struct held *h);
