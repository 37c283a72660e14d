/*
 * `assetd admin-key`: a key that may do everything everywhere, on standard output. It is for
 * the beginning, and for when every other key is lost; it ends after 365 days.
 */
#pragma once

struct conf;

/*
 * Make the key and print it, 59 characters and a line feed; nothing else goes to standard
 * output. conf needs [auth] pepper_file and [database] owner. Blocks; for the main thread
 * alone, with no daemon in this process.
 *
 * An exit status: 0 done, 1 not, with the reason on standard error.
 */
int admin_key(const struct conf *conf);
