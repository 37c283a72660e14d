/*
 * A group that sends seven things by one letter sends one letter: seven lines of the same words
 * would hide what else happened. Each stays an entry of its own, to be corrected by itself.
 */
#include "timeline.h"

#include "libassets/request/request.h"

static bool is_arrival(const json_t *entry)
{
	return strcmp(page_text(entry, "event"), "ITEM_RECEIVED") == 0;
}

static json_t *arrival(const json_t *entry)
{
	struct str code = str_of(page_text(entry, "code"));
	json_t *id = json_object_get(entry, "entry_id");

	return json_pack("{s:s, s:b, s:s, s:O?}", "words", request_item_of_body(code), "is_said", 1,
			 "happened_on", page_text(entry, "happened_on"), "entry_id", id);
}

void timeline_fold(struct page *p, json_t *list)
{
	json_t *day = NULL; /* that what arrives on the same day joins */

	for (size_t i = 0; i < json_array_size(list);) {
		json_t *entry = json_array_get(list, i);
		bool joins =
			day && is_arrival(entry) &&
			strcmp(page_text(day, "happened_on"), page_text(entry, "happened_on")) == 0;

		if (is_arrival(entry) && !joins) {
			page_put_in(p, entry, "has_arrived", json_true());
			page_put_in(p, entry, "arrived", json_array());
		}
		day = joins ? day : is_arrival(entry) ? entry : NULL;
		if (day && json_array_append_new(json_object_get(day, "arrived"), arrival(entry)) &&
		    !p->err)
			p->err = ERR_NOMEM;
		if (joins)
			json_array_remove(list, i);
		else
			i++;
	}
}
