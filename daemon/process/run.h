/*
 * The life of the serving process, on the main thread: start the parts, watch, and end.
 */
#pragma once

struct conf;
struct options;

/*
 * Serve until told to end by SIGTERM or SIGINT. conf is taken: freed by conf_done and free().
 * An exit status: 0 after a clean end, 1 when something could not be started, having logged
 * what.
 */
int run_daemon(const struct options *options, struct conf *conf);
