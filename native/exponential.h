// e^x that the compiler turns into vectors where it stands in a loop.
#pragma once
#include "vectors.h"

/** e^x within 2 units in the last place; 0 below −87.3, where float32 ends (Cephes' expf). */
ALWAYS_INLINE float exponential(float x) {
  const float inside = x < -87.3f ? -87.3f : (x > 88.0f ? 88.0f : x);
  const float n = __builtin_rintf(inside * 1.44269504088896341f);
  float r = inside - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t bits = (int32_t(n) + 127) << 23; // 2^n
  float power;
  memcpy(&power, &bits, 4);
  return x < -87.3f ? 0.0f : p * power;
}
