/*
 * The tables of columns. Assets come as cells of a statement of their own, since there are many;
 * the others as items, of whose JSON the named members are taken.
 */
#include "export_table.h"

/* Cells in the order of export_assets.sql: our own columns, and what only others ask for. */
enum {
#define ASSET_COLUMN(name, how, target) CELL_##name,
#include "libassets/register/asset_column.def"
#undef ASSET_COLUMN
	CELL_authority_code,
};

/* clang-format off */
#define CELL(header, how, cell) {header, NULL, how, cell}
#define ITEM(name, how) {name, name, how, -1}
#define MONEY(header, pence) {header, pence, EXPORT_POUNDS, -1}
/* What every item ends with. */
#define ITEM_LAST ITEM("version", EXPORT_NUMBER), ITEM("updated_at", EXPORT_TEXT)

static const struct export_column asset_columns[] = {
#define ASSET_COLUMN(name, how, target) CELL(#name, EXPORT_##how, CELL_##name),
#include "libassets/register/asset_column.def"
#undef ASSET_COLUMN
};

static const struct export_column lga_columns[] = {
	CELL("OrganisationURI", EXPORT_NONE, 0),
	CELL("OrganisationLabel", EXPORT_TEXT, CELL_authority),
	CELL("UPRN", EXPORT_TEXT, CELL_uprn),
	CELL("AssetCode", EXPORT_TEXT, CELL_reference),
	CELL("PropertyName", EXPORT_TEXT, CELL_name),
	CELL("StreetName", EXPORT_TEXT, CELL_address),
	CELL("PostTown", EXPORT_NONE, 0),
	CELL("PostCode", EXPORT_TEXT, CELL_postcode),
	CELL("GeoX", EXPORT_NUMBER, CELL_easting),
	CELL("GeoY", EXPORT_NUMBER, CELL_northing),
	CELL("TenureType", EXPORT_TENURE, CELL_tenure),
	CELL("TenureDetail", EXPORT_TEXT, CELL_notes),
	CELL("HoldingType", EXPORT_TEXT, CELL_class),
};

/* The last three are the hub's own bookkeeping, which it fills. */
static const struct export_column catr_columns[] = {
	CELL("type", EXPORT_TEXT, CELL_class),
	CELL("site_ref", EXPORT_TEXT, CELL_reference),
	CELL("uprn", EXPORT_TEXT, CELL_uprn),
	CELL("la_s_code", EXPORT_TEXT, CELL_authority_code),
	CELL("local_authority", EXPORT_TEXT, CELL_authority),
	CELL("address", EXPORT_TEXT, CELL_address),
	CELL("sh_src", EXPORT_NONE, 0),
	CELL("sh_src_id", EXPORT_NONE, 0),
	CELL("sh_date_uploaded", EXPORT_NONE, 0),
};

static const struct export_column request_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("reference", EXPORT_TEXT),
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("asset_id", EXPORT_TEXT),
	ITEM("community_body_id", EXPORT_TEXT),
	ITEM("kind", EXPORT_TEXT),
	ITEM("state", EXPORT_TEXT),
	ITEM("state_on", EXPORT_DAY),
	ITEM("level", EXPORT_TEXT),
	ITEM("route", EXPORT_TEXT),
	ITEM("received_on", EXPORT_DAY),
	ITEM("validated_on", EXPORT_DAY),
	ITEM("expected_on", EXPORT_DAY),
	ITEM("release_on", EXPORT_DAY),
	MONEY("offer_gbp", "offer_pence"),
	MONEY("agreed_price_gbp", "agreed_price_pence"),
	MONEY("benefit_gbp", "benefit_pence"),
	ITEM("benefit_score", EXPORT_NUMBER),
	ITEM("reasons", EXPORT_TEXT),
	ITEM("benefits", EXPORT_TEXT),
	ITEM("flags", EXPORT_WORDS),
	ITEM_LAST,
};

static const struct export_column body_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("name", EXPORT_TEXT),
	ITEM("legal_form", EXPORT_TEXT),
	ITEM("charity_number", EXPORT_TEXT),
	ITEM("company_number", EXPORT_TEXT),
	ITEM("members", EXPORT_NUMBER),
	ITEM_LAST,
};

static const struct export_column authority_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("name", EXPORT_TEXT),
	ITEM("kind", EXPORT_TEXT),
	ITEM("code", EXPORT_TEXT),
	ITEM("challenge_route", EXPORT_TEXT),
	ITEM_LAST,
};

static const struct export_column locality_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("name", EXPORT_TEXT),
	ITEM("code", EXPORT_TEXT),
	ITEM("cpp_id", EXPORT_TEXT),
	ITEM("kind", EXPORT_TEXT),
	ITEM_LAST,
};

static const struct export_column cpp_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("name", EXPORT_TEXT),
	ITEM("code", EXPORT_TEXT),
	ITEM("partners", EXPORT_WORDS),
	ITEM_LAST,
};

static const struct export_column valuation_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("asset_id", EXPORT_TEXT),
	MONEY("amount_gbp", "amount_pence"),
	ITEM("basis", EXPORT_TEXT),
	ITEM("valued_on", EXPORT_DAY),
	ITEM("valuer", EXPORT_TEXT),
	ITEM("restricted", EXPORT_FLAG),
	ITEM("effective_on", EXPORT_DAY),
	ITEM_LAST,
};

static const struct export_column disposal_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("asset_id", EXPORT_TEXT),
	ITEM("kind", EXPORT_TEXT),
	ITEM("completed_on", EXPORT_DAY),
	MONEY("gross_gbp", "gross_pence"),
	MONEY("cost_gbp", "cost_pence"),
	ITEM("to", EXPORT_TEXT),
	ITEM("exemption", EXPORT_TEXT),
	ITEM("exemption_dated_on", EXPORT_DAY),
	ITEM("request_id", EXPORT_TEXT),
	ITEM_LAST,
};

static const struct export_column document_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("asset_id", EXPORT_TEXT),
	ITEM("request_id", EXPORT_TEXT),
	ITEM("kind", EXPORT_TEXT),
	ITEM("title", EXPORT_TEXT),
	ITEM("alt", EXPORT_TEXT),
	ITEM("file_name", EXPORT_TEXT),
	ITEM("received_on", EXPORT_DAY),
	ITEM("state", EXPORT_TEXT),
	ITEM("media_type", EXPORT_TEXT),
	ITEM("byte_count", EXPORT_NUMBER),
	ITEM("sha256", EXPORT_TEXT),
	ITEM("published", EXPORT_FLAG),
	ITEM("redaction", EXPORT_TEXT),
	ITEM("retention", EXPORT_TEXT),
	ITEM_LAST,
};

/* What it says, and to whom, is not for a row: see the notice. */
static const struct export_column notice_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("request_id", EXPORT_TEXT),
	ITEM("number", EXPORT_NUMBER),
	ITEM("code", EXPORT_TEXT),
	ITEM("variant", EXPORT_TEXT),
	ITEM("state", EXPORT_TEXT),
	ITEM("is_public", EXPORT_FLAG),
	ITEM("dated_on", EXPORT_DAY),
	ITEM("issued_at", EXPORT_TEXT),
	ITEM("superseded_by", EXPORT_TEXT),
	ITEM_LAST,
};

/* Redacted, as everybody reads it, whoever asks: files of names are not made here. */
static const struct export_column representation_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("request_id", EXPORT_TEXT),
	ITEM("number", EXPORT_NUMBER),
	ITEM("kind", EXPORT_TEXT),
	ITEM("received_on", EXPORT_DAY),
	ITEM("timing", EXPORT_TEXT),
	ITEM("text", EXPORT_TEXT),
	ITEM("mark", EXPORT_TEXT),
	ITEM("shown", EXPORT_FLAG),
	ITEM("shown_at", EXPORT_TEXT),
	ITEM_LAST,
};

static const struct export_column pair_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("asset_id", EXPORT_TEXT),
	ITEM("asset_name", EXPORT_TEXT),
	ITEM("other_authority_id", EXPORT_TEXT),
	ITEM("other_id", EXPORT_TEXT),
	ITEM("other_name", EXPORT_TEXT),
	ITEM("state", EXPORT_TEXT),
	ITEM("source", EXPORT_TEXT),
	ITEM("reason", EXPORT_TEXT),
	ITEM("decided_on", EXPORT_DAY),
	ITEM("was_rejected", EXPORT_FLAG),
	ITEM_LAST,
};

/* Beside the sums of the expected case stands nothing of what its overlay says: see the run. */
static const struct export_column run_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("name", EXPORT_TEXT),
	ITEM("tag", EXPORT_TEXT),
	ITEM("as_of_on", EXPORT_DAY),
	ITEM("valid_on", EXPORT_DAY),
	ITEM("known_at", EXPORT_TEXT),
	MONEY("baseline_net_gbp", "totals.baseline.net_pence"),
	MONEY("adjusted_net_gbp", "totals.adjusted.net_pence"),
	MONEY("adjustment_gbp", "totals.adjustment_pence"),
	ITEM("seed", EXPORT_TEXT),
	ITEM("paths", EXPORT_NUMBER),
	ITEM("position", EXPORT_NUMBER),
	ITEM("model_version", EXPORT_TEXT),
	ITEM("parameters_version", EXPORT_NUMBER),
	ITEM("parameters_hash", EXPORT_TEXT),
	ITEM_LAST,
};

static const struct export_column calendar_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("number", EXPORT_NUMBER),
	ITEM("state", EXPORT_TEXT),
	ITEM("over_id", EXPORT_TEXT),
	ITEM("source", EXPORT_TEXT),
	ITEM("covers_until", EXPORT_DAY),
	ITEM("applied_at", EXPORT_TEXT),
	ITEM_LAST,
};

/* How columns are read is no row: see the mapping. */
static const struct export_column mapping_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("name", EXPORT_TEXT),
	ITEM_LAST,
};

static const struct export_column webhook_columns[] = {
	ITEM("id", EXPORT_TEXT),
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("url", EXPORT_TEXT),
	ITEM("types", EXPORT_WORDS),
	ITEM("mode", EXPORT_TEXT),
	ITEM("payload", EXPORT_TEXT),
	ITEM("envelope", EXPORT_TEXT),
	ITEM("schema_version", EXPORT_NUMBER),
	ITEM("state", EXPORT_TEXT),
	ITEM("state_reason", EXPORT_TEXT),
	ITEM_LAST,
};

/* The figures as sql/data/report_line.csv names them; empty while a reader is shown no report. */
#define FIGURE(code) {code, "figures." code, EXPORT_NUMBER, -1}
static const struct export_column report_columns[] = {
	ITEM("authority_id", EXPORT_TEXT),
	ITEM("authority_name", EXPORT_TEXT),
	ITEM("year", EXPORT_TEXT),
	ITEM("from_on", EXPORT_DAY),
	ITEM("to_on", EXPORT_DAY),
	ITEM("due_on", EXPORT_DAY),
	ITEM("state", EXPORT_TEXT),
	ITEM("is_owed", EXPORT_FLAG),
	ITEM("published_on", EXPORT_DAY),
	ITEM("is_late", EXPORT_FLAG),
	ITEM("shown", EXPORT_TEXT),
	ITEM("number", EXPORT_NUMBER),
	FIGURE("A"), FIGURE("A_FIRST"), FIGURE("B_I"), FIGURE("B_II"), FIGURE("C_I"),
	FIGURE("C_II"), FIGURE("C_III"), FIGURE("D_I"), FIGURE("D_II"), FIGURE("D_III"),
	FIGURE("E_I"), FIGURE("E_II"), FIGURE("E_III"), FIGURE("AREA"),
};
#undef FIGURE

static const struct export_column report_request_columns[] = {
	ITEM("line", EXPORT_TEXT),
	ITEM("request_id", EXPORT_TEXT),
	ITEM("reference", EXPORT_TEXT),
	ITEM("on", EXPORT_DAY),
	ITEM("event_id", EXPORT_TEXT),
	ITEM("kind", EXPORT_TEXT),
	ITEM("state", EXPORT_TEXT),
	ITEM("received_on", EXPORT_DAY),
	ITEM("validated_on", EXPORT_DAY),
	ITEM("community_body_name", EXPORT_TEXT),
	ITEM("asset_name", EXPORT_TEXT),
	ITEM("area_m2", EXPORT_NUMBER),
};

static const struct export_table table[] = {
	{"ast", "csv", asset_columns, COUNT(asset_columns)},
	{"ast", "lga", lga_columns, COUNT(lga_columns)},
	{"ast", "catr", catr_columns, COUNT(catr_columns)},
	{"atr", "csv", request_columns, COUNT(request_columns)},
	{"cbo", "csv", body_columns, COUNT(body_columns)},
	{"aut", "csv", authority_columns, COUNT(authority_columns)},
	{"loc", "csv", locality_columns, COUNT(locality_columns)},
	{"cpp", "csv", cpp_columns, COUNT(cpp_columns)},
	{"val", "csv", valuation_columns, COUNT(valuation_columns)},
	{"dsp", "csv", disposal_columns, COUNT(disposal_columns)},
	{"doc", "csv", document_columns, COUNT(document_columns)},
	{"ntc", "csv", notice_columns, COUNT(notice_columns)},
	{"rep", "csv", representation_columns, COUNT(representation_columns)},
	{"lpr", "csv", pair_columns, COUNT(pair_columns)},
	{"run", "csv", run_columns, COUNT(run_columns)},
	{"cal", "csv", calendar_columns, COUNT(calendar_columns)},
	{"map", "csv", mapping_columns, COUNT(mapping_columns)},
	{"whk", "csv", webhook_columns, COUNT(webhook_columns)},
	{"report", "csv", report_columns, COUNT(report_columns)},
	{"report request", "csv", report_request_columns, COUNT(report_request_columns)},
};
/* clang-format on */

const struct export_table *export_table_of(const char *kind, struct str layout)
{
	for (size_t i = 0; i < COUNT(table); i++) {
		if (strcmp(table[i].kind, kind) == 0 && str_eq(str_of(table[i].layout), layout))
			return &table[i];
	}
	return NULL;
}
