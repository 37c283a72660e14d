/*
 * One of N threads that share nothing: a loop, a listener, its connections and its pool.
 * What the steps of a flow may reach of it.
 */
#pragma once

#include "loop.h"

struct db_pool;
struct conf;

struct worker {
	int number; /* 0 … N-1 */
	struct loop *loop;
	struct db_pool *db; /* as assetd_api */
	const struct conf *conf;
	struct auth_cache *auth; /* keys seen in the last seconds */
};
