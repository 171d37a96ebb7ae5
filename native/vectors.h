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
ALWAYS_INLINE Vector loadWords(const void* from) { return _mm512_loadu_ps(from); }
/** a · b + sum */
ALWAYS_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) { return _mm512_fmadd_ps(a, b, sum); }
ALWAYS_INLINE Vector absolute(Vector x) { return _mm512_abs_ps(x); }
/** Of two numbers the greater one, in every lane. */
ALWAYS_INLINE Vector greater(Vector a, Vector b) { return _mm512_max_ps(a, b); }
/** The nearest whole numbers, ties to even. */
ALWAYS_INLINE Vector nearest(Vector x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
ALWAYS_INLINE Vector widen(const uint16_t* from) { // bfloat16 is the upper half of a float32
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)from)), 16));
}
/** The sums over the lanes of kLanes vectors. */
ALWAYS_INLINE Vector sumsOfLanes(const Vector* v) {
  constexpr int place[] = {0, 2, 1, 3, 8, 10, 9, 11, 4, 6, 5, 7, 12, 14, 13, 15}; // by which lane i of the result is the sum of v[i]
  Vector a[16], b[8], c[4], d[2];
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) a[place[i]] = v[i];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) b[i] = _mm512_shuffle_f32x4(a[i], a[i + 8], 0x44) + _mm512_shuffle_f32x4(a[i], a[i + 8], 0xee);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) c[i] = _mm512_shuffle_f32x4(b[i], b[i + 4], 0x88) + _mm512_shuffle_f32x4(b[i], b[i + 4], 0xdd);
#pragma GCC unroll 2
  for (int i = 0; i < 2; i++) d[i] = (Vector)_mm512_unpacklo_pd((__m512d)c[i], (__m512d)c[i + 2]) + (Vector)_mm512_unpackhi_pd((__m512d)c[i], (__m512d)c[i + 2]);
  return _mm512_shuffle_ps(d[0], d[1], 0x88) + _mm512_shuffle_ps(d[0], d[1], 0xdd);
}
/** Turns a square of numbers: rows become columns. */
ALWAYS_INLINE void transpose(Vector* rows) {
  Vector a[16], b[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    a[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
    a[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4)
#pragma GCC unroll 2
    for (int j = 0; j < 2; j++) { // b[i + c]: column c of each quarter, of rows i … i + 3
      b[i + 2 * j] = (Vector)_mm512_unpacklo_pd((__m512d)a[i + j], (__m512d)a[i + 2 + j]);
      b[i + 2 * j + 1] = (Vector)_mm512_unpackhi_pd((__m512d)a[i + j], (__m512d)a[i + 2 + j]);
    }
#pragma GCC unroll 4
  for (int c = 0; c < 4; c++) {
    const Vector low = _mm512_shuffle_f32x4(b[c], b[4 + c], 0x88), high = _mm512_shuffle_f32x4(b[8 + c], b[12 + c], 0x88);
    const Vector low1 = _mm512_shuffle_f32x4(b[c], b[4 + c], 0xdd), high1 = _mm512_shuffle_f32x4(b[8 + c], b[12 + c], 0xdd);
    rows[c] = _mm512_shuffle_f32x4(low, high, 0x88);
    rows[8 + c] = _mm512_shuffle_f32x4(low, high, 0xdd);
    rows[4 + c] = _mm512_shuffle_f32x4(low1, high1, 0x88);
    rows[12 + c] = _mm512_shuffle_f32x4(low1, high1, 0xdd);
  }
}
#else
typedef __m256 Vector;
constexpr long kLanes = 8;
ALWAYS_INLINE Vector zero() { return _mm256_setzero_ps(); }
ALWAYS_INLINE Vector repeat(float value) { return _mm256_set1_ps(value); }
ALWAYS_INLINE Vector load(const float* from) { return _mm256_loadu_ps(from); }
ALWAYS_INLINE void store(float* to, Vector vector) { _mm256_storeu_ps(to, vector); }
ALWAYS_INLINE Vector loadWords(const void* from) { return _mm256_loadu_ps(static_cast<const float*>(from)); }
ALWAYS_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) { return _mm256_fmadd_ps(a, b, sum); }
ALWAYS_INLINE Vector absolute(Vector x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
ALWAYS_INLINE Vector greater(Vector a, Vector b) { return _mm256_max_ps(a, b); }
ALWAYS_INLINE Vector nearest(Vector x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
ALWAYS_INLINE Vector widen(const uint16_t* from) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)from)), 16));
}
ALWAYS_INLINE Vector sumsOfLanes(const Vector* v) {
  const Vector a = _mm256_hadd_ps(_mm256_hadd_ps(v[0], v[1]), _mm256_hadd_ps(v[2], v[3]));
  const Vector b = _mm256_hadd_ps(_mm256_hadd_ps(v[4], v[5]), _mm256_hadd_ps(v[6], v[7]));
  return _mm256_permute2f128_ps(a, b, 0x20) + _mm256_permute2f128_ps(a, b, 0x31);
}
/** Turns a square of numbers: rows become columns. */
ALWAYS_INLINE void transpose(Vector* rows) {
  Vector a[8], b[8];
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    a[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4)
#pragma GCC unroll 2
    for (int j = 0; j < 2; j++) { // b[i + c]: column c of each half, of rows i … i + 3
      b[i + 2 * j] = (Vector)_mm256_unpacklo_pd((__m256d)a[i + j], (__m256d)a[i + 2 + j]);
      b[i + 2 * j + 1] = (Vector)_mm256_unpackhi_pd((__m256d)a[i + j], (__m256d)a[i + 2 + j]);
    }
#pragma GCC unroll 4
  for (int c = 0; c < 4; c++) {
    rows[c] = _mm256_permute2f128_ps(b[c], b[4 + c], 0x20);
    rows[4 + c] = _mm256_permute2f128_ps(b[c], b[4 + c], 0x31);
  }
}
#endif

/** 32 bits, in every lane. */
ALWAYS_INLINE Vector repeatWord(const void* from) {
  float word;
  memcpy(&word, from, 4);
  return repeat(word);
}
