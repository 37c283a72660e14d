/*
 * See disclosure_hands.h. As many of the same hands as make no difference are kept, and as many
 * hands as leave enough where any are taken off, but for joint land in many hands at once.
 */
#include "disclosure_hands.h"

/* … in the word of bits that it has its own in. */
static size_t first_of(uint64_t bits, size_t from)
{
	bits &= ~UINT64_C(0) << from % 64;
	return bits ? from / 64 * 64 + (size_t)__builtin_ctzll(bits) : KNOWER_NONE;
}

size_t knowers_next(const struct disclosure_knowers *k, const uint64_t *bits, size_t from)
{
	size_t next = KNOWER_NONE;

	for (; from / 64 < k->words && next == KNOWER_NONE; from = (from / 64 + 1) * 64)
		next = first_of(bits[from / 64], from);
	return next;
}

size_t hands_knower(const struct hands *h, const struct disclosure_knowers *k, size_t from)
{
	size_t next = KNOWER_NONE;

	for (; from / 64 < k->words && next == KNOWER_NONE; from = (from / 64 + 1) * 64) {
		uint64_t bits = 0;

		for (uint8_t i = 0; i < h->count; i++)
			bits |= k->known_by[h->of[i] * k->words + from / 64];
		next = first_of(bits, from);
	}
	return next;
}

void hands_add(struct hands *h, uint32_t hands, uint32_t assets)
{
	uint8_t i = 0;

	while (i < h->count && h->of[i] != hands)
		i++;
	if (i == HANDS_KEPT) {
		h->is_more = true;
		return;
	}
	h->count = i == h->count ? i + 1 : h->count;
	h->of[i] = hands;
	assets += h->assets[i];
	h->assets[i] = assets < DISCLOSURE_LEAST ? (uint8_t)assets : DISCLOSURE_LEAST;
}

uint32_t hands_assets(const struct hands *h, uint32_t hands)
{
	uint8_t i = 0;

	while (i < h->count && h->of[i] != hands)
		i++;
	return i < h->count ? h->assets[i] : 0;
}

uint32_t hands_left(const struct hands *h, const struct disclosure_knowers *k, size_t knower)
{
	uint32_t left = 0;

	for (uint8_t i = 0; i < h->count; i++)
		left += knower_knows(k, knower, h->of[i]) ? 0 : h->assets[i];
	return left;
}
