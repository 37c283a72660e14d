/*
 * The bucket's arithmetic. An empty one is `burst` intervals behind; no due moment lies further
 * ahead than that, whatever the clock did.
 */
#include "bucket.h"

#define HOUR_US INT64_C(3600000000)

void bucket_set(struct bucket *b, int64_t per_hour, int burst)
{
	b->every_us = HOUR_US / (per_hour < 1 ? 1 : per_hour);
	b->burst = burst < 1 ? 1 : burst;
}

int64_t bucket_wait_us(struct bucket *b, int64_t now_us)
{
	int64_t wait_us;

	if (b->due_us > now_us + b->burst * b->every_us)
		b->due_us = now_us + b->burst * b->every_us;
	wait_us = b->due_us - (b->burst - 1) * b->every_us - now_us;
	return wait_us > 0 ? wait_us : 0;
}

void bucket_take(struct bucket *b, int64_t now_us)
{
	b->due_us = (b->due_us > now_us ? b->due_us : now_us) + b->every_us;
}
