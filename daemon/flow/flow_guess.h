/*
 * For steps that take what signs somebody in: guesses at it are counted by the client's address, as
 * wrong keys are (rate.h).
 */
#pragma once

#include "flow.h"

/* May there be one? ERR_RATE  it was wrong too often. */
MUST_CHECK int flow_may_guess(struct flow *f);
/* It was wrong. */
void flow_guessed(struct flow *f);
