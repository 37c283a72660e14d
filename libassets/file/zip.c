/*
 * See zip.h. Made by "version 2.0, Unix", so that names are taken as UTF-8 (flag bit 11) and files
 * come out as rw-r--r--; no extra fields, no times of day: nothing that differs from run to run.
 */
#include "zip.h"

#include "libassets/base/err.h"

enum {
	LOCAL_BYTES = 30,
	ENTRY_BYTES = 46,
	END_BYTES = 22,
	BEHIND_BYTES = 16,
	FLAG_BEHIND = 1 << 3, /* sizes and CRC stand behind the file */
	FLAG_UTF8 = 1 << 11,
	DEFLATE = 8,
};

static void put(struct buf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(value >> 8 * i & 0xFF));
}

/* Section 4.4.6: since 1980, in one word. */
static uint32_t dos_date(struct day on)
{
	struct day_civil c = day_civil(on);

	if (c.year < 1980)
		return 1 << 5 | 1;
	if (c.year > 2107)
		return 127u << 9 | 12 << 5 | 31;
	return (uint32_t)(c.year - 1980) << 9 | (uint32_t)c.month << 5 | (uint32_t)c.monthday;
}

static int64_t sent(const struct zip_file *file)
{
	return file->is_deflated ? file->deflated : file->bytes;
}

static void put_sizes(struct buf *out, const struct zip_file *file)
{
	put(out, file->crc, 4);
	put(out, (uint64_t)sent(file), 4);
	put(out, (uint64_t)file->bytes, 4);
}

/* What both headers of a file have in common, from "version needed" to the length of its name. */
static void put_shared(struct buf *out, const struct zip_file *file, bool is_known)
{
	static const struct zip_file unknown = {.bytes = 0};

	put(out, 20, 2);
	put(out, FLAG_UTF8 | (file->is_deflated ? FLAG_BEHIND : 0), 2);
	put(out, file->is_deflated ? DEFLATE : 0, 2);
	put(out, 0, 2); /* midnight */
	put(out, dos_date(file->on), 2);
	put_sizes(out, is_known ? file : &unknown);
	put(out, file->name.len, 2);
	put(out, 0, 2); /* no extra field */
}

int zip_length(const struct zip_file *file, size_t n, int64_t *ret_bytes)
{
	int64_t length = END_BYTES;

	for (size_t i = 0; i < n; i++) {
		length += LOCAL_BYTES + ENTRY_BYTES + 2 * (int64_t)file[i].name.len + file[i].bytes;
		if (length > UINT32_MAX || file[i].name.len > UINT16_MAX || n > ZIP_FILES_MAX)
			return ERR_LIMIT;
	}
	*ret_bytes = length;
	return 0;
}

void zip_local(struct buf *out, const struct zip_file *file)
{
	buf_str(out, STR("PK\3\4"));
	put_shared(out, file, !file->is_deflated);
	buf_str(out, file->name);
}

void zip_behind(struct buf *out, const struct zip_file *file)
{
	buf_str(out, STR("PK\7\10"));
	put_sizes(out, file);
}

static void put_entry(struct buf *out, const struct zip_file *file, int64_t offset)
{
	buf_str(out, STR("PK\1\2"));
	put(out, 3 << 8 | 20, 2);
	put_shared(out, file, true);
	put(out, 0, 2); /* no comment */
	put(out, 0, 4); /* first disk; nothing said of what it holds */
	put(out, UINT64_C(0100644) << 16, 4);
	put(out, (uint64_t)offset, 4);
	buf_str(out, file->name);
}

void zip_directory(struct buf *out, const struct zip_file *file, size_t n)
{
	size_t before = out->len;
	int64_t offset = 0;

	for (size_t i = 0; i < n; i++) {
		put_entry(out, &file[i], offset);
		offset += LOCAL_BYTES + (int64_t)file[i].name.len + sent(&file[i]) +
			  (file[i].is_deflated ? BEHIND_BYTES : 0);
	}
	buf_str(out, STR("PK\5\6"));
	before = out->len - before - 4;
	put(out, 0, 4);
	put(out, n, 2);
	put(out, n, 2);
	put(out, before, 4);
	put(out, (uint64_t)offset, 4);
	put(out, 0, 2);
}
