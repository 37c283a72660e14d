/*
 * Functions that must not compile in our code: unbounded copies, hidden state, locale or
 * process-wide time. Force-included into every file of ours.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf gets
#pragma GCC poison localtime gmtime ctime asctime atoi atol atof
#undef alloca
#pragma GCC poison alloca
