/*
 * The files of sql/ that `assetd migrate` needs, built into the program: an installed daemon
 * needs no source tree, and cannot meet another version's files.
 */
#pragma once

#include "libassets/base/str.h"

/* One of them. */
struct sql_file {
	const char *folder; /* "migrations", "functions", "views", "policies" or "data" */
	const char *name;   /* "0004_asset.sql", "council.csv" */
	struct str text;
};

/* The n-th, by folder and then by name. ERR_NOT_FOUND past the last. The text is static. */
MUST_CHECK int sql_file_at(size_t n, struct sql_file *ret_file);
