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
  static constexpr long kStep = 32;
  ALWAYS_INLINE Input round(float value) { return toBfloat16(value); }
  ALWAYS_INLINE Operand loadInput(const Input* from) { return (__m512bh)_mm512_loadu_si512(from); }
  ALWAYS_INLINE Operand loadWeight(const Weight* from) { return (__m512bh)_mm512_loadu_si512(from); }
  ALWAYS_INLINE Vector add(Vector sum, Operand a, Operand b) { return _mm512_dpbf16_ps(sum, a, b); }
#else
  typedef float Input;
  typedef Vector Operand;
  static constexpr long kStep = kLanes;
  ALWAYS_INLINE Input round(float value) { return fromBfloat16(toBfloat16(value)); }
  ALWAYS_INLINE Operand loadInput(const Input* from) { return load(from); }
  ALWAYS_INLINE Operand loadWeight(const Weight* from) { return widen(from); }
  ALWAYS_INLINE Vector add(Vector sum, Operand a, Operand b) { return multiplyAdd(sum, a, b); }
#endif
};
