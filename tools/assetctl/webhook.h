/*
 * What a receiver of webhooks needs while it is written: `webhook verify` checks one call,
 * `webhook listen` makes them, to a program of this machine that the service itself could not
 * reach.
 */
#pragma once

#include "command.h"
#include "libassets/notify/webhook_sign.h"

struct api_words;

int webhook_run(const struct invocation *call);

/* webhook_listen.c: words from "listen" on. */
int webhook_listen(const struct api_words *w);

/* ASSETD_WEBHOOK_SECRET, NULL without one. */
const char *webhook_secret_given(void);
