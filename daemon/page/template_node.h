/*
 * What a template compiles to: a flat list of nodes, sections holding the index after their
 * last node. Inside the template module only; everybody else includes template.h.
 */
#pragma once

#include "libassets/base/arena.h"
#include "template.h"

enum node_kind {
	NODE_TEXT,     /* text as it stands */
	NODE_ESCAPED,  /* {{name}} */
	NODE_RAW,      /* {{{name}}} */
	NODE_SECTION,  /* {{#name}} … up to `end` */
	NODE_INVERTED, /* {{^name}} … up to `end` */
	NODE_PARTIAL,  /* {{>name}} */
	/* Of sets that speak. */
	NODE_SPOKEN, /* {{~name}} */
	NODE_BARE,   /* {{%name}} */
	NODE_TONGUE, /* {{@name}} */
	NODE_FORM,   /* {{+form name}} … up to `end` */
};

/* Texts borrow from the template's text and from the arena. */
struct node {
	enum node_kind kind;
	unsigned line;
	bool is_first_on_line; /* a partial's indentation goes before it */
	bool is_standalone;    /* a partial alone on its line indents what it includes */
	uint8_t form;          /* of a NODE_FORM */
	uint32_t end;          /* index after the section's last node */
	struct str
		text; /* the bytes; or the partial's name; or the key's parts, a NUL after each */
	struct str indent;              /* blanks before a standalone partial */
	const struct template *partial; /* set by template_link; NULL: there is none */
};

struct template
{
	struct str name;
	const struct template_voice *voice; /* NULL: the set speaks the language of the data */
	struct node *node;                  /* heap */
	uint32_t count;
	uint32_t cap;
};

/*
 * Compile `text`, which must live as long as `t`, as must `arena`, which holds the keys.
 * t->node is the caller's to free() in every case. Errors as template_add.
 */
MUST_CHECK int node_compile(struct template *t, struct arena *arena, struct str text,
			    struct template_fault *fault);
