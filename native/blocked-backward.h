// The backward pass (algorithm 4 of Dao et al. 2022): probabilities are e^(score − log Σ exp) again, block by block. A query head's part of the
// gradients of keys and values is summed by itself, so that the sums do not depend on which thread did what.
#pragma once
#include "blocked-attention.h"

/** What the forward pass made, the gradient dy of it, and where the gradients go. */
struct AttentionGradient {
  const float *dy, *y, *logSums;
  float *dq, *dk, *dv;
};

class BlockedBackward : BlockedAttention {
 public:
  BlockedBackward(Pool& pool, Scratch& scratch, const AttentionCall& call, const AttentionGradient& gradient) : BlockedAttention(call), pool_(pool), d_(gradient) {
    scratch.reset();
    keyColumns_ = scratch.take<float>(packItems() * columnNumbers(c_.size));
    valueColumns_ = scratch.take<float>(packItems() * columnNumbers(c_.valueSize));
    keyRows_ = scratch.take<float>(packItems() * rowNumbers(c_.size));
    partNumbers_ = c_.keys * (wide_ + wideValue_);
    parts_ = scratch.take<float>(c_.rows * c_.heads * partNumbers_);
    roomNumbers_ = tall_ * (2 * wide_ + wideValue_ + 2 * width_ + 1) + c_.queryBlock * kPanel * (panels(c_.size) + panels(c_.valueSize));
    rooms_ = scratch.take<float>(pool.size() * roomNumbers_);
  }

  void run() {
    pool_.run([&](int thread) {
      int phase = 0;
      pool_.share(phase, packItems(), [&](long item) {
        packItem(item, c_.k, c_.size, [&](const float* from, long count, long at) {
          packAsColumns(from, c_.size, count, keyColumns_ + at * columnNumbers(c_.size));
          packAsRows(from, c_.size, count, keyRows_ + at * rowNumbers(c_.size));
        });
        packItem(item, c_.v, c_.valueSize, [&](const float* from, long count, long at) { packAsColumns(from, c_.valueSize, count, valueColumns_ + at * columnNumbers(c_.valueSize)); });
      });
      pool_.share(phase, c_.rows * c_.heads, [&](long head) {
        std::fill(parts_ + head * partNumbers_, parts_ + (head + 1) * partNumbers_, 0.0f);
        for (long first = 0; first < c_.queries; first += c_.queryBlock) queries(head, first, rooms_ + thread * roomNumbers_);
      });
      pool_.share(phase, c_.rows * c_.keyHeads, [&](long g) {
        collect(g, 0, c_.size, wide_, d_.dk);
        collect(g, c_.keys * wide_, c_.valueSize, wideValue_, d_.dv);
      });
    });
  }

 private:
  /** A block of queries of one head of one row. */
  void queries(long head, long first, float* room) const {
    const long b = head / c_.heads, h = head % c_.heads, g = b * c_.keyHeads + h / (c_.heads / c_.keyHeads);
    const long count = std::min(c_.queryBlock, c_.queries - first), n = head * c_.queries + first;
    float *x = room, *dy = x + tall_ * wide_, *dx = dy + tall_ * wideValue_, *p = dx + tall_ * wide_, *ds = p + tall_ * width_, *deltas = ds + tall_ * width_;
    float *xRows = deltas + tall_, *dyRows = xRows + c_.queryBlock * kPanel * panels(c_.size);
    const int32_t* places = c_.queryPlaces + b * c_.queryPitch + first;
    copyTall(c_.q + n * c_.size, c_.size, count, wide_, x), copyTall(d_.dy + n * c_.valueSize, c_.valueSize, count, wideValue_, dy);
    packAsRows(c_.q + n * c_.size, c_.size, count, xRows), packAsRows(d_.dy + n * c_.valueSize, c_.valueSize, count, dyRows);
    std::fill(dx, dx + tall_ * wide_, 0.0f);
    for (long r = 0; r < count; r++) deltas[r] = dot(d_.dy + (n + r) * c_.valueSize, d_.y + (n + r) * c_.valueSize);
    float *dKeys = parts_ + head * partNumbers_, *dValues = dKeys + c_.keys * wide_;
    for (long k = 0; k < keyBlocks_; k++) {
      const long keys = keysOf(k), at = g * keyBlocks_ + k;
      if (nothingSeen(Range(places, count), Range(placesOfKeys(b, k), keys))) continue;
      scoresOf(x, count, keyColumns_ + at * columnNumbers(c_.size), b, places, k, p);
      products(dy, wideValue_, c_.valueSize, count, valueColumns_ + at * columnNumbers(c_.valueSize), keys, ds);
      for (long r = 0; r < count; r++) slopes(p + r * width_, ds + r * width_, keys, d_.logSums[n + r], deltas[r]);
      addSums(ds, count, keyRows_ + at * rowNumbers(c_.size), keys, c_.size, dx, wide_);
      addOuterSums(ds, count, xRows, keys, c_.size, dKeys + k * c_.keyBlock * wide_, wide_);
      addOuterSums(p, count, dyRows, keys, c_.valueSize, dValues + k * c_.keyBlock * wideValue_, wideValue_);
    }
    for (long r = 0; r < count; r++) memcpy(d_.dq + (n + r) * c_.size, dx + r * wide_, c_.size * sizeof(float));
  }

  /** Scores become probabilities p, and products with dy the gradients p (dp − D) of the scores before their bound. */
  void slopes(float* p, float* ds, long keys, float logSum, float delta) const {
    const float perCap = c_.softCap != 0 ? 1 / c_.softCap : 0;
#pragma omp simd
    for (long c = 0; c < keys; c++) {
      const float probability = exponential(p[c] - logSum), bounded = p[c] * perCap;
      ds[c] = probability > 0 ? probability * (ds[c] - delta) * (1 - bounded * bounded) : 0;
      p[c] = probability;
    }
  }

  /** Adds to each of `keys` vectors [keys, wide] the sum of `count` vectors packed as rows, by its column of weights [count, width]. */
  void addOuterSums(const float* weights, long count, const float* rows, long keys, long size, float* to, long wide) const {
    for (long d = 0; d < size; d += kPanel, rows += count * kPanel)
      forVectors(size - d, [&](auto vectors) {
        constexpr int Z = decltype(vectors)::value;
        for (long c = 0; c < keys; c += kRows) {
          Tile total = {};
          for (long n = 0; n < count; n += kTerms) addOuter<Float32, kRows, Z>(total, std::min(kTerms, count - n), weights + n * width_ + c, 1, width_, rows + n * kPanel, kPanel);
          for (long r = 0; r < kRows && c + r < keys; r++)
            for (int i = 0; i < Z; i++) {
              float* sum = to + (c + r) * wide + d + i * kLanes;
              store(sum, load(sum) + total[r][i]);
            }
        }
      });
  }

  /** The sum of the query heads' parts, which begin at `at`, of the gradients of key head g's vectors. */
  void collect(long g, long at, long size, long wide, float* to) const {
    const long group = c_.heads / c_.keyHeads;
    for (long n = 0; n < c_.keys; n++) {
      float* sum = to + (g * c_.keys + n) * size;
      for (long h = 0; h < group; h++) {
        const float* part = parts_ + (g * group + h) * partNumbers_ + at + n * wide;
#pragma omp simd
        for (long d = 0; d < size; d++) sum[d] = h ? sum[d] + part[d] : part[d];
      }
    }
  }

  float dot(const float* a, const float* b) const {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (long d = 0; d < c_.valueSize; d++) sum += a[d] * b[d];
    return sum;
  }

  Pool& pool_;
  const AttentionGradient d_;
  float *keyColumns_, *valueColumns_, *keyRows_, *parts_, *rooms_;
  long partNumbers_, roomNumbers_;
};
