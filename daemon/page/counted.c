/*
 * See counted.h. A text that is older than COUNTED_FRESH_US, or of a clock that was set back, is
 * counted anew by the next who asks.
 */
#include "counted.h"

#include "daemon/process/worker.h"

enum { COUNTED_MAX = 512 * 1024 };

static const int64_t COUNTED_FRESH_US = 10000000;

bool counted_is_fresh(const struct flow *f, const struct page_counts *c)
{
	return !f->who->id.len && c->text.len && f->now_us - c->at_us < COUNTED_FRESH_US &&
	       f->now_us >= c->at_us;
}

void counted_keep(const struct flow *f, struct page_counts *c, struct str text)
{
	if (f->who->id.len)
		return;
	c->text.max = COUNTED_MAX;
	buf_clear(&c->text);
	buf_str(&c->text, text);
	if (buf_err(&c->text) < 0)
		buf_clear(&c->text);
	c->at_us = f->now_us;
}
