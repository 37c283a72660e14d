/*
 * The role `api`: the workers.
 */
#pragma once

#include "libassets/base.h"

struct process;

MUST_CHECK int api_start(struct process *p);
bool api_is_ready(const struct process *p);
void api_drain(struct process *p);
bool api_is_busy(const struct process *p);
void api_reload(struct process *p);
void api_stop(struct process *p);
