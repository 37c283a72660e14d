/*
 * Tenures as people write them in lists. No word makes leased land owned: what is not known is
 * asked about (DECISIONS 184).
 */
#include "csv_tenure.h"

#include "csv_value.h"
#include "libassets/base/base.h"

/* clang-format off */
static const struct {
	struct str word; /* its letters */
	enum csv_tenure tenure;
} words[] = {
	{STR_INIT("owned"),                  CSV_TENURE_OWNED},
	{STR_INIT("ownedoutright"),          CSV_TENURE_OWNED},
	{STR_INIT("ownedbyapublicauthority"), CSV_TENURE_OWNED},
	{STR_INIT("freehold"),               CSV_TENURE_OWNED},
	{STR_INIT("heritable"),              CSV_TENURE_OWNED},
	{STR_INIT("leasedout"),              CSV_TENURE_OWNED},
	{STR_INIT("letout"),                 CSV_TENURE_OWNED},
	{STR_INIT("ownedandleasedout"),      CSV_TENURE_OWNED},
	{STR_INIT("leasedin"),               CSV_TENURE_LEASED_IN},
	{STR_INIT("leased"),                 CSV_TENURE_LEASED_IN},
	{STR_INIT("lease"),                  CSV_TENURE_LEASED_IN},
	{STR_INIT("leasehold"),              CSV_TENURE_LEASED_IN},
	{STR_INIT("longlease"),              CSV_TENURE_LEASED_IN},
	{STR_INIT("longleasehold"),          CSV_TENURE_LEASED_IN},
	{STR_INIT("rented"),                 CSV_TENURE_LEASED_IN},
	{STR_INIT("rentedin"),               CSV_TENURE_LEASED_IN},
};
/* clang-format on */

/* The next letter of it, lower case; 0 at its end. Other bytes than letters and marks count, too.
 */
static char next_letter(struct str *s)
{
	while (s->len) {
		char c = *s->at++;

		s->len--;
		if (c >= 'A' && c <= 'Z')
			return (char)(c + ('a' - 'A'));
		if (c != ' ' && c != '_' && c != '-')
			return c;
	}
	return '\0';
}

static bool is_word(struct str said, struct str word)
{
	char c;

	do {
		c = next_letter(&said);
		if (c != next_letter(&word))
			return false;
	} while (c);
	return true;
}

enum csv_tenure csv_tenure_of(struct str said)
{
	said = csv_trim(said);
	for (size_t i = 0; i < COUNT(words); i++) {
		if (is_word(said, words[i].word))
			return words[i].tenure;
	}
	return CSV_TENURE_UNKNOWN;
}
