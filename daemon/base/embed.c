/*
 * The bytes come in by the assembler's .incbin, from the lists that the build generates:
 * embed_page.inc with EMBED_PAGE(id, name, path), embed_guide.inc with the same of guides, and
 * embed_static.inc with EMBED_STATIC(id, name, file, type, hash, path, path of the gzip copy or of
 * nothing). As arrays in C, fonts would cost the compiler much time; this costs it none.
 */
#include "embed.h"

#include "libassets/base/err.h"

/* The NUL behind the bytes is not counted: it lets a text be used as a C string. */
#define BYTES(symbol, path)                                                                        \
	extern const char symbol[], symbol##_end[];                                                \
	__asm__(".section .rodata\n" #symbol ":\n.incbin \"" path "\"\n" #symbol                   \
		"_end:\n.byte 0\n.previous\n");

BYTES(embed_gd_po, EMBED_CATALOGUE)

#define EMBED_PAGE(id, name, path) BYTES(embed_page_##id, path)
#include "embed_page.inc"
#undef EMBED_PAGE

#define EMBED_PAGE(id, name, path) BYTES(embed_guide_##id, path)
#include "embed_guide.inc"
#undef EMBED_PAGE

#define EMBED_STATIC(id, name, file, type, hash, plain, gzip)                                      \
	BYTES(embed_static_##id, plain)                                                            \
	BYTES(embed_gzip_##id, gzip)
#include "embed_static.inc"
#undef EMBED_STATIC

struct page_row {
	const char *name, *at, *end;
};

static const struct page_row page_row[] = {
#define EMBED_PAGE(id, name, path) {name, embed_page_##id, embed_page_##id##_end},
#include "embed_page.inc"
#undef EMBED_PAGE
};

static const struct page_row guide_row[] = {
#define EMBED_PAGE(id, name, path) {name, embed_guide_##id, embed_guide_##id##_end},
#include "embed_guide.inc"
#undef EMBED_PAGE
};

struct static_row {
	const char *name, *file, *type, *hash;
	const char *at, *end, *gzip, *gzip_end;
};

static const struct static_row static_row[] = {
#define EMBED_STATIC(id, name, file, type, hash, plain, gzip)                                      \
	{name,                                                                                     \
	 file,                                                                                     \
	 type,                                                                                     \
	 hash,                                                                                     \
	 embed_static_##id,                                                                        \
	 embed_static_##id##_end,                                                                  \
	 embed_gzip_##id,                                                                          \
	 embed_gzip_##id##_end},
#include "embed_static.inc"
#undef EMBED_STATIC
};

static struct embed_page page_of(const struct page_row *row)
{
	return (struct embed_page){row->name, {row->at, (size_t)(row->end - row->at)}};
}

int embed_page_at(size_t n, struct embed_page *ret_page)
{
	if (n >= COUNT(page_row))
		return ERR_NOT_FOUND;
	*ret_page = page_of(&page_row[n]);
	return 0;
}

int embed_guide_at(size_t n, struct embed_page *ret_guide)
{
	if (n >= COUNT(guide_row))
		return ERR_NOT_FOUND;
	*ret_guide = page_of(&guide_row[n]);
	return 0;
}

struct str embed_catalogue(void)
{
	return (struct str){embed_gd_po, (size_t)(embed_gd_po_end - embed_gd_po)};
}

int embed_static_at(size_t n, struct embed_static *ret_static)
{
	const struct static_row *row;

	if (n >= COUNT(static_row))
		return ERR_NOT_FOUND;
	row = &static_row[n];
	*ret_static = (struct embed_static){
		.name = row->name,
		.file = row->file,
		.type = row->type,
		.hash = row->hash,
		.plain = {row->at, (size_t)(row->end - row->at)},
		.gzip = {row->gzip, (size_t)(row->gzip_end - row->gzip)},
	};
	return 0;
}
