/*
 * Questions that a community group is asked in two places: when it asks for something, and when its
 * enquiry becomes a request on its own page.
 */
#pragma once

#include "form.h"

/* What the law wants a request to say, in the group's own words; and the price. */
extern const struct form ask_form_contents;
extern const struct form ask_form_price;
