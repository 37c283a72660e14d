/*
 * assetctl deadline: read every case, and only if all of them are understood, answer them in
 * their order, one a line. One object is answered by one object, a list by a list.
 */
#include "deadline.h"

#include <stdio.h>
#include <string.h>

#include "input.h"
#include "libassets/base/err.h"
#include "libassets/request/deadline_case.h"

/* Bytes of the input and of what is made of it; of the answers. */
enum { FILE_MAX = 64 << 20, OUT_MAX = 1 << 30 };
#define ARENA_MAX ((size_t)1 << 30)

/* The members of a document with cases; all but those are for people. */
static const struct wire_field document_fields[] = {
	{"cases", WIRE_OTHER, true, 0, 0, 0, 0, NULL},
	{"generated", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	{"calendar_status", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	{"note_on_real", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	{"semantics", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	{"bank_holidays_scotland", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
	{"input", WIRE_OTHER, false, 0, 0, 0, 0, NULL},
};

/* The cases of an input. */
struct cases {
	const char *path;
	json_t *list; /* NULL: `one` is the only case */
	json_t *one;
	bool is_document; /* the list is its member `cases` */
	struct deadline_case *item;
	size_t count;
};

static void find_cases(struct cases *all, json_t *root, struct flaws *flaws)
{
	json_t *cases = wire_member(root, "cases");

	all->one = root;
	all->list = json_is_array(root) ? root : NULL;
	if (!cases)
		return;
	all->is_document = true;
	wire_read(document_fields, COUNT(document_fields), root, &WIRE_TOP, flaws, all);
	if (wire_is_array(cases, &WIRE_KEY(&WIRE_TOP, "cases"), flaws))
		all->list = cases;
}

static int read_cases(struct cases *all, struct arena *arena, struct flaws *flaws)
{
	const struct wire_at document = WIRE_KEY(&WIRE_TOP, "cases");
	const struct wire_at *at = all->is_document ? &document : &WIRE_TOP;
	json_t *value;
	size_t i;

	if (flaws->count)
		return 0;
	all->count = all->list ? json_array_size(all->list) : 1;
	all->item = ARENA_ARRAY(arena, all->count + 1, struct deadline_case);
	if (!all->item)
		return ERR_NOMEM;
	if (!all->list)
		deadline_case_read(all->one, &WIRE_TOP, flaws, &all->item[0]);
	json_array_foreach (all->list, i, value)
		deadline_case_read(value, &WIRE_INDEX(at, i), flaws, &all->item[i]);
	return 0;
}

/* A name or a word that is unknown may be one of a later version. */
static int code_of(const struct flaws *flaws)
{
	size_t kept = flaws_kept(flaws);

	for (size_t i = 0; i < kept; i++) {
		if (str_eq(flaws->at[i].code, STR("UNKNOWN_FIELD")) ||
		    str_eq(flaws->at[i].code, STR("NOT_IN_LIST")))
			return EXIT_USAGE;
	}
	return EXIT_INVALID;
}

static bool is_expected(const struct cases *all, size_t i)
{
	const struct deadline_case *c = &all->item[i];
	char got[DAY_TEXT];

	if (deadline_case_is_as_expected(c))
		return true;
	day_format(c->last, got);
	complain("%s: case %zu %.*s: the last day is %s, and that is not what was expected",
		 all->path, i, (int)c->id.len, str_is_null(c->id) ? "" : c->id.at, got);
	return false;
}

static int print_cases(const struct cases *all)
{
	CLEANUP(buf_done) struct buf out = BUF(OUT_MAX);
	int code = EXIT_OK;

	buf_str(&out, all->list ? STR("[") : STR(""));
	for (size_t i = 0; i < all->count; i++) {
		buf_str(&out, i ? STR(",\n") : STR(""));
		deadline_case_encode(&all->item[i], &out);
		if (!is_expected(all, i))
			code = EXIT_FAILED;
	}
	buf_str(&out, all->list ? STR("]\n") : STR("\n"));
	if (buf_err(&out) < 0) {
		complain("%s: %s", all->path, err_info(buf_err(&out))->title);
		return EXIT_FAILED;
	}
	(void)fwrite(buf_view(&out).at, 1, buf_view(&out).len, stdout);
	return code;
}

static int answer(const char *path, struct str text, struct arena *arena)
{
	struct cases all = {.path = path};
	json_auto_t *root = NULL;
	struct flaws flaws;
	int r;

	flaws_init(&flaws, arena);
	r = wire_load(text, &flaws, &root);
	if (r == 0) {
		find_cases(&all, root, &flaws);
		r = read_cases(&all, arena, &flaws);
	}
	if (flaws.count) {
		input_complain(path, &flaws);
		return code_of(&flaws);
	}
	if (r < 0) {
		complain("%s: %s", path, err_info(r)->title);
		return EXIT_FAILED;
	}
	return print_cases(&all);
}

int deadline_run(const struct invocation *call)
{
	CLEANUP(buf_done) struct buf text = BUF(FILE_MAX);
	struct arena arena;
	int code;

	if (call->argc != 1) {
		complain("deadline takes one FILE; see assetctl deadline --help");
		return EXIT_USAGE;
	}
	code = input_read(call->argv[0], &text);
	if (code != EXIT_OK)
		return code;
	arena_init(&arena, ARENA_MAX);
	code = answer(call->argv[0], buf_view(&text), &arena);
	arena_done(&arena);
	return code;
}
