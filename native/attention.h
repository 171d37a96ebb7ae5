// Attention of the query heads that share a key head, for some tokens of a row: softmax(q kᵀ) v over the columns that each of them sees.
// The scores' 1/√D is in q and k already.
#pragma once
#include <cmath>

#include "exponential.h"
#include "product.h"

/** Keys or values [columns, stride] of one key head of one row of the batch; `first` is its first column that is no padding. */
struct Seen {
  const float *keys, *values;
  long stride, first;
};

/** Scores of one row become e^(score − greatest) and 0 beyond `count`. → 1 / their sum */
inline float softmax(float* scores, long count, long width) {
  float top = -INFINITY, sum = 0;
#pragma omp simd reduction(max : top)
  for (long i = 0; i < count; i++) top = top > scores[i] ? top : scores[i];
#pragma omp simd reduction(+ : sum)
  for (long i = 0; i < count; i++) {
    scores[i] = exponential(scores[i] - top);
    sum += scores[i];
  }
  std::fill(scores + count, scores + width, 0.0f);
  return count > 0 ? 1 / sum : 0;
}

/** R rows of q [R, stride]: row i sees the columns before `ends[i]`, of which `last` is the greatest. scores [R, width] is room to work in. → out [R, stride] */
template <int R>
inline void attend(const float* q, const Seen& seen, const long* ends, long last, float* scores, long width, float* out) {
  constexpr int Z = R == 8 ? kColumns : kLanes == 16 ? 4 : 2; // keys at once
  const long count = std::max<long>(0, last - seen.first);
  for (long column = 0; column < count; column += Z) {
    Vector sums[R * Z];
    for (Vector& sum : sums) sum = zero();
    const float* keys[Z];
    for (int z = 0; z < Z; z++) keys[z] = seen.keys + (seen.first + std::min(column + z, count - 1)) * seen.stride;
    accumulate<Float32, R, Z>(sums, seen.stride, q, seen.stride, keys);
    alignas(32) float found[R * Z];
    for (int i = 0; i < R * Z; i += 8) _mm256_store_ps(found + i, sumsOfEight(sums + i));
    for (int z = 0; z < Z && column + z < count; z++)
      for (int r = 0; r < R; r++) scores[r * width + column + z] = found[z * R + r];
  }
  float scale[R];
  for (int r = 0; r < R; r++) scale[r] = softmax(scores + r * width, std::max<long>(0, ends[r] - seen.first), count);
  for (long at = 0; at < seen.stride; at += 2 * kLanes) { // the stride is a multiple of that
    Vector sums[R][2];
    for (int r = 0; r < R; r++) sums[r][0] = sums[r][1] = zero();
    for (long column = 0; column < count; column++) {
      const float* value = seen.values + (seen.first + column) * seen.stride + at;
      const Vector a = load(value), b = load(value + kLanes);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const Vector p = repeat(scores[r * width + column]);
        sums[r][0] = multiplyAdd(sums[r][0], p, a);
        sums[r][1] = multiplyAdd(sums[r][1], p, b);
      }
    }
    for (int r = 0; r < R; r++)
      for (int i = 0; i < 2; i++) store(out + r * seen.stride + at + i * kLanes, sums[r][i] * repeat(scale[r]));
  }
}
