// Attention by blocks of queries and keys, of which the scores of one block by one other are held at a time (Dao et al. 2022, arXiv 2205.14135):
// what its forward and backward pass share. Everything is in float32.
#pragma once
#include <climits>
#include <cmath>

#include "exponential.h"
#include "panels.h"

/** softmax(q kᵀ) v, where query and key see each other as their places say. 1/√D is in q and k already. */
struct AttentionCall {
  long rows, heads, keyHeads, queries, keys, size, valueSize; // B, H, G, T, S, D, E
  const float *q, *k, *v; // [B, H, T, D], [B, G, S, D], [B, G, S, E]
  const int32_t *queryPlaces, *keyPlaces; // [B, T] and [B, S], or one row for all: pitches are 0 then
  long queryPitch, keyPitch;
  long window; // a query at i sees a key at j where 0 ≤ i − j < window
  float softCap; // c, where scores s are c · tanh(s / c); 0 where they are not
  long queryBlock, keyBlock;
};

/** tanh x within 2 units in the last place (Cephes' tanhf). */
ALWAYS_INLINE float boundedTanh(float x) {
  const float size = std::fabs(x), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * x + x, far = std::copysign(1 - 2 / (exponential(2 * size) + 1), x);
  return size < 0.625f ? near : far;
}

class BlockedAttention {
 protected:
  typedef Panel<Float32> Packed;

  BlockedAttention(const AttentionCall& call)
      : c_(call), wide_(filled(call.size)), wideValue_(filled(call.valueSize)), width_(filled(call.keyBlock, kPanel)), tall_(filled(call.queryBlock, kRows)), keyBlocks_((call.keys + call.keyBlock - 1) / call.keyBlock) {}

  /** Where tokens of a block stand, from the first to the last. */
  struct Range {
    long first = INT_MAX, last = INT_MIN;
    Range(const int32_t* places, long count) {
      for (long i = 0; i < count; i++) first = std::min<long>(first, places[i]), last = std::max<long>(last, places[i]);
    }
  };
  bool nothingSeen(const Range& queries, const Range& keys) const { return queries.last < keys.first || queries.first - keys.last >= c_.window; }
  bool allSeen(const Range& queries, const Range& keys) const { return queries.first >= keys.last && queries.last - keys.first < c_.window; }

  static long panels(long size) { return (size + kPanel - 1) / kPanel; }
  /** Numbers of a block of keys or values, as columns and as rows. */
  long columnNumbers(long size) const { return width_ * size; }
  long rowNumbers(long size) const { return panels(size) * c_.keyBlock * kPanel; }
  long keysOf(long block) const { return std::min(c_.keyBlock, c_.keys - block * c_.keyBlock); }
  const int32_t* placesOfKeys(long b, long block) const { return c_.keyPlaces + b * c_.keyPitch + block * c_.keyBlock; }

  /** Packs a block of vectors for products with each of them. */
  void packAsColumns(const float* from, long size, long count, float* to) const {
    for (long t = 0; t < count; t += kPanel) Packed::packRows(from + t * size, size, size, std::min(kPanel, count - t), to + t * size);
  }
  /** Packs vectors for sums of them. */
  static void packAsRows(const float* from, long size, long count, float* to) {
    for (long d = 0; d < size; d += kPanel, to += count * kPanel) Packed::packColumns(from + d, size, count, std::min(kPanel, size - d), to);
  }
  /** Packs item by item the vectors of all blocks of all key heads: `use(from, count, place)`. */
  template <class Use>
  void packItem(long item, const float* all, long size, Use&& use) const {
    const long head = item / keyBlocks_, block = item % keyBlocks_;
    use(all + (head * c_.keys + block * c_.keyBlock) * size, keysOf(block), item);
  }
  long packItems() const { return c_.rows * c_.keyHeads * keyBlocks_; }

  /** `count` vectors, and zeros up to whole tiles. → [tall, wide] */
  static void copyTall(const float* from, long size, long count, long wide, float* to) {
    for (long r = 0; r < filled(count, kRows); r++, to += wide) {
      if (r < count) memcpy(to, from + r * size, size * sizeof(float));
      else std::fill(to, to + size, 0.0f);
    }
  }
  /** x [count, wide] by each of `keys` vectors packed as columns. → [count, width] */
  void products(const float* x, long wide, long size, long count, const float* columns, long keys, float* to) const {
    for (long c = 0; c < keys; c += kPanel)
      forVectors(keys - c, [&](auto vectors) {
        for (long r = 0; r < count; r += kRows) Packed::multiply<decltype(vectors)::value>(size, x + r * wide, wide, columns + c * size, to + r * width_ + c, width_);
      });
  }
  /** Adds sums of `keys` vectors packed as rows, by weights [count, width]. → [count, wide] */
  void addSums(const float* weights, long count, const float* rows, long keys, long size, float* to, long wide) const {
    for (long d = 0; d < size; d += kPanel, rows += keys * kPanel)
      forVectors(size - d, [&](auto vectors) {
        for (long r = 0; r < count; r += kRows) Packed::multiply<decltype(vectors)::value, true>(keys, weights + r * width_, width_, rows, to + r * wide + d, wide);
      });
  }
  /** Scores of a block of queries for one of keys, −∞ where a key is hidden. */
  void scoresOf(const float* x, long count, const float* columns, long b, const int32_t* queryPlaces, long block, float* scores) const {
    const long keys = keysOf(block);
    products(x, wide_, c_.size, count, columns, keys, scores);
    const float cap = c_.softCap;
    if (cap != 0)
      for (long r = 0; r < count; r++)
#pragma omp simd
        for (long c = 0; c < keys; c++) scores[r * width_ + c] = cap * boundedTanh(scores[r * width_ + c] / cap);
    const int32_t* places = placesOfKeys(b, block);
    if (allSeen(Range(queryPlaces, count), Range(places, keys))) return;
    for (long r = 0; r < count; r++) {
      const int32_t first = int32_t(std::max<long>(INT_MIN, queryPlaces[r] - c_.window + 1)), last = queryPlaces[r];
      float* row = scores + r * width_;
#pragma omp simd
      for (long c = 0; c < keys; c++) row[c] = places[c] < first || places[c] > last ? -INFINITY : row[c];
    }
  }

  /** Calls `use` with the number of vectors that hold `count` columns of a panel. */
  template <class Use>
  static void forVectors(long count, Use&& use) {
    if (count > 2 * kLanes) use(std::integral_constant<int, kWide>());
    else if (count > kLanes) use(std::integral_constant<int, 2>());
    else use(std::integral_constant<int, 1>());
  }

  const AttentionCall& c_;
  const long wide_, wideValue_, width_, tall_, keyBlocks_;
};
