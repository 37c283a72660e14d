/*
 * See fnv.h. Prints that are kept in the database are made of this: it stays as it is.
 */
#include "fnv.h"

uint64_t fnv_unit(uint64_t hash, uint32_t unit)
{
	return (hash ^ unit) * UINT64_C(0x100000001b3);
}

uint64_t fnv_text(uint64_t hash, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = fnv_unit(hash, (unsigned char)text.at[i]);
	return hash;
}
