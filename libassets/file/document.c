/*
 * The tables of kinds and of retention, and what fields of a document owe each other. That nothing
 * is public without a word about personal data is the database's to enforce as well
 * (migrations/0020): here it gets an answer that says how to mend it.
 */
#include "document.h"

#include "libassets/base/err.h"

#define RETENTION(id, words, from, months, confidence, source) " " #id
static const char retention_list[] =
#include "retention.def"
	;
#undef RETENTION
#define KIND(id, words, of_asset, of_request) " " #id
static const char kind_list[] =
#include "document_kind.def"
	;
#undef KIND

static const struct retention retention_table[] = {
#define RETENTION(id, words, from, months, confidence, source)                                     \
	{#id, words, #from, months, confidence, source},
#include "retention.def"
#undef RETENTION
};

static const struct kind {
	const char *id, *of_asset, *of_request;
} kind_table[] = {
#define KIND(id, words, of_asset, of_request) {#id, of_asset, of_request},
#include "document_kind.def"
#undef KIND
};

#define kind_words (kind_list + 1)
#define retention_words (retention_list + 1)
static const struct shape_field document_table[] = {
#define FIELD(...) SHAPE_ROW(document, __VA_ARGS__)
#include "document.def"
#undef FIELD
};

SHAPE(document, SHAPE_COMMON " authority_id state media_type received_byte_count public_byte_count "
			     "public_sha256 scan scan_signature scanned_at redaction_by "
			     "redaction_at retention_from retention_months");

const struct retention *retention_at(size_t n)
{
	return n < COUNT(retention_table) ? &retention_table[n] : NULL;
}

const struct retention *retention_find(struct str code)
{
	for (size_t i = 0; i < COUNT(retention_table); i++) {
		if (str_eq(code, str_of(retention_table[i].id)))
			return &retention_table[i];
	}
	return NULL;
}

/* The n-th of those that such a document may be. */
const char *document_kind_at(size_t n, bool is_of_request)
{
	for (size_t i = 0; i < COUNT(kind_table); i++) {
		const struct kind *k = &kind_table[i];

		if (*(is_of_request ? k->of_request : k->of_asset) && n-- == 0)
			return k->id;
	}
	return NULL;
}

struct str document_form_sha256(struct str text, struct arena *a)
{
	struct str copy = {NULL, 0};
	char *at;

	if (text.len != 64)
		return copy;
	copy = arena_str(a, text);
	at = (char *)(uintptr_t)copy.at;
	for (size_t i = 0; at && i < copy.len; i++) {
		if (at[i] >= 'A' && at[i] <= 'F')
			at[i] = (char)(at[i] | 0x20);
		else if (!((at[i] >= '0' && at[i] <= '9') || (at[i] >= 'a' && at[i] <= 'f')))
			return (struct str){NULL, 0};
	}
	return copy;
}

static void flaw(struct flaws *flaws, const char *field, const char *code, const char *detail,
		 const char *cure)
{
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), str_of(code), str_of(detail), str_of(cure));
}

static const struct kind *kind_of(const struct document *d)
{
	for (size_t i = 0; i < COUNT(kind_table); i++) {
		if (str_eq(d->kind, str_of(kind_table[i].id)))
			return &kind_table[i];
	}
	return NULL;
}

/* The class by which it is kept, where none was chosen; one that counts from what never comes. */
static void settle_retention(struct document *d, bool is_of_request, struct flaws *flaws)
{
	const struct kind *kind = kind_of(d);
	const char *usual = kind ? (is_of_request ? kind->of_request : kind->of_asset) : "";
	const struct retention *r;

	if (!*usual) {
		flaw(flaws, "kind", "NOT_IN_LIST", "An asset has no documents of this kind.",
		     "Send it to the request it belongs to, or choose another kind.");
		return;
	}
	if (str_is_null(d->retention))
		d->retention = str_of(usual);
	r = retention_find(d->retention);
	if (r && str_eq(str_of(r->from), is_of_request ? STR("DISPOSED") : STR("CLOSED")))
		flaw(flaws, "retention", "NOT_IN_LIST",
		     is_of_request ? "The time of this class runs from a disposal of an asset."
				   : "The time of this class runs from the end of a request.",
		     "Choose another class, or leave it out.");
}

static void check_redaction(const struct document *d, struct flaws *flaws)
{
	bool is_redacted = str_eq(d->redaction, STR("REDACTED"));

	if (is_redacted == !str_is_null(d->redacts_id))
		return;
	if (is_redacted)
		flaw(flaws, "redacts_id", "REQUIRED",
		     "A redacted copy is another file than what it was made from.",
		     "Name the document that this file is the redacted copy of.");
	else
		flaw(flaws, "redaction", "NOT_IN_LIST",
		     "A document that redacts another is a redacted one.",
		     "Send redaction REDACTED.");
}

/* Public only after somebody has looked for personal data; some papers never (statute 10). */
static int check_public(const struct document *d, struct flaws *flaws)
{
	if (!d->published.value)
		return 0;
	if (str_eq(d->kind, STR("NO_CONTRACT_APPEAL"))) {
		flaw(flaws, "published", "NEVER_PUBLIC",
		     "Papers of an appeal over the contract are not published.",
		     "Leave it unpublished.");
		return ERR_REDACTION;
	}
	if (str_eq(d->redaction, STR("NOT_NEEDED")) || str_eq(d->redaction, STR("REDACTED")))
		return 0;
	flaw(flaws, "redaction", "REQUIRED",
	     "Nobody has said that this document holds no personal data.",
	     "Look through it, then send redaction NOT_NEEDED; or send a redacted copy as a "
	     "document of its own.");
	return ERR_REDACTION;
}

int document_settle(struct document *d, struct day today, struct flaws *flaws)
{
	bool is_of_request = !str_is_null(d->request_id);
	int r;

	if (is_of_request == !str_is_null(d->asset_id))
		flaw(flaws, "asset_id", "REQUIRED", "A document hangs on one asset or one request.",
		     "Send asset_id or request_id.");
	if (day_is_none(d->received_on))
		d->received_on = today;
	if (str_is_null(d->redaction))
		d->redaction = str_is_null(d->redacts_id) ? STR("UNCHECKED") : STR("REDACTED");
	settle_retention(d, is_of_request, flaws);
	check_redaction(d, flaws);
	r = flaws_err(flaws);
	if (r == 0)
		r = shape_not_after(d->received_on, today, "received_on", flaws);
	return r < 0 ? r : check_public(d, flaws);
}
