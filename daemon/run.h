/*
 * The life of the serving process, on the main thread: start the parts, watch, and end.
 */
#pragma once

struct conf;
struct options;

/*
 * Serve until told to end. conf is taken. 0 after a clean end, 1 when something could not be
 * started, having logged what.
 */
int run_daemon(const struct options *options, struct conf *conf);
