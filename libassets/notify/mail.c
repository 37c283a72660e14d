/*
 * The head of a letter. Base64 is OpenSSL's; a word holds 45 bytes or a few less, so that with
 * its frame it stays below RFC 2047's 75 characters and never cuts a character in two.
 */
#include "mail.h"

#include <openssl/evp.h>

#include "libassets/base/day.h"

enum { WORD_BYTES = 45 };

static bool is_atom(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_host(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-';
}

/* Parts with dots between, none of them empty. Returns how many; 0 when it is not of that form. */
static size_t parts_of(struct str text, bool (*is_part)(char c), size_t part_max)
{
	size_t parts = 0, length = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.at[i] != '.') {
			if (!is_part(text.at[i]) || ++length > part_max)
				return 0;
			continue;
		}
		if (!length)
			return 0;
		parts++;
		length = 0;
	}
	return parts;
}

bool mail_address_ok(struct str address)
{
	struct str domain;
	struct str local = str_cut(address, '@', &domain);

	return address.len <= MAIL_ADDRESS_MAX && local.len <= MAIL_LOCAL_MAX &&
	       !str_is_null(domain) && parts_of(local, is_atom, MAIL_LOCAL_MAX) &&
	       parts_of(domain, is_host, 63) >= 2 && domain.at[0] != '-' &&
	       domain.at[domain.len - 1] != '-';
}

struct str shape_form_mail(struct str text, struct arena *a)
{
	return mail_address_ok(text) ? arena_str(a, text) : (struct str){NULL, 0};
}

/* Printable ASCII that cannot be taken for an encoded word or for the end of a phrase. */
static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < 0x20 || text.at[i] > 0x7E ||
		    strchr("\"<>@,;:\\()[]=?", text.at[i]))
			return false;
	}
	return text.len <= 60;
}

/* Bytes of the next word: whole characters. */
static size_t word_of(struct str rest)
{
	size_t n = rest.len < WORD_BYTES ? rest.len : WORD_BYTES;

	while (n && n < rest.len && ((unsigned char)rest.at[n] & 0xC0) == 0x80)
		n--;
	return n ? n : rest.len; /* no UTF-8 at all: one word, and who reads it sees that */
}

static void put_word(struct buf *out, struct str word)
{
	unsigned char clean[MAIL_TEXT_MAX], base64[4 * ((MAIL_TEXT_MAX + 2) / 3) + 1];

	for (size_t i = 0; i < word.len; i++)
		clean[i] = (unsigned char)word.at[i] < 0x20 || word.at[i] == 0x7F
				   ? ' '
				   : (unsigned char)word.at[i];
	(void)EVP_EncodeBlock(base64, clean, (int)word.len);
	buf_fmt(out, "=?UTF-8?B?%s?=", (const char *)base64);
}

void mail_put_text(struct buf *out, struct str text)
{
	if (text.len > MAIL_TEXT_MAX) {
		text.len = MAIL_TEXT_MAX;
		while (text.len && ((unsigned char)text.at[text.len] & 0xC0) == 0x80)
			text.len--;
	}
	if (is_plain(text)) {
		buf_str(out, text);
		return;
	}
	while (text.len) {
		size_t n = word_of(text);

		put_word(out, (struct str){text.at, n});
		text.at += n;
		text.len -= n;
		if (text.len)
			buf_str(out, STR("\r\n "));
	}
}

void mail_date(int64_t us, char ret_text[MAIL_DATE_TEXT])
{
	static const char *const weekday[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t second = us / 1000000;
	struct day day = {(int32_t)(second / 86400)};
	struct day_civil c = day_civil(day);
	int rest = (int)(second % 86400);

	/* 1 January 1970 was a Thursday. */
	(void)snprintf(ret_text, MAIL_DATE_TEXT, "%s, %02u %s %04d %02d:%02d:%02d +0000",
		       weekday[(day.number + 3) % 7], (unsigned)c.monthday % 100,
		       month[(c.month - 1) % 12], (int)c.year % 10000, rest / 3600, rest / 60 % 60,
		       rest % 60);
}
