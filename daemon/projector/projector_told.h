/*
 * By which rules everybody's totals were told (projector_public.h): a total stays as it was told
 * when rules change, so that it is of another day, or by other parameters, than those who read
 * their own money see beside it. Each set of rules that something told stands by has a number,
 * which only grows.
 */
#pragma once

#include "projector_book.h"

/* What is said of a set of rules. */
struct told_rules {
	uint32_t number;
	char as_of[DAY_TEXT], model_version[16], parameters_hash[65];
	int32_t parameters_version;
};

/* In the order of their numbers; all zero is none. */
struct told_list {
	struct told_rules *at;
	size_t count;
};

void told_list_done(struct told_list *l);

/* Those of a book, under the next number. ERR_NOMEM */
MUST_CHECK int told_list_add(struct told_list *l, const struct book *b);

/* Drop those that nothing stands by any more, but for the newest. */
void told_list_keep(struct told_list *l, bool (*stands)(const void *arg, uint32_t number),
		    const void *arg);

/* NULL: nobody kept them. */
const struct told_rules *told_list_find(const struct told_list *l, uint32_t number);

/* As JSON, to be freed, NULL without memory; and read again, in place of those that there were. */
char *told_list_text(const struct told_list *l);
/* ERR_INVALID, ERR_NOMEM */
MUST_CHECK int told_list_read(struct told_list *l, struct str text);

/* As a member of an answer is written. NULL: null. */
void told_rules_put(struct buf *out, const struct told_rules *r);
