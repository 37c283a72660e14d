/* Which of the office formats a ZIP is, by its directory. For sniff.c. */
#pragma once

#include "sniff.h"

/* As sniff_end, of what begins as a ZIP. */
MUST_CHECK int sniff_zip(const struct sniff *s, enum file_type *ret_type, const char **ret_why);
