/*
 * The handful of operations that the kernel of the simulation is written in, on as many lanes of
 * 64 bits as the file that includes this is compiled for: 8 with AVX-512, 4 with AVX2, else one
 * in plain C. Integers only, so that every width gives the same bits.
 *
 * A lane is what two's complement makes of it: comparisons are signed, shifts to the right are not.
 * "Low": what lies above bit 31 does not matter, or is not looked at.
 */
#pragma once

#include <string.h>

#include "libassets/base/base.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include <immintrin.h>

#define LANES 8
#define lane_t __m512i
#define lane_mask_t __mmask8
#define lane_set(n) _mm512_set1_epi64((int64_t)(n))
#define lane_iota() _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0)
#define lane_load(at) _mm512_loadu_si512(at)
#define lane_load_i32(at) _mm512_cvtepi32_epi64(_mm256_loadu_si256((const void *)(at)))
#define lane_store(at, v) _mm512_storeu_si512((at), (v))
#define lane_add _mm512_add_epi64
#define lane_sub _mm512_sub_epi64
#define lane_and _mm512_and_si512
#define lane_xor _mm512_xor_si512
#define lane_shl(v, n) _mm512_slli_epi64((v), (n))
#define lane_shr(v, n) _mm512_srli_epi64((v), (n))
#define lane_mul _mm512_mul_epu32
#define lane_mul_signed _mm512_mul_epi32
#define lane_less(a, b) _mm512_cmplt_epi64_mask((a), (b))
#define lane_both(m, n) ((__mmask8)((m) & (n)))
#define lane_but(m, n) ((__mmask8)((m) & ~(n)))
#define lane_any(m) ((m) != 0)
#define lane_all() ((__mmask8)0xff)
#define lane_masked(m, v) _mm512_maskz_mov_epi64((m), (v))
#define lane_select(m, a, b) _mm512_mask_mov_epi64((b), (m), (a))
#define lane_pair(low, high) _mm512_mask_mov_epi32(_mm512_slli_epi64((high), 32), 0x5555, (low))
#define lane_halves(v)                                                                             \
	_mm512_madd_epi16(_mm512_xor_si512((v), _mm512_set1_epi16(INT16_MIN)), _mm512_set1_epi16(1))
#define lane_add_i32 _mm512_add_epi32

#elif defined(__AVX2__)
#include <immintrin.h>

#define LANES 4
#define lane_t __m256i
#define lane_mask_t __m256i
#define lane_set(n) _mm256_set1_epi64x((int64_t)(n))
#define lane_iota() _mm256_set_epi64x(3, 2, 1, 0)
#define lane_load(at) _mm256_loadu_si256((const void *)(at))
#define lane_load_i32(at) _mm256_cvtepi32_epi64(_mm_loadu_si128((const void *)(at)))
#define lane_store(at, v) _mm256_storeu_si256((void *)(at), (v))
#define lane_add _mm256_add_epi64
#define lane_sub _mm256_sub_epi64
#define lane_and _mm256_and_si256
#define lane_xor _mm256_xor_si256
#define lane_shl(v, n) _mm256_slli_epi64((v), (n))
#define lane_shr(v, n) _mm256_srli_epi64((v), (n))
#define lane_mul _mm256_mul_epu32
#define lane_mul_signed _mm256_mul_epi32
#define lane_less(a, b) _mm256_cmpgt_epi64((b), (a))
#define lane_both(m, n) _mm256_and_si256((m), (n))
#define lane_but(m, n) _mm256_andnot_si256((n), (m))
#define lane_any(m) (!_mm256_testz_si256((m), (m)))
#define lane_all() _mm256_set1_epi64x(-1)
#define lane_masked(m, v) _mm256_and_si256((m), (v))
#define lane_select(m, a, b) _mm256_blendv_epi8((b), (a), (m))
#define lane_pair(low, high) _mm256_blend_epi32(_mm256_slli_epi64((high), 32), (low), 0x55)
#define lane_halves(v)                                                                             \
	_mm256_madd_epi16(_mm256_xor_si256((v), _mm256_set1_epi16(INT16_MIN)), _mm256_set1_epi16(1))
#define lane_add_i32 _mm256_add_epi32

#else
#define LANES 1
#define lane_t uint64_t
#define lane_mask_t bool
#define lane_set(n) ((uint64_t)(n))
#define lane_iota() UINT64_C(0)
#define lane_load(at) ((uint64_t) * (const int64_t *)(at))
#define lane_load_i32(at) ((uint64_t)(int64_t) * (const int32_t *)(at))
#define lane_store(at, v) ((void)(*(int64_t *)(at) = (int64_t)(v)))
#define lane_add(a, b) ((a) + (b))
#define lane_sub(a, b) ((a) - (b))
#define lane_and(a, b) ((a) & (b))
#define lane_xor(a, b) ((a) ^ (b))
#define lane_shl(v, n) ((v) << (n))
#define lane_shr(v, n) ((v) >> (n))
#define lane_mul(a, b) ((uint64_t)(uint32_t)(a) * (uint32_t)(b))
#define lane_mul_signed(a, b) ((uint64_t)((int64_t)(int32_t)(uint32_t)(a) * (int32_t)(uint32_t)(b)))
#define lane_less(a, b) ((int64_t)(a) < (int64_t)(b))
#define lane_both(m, n) ((m) && (n))
#define lane_but(m, n) ((m) && !(n))
#define lane_any(m) (m)
#define lane_all() true
#define lane_masked(m, v) ((m) ? (v) : 0)
#define lane_select(m, a, b) ((m) ? (a) : (b))
#define lane_pair(low, high) ((uint64_t)(uint32_t)(low) | (high) << 32)
/* Of each half of 32 bits: its two halves less 2^15 each. */
static inline uint64_t lane_halves(uint64_t v)
{
	uint32_t low = ((uint32_t)v & 0xffff) + ((uint32_t)v >> 16) - 65536;
	uint32_t high = (uint32_t)(v >> 32 & 0xffff) + (uint32_t)(v >> 48) - 65536;

	return low | (uint64_t)high << 32;
}
static inline uint64_t lane_add_i32(uint64_t a, uint64_t b)
{
	return (uint32_t)((uint32_t)a + (uint32_t)b) | ((a >> 32) + (b >> 32)) << 32;
}
#endif
