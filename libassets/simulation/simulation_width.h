/*
 * The kernels by width. Those of a width that this build was not made for are not there: ask
 * lane_kernel_of(), which knows what was built and what the machine has.
 */
#pragma once

#include "simulation_lane.h"

lane_kernel lane_plain, lane_avx2, lane_avx512;
lane_blocks lane_blocks_plain, lane_blocks_avx2, lane_blocks_avx512;
