/*
 * The simulation's kernel on four paths at a time. Only this file is compiled for AVX2, and only
 * lane_kernel_of() calls it, where the machine has that.
 */
#include "simulation_lane.h"
#include "simulation_ops.h"
#include "simulation_width.h"

#ifdef __AVX2__
#define KERNEL lane_avx2
#define BLOCKS lane_blocks_avx2
#include "simulation_kernel.inc"
#endif
