/*
 * How far files are that people are being sent: whose each is, what it is called, rows sent and
 * rows there are. A page shows it (p_downloads.c).
 *
 * In this process's memory, under a lock, from any thread; EXPORT_NOTES of them and
 * EXPORT_NOTES_EACH of a person at most. What has ended stays an hour, or until another needs its
 * place; with no place a file goes out unnoted.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum { EXPORT_NOTES = 256, EXPORT_NOTES_EACH = 32, EXPORT_FILE_MAX = 80 };

enum export_state { EXPORT_RUNNING, EXPORT_DONE, EXPORT_CUT };

struct export_note {
	uint64_t number; /* the later, the higher; 0: no file */
	char who[40];    /* prn_… */
	char file[EXPORT_FILE_MAX];
	int64_t begun_us, ended_us;
	int64_t rows, of; /* sent; there are, below 0 where nobody knows */
	enum export_state state;
};

/* A file begins. Its number for what follows; 0: it is not noted, which the others take, too. */
uint64_t export_progress_begin(struct str who, struct str file, int64_t now_us);
/* How many rows there will be. */
void export_progress_of(uint64_t number, int64_t of);
/* How many were sent by now, of all. */
void export_progress_rows(uint64_t number, int64_t rows);
/* It ended: whole, and had as many rows as were sent; or cut off. The first end counts. */
void export_progress_end(uint64_t number, bool is_whole, int64_t now_us);

/* Those of a person, the newest first; how many. */
size_t export_progress_list(struct str who, int64_t now_us,
			    struct export_note ret_note[EXPORT_NOTES_EACH]);
