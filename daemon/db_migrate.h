/*
 * `assetd migrate`: bring the database to what this program's sql/ says. It may run at any
 * time, again, and in two places at once; daemons may be running.
 */
#pragma once

struct conf;

/* An exit status: 0 done, 1 not, with the reason on standard error. */
int db_migrate(const struct conf *conf);
