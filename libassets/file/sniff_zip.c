/*
 * The directory at the end of a ZIP (PKWARE APPNOTE 6.3 sections 4.3.12 and 4.3.16), read and never
 * followed into what is packed. It must lie right before its end record, which must end the file,
 * so that nothing else is hidden in or behind it. What the entries say of their size is added up: a
 * document that would unpack to more than UNPACKED_MAX is refused, by its own word.
 *
 * Which format it is, its entries say: [Content_Types].xml with word/document.xml or
 * xl/workbook.xml, or a first entry "mimetype". Macros are refused: vbaProject.bin in any case of
 * letters, as parts of such a package are named, sheets of macros, and what OpenDocument keeps in
 * Basic and Scripts.
 */
#include "sniff_zip.h"

#include "libassets/base/err.h"

enum {
	END_BYTES = 22,
	ENTRY_BYTES = 46,
	LOCAL_BYTES = 30,
	ENTRIES_MAX = 4000,
};
static const uint64_t unpacked_max = UINT64_C(512) << 20;

/* What was found among the entries. */
struct found {
	bool is_office, is_word, is_sheet, has_macro, is_bad;
	uint64_t unpacked;
};

static uint32_t get(const char *at, size_t bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | (unsigned char)at[bytes];
	return value;
}

/* A name that would leave the folder it is unpacked in. */
static bool is_astray(struct str name)
{
	return !name.len || name.at[0] == '/' || memchr(name.at, '\\', name.len) ||
	       memchr(name.at, '\0', name.len) || str_holds(name, STR(".."));
}

static bool begins(struct str name, struct str folder)
{
	return name.len >= folder.len && str_eq_nocase((struct str){name.at, folder.len}, folder);
}

static bool is_macro(struct str name)
{
	static const struct str vba = STR_INIT("vbaproject");

	for (size_t i = 0; i + vba.len <= name.len; i++) {
		if (begins((struct str){name.at + i, name.len - i}, vba))
			return true;
	}
	return begins(name, STR("xl/macrosheets/")) || begins(name, STR("Basic/")) ||
	       begins(name, STR("Scripts/"));
}

static void look_at(struct found *f, const char *entry, struct str name)
{
	uint32_t packed = get(entry + 20, 4), unpacked = get(entry + 24, 4);

	/* Encrypted, or with sizes that stand elsewhere (ZIP64): no office writes so small a one.
	 */
	f->is_bad |= (get(entry + 8, 2) & 1) || packed == UINT32_MAX || unpacked == UINT32_MAX ||
		     is_astray(name);
	f->unpacked += unpacked;
	f->is_office |= str_eq(name, STR("[Content_Types].xml"));
	f->is_word |= str_eq(name, STR("word/document.xml"));
	f->is_sheet |= str_eq(name, STR("xl/workbook.xml"));
	f->has_macro |= is_macro(name);
}

/* The directory, absent when it is not where it has to be. */
static struct str directory(const struct sniff *s, uint32_t *ret_entries)
{
	const char *end;
	uint64_t bytes, offset;

	if (s->tail_len < END_BYTES)
		return (struct str){NULL, 0};
	end = s->tail + s->tail_len - END_BYTES;
	bytes = get(end + 12, 4);
	offset = get(end + 16, 4);
	*ret_entries = get(end + 10, 2);
	if (memcmp(end, "PK\5\6", 4) != 0 || get(end + 4, 4) != 0 || get(end + 20, 2) != 0 ||
	    get(end + 8, 2) != *ret_entries || *ret_entries > ENTRIES_MAX ||
	    offset + bytes + END_BYTES != s->total || bytes > s->tail_len - END_BYTES)
		return (struct str){NULL, 0};
	return (struct str){end - bytes, (size_t)bytes};
}

static bool walk(struct str rest, uint32_t entries, struct found *f)
{
	while (entries--) {
		struct str name;
		size_t whole;

		if (rest.len < ENTRY_BYTES || memcmp(rest.at, "PK\1\2", 4) != 0)
			return false;
		name = (struct str){rest.at + ENTRY_BYTES, get(rest.at + 28, 2)};
		whole = ENTRY_BYTES + name.len + get(rest.at + 30, 2) + get(rest.at + 32, 2);
		if (whole > rest.len)
			return false;
		look_at(f, rest.at, name);
		rest = (struct str){rest.at + whole, rest.len - whole};
	}
	return rest.len == 0;
}

/* OpenDocument 1.3 part 2 section 3.3: the first entry is its type, neither packed nor extended. */
static bool is_odt(const struct sniff *s)
{
	static const char type[] = "mimetypeapplication/vnd.oasis.opendocument.text";
	size_t n = sizeof(type) - 1;

	return s->head_len > LOCAL_BYTES + n + 2 && get(s->head + 8, 2) == 0 &&
	       get(s->head + 18, 4) == n - 8 && get(s->head + 26, 2) == 8 &&
	       get(s->head + 28, 2) == 0 && memcmp(s->head + LOCAL_BYTES, type, n) == 0;
}

int sniff_zip(const struct sniff *s, enum file_type *ret_type, const char **ret_why)
{
	struct found f = {0};
	uint32_t entries = 0;
	struct str dir = directory(s, &entries);

	*ret_why = "It begins as a packed document and is not a whole one, or something stands "
		   "behind it.";
	if (str_is_null(dir) || !walk(dir, entries, &f) || f.is_bad)
		return ERR_DOCUMENT_TYPE;
	*ret_why = "Unpacked it would be larger than a document is.";
	if (f.unpacked > unpacked_max)
		return ERR_DOCUMENT_TYPE;
	*ret_why = "It holds macros. Save it as a document without them, or as PDF.";
	if (f.has_macro)
		return ERR_DOCUMENT_TYPE;
	*ret_why = "It is packed (ZIP), and no document of Word, Excel or OpenDocument text. Send "
		   "each file by itself.";
	if (!is_odt(s) && !(f.is_office && f.is_word != f.is_sheet))
		return ERR_DOCUMENT_TYPE;
	*ret_type = is_odt(s) ? FILE_ODT : f.is_word ? FILE_DOCX : FILE_XLSX;
	return 0;
}
