/*
 * What everybody can know of an asset's amounts, year by year, from what was told (disclosure.h).
 * Marks stand for it: hashes of 4 bytes, of which two alike make an asset wait, and never tell too
 * much.
 *
 * For ever: of each state of facts that was told its mark, whatever the year, since what everybody
 * sees moves an asset from year to year, and one that says nothing of which asset, since one that
 * is gone may be entered anew. Until its year is over: the mark of what it amounted to
 * then. What it amounts to under rules that changed since, or as what everybody sees of it did, is
 * kept once for an asset and year, with the facts it follows from, and is replaced by the next;
 * once the facts are others it stays like the first. So rules that change take no more room,
 * however often.
 *
 * Whoever owns it, since it is the whole of an asset: what each of several owners has of it
 * follows.
 */
#pragma once

#include "disclosure.h"

struct buf;

/* Open addressing, 0 is a free place. */
struct known_marks {
	uint32_t *at;
	size_t count, room; /* room is a power of two, or 0 */
};

/* What an asset amounts to under the rules of the last telling; no amount: nothing any more. */
struct known_moved {
	uint64_t whose;
	uint32_t amount, facts; /* marks */
};

struct known_year {
	int32_t year;
	struct known_marks marks;
	struct {
		struct known_moved *at; /* by whose, open addressing; 0 is a free place */
		size_t count, room;
	} moved;
	/* Since known_begin(), with room for what is to be added: */
	uint32_t *mark_news;
	size_t mark_news_count, mark_news_room;
	struct known_moved *moved_news;
	size_t moved_news_count, moved_news_room;
	size_t marks_needed, moved_needed;
};

struct known {
	struct known_year *year;
	size_t years;
	int32_t first_year; /* what was known of earlier ones is forgotten; 0: nothing is */
	size_t needed;      /* in marks, by what was to be added last and found no room */
};

/* The year that facts are of, and marks of before there were years. */
enum { KNOWN_ANY_YEAR = INT32_MAX };

void known_done(struct known *k);

/* Was it told of any year that these facts were so, or this amount, or does it follow by the last
 * rules? */
bool known_facts(const struct known *k, const struct disclosure_unit *u);
bool known_amount(const struct known *k, const struct disclosure_unit *u);
/* … or that those of any asset were? */
bool known_like(const struct known *k, const struct disclosure_unit *u);

/* Room for all of these to be added. ERR_LIMIT, ERR_NOMEM: nothing has changed. */
MUST_CHECK int known_reserve(struct known *k, const struct disclosure_unit *unit, size_t units);
/* Nothing is news from now on. */
void known_begin(struct known *k);
/* It is known from now on; there is room. had_facts: known_facts() when that was made. */
void known_add(struct known *k, const struct disclosure_unit *u, bool had_facts);
bool known_is_news(const struct known *k);

/* Years before this one are over: nothing is told of them any more. */
void known_forget(struct known *k, int32_t first_year);

/* How much there is, in marks, and as bytes. */
size_t known_count(const struct known *k);

/* As bytes: what is news, or all of it. See disclosure_kept.c. */
void known_put(const struct known *k, bool is_whole, struct buf *out);
/* Add one part of such bytes. ERR_INVALID, ERR_LIMIT, ERR_NOMEM */
MUST_CHECK int known_get(struct known *k, int kind, int32_t year, struct str bytes);
/* … or of marks of 8 bytes, of any year. */
MUST_CHECK int known_get_old(struct known *k, struct str marks);
