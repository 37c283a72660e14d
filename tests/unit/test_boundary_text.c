/*
 * A boundary as people have it: the same shape whichever way it is written, and what is none is
 * told apart from what cannot be read.
 */
#include <criterion/criterion.h>

#include "libassets/shape/boundary.h"
#include "libassets/shape/boundary_text.h"

static struct arena arena;
static struct flaws flaws;

static void setup(void)
{
	arena_init(&arena, 4 << 20);
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(boundary_text, .init = setup, .fini = teardown);

/* As it would be kept; absent when it was refused. */
static struct str kept(struct str text)
{
	struct str out = {NULL, 0};
	json_t *shape;

	flaws_init(&flaws, &arena);
	shape = boundary_text(text, &WIRE_KEY(&WIRE_TOP, "boundary"), &flaws);
	cr_expect_eq(!shape, flaws.count > 0, "nothing is refused without a word");
	if (shape)
		out = boundary_read(shape, &WIRE_KEY(&WIRE_TOP, "boundary"), &flaws);
	json_decref(shape);
	return out;
}

#define SQUARE "[[[-3,56],[-2.99,56],[-2.99,56.01],[-3,56.01],[-3,56]]]"
#define POLYGON "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}"
#define MULTI "{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "]}"
#define CORNERS "-3 56,-2.99 56,-2.99 56.01,-3 56.01,-3 56"

Test(boundary_text, one_shape_however_it_is_written)
{
	static const struct {
		const char *text, *is;
	} row[] = {
		{POLYGON, POLYGON},
		{"\xEF\xBB\xBF \n" POLYGON "\n", POLYGON},
		{"{\"type\":\"Polygon\",\"bbox\":[-3,56,-2.99,56.01],\"coordinates\":" SQUARE "}",
		 POLYGON},
		{"{\"type\":\"Feature\",\"properties\":{\"name\":\"Mill\"},\"geometry\":" MULTI "}",
		 MULTI},
		{"{\"type\":\"FeatureCollection\",\"name\":\"x\",\"features\":[{\"type\":"
		 "\"Feature\",\"properties\":null,\"geometry\":" POLYGON "}]}",
		 POLYGON},
		{"POLYGON ((" CORNERS "))", POLYGON},
		{" Polygon((-3   56 , -2.99\t56,\r\n-2.99 56.01 ,-3 56.01,-3 56 ) ) ", POLYGON},
		{"MULTIPOLYGON (((" CORNERS ")))", MULTI},
		{"multipolygon(((" CORNERS ")))", MULTI},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct str text = kept(str_of(row[i].text));

		cr_expect(str_eq(text, str_of(row[i].is)), "%s is %s: %s", row[i].text,
			  text.at ? text.at : "refused",
			  flaws_kept(&flaws) ? flaws.at[0].detail.at : "");
	}
}

Test(boundary_text, what_is_none_says_so)
{
	static const struct {
		const char *text, *code, *pointer;
	} row[] = {
		{"", "BAD_FORM", "/boundary"},
		{"the field behind the hall", "BAD_FORM", "/boundary"},
		{"null", "BAD_FORM", "/boundary"},
		{"[1,2]", "BAD_FORM", "/boundary"},
		{"{\"type\":\"Polygon\",\"coordinates\":[[[-3,56],", "BAD_FORM", "/boundary"},
		{"{\"type\":\"Feature\",\"geometry\":null}", "BAD_FORM", "/boundary"},
		{"{\"type\":\"FeatureCollection\",\"features\":[]}", "WRONG_LENGTH", "/boundary"},
		{"{\"type\":\"FeatureCollection\",\"features\":[{},{}]}", "WRONG_LENGTH",
		 "/boundary"},
		{"{\"type\":\"Point\",\"coordinates\":[-3,56]}", "NOT_IN_LIST", "/boundary/type"},
		{"{}", "REQUIRED", "/boundary/type"},
		{"POLYGON", "BAD_FORM", "/boundary"},
		{"POLYGON EMPTY", "BAD_FORM", "/boundary"},
		{"POLYGON ((" CORNERS ")", "BAD_FORM", "/boundary"},
		{"POLYGON ((" CORNERS ")) and more", "BAD_FORM", "/boundary"},
		{"POLYGON ((\"a\" 56))", "WRONG_TYPE", "/boundary/coordinates/0/0/0"},
		{"POLYGON Z ((-3 56 1,-2.99 56 1,-2.99 56.01 1,-3 56 1))", "WRONG_LENGTH",
		 "/boundary/coordinates/0/0"},
		{"POLYGON ((325000 673000,325100 673000,325100 673100,325000 673000))",
		 "OUT_OF_RANGE", "/boundary/coordinates/0/0"},
		{"POLYGON (((" CORNERS ")))", "WRONG_LENGTH", "/boundary/coordinates/0/0"},
		{"MULTIPOLYGON ((" CORNERS "))", "WRONG_TYPE", "/boundary/coordinates/0/0/0"},
		{"\xFF\xFE{", "BAD_FORM", "/boundary"},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		cr_expect(str_is_null(kept(str_of(row[i].text))), "%s", row[i].text);
		cr_assert(flaws_kept(&flaws), "%s", row[i].text);
		cr_expect_str_eq(flaws.at[0].code.at, row[i].code, "%s", row[i].text);
		cr_expect(str_starts(flaws.at[0].pointer, str_of(row[i].pointer)), "%s: %s",
			  row[i].text, flaws.at[0].pointer.at);
	}
}

Test(boundary_text, depth_and_size_are_bounded)
{
	static char text[400 * 1024];

	memset(text, '(', sizeof(text));
	memcpy(text, "POLYGON", 7);
	cr_expect(str_is_null(kept((struct str){text, sizeof(text)})));
	cr_expect_str_eq(flaws.at[0].code.at, "TOO_LARGE");
	memset(text, '[', sizeof(text));
	memcpy(text, "{\"a\":", 5);
	cr_expect(str_is_null(kept((struct str){text, sizeof(text)})));
	cr_expect_str_eq(flaws.at[0].code.at, "TOO_LARGE");
}
