/*
 * The breaker's moves. Failures are counted in ten parts of the span, so that what it remembers of
 * a receiver is the same few bytes however much it is sent.
 */
#include "breaker.h"

enum { SECOND = 1000000 };

#define PART_US (INT64_C(1000000) * BREAKER_SPAN_S / BREAKER_PARTS)

static void forget(struct breaker *b)
{
	for (size_t i = 0; i < COUNT(b->part); i++)
		b->part[i].number = -1;
}

static void open_for(struct breaker *b, int64_t now_us, int64_t pause_us)
{
	b->state = BREAKER_OPEN;
	b->pause_us = pause_us;
	b->until_us = now_us + pause_us;
	b->good = 0;
}

/* A pause is no longer than it was meant. */
static void cut(struct breaker *b, int64_t now_us)
{
	if (b->state == BREAKER_OPEN && b->until_us > now_us + b->pause_us)
		b->until_us = now_us + b->pause_us;
}

int breaker_room(struct breaker *b, int64_t now_us, int most)
{
	cut(b, now_us);
	if (b->state == BREAKER_OPEN) {
		if (now_us < b->until_us)
			return 0;
		b->state = BREAKER_HALF_OPEN;
	}
	if (b->state == BREAKER_HALF_OPEN)
		return most < 1 ? most : 1;
	return b->ramp && b->ramp < most ? b->ramp : most;
}

/* Count it in the part of the span that is now; true if too many of the span failed. */
static bool count(struct breaker *b, int64_t now_us, bool is_failure)
{
	int64_t number = now_us / PART_US;
	size_t at = (size_t)(number % BREAKER_PARTS);
	int attempts = 0, failures = 0;

	if (b->part[at].number != number) {
		b->part[at].number = number;
		b->part[at].attempts = b->part[at].failures = 0;
	}
	b->part[at].attempts++;
	b->part[at].failures += is_failure;
	for (size_t i = 0; i < COUNT(b->part); i++) {
		if (b->part[i].number > number - BREAKER_PARTS && b->part[i].number <= number) {
			attempts += b->part[i].attempts;
			failures += b->part[i].failures;
		}
	}
	return is_failure && attempts >= BREAKER_LEAST &&
	       failures * INT64_C(100) >= attempts * (int64_t)BREAKER_PERCENT;
}

static bool note_probe(struct breaker *b, int64_t now_us, bool is_good)
{
	int64_t pause_us = 2 * b->pause_us;

	if (!is_good) {
		if (pause_us > BREAKER_PAUSE_MAX_S * (int64_t)SECOND)
			pause_us = BREAKER_PAUSE_MAX_S * (int64_t)SECOND;
		open_for(b, now_us, pause_us);
		return true;
	}
	if (++b->good == BREAKER_PROBES) {
		b->state = BREAKER_CLOSED;
		b->ramp = 1;
		b->in_a_row = 0;
		forget(b);
	}
	return false;
}

bool breaker_note(struct breaker *b, int64_t now_us, enum breaker_outcome outcome)
{
	bool is_good = outcome == BREAKER_GOOD, is_too_many;

	cut(b, now_us);
	if (b->state == BREAKER_OPEN)
		return !is_good;
	if (b->state == BREAKER_HALF_OPEN)
		return note_probe(b, now_us, is_good);
	b->in_a_row = outcome == BREAKER_NO_ANSWER ? b->in_a_row + 1 : 0;
	is_too_many = count(b, now_us, !is_good);
	if (is_good && b->ramp)
		b->ramp = b->ramp > INT16_MAX ? 0 : 2 * b->ramp;
	if (b->in_a_row < BREAKER_ROW && !is_too_many)
		return false;
	open_for(b, now_us, BREAKER_PAUSE_S * (int64_t)SECOND);
	return true;
}
