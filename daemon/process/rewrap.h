/*
 * `assetd rewrap`: secrets of webhooks that are sealed by [hooks] former_key_file are sealed by
 * key_file instead. It may run at any time, again, and beside daemons, which open either. Each
 * hundred is one transaction: whatever ends it, each secret is under one key or the other.
 */
#pragma once

struct conf;

/*
 * Connect by [database] owner and do it. Blocks; for the main thread, with no daemon in this
 * process.
 *
 * An exit status: 0 none is left under another key; 1 some are, or it could not be done, with the
 * reason on standard error.
 */
int rewrap(const struct conf *conf);
