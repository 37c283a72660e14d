/*
 * What the files p_asset_form.c, p_asset_owners.c and p_asset_changes.c share: the forms by which
 * officers log and change an asset. What others changed is told by p_authority.c in the same words.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "form.h"

/*
 * The owners' rows that are filled in, into f->body; nothing when they are as the form began with
 * them. ERR_NOMEM
 */
MUST_CHECK int asset_owners_read(struct flow *f);

/* The rows for the template: those stored, or as they were typed. */
void asset_owners_put(struct page *p, const json_t *stored, const json_t *choices, bool is_sent);

/* The question that the forms ask of an asset's field; NULL: none does. */
const struct form_row *asset_row(const char *field);

/* What that field of a list or an asset is called on pages: as the forms ask for it, where they do.
 * NULL without memory. */
json_t *asset_label(const char *field);

/* The questions whose answers a change of that type moves: the asset's own, or its plan's. */
const struct form *const *asset_forms_of(const char *type, size_t *ret_count);

/* Put the `history` of the asset's page: each change with `what` of its fields became what. */
void asset_history_put(struct page *p, const json_t *root);

/* Each with who, when, and the fields of the forms that it moved, in words. NULL without memory. */
json_t *asset_changes_told(const json_t *changes, const struct form *const *form, size_t n);

/*
 * Let what was typed meet what others made of the same fields meanwhile: what was not touched here
 * leaves `sent`; of the rest a flaw says what the others wrote. Both stand beside each other on the
 * page (beside.h).      choices: of the page, may be NULL.
 */
void asset_changes_meet(struct page *p, const struct form *form, json_t *sent, const json_t *stored,
			const json_t *changes, const json_t *choices);

/*
 * Steps behind those that read a form in which another asset may be named: by its reference in the
 * register of the same public body, or by the address of its page. They put its id in their place.
 */
enum step_result asset_named_load(struct flow *f);
enum step_result asset_named_found(struct flow *f);

/* The cookie that says to the page which asset was just stored, and for how long. */
#define SAVED_COOKIE "__Host-saved"
enum { SAVED_S = 60 };

/* A sale or transfer: its questions, and what is done with them (p_asset_disposal.c). */
extern const struct form form_disposal;
extern const struct form *const disposal_forms[1];
extern const struct flow_step dispose_steps[], dispose_correct_steps[], dispose_undo_steps[];
