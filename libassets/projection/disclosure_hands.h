/*
 * Who owns land knows what it is worth, and takes it off what is told of it with others. So whether
 * assets are enough is asked for everybody, and for each of those who know some of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DISCLOSURE_LEAST = 3,
	DISCLOSURE_LEFT = 2, /* for one who knows some of those that they are told with */
	HANDS_KEPT = 6
};

/* Who knows more than everybody, each by a number: what is in which hands. */
struct disclosure_knowers {
	const uint64_t *known_by; /* by hands `words` of them, in which each knower has a bit */
	size_t count, words;
};

/* One who knows nothing but what everybody is told. */
#define KNOWER_NONE SIZE_MAX
#define HANDS_SEVERAL UINT32_MAX

/* In how many hands assets are, and how many of them, where that matters. All zero is none. */
struct hands {
	uint32_t of[HANDS_KEPT];
	uint8_t assets[HANDS_KEPT]; /* DISCLOSURE_LEAST at most */
	uint8_t count;
	bool is_more; /* of others nothing is said */
};

static inline bool knower_knows(const struct disclosure_knowers *k, size_t knower, uint32_t hands)
{
	return knower != KNOWER_NONE &&
	       k->known_by[hands * k->words + knower / 64] >> knower % 64 & 1;
}

/* How many that they do not know are enough. */
static inline uint32_t knower_least(size_t knower)
{
	return knower == KNOWER_NONE ? DISCLOSURE_LEAST : DISCLOSURE_LEFT;
}

/* The first from `from` on of those whose bits these are, or who know any of these hands;
 * KNOWER_NONE: there is none. */
size_t knowers_next(const struct disclosure_knowers *k, const uint64_t *bits, size_t from);
size_t hands_knower(const struct hands *h, const struct disclosure_knowers *k, size_t from);

void hands_add(struct hands *h, uint32_t hands, uint32_t assets);
/* How many in these hands, as far as they are kept. */
uint32_t hands_assets(const struct hands *h, uint32_t hands);
/* How many that are none of the knower's, as far as they are kept. */
uint32_t hands_left(const struct hands *h, const struct disclosure_knowers *k, size_t knower);
