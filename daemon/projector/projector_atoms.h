/*
 * Of what a telling to everybody is made (libassets/projection/disclosure.h): the amounts of a
 * whole book, of each asset, year and owner one, and the figures that each is in. Figures have
 * names that outlive a book, since another day makes another book with other numbers.
 */
#pragma once

#include "libassets/projection/disclosure.h"
#include "projector_owned.h"
#include "projector_readers.h"

/* In place of a financial year. */
enum { PUBLIC_ALL_YEARS = 0 };

enum { FIGURE_NAME_MAX = 200 };

/* By numbers of a book. */
struct cell_key {
	uint32_t of[5]; /* keys of cell_dim */
	int32_t fy;
};

struct atoms {
	struct names *figure; /* borrowed; a name's number + 1 is the figure's */
	/* Cells, for as long as the book is the same: */
	const struct book *book;
	struct disclosure_cell *cell;
	struct cell_key *key; /* by cell */
	uint32_t *slot;       /* hash table of cell + 1, 0 is free; twice `cell_room` slots */
	size_t cells, cell_room;
	/* One telling, until atoms_forget(): */
	struct atoms_of {
		struct disclosure_unit *unit;
		struct disclosure_atom *atom;
		size_t units, unit_room, atoms, atom_room;
	} of[PUBLIC_FAMILIES];
	struct owned now, was, less; /* was: by the former rules; less: were it worth less */
	struct readers readers;
	uint32_t *plain; /* by partner that leads: new assets that nobody asks for, so far */
	uint64_t *there; /* `like` of the assets that are there and were told, in order */
	size_t theres;
};

/* What came before the rules of a book, and what was told then. */
struct atoms_past {
	struct book *former; /* has other rules, those of the telling before; NULL: none has */
	bool is_blind;       /* … or they are not known */
	struct disclosure *const *of; /* by family */
};

void atoms_init(struct atoms *a, struct names *figure);
void atoms_done(struct atoms *a);

/* What a figure is called; fy: a year or PUBLIC_ALL_YEARS. */
void atoms_figure_name(const struct book *b, enum rollup_dim dim, uint32_t key, int32_t fy,
		       char ret[FIGURE_NAME_MAX]);

/* Make them, of all assets. ERR_NOMEM, ERR_LIMIT */
MUST_CHECK int atoms_make(struct atoms *a, struct book *b, const struct atoms_past *past);
/* … of one family. */
struct disclosure_now atoms_now(const struct atoms *a, enum public_family f);
/* What differences have told by now is no news of what is expected: of one asset both hang on the
 * one thing that nobody sees, each times something known. */
void atoms_bind(struct atoms *a, const struct disclosure *differences);
/* What was made is not looked at any more. */
void atoms_forget(struct atoms *a);
/* Another book has other numbers. */
void atoms_renamed(struct atoms *a);
