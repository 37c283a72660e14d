/*
 * The notices against the rulebook's table, row by row (tests/data/notices.csv), and their drafts:
 * every variant is whole from full facts, and none is whole without any one of the fields it must
 * hold.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/notice/notice.h"
#include "libassets/request/request_move.h"

enum { COLUMNS = 7, ROOM = 64 << 20 };

static struct arena arena;

static void setup(void)
{
	arena_init(&arena, ROOM);
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(notice, .init = setup, .fini = teardown);

/* The fields of a line of CSV, those in quotes without them; taken apart where it stands. */
static void split(char *at, const char *column[COLUMNS])
{
	for (int c = 0; c < COLUMNS; c++) {
		bool is_quoted = *at == '"';
		char *end = is_quoted ? strchr(++at, '"') : at + strcspn(at, ",\n");

		cr_assert_not_null(end);
		column[c] = at;
		at = end + (is_quoted ? 2 : 1);
		*end = '\0';
	}
}

Test(notice, table_is_the_rulebooks)
{
	FILE *in = fopen(TEST_DATA "/notices.csv", "r");
	char line[2000];
	const char *column[COLUMNS];
	int n = 0;

	cr_assert_not_null(in);
	cr_assert_not_null(fgets(line, sizeof(line), in));
	for (; fgets(line, sizeof(line), in); n++) {
		const struct notice_info *info = notice_info((enum notice_code)n);
		enum notice_code code;

		split(line, column);
		cr_assert_eq(notice_parse(str_of(column[0]), &code), 0, "%s", column[0]);
		cr_assert_eq((int)code, n, "%s: its place", column[0]);
		cr_expect_str_eq(info->code, column[0]);
		cr_expect_str_eq(info->name, column[1]);
		cr_expect_eq(info->is_ours, *column[2] == 'A', "%s: giver", column[0]);
		cr_expect_str_eq(info->to, column[3]);
		cr_expect_str_eq(info->fields, column[4]);
		cr_expect_str_eq(info->citation, column[5]);
		cr_expect_str_eq(info->mark, column[6]);
	}
	fclose(in);
	cr_assert_eq(n, NOTICE_COUNT);
}

Test(notice, matters_and_items_are_those_of_requests)
{
	const struct shape_field *matter = &matter_shape.field[0];
	size_t n = 0;

	for (; notice_matter_at(n); n++)
		cr_expect(shape_is_word(str_of(notice_matter_at(n)), matter->words), "%s",
			  notice_matter_at(n));
	cr_assert_eq(n, 14);
	for (n = 0; request_item_at(n); n++)
		cr_expect(*request_item_said(str_of(request_item_at(n))), "%s", request_item_at(n));
	cr_expect_str_eq(notice_matter_words(STR("D2")), "");
	cr_expect_str_eq(request_item_said(STR("X")), "");
}

/* What every column of request.def produces has a variant, and every variant is of such a row. */
Test(notice, variants_are_those_that_moves_produce)
{
	const struct request_move *row;
	const struct notice_variant *v;

	for (size_t i = 0; (v = notice_variant_at(i)); i++) {
		const char *code = notice_info(v->notice)->code;

		for (struct str rest = str_of(v->rows); rest.len;) {
			struct str name = str_cut(rest, ' ', &rest);
			bool is_there = false;

			for (size_t m = 0; (row = request_move_at(m)); m++)
				is_there |= str_eq(name, str_of(row->row)) &&
					    (v->is_ahead || strstr(row->produces, code) != NULL);
			cr_expect(is_there, "%s %s: no row %.*s produces it", code, v->id,
				  (int)name.len, name.at);
		}
	}
	for (size_t m = 0; (row = request_move_at(m)); m++) {
		bool is_there = row->produces[0] != 'N' || strstr(row->produces, "N7 ");

		for (size_t i = 0; (v = notice_variant_at(i)); i++)
			is_there |= shape_is_word(str_of(row->row), v->rows);
		cr_expect(is_there, "%s produces %s, of which there is no variant", row->row,
			  row->produces);
	}
}

/* One act that leads to each variant: its notice, id, and the facts that make it so. */
static const struct way {
	enum notice_code code;
	const char *variant, *event, *from, *to, *level, *more;
} way_table[] = {
	{NOTICE_N1, "MISSING", "MISSING_ITEMS", "RECEIVED", "INCOMPLETE", "FIRST", ""},
	{NOTICE_N2, "BARRED", "VALIDATE", "RECEIVED", "VALIDATED", "FIRST", ""},
	{NOTICE_N2, "NOT_BARRED", "VALIDATE", "RECEIVED", "VALIDATED", "FIRST",
	 ",\"bar_exemption\":\"ADVERTISED\",\"bar_dated_on\":\"2026-09-01\""},
	{NOTICE_N3, "AHEAD", "VALIDATE", "RECEIVED", "VALIDATED", "FIRST", ""},
	{NOTICE_N4, "AHEAD", "VALIDATE", "RECEIVED", "VALIDATED", "FIRST", ""},
	{NOTICE_N3, "FIRST", "NOTICES_ISSUED", "VALIDATED", "REPRESENTATIONS_OPEN", "FIRST", ""},
	{NOTICE_N3, "FURTHER", "NOTICES_ISSUED", "REPRESENTATIONS_OPEN", "REPRESENTATIONS_OPEN",
	 "FIRST", ""},
	{NOTICE_N4, "PUBLIC", "NOTICES_ISSUED", "VALIDATED", "REPRESENTATIONS_OPEN", "FIRST", ""},
	{NOTICE_N5, "COPIES", "REPRESENTATIONS_SENT", "CTB_COMMENT", "CTB_COMMENT", "FIRST", ""},
	{NOTICE_N6, "LONGER", "EXTEND", "VALIDATED", "VALIDATED", "FIRST", ""},
	{NOTICE_N7, "AGREED", "AGREE", "UNDER_ASSESSMENT", "AGREED", "FIRST", ""},
	{NOTICE_N7, "AGREED_OTHER_TERMS", "AGREE", "UNDER_ASSESSMENT", "AGREED", "FIRST",
	 ",\"terms_differ\":true"},
	{NOTICE_N7, "REFUSED", "REFUSE", "UNDER_ASSESSMENT", "REFUSED", "FIRST", ""},
	{NOTICE_N7, "LATE_AGREED", "AGREE", "NO_DECISION", "AGREED", "FIRST", ""},
	{NOTICE_N7, "LATE_AGREED_OTHER_TERMS", "AGREE", "NO_DECISION", "AGREED", "FIRST",
	 ",\"terms_differ\":true"},
	{NOTICE_N7, "LATE_REFUSED", "REFUSE", "NO_DECISION", "REFUSED", "FIRST", ""},
	{NOTICE_N7, "REVIEW_AGREED", "REVIEW_DECIDED", "UNDER_REVIEW", "AGREED", "REVIEW", ""},
	{NOTICE_N7, "REVIEW_AGREED_OTHER_TERMS", "REVIEW_DECIDED", "UNDER_REVIEW", "AGREED",
	 "REVIEW", ",\"terms_differ\":true"},
	{NOTICE_N7, "REVIEW_REFUSED", "REVIEW_DECIDED", "UNDER_REVIEW", "REFUSED_AFTER_REVIEW",
	 "REVIEW", ""},
	{NOTICE_N7, "LATE_REVIEW_AGREED", "REVIEW_DECIDED", "NO_DECISION", "AGREED", "REVIEW", ""},
	{NOTICE_N7, "LATE_REVIEW_AGREED_OTHER_TERMS", "REVIEW_DECIDED", "NO_DECISION", "AGREED",
	 "REVIEW", ",\"terms_differ\":true"},
	{NOTICE_N7, "LATE_REVIEW_REFUSED", "REVIEW_DECIDED", "NO_DECISION", "REFUSED_AFTER_REVIEW",
	 "REVIEW", ""},
	{NOTICE_N7, "MINISTERS_REFUSED", "REVIEW_DECIDED", "UNDER_REVIEW", "CLOSED_REFUSED", "LAST",
	 ""},
	{NOTICE_N7, "MINISTERS_AGREED", "REVIEW_DECIDED", "UNDER_REVIEW", "AGREED", "LAST", ""},
	{NOTICE_N7, "APPEAL_AGREED", "APPEAL_DECIDED", "UNDER_APPEAL", "AGREED", "LAST", ""},
	{NOTICE_N8, "ACKNOWLEDGED", "REVIEW_APPLIED", "REFUSED", "UNDER_REVIEW", "FIRST", ""},
	{NOTICE_N8, "PARTIES", "PARTIES_NOTIFIED", "UNDER_REVIEW", "UNDER_REVIEW", "FIRST", ""},
	{NOTICE_N9, "RESPONSE", "APPEAL_LODGED", "REFUSED", "UNDER_APPEAL", "FIRST", ""},
	{NOTICE_N10, "LONGER", "EXTEND_CONTRACT", "OFFER_MADE", "OFFER_MADE", "LAST", ""},
	{NOTICE_N11, "APPLICATION", "DIRECTION_APPLIED", "OFFER_MADE", "OFFER_MADE", "LAST", ""},
	{NOTICE_N12, "COPY", "NO_CONTRACT_APPEAL_LODGED", "NO_CONTRACT", "UNDER_NO_CONTRACT_APPEAL",
	 "LAST", ""},
	{NOTICE_N13, "DECLINED", "DECLINE_REPEAT", "RECEIVED", "DECLINED_REPEAT", "FIRST", ""},
};

#define DATE(clock)                                                                                \
	"{\"clock\":\"" clock "\",\"starts_on\":\"2026-10-01\",\"due_on\":\"2027-04-01\","         \
	"\"state\":\"RUNNING\"}"

static const char FACTS[] =
	"\"authority_name\":\"Glenfarg Council\",\"body_name\":\"Hall Trust\","
	"\"reference\":\"ATR-2026-1\",\"land\":\"Memorial Hall\",\"kind\":\"OWNERSHIP\","
	"\"reasons\":\"To keep it open.\",\"validated_on\":\"2026-10-01\",\"prohibits\":true,"
	"\"inspect_at\":\"Town House.\",\"respond_to\":\"Write to us.\","
	"\"offered_on\":\"2026-10-05\",\"on\":\"2026-10-30\",\"terms\":\"As asked.\\nFreehold.\","
	"\"offer_by_on\":\"2027-04-30\",\"grounds\":[{\"matter\":\"H\",\"text\":\"A school.\"}],"
	"\"act_reasons\":\"It is the same.\",\"earlier\":\"ATR-2025-3\","
	"\"representations_close_on\":\"2026-11-27\",\"comments_close_on\":\"2026-12-31\","
	"\"until_on\":\"2027-06-01\",\"agreed_on\":\"2026-10-30\",\"missing_items\":"
	"[{\"code\":\"PRICE\"}],\"dates\":[" DATE("K6") "," DATE("K7") "," DATE("K8") "," DATE(
		"K1"
		"0") "," DATE("K11") "," DATE("K13") "," DATE("K14") "," DATE("K16") "," DATE("K18") "," DATE("K1"
													      "9") "," DATE("K22") "]";

static const char FORM[] =
	"{\"agreed_by\":\"The head of estates\\nThe chair of the trust\",\"parties\":\"All who "
	"made "
	"representations\",\"procedure\":\"In writing.\",\"documents\":\"Plan\\nLetter\","
	"\"matters_weighed\":\"Ours.\",\"contact\":\"Hall Trust, 1 Main Street\","
	"\"steps_taken\":\"We met twice.\",\"why\":\"The title is slow.\",\"appeal\":\"We "
	"appeal.\","
	"\"matters\":[";

static void facts_of(const struct way *way, const char *route, struct notice_facts *ret_facts)
{
	struct str text = arena_fmt(
		&arena,
		"{%s,\"route\":\"%s\",\"event\":\"%s\",\"state_from\":\"%s\",\"state_to\":\"%s\","
		"\"level_to\":\"%s\"%s}",
		FACTS, route, way->event, way->from, way->to, way->level, way->more);

	cr_assert_eq(shape_stored(&notice_facts_shape, text, &arena, ret_facts), 0, "%s", text.at);
}

static void form_of(struct notice_form *ret_form)
{
	CLEANUP(buf_done) struct buf b = BUF(8000);

	buf_str(&b, str_of(FORM));
	for (size_t n = 0; notice_matter_at(n); n++)
		buf_fmt(&b, "%s{\"matter\":\"%s\",\"text\":\"Weighed %s.\"}", n ? "," : "",
			notice_matter_at(n), notice_matter_at(n));
	buf_str(&b, STR("]}"));
	cr_assert_eq(shape_stored(&notice_form_shape, buf_view(&b), &arena, ret_form), 0);
}

static const char *route_of(const struct way *way)
{
	if (strstr(way->variant, "MINISTERS"))
		return "MINISTERS_REVIEW";
	return strcmp(way->variant, "APPEAL_AGREED") == 0 ? "MINISTERS_APPEAL" : "LA_REVIEW";
}

Test(notice, every_variant_is_drafted_whole)
{
	struct notice_form form;

	form_of(&form);
	for (size_t i = 0; notice_variant_at(i); i++) {
		bool is_tried = false;

		for (size_t n = 0; n < COUNT(way_table); n++)
			is_tried |= way_table[n].code == notice_variant_at(i)->notice &&
				    strcmp(way_table[n].variant, notice_variant_at(i)->id) == 0;
		cr_expect(is_tried, "%s has no way here", notice_variant_at(i)->id);
	}
	for (size_t n = 0; n < COUNT(way_table); n++) {
		const struct way *way = &way_table[n];
		struct notice_facts facts;
		struct notice_draft draft;
		const struct notice_gap *gap;
		json_auto_t *content = NULL;

		facts_of(way, route_of(way), &facts);
		cr_assert_eq(notice_draft(way->code, &facts, &form, &arena, &draft), 0, "%s",
			     way->variant);
		gap = draft.missing.at;
		cr_expect_str_eq(draft.variant->id, way->variant);
		cr_expect_eq(draft.missing.count, 0, "%s lacks %s", way->variant,
			     draft.missing.count ? gap[0].field.at : "");
		content = json_loadb(draft.content.at, draft.content.len, 0, NULL);
		cr_assert_not_null(content, "%s: %s", way->variant, draft.content.at);
		cr_expect(json_array_size(json_object_get(content, "sections")) >= 3);
		cr_expect_null(strstr(draft.content.at, "still to be said"));
		cr_expect_eq(day_is_none(draft.notice_on), way->code != NOTICE_N7);
	}
}

/* N6 and N10: who agreed is asked where the register was not there, and what is answered stands. */
Test(notice, who_agreed_by_the_link_is_known)
{
	for (size_t n = 0; n < COUNT(way_table); n++) {
		const struct way *way = &way_table[n];
		struct notice_facts facts;
		struct notice_form form;
		struct notice_draft draft;

		if (way->code != NOTICE_N6 && way->code != NOTICE_N10)
			continue;
		facts_of(way, route_of(way), &facts);
		form_of(&form);
		facts.is_by_link.value = true;
		cr_assert_eq(notice_draft(way->code, &facts, &form, &arena, &draft), 0);
		cr_expect_null(strstr(draft.content.at, "by the link"));
		cr_expect_not_null(strstr(draft.content.at, "The head of estates"));
		form.agreed_by = (struct str){NULL, 0};
		cr_assert_eq(notice_draft(way->code, &facts, &form, &arena, &draft), 0);
		cr_expect_eq(draft.missing.count, 0);
		cr_expect_not_null(
			strstr(draft.content.at, "Hall Trust, by the link to its own request"));
		cr_expect_not_null(
			strstr(draft.content.at, "Glenfarg Council, which asked for it"));
		facts.is_by_link.value = false;
		cr_assert_eq(notice_draft(way->code, &facts, &form, &arena, &draft), 0);
		cr_expect_eq(draft.missing.count, 1);
	}
}

/* Take one member of a struct away; false for one that was not set anyway. */
static bool unset(const struct shape *shape, size_t n, void *at)
{
	const struct shape_field *field = &shape->field[n];
	char *member = (char *)at + field->offset;

	switch (field->type) {
	case SHAPE_TEXT:
	case SHAPE_FORM:
	case SHAPE_ENUM:
	case SHAPE_ID:
		*(struct str *)(void *)member = (struct str){NULL, 0};
		return true;
	case SHAPE_DATE:
		*(struct day *)(void *)member = DAY_NONE;
		return true;
	case SHAPE_LIST:
		*(struct shape_list *)(void *)member = (struct shape_list){NULL, 0};
		return true;
	case SHAPE_NUMBER:
	case SHAPE_PENCE:
	case SHAPE_DEGREES:
	case SHAPE_FLAG:
	case SHAPE_BOUNDARY:
	case SHAPE_PART:
	case SHAPE_WORDS:
		return false;
	}
	return false;
}

/* A draft never says that it is whole while a place in its text is still empty. */
static void expect_honest(const struct way *way, const char *without, const struct notice_draft *d)
{
	bool is_open = strstr(d->content.at, "still to be said") != NULL;

	cr_expect_eq(is_open, d->missing.count > 0, "%s without %s: %s", way->variant, without,
		     d->content.at);
	for (size_t i = 0; i < d->missing.count; i++) {
		const struct notice_gap *gap = &((const struct notice_gap *)d->missing.at)[i];

		cr_expect(gap->field.len && gap->detail.len && gap->cure.len, "%s: %s",
			  way->variant, gap->field.at);
	}
}

/* How many of the notice's facts, or fields of its form, are such that without one it is not whole.
 */
static size_t count_needed(const struct way *way, bool is_form)
{
	const struct shape *shape = is_form ? &notice_form_shape : &notice_facts_shape;
	size_t needed = 0;

	for (size_t i = 0; i < shape->count; i++) {
		struct notice_facts facts;
		struct notice_form form;
		struct notice_draft draft;
		int err;

		facts_of(way, route_of(way), &facts);
		form_of(&form);
		if (!unset(shape, i, is_form ? (void *)&form : (void *)&facts))
			continue;
		err = notice_draft(way->code, &facts, &form, &arena, &draft);
		cr_assert(err == 0 || err == ERR_NOT_FOUND, "%s without %s", way->variant,
			  shape->field[i].name);
		if (err == 0)
			expect_honest(way, shape->field[i].name, &draft);
		needed += err < 0 || draft.missing.count;
	}
	return needed;
}

Test(notice, the_copies_that_were_sent_are_its_enclosures)
{
	static const char copies[] = ",\"copies\":[{\"number\":1,\"received_on\":\"2026-10-19\"},"
				     "{\"number\":3,\"received_on\":\"2026-10-29\"}]";
	struct way way = {NOTICE_N5, "COPIES", "REPRESENTATIONS_SENT", "CTB_COMMENT", "CTB_COMMENT",
			  "FIRST",   copies};
	struct notice_facts facts;
	struct notice_form form;
	struct notice_draft draft;

	facts_of(&way, "LA_REVIEW", &facts);
	shape_clear(&notice_form_shape, &form);
	cr_assert_eq(notice_draft(NOTICE_N5, &facts, &form, &arena, &draft), 0);
	cr_assert_eq(draft.missing.count, 0);
	cr_assert_not_null(strstr(draft.content.at, "Representation 1, received on "));
	cr_assert_not_null(strstr(draft.content.at, "Representation 3, received on "));
	form.documents = STR("A plan of the land");
	cr_assert_eq(notice_draft(NOTICE_N5, &facts, &form, &arena, &draft), 0);
	cr_assert_not_null(strstr(draft.content.at, "A plan of the land"));
}

Test(notice, none_is_whole_without_one_of_its_fields)
{
	for (size_t n = 0; n < COUNT(way_table); n++) {
		size_t needed =
			count_needed(&way_table[n], false) + count_needed(&way_table[n], true);

		cr_expect(needed >= 4, "%s needs only %zu", way_table[n].variant, needed);
	}
}

static struct notice_draft drafted(size_t way, const char *route)
{
	struct notice_facts facts;
	struct notice_form form;
	struct notice_draft draft;

	form_of(&form);
	facts_of(&way_table[way], route, &facts);
	cr_assert_eq(notice_draft(way_table[way].code, &facts, &form, &arena, &draft), 0);
	return draft;
}

static size_t way_to(const char *variant)
{
	size_t n = 0;

	while (strcmp(way_table[n].variant, variant) != 0)
		n++;
	return n;
}

Test(notice, challenge_is_worded_by_route_and_level)
{
	static const struct {
		const char *variant, *route, *says, *clock;
	} row[] = {
		{"REFUSED", "LA_REVIEW", "councillors (section 86", "K8"},
		{"REFUSED", "LA_STYLE_REVIEW", "(section 89", "K8"},
		{"REFUSED", "MINISTERS_REVIEW", "(section 87", "K10"},
		{"REFUSED", "MINISTERS_APPEAL", "(section 85", "K11"},
		{"REVIEW_REFUSED", "LA_REVIEW", "(section 88", "K13"},
		{"REVIEW_AGREED_OTHER_TERMS", "LA_STYLE_REVIEW", "(section 88", "K13"},
		{"AGREED_OTHER_TERMS", "LA_REVIEW", "must reach the council by 1 April 2027", "K8"},
		{"MINISTERS_REFUSED", "MINISTERS_REVIEW", "no further review", NULL},
		{"APPEAL_AGREED", "MINISTERS_APPEAL", "no further review", NULL},
		{"AGREED", "LA_REVIEW", "This notice does neither", NULL},
		{"BARRED", "MINISTERS_APPEAL", "appeal to the Scottish Ministers (section 85",
		 NULL},
		{"BARRED", "LA_REVIEW", "within 20 working days, beginning with", NULL},
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct notice_draft d = drafted(way_to(row[i].variant), row[i].route);

		cr_expect_not_null(strstr(d.content.at, row[i].says), "%s %s: %s", row[i].variant,
				   row[i].route, d.content.at);
		if (row[i].clock)
			cr_expect_not_null(
				strstr(d.content.at,
				       arena_fmt(&arena, "\"clock\":\"%s\"", row[i].clock).at));
	}
}

/* A longer period may have been agreed before it goes out. */
Test(notice, an_acknowledgement_says_six_months_of_six_months_alone)
{
	static const char six[] = "within 6 months of that day: by 1 April 2027",
			  longer[] =
				  "within the longer time that you have agreed to: by 1 June 2027";
	struct notice_date dates[] = {
		{.clock = STR_INIT("K6"), .due_on = {20909}},
		{.clock = STR_INIT("K7"), .due_on = {20970}},
	};
	struct notice_facts facts;
	struct notice_form form;
	struct notice_draft d;

	for (size_t n = 1; n <= COUNT(dates); n++) {
		form_of(&form);
		facts_of(&way_table[way_to("BARRED")], "LA_REVIEW", &facts);
		facts.dates = (struct shape_list){dates, n};
		cr_assert_eq(notice_draft(NOTICE_N2, &facts, &form, &arena, &d), 0);
		cr_expect_eq(strstr(d.content.at, six) != NULL, n == 1, "%s", d.content.at);
		cr_expect_eq(strstr(d.content.at, longer) != NULL, n == 2, "%s", d.content.at);
	}
}

Test(notice, of_the_matters_each_is_missing_by_itself)
{
	struct notice_facts facts;
	struct notice_form form = {0};
	struct notice_draft d;
	const struct notice_gap *gap;

	shape_clear(&notice_form_shape, &form);
	facts_of(&way_table[way_to("REFUSED")], "LA_REVIEW", &facts);
	cr_assert_eq(notice_draft(NOTICE_N7, &facts, &form, &arena, &d), 0);
	gap = d.missing.at;
	cr_assert_eq(d.missing.count, 13, "the ground speaks of one of them");
	cr_expect_str_eq(gap[0].field.at, "matters/A");
	cr_expect_str_eq(gap[3].field.at, "matters/C2");
	cr_expect_str_eq(gap[12].field.at, "matters/J");
	cr_expect_not_null(strstr(d.content.at, "{\"matter\":\"H\",\"words\":\"(h)"));
	facts.grounds = (struct shape_list){NULL, 0};
	cr_assert_eq(notice_draft(NOTICE_N7, &facts, &form, &arena, &d), 0);
	cr_expect_str_eq(((const struct notice_gap *)d.missing.at)[0].field.at, "reasons");
}

Test(notice, an_act_that_asks_for_none_has_none)
{
	struct notice_facts facts;
	struct notice_form form;
	struct notice_draft d;
	enum notice_code code;

	form_of(&form);
	facts_of(&way_table[way_to("REFUSED")], "LA_REVIEW", &facts);
	cr_expect_eq(notice_draft(NOTICE_N1, &facts, &form, &arena, &d), ERR_NOT_FOUND);
	shape_clear(&notice_facts_shape, &facts);
	cr_expect_eq(notice_draft(NOTICE_N7, &facts, &form, &arena, &d), ERR_NOT_FOUND);
	cr_expect_eq(notice_parse(STR("N14"), &code), ERR_NOT_FOUND);
	cr_expect_eq(notice_parse(STR(""), &code), ERR_NOT_FOUND);
}

/* What a person typed stands as text: no place in it is looked for, no line of it is lost. */
Test(notice, what_was_typed_is_text)
{
	struct notice_facts facts;
	struct notice_form form;
	struct notice_draft d;

	form_of(&form);
	facts_of(&way_table[way_to("AGREED")], "LA_REVIEW", &facts);
	facts.terms = STR("{reference}\n\n \"<b>\" {nonsense");
	cr_assert_eq(notice_draft(NOTICE_N7, &facts, &form, &arena, &d), 0);
	cr_expect_eq(d.missing.count, 0);
	cr_expect_not_null(
		strstr(d.content.at, "\"lines\":[\"{reference}\",\"\\\"<b>\\\" {nonsense\"]"), "%s",
		d.content.at);
}

Test(notice, without_room_there_is_none)
{
	struct arena small;
	struct notice_facts facts;
	struct notice_form form;
	struct notice_draft d;
	int err;

	form_of(&form);
	facts_of(&way_table[way_to("AGREED")], "LA_REVIEW", &facts);
	for (size_t bytes = 0; bytes < 40000; bytes += 500) {
		arena_init(&small, bytes);
		err = notice_draft(NOTICE_N7, &facts, &form, &small, &d);
		cr_expect(err == ERR_NOMEM || err == 0, "%zu bytes: %d", bytes, err);
		arena_done(&small);
	}
}

Test(notice, recipients_are_those_of_the_notice)
{
	static const struct {
		enum notice_code code;
		const char *sent, *wrong;
	} row[] = {
		{NOTICE_N7, "\"kind\":\"COMMUNITY_BODY\",\"manner\":\"POST\"", NULL},
		{NOTICE_N7, "\"kind\":\"OWNER\",\"manner\":\"POST\"", "/recipients/0/kind"},
		{NOTICE_N3, "\"kind\":\"OCCUPIER\",\"manner\":\"SITE\"", NULL},
		{NOTICE_N3, "\"kind\":\"OWNER\",\"manner\":\"WEB\"", "/recipients/0/manner"},
		{NOTICE_N4, "\"kind\":\"PUBLIC\",\"manner\":\"POST\"", "/recipients/0/manner"},
		{NOTICE_N4, "\"kind\":\"PUBLIC\",\"manner\":\"WEB\",\"served_on\":\"2026-11-01\"",
		 NULL},
		{NOTICE_N4, "\"kind\":\"PUBLIC\",\"manner\":\"WEB\",\"served_on\":\"2026-11-22\"",
		 "/recipients/0/served_on"},
		{NOTICE_N4, "\"kind\":\"PUBLIC\",\"manner\":\"WEB\",\"served_on\":\"2026-10-29\"",
		 "/recipients/0/served_on"},
	};
	struct day dated, today;

	cr_assert_eq(day_parse(STR("2026-10-30"), &dated), 0);
	cr_assert_eq(day_parse(STR("2026-11-21"), &today), 0);
	for (size_t i = 0; i < COUNT(row); i++) {
		struct notice_issue issue;
		struct flaws flaws;
		struct str text = arena_fmt(&arena, "{\"recipients\":[{%s}]}", row[i].sent);

		flaws_init(&flaws, &arena);
		cr_assert_eq(shape_stored(&notice_issue_shape, text, &arena, &issue), 0);
		notice_recipients_check(row[i].code, issue.recipients, dated, today, &flaws);
		cr_expect_eq(flaws.count, row[i].wrong ? 1 : 0, "%s", row[i].sent);
		if (row[i].wrong && flaws.count)
			cr_expect_str_eq(flaws.at[0].pointer.at, row[i].wrong);
	}
}
