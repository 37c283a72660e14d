/*
 * The tables of a movement that was worked out, for those who fill them (projector_moved.c) and
 * print them (projector_moved_print.c).
 */
#pragma once

#include "projector_moved.h"

/* Of one kind each: assets, rows, parts, sums. */
struct moved_list {
	void *at;
	uint32_t count, room;
};

struct moved_asset {
	char id[MOVED_ID];
	uint32_t lead;
};

struct moved_row {
	uint32_t asset;
	enum movement_code code;
	uint32_t part, parts;
	int128 value, moved;
};

/* What a partner has of a row. */
struct moved_part {
	uint32_t partner;
	int128 value, moved;
};

struct moved_sums {
	int128 closing;
	int128 value[MOVEMENTS], moved[MOVEMENTS];
	uint32_t rows[MOVEMENTS];
	struct {
		int128 closing;
		int128 value[MOVEMENTS];
	} year[PROJECTION_FYS];
};

struct moved {
	struct moved_key key;
	struct moved_list asset, row, part;
	struct moved_list sums; /* pointers: everything's, then by partner; NULL: none */
	char (*partner)[MOVED_ID];
	uint32_t partners;
	struct moved_asset next; /* not among `asset` before it has a row */
	bool is_next_in;
};
