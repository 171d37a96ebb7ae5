// The processor's vectors of float32: AVX-512 or AVX2, as the compiler was told by -march=native.
#pragma once
#include <immintrin.h>

#include <cstdint>
#include <cstring>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__AVX512F__)
typedef __m512 Vector;
constexpr long kLanes = 16;
ALWAYS_INLINE Vector zero() { return _mm512_setzero_ps(); }
ALWAYS_INLINE Vector repeat(float value) { return _mm512_set1_ps(value); }
ALWAYS_INLINE Vector load(const float* from) { return _mm512_loadu_ps(from); }
ALWAYS_INLINE void store(float* to, Vector vector) { _mm512_storeu_ps(to, vector); }
/** a · b + sum */
ALWAYS_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) { return _mm512_fmadd_ps(a, b, sum); }
ALWAYS_INLINE Vector widen(const uint16_t* from) { // bfloat16 is the upper half of a float32
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)from)), 16));
}
ALWAYS_INLINE __m256 half(Vector vector) { return _mm256_add_ps(_mm512_castps512_ps256(vector), _mm512_extractf32x8_ps(vector, 1)); }
#else
typedef __m256 Vector;
constexpr long kLanes = 8;
ALWAYS_INLINE Vector zero() { return _mm256_setzero_ps(); }
ALWAYS_INLINE Vector repeat(float value) { return _mm256_set1_ps(value); }
ALWAYS_INLINE Vector load(const float* from) { return _mm256_loadu_ps(from); }
ALWAYS_INLINE void store(float* to, Vector vector) { _mm256_storeu_ps(to, vector); }
ALWAYS_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) { return _mm256_fmadd_ps(a, b, sum); }
ALWAYS_INLINE Vector widen(const uint16_t* from) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)from)), 16));
}
ALWAYS_INLINE __m256 half(Vector vector) { return vector; }
#endif

/** The sums over the lanes of eight vectors. */
ALWAYS_INLINE __m256 sumsOfEight(const Vector* v) {
  const __m256 a = _mm256_hadd_ps(_mm256_hadd_ps(half(v[0]), half(v[1])), _mm256_hadd_ps(half(v[2]), half(v[3])));
  const __m256 b = _mm256_hadd_ps(_mm256_hadd_ps(half(v[4]), half(v[5])), _mm256_hadd_ps(half(v[6]), half(v[7])));
  return _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
}
