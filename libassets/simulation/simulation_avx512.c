/*
 * The simulation's kernel on eight paths at a time. Only this file is compiled for AVX-512, and
 * only lane_kernel_of() calls it, where the machine has that.
 */
#include "simulation_lane.h"
#include "simulation_ops.h"
#include "simulation_width.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#define KERNEL lane_avx512
#define BLOCKS lane_blocks_avx512
#include "simulation_kernel.inc"
#endif
