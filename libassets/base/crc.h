/* CRC-32 of ISO 3309, as in ZIP, PNG and the check digits of keys. */
#pragma once

#include "str.h"

/* That of all bytes so far and these; `crc` is 0 before the first. "123456789" has 0xCBF43926. */
uint32_t crc_add(uint32_t crc, struct str bytes);
