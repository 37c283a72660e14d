/*
 * Draws from Philox: which word of which block is which, as the model fixes it. A further draw
 * takes words that no draw has yet; the old ones stay, or every past run would change.
 */
#include "simulation_draw.h"

#include <Random123/philox.h>

void simulation_block(uint64_t seed, uint64_t entity, uint32_t path, uint32_t block,
		      uint32_t ret_word[SIMULATION_WORDS])
{
	philox4x32_ctr_t counter = {{block, path, (uint32_t)entity, (uint32_t)(entity >> 32)}};
	philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
	philox4x32_ctr_t out = philox4x32(counter, key);

	memcpy(ret_word, out.v, sizeof(out.v));
}

int32_t simulation_normal(const uint32_t word[6])
{
	int32_t sum = -393210;

	for (size_t i = 0; i < 6; i++)
		sum += (int32_t)(word[i] & 0xffff) + (int32_t)(word[i] >> 16);
	return sum;
}

struct simulation_draws simulation_draw(uint64_t seed, uint64_t asset_id, uint32_t path)
{
	uint32_t word[3 * SIMULATION_WORDS];

	for (uint32_t block = 0; block < 3; block++)
		simulation_block(seed, asset_id, path, block,
				 word + (size_t)block * SIMULATION_WORDS);
	return (struct simulation_draws){
		.request = word[0],
		.transfer_slip = word[1],
		.market = word[2],
		.market_slip = word[3],
		.late_request = word[4],
		.shock = simulation_normal(word + 5),
	};
}

void simulation_walk(uint64_t seed, uint32_t path, uint32_t years, int32_t *ret_walk)
{
	uint32_t word[2 * SIMULATION_WORDS];
	int32_t sum = 0;

	for (uint32_t year = 0; year < years; year++) {
		simulation_block(seed, SIMULATION_MARKET, path, 2 * year, word);
		simulation_block(seed, SIMULATION_MARKET, path, 2 * year + 1,
				 word + SIMULATION_WORDS);
		sum += simulation_normal(word);
		ret_walk[year] = sum;
	}
}
