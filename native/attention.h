// Attention of the query heads that share a key head, for some tokens of a row: softmax(q kᵀ) v over the columns that each of them sees.
// The scores' 1/√D is in q and k already.
#pragma once
#include <cmath>

#include "exponential.h"
#include "model.h"
#include "panels.h"

/** Keys and values of one key head of one row of the batch: each page [kPageTokens, stride], `apart` numbers from the next. */
struct Seen {
  const float *keys, *values; // of page 0
  const int32_t* pages; // the row's
  long apart, stride;
  const float* key(long column) const { return keys + place(column); }
  const float* value(long column) const { return values + place(column); }

 private:
  long place(long column) const { return pages[column / kPageTokens] * apart + column % kPageTokens * stride; }
};
static_assert(kPageTokens % kLanes == 0, "scores are computed kLanes columns at a time");

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

/** Has `count` columns' numbers from d on brought to the caches, unless `from` is null. */
ALWAYS_INLINE void fetch(const float* from, long stride, long count, long d) {
  if (from)
    for (long c = 0; c < count; c++) _mm_prefetch((const char*)(from + c * stride + d), _MM_HINT_T1);
}

/** Scores of row q [stride] for kLanes columns from `keys` on, of which only `count` are there; meanwhile `fetched` columns from `ahead` on are fetched. */
ALWAYS_INLINE void score(const float* q, const float* keys, long stride, long count, float* scores, const float* ahead, long fetched) {
  Vector sums[kLanes];
  for (Vector& sum : sums) sum = zero();
  for (long d = 0; d < stride; d += kLanes) {
    const Vector own = load(q + d);
    fetch(ahead, stride, fetched, d);
#pragma GCC unroll 16
    for (long c = 0; c < kLanes; c++) sums[c] = multiplyAdd(sums[c], own, load(keys + std::min(c, count - 1) * stride + d));
  }
  store(scores, sumsOfLanes(sums));
}

/** out[r] [W vectors] = scale[r] · Σ scores[r][column] · values[column], numbers d … of each value */
template <int R, int W>
ALWAYS_INLINE void weigh(const float* scores, long width, const float* scale, const Seen& seen, long d, long count, const Seen* ahead, float* out) {
  Vector sums[R][W];
  for (auto& row : sums)
    for (Vector& sum : row) sum = zero();
  for (long first = 0; first < count; first += kPageTokens) {
    const float *values = seen.value(first) + d, *next = ahead ? ahead->key(first) + d : nullptr;
    const long columns = std::min(kPageTokens, count - first);
    for (long column = 0; column < columns; column++) {
      Vector value[W];
#pragma GCC unroll 4
      for (int i = 0; i < W; i++) fetch(next, 0, 1, column * seen.stride + i * kLanes);
#pragma GCC unroll 4
      for (int i = 0; i < W; i++) value[i] = load(values + column * seen.stride + i * kLanes);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const Vector p = repeat(scores[r * width + first + column]);
#pragma GCC unroll 4
        for (int i = 0; i < W; i++) sums[r][i] = multiplyAdd(sums[r][i], p, value[i]);
      }
    }
  }
  for (int r = 0; r < R; r++)
    for (int i = 0; i < W; i++) store(out + r * seen.stride + d + i * kLanes, sums[r][i] * repeat(scale[r]));
}

/** R rows of q [R, stride]: row i sees the columns before `ends[i]`, and the last row the most. scores [R, width] is room to work in, and `width` a
 *  multiple of kLanes. A cache comes from memory: where one token is decoded the values are fetched while keys are read, and the keys `ahead`, of what
 *  is computed next, while values are. → out [R, stride] */
template <int R>
inline void attend(const float* q, const Seen& seen, const long* ends, float* scores, long width, const Seen* ahead, float* out) {
  const long stride = seen.stride, count = std::max<long>(0, ends[R - 1]);
  for (long column = 0; column < count; column += kLanes) {
    const long some = std::min(kLanes, count - column);
    constexpr long each = (kLanes + R - 1) / R; // columns of values that are fetched with a row's scores
    const float *keys = seen.key(column), *values = seen.value(column);
    for (int r = 0; r < R; r++) {
      const float* fetched = ahead ? values + r * each * stride : nullptr;
      if (some == kLanes) score(q + r * stride, keys, stride, kLanes, scores + r * width + column, fetched, each);
      else score(q + r * stride, keys, stride, some, scores + r * width + column, fetched, each);
    }
  }
  float scale[R];
  for (int r = 0; r < R; r++) scale[r] = softmax(scores + r * width, std::max<long>(0, ends[r]), count);
  constexpr int W = kLanes == 16 && R <= 4 ? 4 : 2;
  long d = 0;
  for (; d + W * kLanes <= stride; d += W * kLanes) weigh<R, W>(scores, width, scale, seen, d, count, ahead, out);
  if (d < stride) weigh<R, 2>(scores, width, scale, seen, d, count, ahead, out); // the stride is a multiple of that
}
