// The two forms in which a frozen matrix is held, and how its rows are multiplied with rows of x.
#pragma once
#include "vectors.h"

ALWAYS_INLINE uint16_t toBfloat16(float value) { // to the nearest, ties to even
  uint32_t bits;
  memcpy(&bits, &value, 4);
  if ((bits & 0x7fffffff) > 0x7f800000) return uint16_t(bits >> 16 | 64); // a NaN stays one
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
ALWAYS_INLINE float fromBfloat16(uint16_t value) {
  const uint32_t bits = uint32_t(value) << 16;
  float wide;
  memcpy(&wide, &bits, 4);
  return wide;
}

struct Float32 {
  typedef float Weight, Input;
  typedef Vector Operand;
  static constexpr long kStep = kLanes; // numbers that are multiplied at once
  static constexpr long kPair = 1; // of which so many are added up to one sum
  ALWAYS_INLINE Vector words(const float* from) { return load(from); }
  ALWAYS_INLINE Vector wide(const float* from) { return load(from); }
  ALWAYS_INLINE Vector together(const Vector* numbers) { return numbers[0]; }
  ALWAYS_INLINE Operand loadInput(const Input* from) { return load(from); }
  ALWAYS_INLINE Operand loadWeight(const Weight* from) { return load(from); }
  ALWAYS_INLINE Vector add(Vector sum, Operand a, Operand b) { return multiplyAdd(sum, a, b); }
};

/** Weights in bfloat16 and x rounded to it, as in TensorFlow's product; sums and results in float32, where TensorFlow rounds the result too. */
struct Bfloat16 {
  typedef uint16_t Weight;
#if defined(__AVX512BF16__)
  typedef uint16_t Input;
  typedef __m512bh Operand;
  static constexpr long kStep = 32, kPair = 2;
  /** Pairs of numbers that follow each other, as a panel has them. */
  ALWAYS_INLINE Vector words(const uint16_t* from) { return load(reinterpret_cast<const float*>(from)); }
  ALWAYS_INLINE Vector words(const float* from) { return (Vector)_mm512_cvtne2ps_pbh(load(from + kLanes), load(from)); }
  /** Pairs of one number each of two vectors, which `wide` made. */
  ALWAYS_INLINE Vector together(const Vector* numbers) { return (Vector)_mm512_or_si512(_mm512_srli_epi32((__m512i)numbers[0], 16), (__m512i)numbers[1]); }
  ALWAYS_INLINE Vector wide(const uint16_t* from) { return widen(from); }
  ALWAYS_INLINE Vector wide(const float* from) { return (Vector)_mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(load(from))), 16); }
  ALWAYS_INLINE Input round(float value) { return toBfloat16(value); }
  ALWAYS_INLINE Operand loadInput(const Input* from) { return (__m512bh)_mm512_loadu_si512(from); }
  ALWAYS_INLINE Operand loadWeight(const Weight* from) { return (__m512bh)_mm512_loadu_si512(from); }
  ALWAYS_INLINE Vector add(Vector sum, Operand a, Operand b) { return _mm512_dpbf16_ps(sum, a, b); }
#else
  typedef float Input;
  typedef Vector Operand;
  static constexpr long kStep = kLanes, kPair = 1;
  ALWAYS_INLINE Vector words(const uint16_t* from) { return widen(from); }
  ALWAYS_INLINE Vector words(const float* from) { return wide(from); }
  ALWAYS_INLINE Vector wide(const uint16_t* from) { return widen(from); }
  ALWAYS_INLINE Vector wide(const float* from) {
    float rounded[kLanes];
    for (long i = 0; i < kLanes; i++) rounded[i] = round(from[i]);
    return load(rounded);
  }
  ALWAYS_INLINE Vector together(const Vector* numbers) { return numbers[0]; }
  ALWAYS_INLINE Input round(float value) { return fromBfloat16(toBfloat16(value)); }
  ALWAYS_INLINE Operand loadInput(const Input* from) { return load(from); }
  ALWAYS_INLINE Operand loadWeight(const Weight* from) { return widen(from); }
  ALWAYS_INLINE Vector add(Vector sum, Operand a, Operand b) { return multiplyAdd(sum, a, b); }
#endif
};
