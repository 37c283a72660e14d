/*
 * The tables of columns. Assets come as cells of a statement of their own, since there are many;
 * the others as items, of whose JSON the named members are taken.
 */
#include "export_table.h"

/* Cells in the order of export_assets.sql. */
enum {
	CELL_ID,
	CELL_REFERENCE,
	CELL_NAME,
	CELL_CLASS,
	CELL_TENURE,
	CELL_LIFECYCLE,
	CELL_AUTHORITY_ID,
	CELL_AUTHORITY,
	CELL_AUTHORITY_CODE,
	CELL_CPP_ID,
	CELL_LOCALITY_ID,
	CELL_DATA_ZONE,
	CELL_DECILE,
	CELL_ADDRESS,
	CELL_POSTCODE,
	CELL_UPRN,
	CELL_TITLE_NUMBER,
	CELL_EASTING,
	CELL_NORTHING,
	CELL_LAT,
	CELL_LON,
	CELL_BOUNDARY,
	CELL_AREA_M2,
	CELL_COMMON_GOOD,
	CELL_EXEMPT_REASON,
	CELL_PUBLISHED,
	CELL_NOTES,
	CELL_EFFECTIVE_ON,
	CELL_VERSION,
	CELL_UPDATED_AT,
};

/* clang-format off */
#define CELL(header, how, cell) {header, NULL, how, cell}
#define ITEM(name, how) {name, name, how, -1}
#define MONEY(header, pence) {header, pence, EXPORT_POUNDS, -1}
/* What every item ends with. */
#define ITEM_LAST ITEM("version", EXPORT_NUMBER), ITEM("updated_at", EXPORT_TEXT)

static const struct export_column asset_columns[] = {
	CELL("id", EXPORT_TEXT, CELL_ID),
	CELL("reference", EXPORT_TEXT, CELL_REFERENCE),
	CELL("name", EXPORT_TEXT, CELL_NAME),
	CELL("class", EXPORT_TEXT, CELL_CLASS),
	CELL("tenure", EXPORT_TEXT, CELL_TENURE),
	CELL("lifecycle", EXPORT_TEXT, CELL_LIFECYCLE),
	CELL("authority_id", EXPORT_TEXT, CELL_AUTHORITY_ID),
	CELL("authority", EXPORT_TEXT, CELL_AUTHORITY),
	CELL("cpp_id", EXPORT_TEXT, CELL_CPP_ID),
	CELL("locality_id", EXPORT_TEXT, CELL_LOCALITY_ID),
	CELL("data_zone", EXPORT_TEXT, CELL_DATA_ZONE),
	CELL("decile", EXPORT_NUMBER, CELL_DECILE),
	CELL("address", EXPORT_TEXT, CELL_ADDRESS),
	CELL("postcode", EXPORT_TEXT, CELL_POSTCODE),
	CELL("uprn", EXPORT_TEXT, CELL_UPRN),
	CELL("title_number", EXPORT_TEXT, CELL_TITLE_NUMBER),
	CELL("easting", EXPORT_NUMBER, CELL_EASTING),
	CELL("northing", EXPORT_NUMBER, CELL_NORTHING),
	CELL("lat", EXPORT_NUMBER, CELL_LAT),
	CELL("lon", EXPORT_NUMBER, CELL_LON),
	CELL("boundary", EXPORT_TEXT, CELL_BOUNDARY),
	CELL("area_m2", EXPORT_NUMBER, CELL_AREA_M2),
	CELL("common_good", EXPORT_FLAG, CELL_COMMON_GOOD),
	CELL("exempt_reason", EXPORT_TEXT, CELL_EXEMPT_REASON),
	CELL("published", EXPORT_FLAG, CELL_PUBLISHED),
	CELL("notes", EXPORT_TEXT, CELL_NOTES),
	CELL("effective_on", EXPORT_DAY, CELL_EFFECTIVE_ON),
	CELL("version", EXPORT_NUMBER, CELL_VERSION),
	CELL("updated_at", EXPORT_TEXT, CELL_UPDATED_AT),
};

static const struct export_column lga_columns[] = {
	CELL("OrganisationURI", EXPORT_NONE, 0),
	CELL("OrganisationLabel", EXPORT_TEXT, CELL_AUTHORITY),
	CELL("UPRN", EXPORT_TEXT, CELL_UPRN),
	CELL("AssetCode", EXPORT_TEXT, CELL_REFERENCE),
	CELL("PropertyName", EXPORT_TEXT, CELL_NAME),
	CELL("StreetName", EXPORT_TEXT, CELL_ADDRESS),
	CELL("PostTown", EXPORT_NONE, 0),
	CELL("PostCode", EXPORT_TEXT, CELL_POSTCODE),
	CELL("GeoX", EXPORT_NUMBER, CELL_EASTING),
	CELL("GeoY", EXPORT_NUMBER, CELL_NORTHING),
	CELL("TenureType", EXPORT_TENURE, CELL_TENURE),
	CELL("TenureDetail", EXPORT_TEXT, CELL_NOTES),
	CELL("HoldingType", EXPORT_TEXT, CELL_CLASS),
};

/* The last three are the hub's own bookkeeping, which it fills. */
static const struct export_column catr_columns[] = {
	CELL("type", EXPORT_TEXT, CELL_CLASS),
	CELL("site_ref", EXPORT_TEXT, CELL_REFERENCE),
	CELL("uprn", EXPORT_TEXT, CELL_UPRN),
	CELL("la_s_code", EXPORT_TEXT, CELL_AUTHORITY_CODE),
	CELL("local_authority", EXPORT_TEXT, CELL_AUTHORITY),
	CELL("address", EXPORT_TEXT, CELL_ADDRESS),
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

static const struct export_table table[] = {
	{"ast", "csv", asset_columns, COUNT(asset_columns)},
	{"ast", "lga", lga_columns, COUNT(lga_columns)},
	{"ast", "catr", catr_columns, COUNT(catr_columns)},
	{"atr", "csv", request_columns, COUNT(request_columns)},
	{"cbo", "csv", body_columns, COUNT(body_columns)},
	{"aut", "csv", authority_columns, COUNT(authority_columns)},
	{"loc", "csv", locality_columns, COUNT(locality_columns)},
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
