/*
 * A table that is walked: it has no more rows than four times the letters under way.
 */
#include "mail_share.h"

#include <stdio.h>

static void domain_of(struct str address, char ret_name[MAIL_DOMAIN_TEXT])
{
	size_t n = 0;

	for (size_t i = 0; i < address.len; i++) {
		char c = address.at[i];

		if (c == '@')
			n = 0;
		else if (n < MAIL_DOMAIN_TEXT - 1)
			ret_name[n++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	ret_name[n] = '\0';
}

static int to_silent(const struct mail_share *s)
{
	int n = 0;

	for (size_t i = 0; i < COUNT(s->domain); i++)
		n += s->domain[i].is_silent ? s->domain[i].under_way : 0;
	return n;
}

static bool is_full(const struct mail_share *s, const struct mail_domain *d)
{
	return d->under_way >= MAIL_SHARE || (d->is_silent && to_silent(s) >= MAIL_SILENT_SHARE);
}

/* Its row, or the one that is to be its: of those with nothing under way the quiet one, rather than
 * one that is known to be silent. There is one: there are more rows than letters under way. */
static struct mail_domain *row_of(struct mail_share *s, const char *name)
{
	struct mail_domain *free = NULL;

	for (size_t i = 0; i < COUNT(s->domain); i++) {
		struct mail_domain *d = &s->domain[i];

		if (!strcmp(d->name, name))
			return d;
		if (!d->under_way && (!free || d->is_silent < free->is_silent ||
				      (d->is_silent == free->is_silent && d->turn < free->turn)))
			free = d;
	}
	return free;
}

struct mail_domain *mail_share_take(struct mail_share *s, struct str address)
{
	char name[MAIL_DOMAIN_TEXT];
	struct mail_domain *d;

	domain_of(address, name);
	d = row_of(s, name);
	if (!d)
		return NULL;
	if (strcmp(d->name, name) != 0) {
		*d = (struct mail_domain){.under_way = 0};
		memcpy(d->name, name, sizeof(d->name));
	}
	if (is_full(s, d))
		return NULL;
	d->under_way++;
	d->turn = ++s->turn;
	return d;
}

void mail_share_give(struct mail_domain *d, enum mail_heard heard)
{
	d->under_way--;
	if (heard != MAIL_UNHEARD)
		d->is_silent = heard == MAIL_SILENT;
}

size_t mail_share_full(const struct mail_share *s, struct str *ret_domain, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(s->domain) && n < most; i++) {
		if (is_full(s, &s->domain[i]))
			ret_domain[n++] = str_of(s->domain[i].name);
	}
	return n;
}
