// The forward pass: blocks of keys go by, and each query keeps the greatest score so far, m, the sum ℓ of e^(score − m), and the sum of values
// weighed by these. A greater score scales both sums by e^(m − new m) (Milakov & Gimelshein 2018, arXiv 1805.02867, algorithm 3).
#pragma once
#include "blocked-attention.h"

class BlockedForward : BlockedAttention {
 public:
  /** → y [B, H, T, E], log Σ exp of each query's scores [B, H, T]; of a query that sees no key 0 and ∞. */
  BlockedForward(Pool& pool, Scratch& scratch, const AttentionCall& call, float* y, float* logSums) : BlockedAttention(call), pool_(pool), y_(y), logSums_(logSums) {
    scratch.reset();
    keyColumns_ = scratch.take<float>(packItems() * columnNumbers(c_.size));
    valueRows_ = scratch.take<float>(packItems() * rowNumbers(c_.valueSize));
    roomNumbers_ = tall_ * (wide_ + width_ + wideValue_ + 2);
    rooms_ = scratch.take<float>(pool.size() * roomNumbers_);
  }

  void run() {
    const long blocks = (c_.queries + c_.queryBlock - 1) / c_.queryBlock;
    pool_.run([&](int thread) {
      int phase = 0;
      pool_.share(phase, packItems(), [&](long item) {
        packItem(item, c_.k, c_.size, [&](const float* from, long count, long at) { packAsColumns(from, c_.size, count, keyColumns_ + at * columnNumbers(c_.size)); });
        packItem(item, c_.v, c_.valueSize, [&](const float* from, long count, long at) { packAsRows(from, c_.valueSize, count, valueRows_ + at * rowNumbers(c_.valueSize)); });
      });
      // the last queries of a causal row see the most keys: they come first
      pool_.share(phase, c_.rows * c_.heads * blocks, [&](long item) { queries(item % (c_.rows * c_.heads), blocks - 1 - item / (c_.rows * c_.heads), rooms_ + thread * roomNumbers_); });
    });
  }

 private:
  /** A block of queries of one head of one row. */
  void queries(long head, long block, float* room) const {
    const long b = head / c_.heads, h = head % c_.heads, g = b * c_.keyHeads + h / (c_.heads / c_.keyHeads);
    const long first = block * c_.queryBlock, count = std::min(c_.queryBlock, c_.queries - first);
    float *x = room, *scores = x + tall_ * wide_, *sums = scores + tall_ * width_, *m = sums + tall_ * wideValue_, *l = m + tall_;
    const int32_t* places = c_.queryPlaces + b * c_.queryPitch + first;
    copyTall(c_.q + (head * c_.queries + first) * c_.size, c_.size, count, wide_, x);
    std::fill(sums, sums + tall_ * wideValue_, 0.0f);
    std::fill(m, m + count, kLowest), std::fill(l, l + count, 0.0f);
    for (long k = 0; k < keyBlocks_; k++) {
      const long keys = keysOf(k), at = g * keyBlocks_ + k;
      if (nothingSeen(Range(places, count), Range(placesOfKeys(b, k), keys))) continue;
      scoresOf(x, count, keyColumns_ + at * columnNumbers(c_.size), b, places, k, scores);
      for (long r = 0; r < count; r++) take(scores + r * width_, keys, m[r], l[r], sums + r * wideValue_);
      addSums(scores, count, valueRows_ + at * rowNumbers(c_.valueSize), keys, c_.valueSize, sums, wideValue_);
    }
    for (long r = 0; r < count; r++) {
      const long n = head * c_.queries + first + r;
      const float scale = l[r] > 0 ? 1 / l[r] : 0;
      for (long d = 0; d < c_.valueSize; d++) y_[n * c_.valueSize + d] = sums[r * wideValue_ + d] * scale;
      logSums_[n] = l[r] > 0 ? m[r] + std::log(l[r]) : INFINITY;
    }
  }

  /** Scores become e^(score − m) of the new m, by which ℓ and the sums so far are scaled. */
  void take(float* scores, long keys, float& m, float& l, float* sums) const {
    float top = m, sum = 0;
#pragma omp simd reduction(max : top)
    for (long c = 0; c < keys; c++) top = top > scores[c] ? top : scores[c];
#pragma omp simd reduction(+ : sum)
    for (long c = 0; c < keys; c++) {
      scores[c] = exponential(scores[c] - top);
      sum += scores[c];
    }
    if (top > m) {
      const float scale = exponential(m - top);
      l *= scale;
#pragma omp simd
      for (long d = 0; d < c_.valueSize; d++) sums[d] *= scale;
    }
    m = top, l += sum;
  }

  static constexpr float kLowest = -1e30f; // not −∞, from which −∞ cannot be subtracted

  Pool& pool_;
  float *y_, *logSums_, *keyColumns_, *valueRows_, *rooms_;
  long roomNumbers_;
};
