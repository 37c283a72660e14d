/*
 * See picture.h. A machine of states over bytes; runs that are kept or left out whole are taken
 * whole. Segments of a JPEG that may be either are held until they have come, and then judged by
 * their name.
 */
#include "picture.h"

#include "libassets/base/err.h"

enum {
	BEGIN,
	JPEG_MARKER, /* FF, and fill */
	JPEG_CODE,   /* what it marks */
	JPEG_LENGTH,
	JPEG_SCAN, /* until the next marker that is no restart */
	JPEG_SCAN_FF,
	PNG_CHUNK, /* length and type */
	WEBP_CHUNK,
	COPY,
	SKIP,
	BLANK, /* in its place as many zeros */
	HOLD,
	END, /* all behind it is left out */
};

enum {
	JPEG_SOI = 0xD8,
	JPEG_EOI = 0xD9,
	JPEG_SOS = 0xDA,
	JPEG_COM = 0xFE,
	JPEG_APP0 = 0xE0,
	ORIENTATION = 0x0112,
	SHORT = 3,
	EXIF_BEGIN = 6,
	VP8X_BYTES = 10,
	VP8X_SAYS = 0x0C, /* its flags for Exif and XMP */
	ANMF_BYTES = 16,  /* of a frame, before the chunks in it */
};

static const unsigned char png_magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

/* Which application segments are kept, by marker and name: size, colours, how they are coded. */
static const struct {
	unsigned char code;
	struct str name;
} kept_app[] = {
	{0xE0, STR_INIT("JFIF\0")},
	{0xE2, STR_INIT("ICC_PROFILE\0")},
	{0xEE, STR_INIT("Adobe")},
};

/* What a PNG needs to be shown, by type; those with a capital first are of the picture itself. */
static const char kept_chunk[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "gAMA", "cHRM", "sRGB",
				     "iCCP", "sBIT", "bKGD", "hIST", "tRNS", "pHYs", "sPLT",
				     "cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT"};

/* And a WebP; VP8X and the frames of an animation (ANMF) are looked into. */
static const char kept_riff[][5] = {"VP8 ", "VP8L", "ALPH", "ANIM", "ICCP"};

static unsigned be16(const unsigned char *b)
{
	return (unsigned)b[0] << 8 | b[1];
}

static uint32_t be32(const unsigned char *b)
{
	return (uint32_t)be16(b) << 16 | be16(b + 2);
}

static void put(struct buf *out, const unsigned char *bytes, size_t n)
{
	buf_str(out, (struct str){(const char *)bytes, n});
}

bool picture_is(struct str begin)
{
	return (begin.len >= 2 && memcmp(begin.at, "\xFF\xD8", 2) == 0) ||
	       (begin.len >= 4 &&
		(memcmp(begin.at, png_magic, 4) == 0 || memcmp(begin.at, "RIFF", 4) == 0));
}

/* --- Which way up ------------------------------------------------------------------------- */

static unsigned in_order(const unsigned char *b, bool is_little)
{
	return is_little ? (unsigned)b[1] << 8 | b[0] : be16(b);
}

static uint32_t in_order32(const unsigned char *b, bool is_little)
{
	return is_little ? (uint32_t)in_order(b + 2, true) << 16 | in_order(b, true) : be32(b);
}

/* 2 to 8 as the first directory of an Exif has it; 0 when upright, or not said. */
static unsigned orientation_of(const unsigned char *tiff, size_t n)
{
	bool is_little = n >= 8 && tiff[0] == 'I';
	uint32_t at = n >= 8 ? in_order32(tiff + 4, is_little) : 0;
	unsigned count;

	if (n < 8 || at > n - 2)
		return 0;
	count = in_order(tiff + at, is_little);
	at += 2;
	for (unsigned i = 0; i < count && at + 12 <= n; i++, at += 12) {
		unsigned value = in_order(tiff + at + 8, is_little);

		if (in_order(tiff + at, is_little) == ORIENTATION &&
		    in_order(tiff + at + 2, is_little) == SHORT)
			return value >= 2 && value <= 8 ? value : 0;
	}
	return 0;
}

/* An Exif that says this and nothing else. */
static void put_orientation(struct buf *out, unsigned value)
{
	unsigned char exif[] = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M',
				0,    '*',  0, 0,  0,   8,   0,   1,   1, 0x12, 0,   SHORT,
				0,    0,    0, 1,  0,   0,   0,   0,   0, 0,    0,   0};

	exif[29] = (unsigned char)value;
	put(out, exif, sizeof(exif));
}

/* --- Segments and chunks ------------------------------------------------------------------ */

static void expect(struct picture *p, int state)
{
	p->state = state;
	p->head_len = 0;
}

/* Copy, skip, hold or blank the next n bytes, and go on with a state. */
static void pass(struct picture *p, int how, uint64_t n, int then)
{
	p->left = n;
	p->then = then;
	p->hold_len = 0;
	p->state = n ? how : then;
	p->head_len = n ? p->head_len : 0;
	if (how == SKIP || how == BLANK)
		p->is_less = true;
}

static bool is_kept_app(unsigned code, const unsigned char *body, size_t n)
{
	for (size_t i = 0; i < COUNT(kept_app); i++) {
		if (kept_app[i].code == code && n >= kept_app[i].name.len &&
		    memcmp(body, kept_app[i].name.at, kept_app[i].name.len) == 0)
			return true;
	}
	return false;
}

/* The whole of an application segment has come: head has its marker and length. */
static void judge_app(struct picture *p, struct buf *out)
{
	unsigned code = p->head[1];
	unsigned turned = 0;

	if (is_kept_app(code, p->hold, p->hold_len)) {
		put(out, p->head, 4);
		put(out, p->hold, p->hold_len);
		return;
	}
	p->is_less = true;
	if (code == JPEG_APP0 + 1 && p->hold_len > EXIF_BEGIN && memcmp(p->hold, "Exif\0", 6) == 0)
		turned = orientation_of(p->hold + EXIF_BEGIN, p->hold_len - EXIF_BEGIN);
	if (turned)
		put_orientation(out, turned);
}

/* The marker's code has come, behind one or more FF. */
static int jpeg_code(struct picture *p, unsigned char code, struct buf *out)
{
	p->head[0] = 0xFF;
	p->head[1] = code;
	p->head_len = 2;
	if (code == 0xFF)
		return 0; /* fill */
	if (code == JPEG_EOI) {
		put(out, p->head, 2);
		p->state = END;
		return 0;
	}
	/* Restarts, a second beginning and what is reserved do not stand between segments. */
	if (code < 0xC0 || (code >= 0xD0 && code <= JPEG_SOI) || (code >= 0xF0 && code != JPEG_COM))
		return ERR_DOCUMENT_TYPE;
	p->state = JPEG_LENGTH;
	return 0;
}

static int jpeg_length(struct picture *p, struct buf *out)
{
	unsigned code = p->head[1], n = be16(p->head + 2);

	if (n < 2)
		return ERR_DOCUMENT_TYPE;
	if (code >= JPEG_APP0 && code <= 0xEF) {
		pass(p, HOLD, n - 2, JPEG_MARKER);
		if (n == 2)
			p->is_less = true;
		return 0;
	}
	if (code == JPEG_COM) {
		pass(p, SKIP, n - 2, JPEG_MARKER);
		return 0;
	}
	put(out, p->head, 4);
	pass(p, COPY, n - 2, code == JPEG_SOS ? JPEG_SCAN : JPEG_MARKER);
	return 0;
}

static bool is_kept_chunk(const unsigned char *type)
{
	for (size_t i = 0; i < COUNT(kept_chunk); i++) {
		if (memcmp(type, kept_chunk[i], 4) == 0)
			return true;
	}
	return false;
}

/* Its length does not count the four bytes of the sum behind it. */
static int png_chunk(struct picture *p, struct buf *out)
{
	uint32_t n = be32(p->head);
	bool is_end = memcmp(p->head + 4, "IEND", 4) == 0;

	if (n > INT32_MAX)
		return ERR_DOCUMENT_TYPE;
	if (is_kept_chunk(p->head + 4))
		put(out, p->head, 8);
	pass(p, is_kept_chunk(p->head + 4) ? COPY : SKIP, (uint64_t)n + 4,
	     is_end ? END : PNG_CHUNK);
	return 0;
}

/* The flags of an extended WebP have come: those for what is left out say that it is not there. */
static void judge_vp8x(struct picture *p, struct buf *out)
{
	p->is_less |= (p->hold[0] & VP8X_SAYS) != 0;
	p->hold[0] &= (unsigned char)~VP8X_SAYS;
	put(out, p->head, 8);
	put(out, p->hold, p->hold_len);
}

/*
 * The length of the whole stands at the beginning, which is gone by now. So what is left out keeps
 * its room, as a chunk of a type that nobody knows and readers pass over.
 */
static int webp_chunk(struct picture *p, struct buf *out)
{
	uint32_t n = in_order32(p->head + 4, true);
	uint64_t padded = (uint64_t)n + n % 2;

	if (n > INT32_MAX || (memcmp(p->head, "VP8X", 4) == 0 && n != VP8X_BYTES))
		return ERR_DOCUMENT_TYPE;
	if (memcmp(p->head, "VP8X", 4) == 0) {
		pass(p, HOLD, n, WEBP_CHUNK);
		return 0;
	}
	if (memcmp(p->head, "ANMF", 4) == 0 && n >= ANMF_BYTES) {
		put(out, p->head, 8);
		pass(p, COPY, ANMF_BYTES, WEBP_CHUNK);
		return 0;
	}
	for (size_t i = 0; i < COUNT(kept_riff); i++) {
		if (memcmp(p->head, kept_riff[i], 4) == 0) {
			put(out, p->head, 8);
			pass(p, COPY, padded, WEBP_CHUNK);
			return 0;
		}
	}
	memcpy(p->head, "JUNK", 4);
	put(out, p->head, 8);
	pass(p, BLANK, padded, WEBP_CHUNK);
	return 0;
}

/* --- The machine -------------------------------------------------------------------------- */

/* The head that a state waits for has come as far as `n`; true when it is whole. */
static bool has_head(struct picture *p, unsigned char c, size_t n)
{
	p->head[p->head_len++] = c;
	return p->head_len >= n;
}

static int begin(struct picture *p, unsigned char c, struct buf *out)
{
	bool is_whole = has_head(p, c, sizeof(png_magic));

	if (p->head_len == 2 && p->head[0] == 0xFF && p->head[1] == JPEG_SOI) {
		put(out, p->head, 2);
		expect(p, JPEG_MARKER);
		return 0;
	}
	if (memcmp(p->head, "RIFF", p->head_len < 4 ? p->head_len : 4) == 0) {
		if (is_whole) {
			put(out, p->head, sizeof(png_magic));
			pass(p, COPY, 4, WEBP_CHUNK);
		}
		return 0;
	}
	if (memcmp(p->head, png_magic, p->head_len) != 0 && !(p->head_len == 1 && c == 0xFF))
		return ERR_DOCUMENT_TYPE;
	if (is_whole) {
		put(out, p->head, sizeof(png_magic));
		expect(p, PNG_CHUNK);
	}
	return 0;
}

/* A marker within a scan: 00 and restarts are of it, anything else ends it. */
static int scan_marker(struct picture *p, unsigned char c, struct buf *out)
{
	static const unsigned char ff = 0xFF;

	if (c == 0xFF)
		return 0;
	if (c != 0 && (c < 0xD0 || c > 0xD7))
		return jpeg_code(p, c, out);
	put(out, &ff, 1);
	put(out, &c, 1);
	p->state = JPEG_SCAN;
	return 0;
}

static int step(struct picture *p, unsigned char c, struct buf *out)
{
	switch (p->state) {
	case BEGIN:
		return begin(p, c, out);
	case JPEG_MARKER:
		p->state = JPEG_CODE;
		return c == 0xFF ? 0 : ERR_DOCUMENT_TYPE;
	case JPEG_CODE:
		return jpeg_code(p, c, out);
	case JPEG_LENGTH:
		return has_head(p, c, 4) ? jpeg_length(p, out) : 0;
	case JPEG_SCAN_FF:
		return scan_marker(p, c, out);
	case PNG_CHUNK:
		return has_head(p, c, 8) ? png_chunk(p, out) : 0;
	case WEBP_CHUNK:
		return has_head(p, c, 8) ? webp_chunk(p, out) : 0;
	default:
		return ERR_BUG; /* runs are taken whole */
	}
}

/* As much of the piece as belongs to a run of bytes; 0 when none is under way. */
static size_t run(struct picture *p, const unsigned char *at, size_t n, struct buf *out)
{
	const unsigned char *ff;

	if (p->state == END) {
		p->is_less = true;
		return n;
	}
	if (p->state == JPEG_SCAN) {
		ff = memchr(at, 0xFF, n);
		put(out, at, ff ? (size_t)(ff - at) : n);
		p->state = ff ? JPEG_SCAN_FF : JPEG_SCAN;
		return ff ? (size_t)(ff - at) + 1 : n;
	}
	if (p->state < COPY)
		return 0;
	n = n < p->left ? n : (size_t)p->left;
	if (p->state == COPY)
		put(out, at, n);
	for (size_t i = 0; p->state == BLANK && i < n; i++)
		buf_char(out, '\0');
	if (p->state == HOLD) {
		memcpy(p->hold + p->hold_len, at, n);
		p->hold_len += n;
	}
	p->left -= n;
	if (p->left)
		return n;
	if (p->state == HOLD && p->then == WEBP_CHUNK)
		judge_vp8x(p, out);
	else if (p->state == HOLD)
		judge_app(p, out);
	expect(p, p->then);
	return n;
}

int picture_add(struct picture *p, struct str piece, struct buf *out)
{
	const unsigned char *at = (const unsigned char *)piece.at;
	size_t i = 0;

	while (i < piece.len) {
		size_t n = run(p, at + i, piece.len - i, out);
		int r = n ? 0 : step(p, at[i], out);

		if (r < 0)
			return r;
		i += n ? n : 1;
	}
	return buf_err(out);
}

int picture_end(const struct picture *p)
{
	bool is_webp_end = p->state == WEBP_CHUNK && p->head_len == 0;

	return p->state == END || is_webp_end ? 0 : ERR_DOCUMENT_TYPE;
}
