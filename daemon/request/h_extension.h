/*
 * A longer time to decide, or to conclude the contract, that an officer asks the community body
 * for, by a letter with the link to its own page. Nothing of it is in the ledger before the body
 * agrees there (h_mine.h): then EXTEND or EXTEND_CONTRACT is, on that day.
 *
 * Source: 2015 Act ss.82(8)(b), 83(7)(b)(i); statute 5.2 (T12, T28).
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_extension[];

/* Its steps, for the page whose form does the same. */
enum step_result extension_load(struct flow *f);
enum step_result extension_store(struct flow *f);
