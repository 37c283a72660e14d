/*
 * See disclosure_hands.h. As many of the same hands as make no difference are kept, and as many
 * hands as leave enough where any are taken off, but for joint land in many hands at once.
 */
#include "disclosure_hands.h"

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

uint32_t hands_left(const struct hands *h, const struct disclosure_knowers *k, size_t knower)
{
	uint32_t left = 0;

	for (uint8_t i = 0; i < h->count; i++)
		left += knower_knows(k, knower, h->of[i]) ? 0 : h->assets[i];
	return left;
}
