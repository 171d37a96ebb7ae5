// Attention among the tokens of packed rows, forward and backward.
#pragma once
#include "segment-gradients.h"

template <class P>
class SegmentAttention : public SegmentGradients<P> {
  typedef SegmentGradients<P> Base;
  typedef typename P::Input Input;
  typedef typename Base::Heads Heads;
  typedef typename Base::View View;
  typedef typename Base::Room Room;
  using Base::kPair, Base::kQueries, Base::kTall, Base::most_, Base::rows_, Base::s_, Base::wide_;
  using Base::copyTall, Base::gather, Base::heads, Base::hide, Base::keep, Base::partial, Base::partSize, Base::products, Base::rounded, Base::viewOf, Base::weigh;

 public:
  SegmentAttention(const Shape& shape, const std::vector<Row>& rows) : Base(shape, rows) {
    for (size_t b = 0; b < rows.size(); b++)
      for (size_t s = 0; s < rows[b].segments.size(); s++)
        for (long t = 0; t < rows[b].segments[s].count; t += kQueries) blocks_.push_back({long(b), long(s), t});
  }

  long blocks() const { return blocks_.size() * s_.heads; }
  /** Work item i of the forward pass: mixed values [·, pitch of heads] and log Σ exp of the scores [N, H] of some queries of one head. */
  void forward(long i, const float* projected, Input* keys, Input* values, float* mixed, float* logSums, char* memory) const {
    const Block& block = blocks_[i / s_.heads];
    const long h = i % s_.heads, g = h / (s_.heads / s_.keyHeads);
    const Row& row = rows_[block.row];
    const Segment& own = row.segments[block.segment];
    const Heads k = heads(keys, block.row, g), v = heads(values, block.row, g);
    const Room room(memory, *this);
    for (long t = block.first; t < std::min(own.count, block.first + kQueries); t += kTall) {
      const View view = viewOf(row, block.segment, t + kTall);
      copyTall(projected + h * s_.headSize, s_.projected(), own, t, room.x);
      products(room.x, k, view, room.scores);
      float scale[kTall];
      for (long r = 0; r < kTall; r++) {
        float* p = room.scores + r * most_;
        hide(p, view, t + r);
        float top = -INFINITY, sum = 0;
#pragma omp simd reduction(max : top)
        for (long c = 0; c < view.width; c++) top = top > p[c] ? top : p[c];
#pragma omp simd reduction(+ : sum)
        for (long c = 0; c < view.width; c++) {
          p[c] = exponential(p[c] - top);
          sum += p[c];
        }
        scale[r] = 1 / sum;
        if (t + r < own.count) logSums[(own.first + t + r) * s_.heads + h] = top + std::log(sum);
      }
      weigh(rounded(room.scores, view.width, room.weights), v, view, room.sums);
      for (long r = 0; r < kTall && t + r < own.count; r++) {
        float* to = mixed + (own.first + t + r) * s_.queries() + h * s_.headSize;
        for (long d = 0; d < s_.headSize; d++) to[d] = room.sums[r * wide_ + d] * scale[r];
      }
    }
  }

  /** Work item i of the backward pass, a query head of a row: gradients of its queries, and its part of those of keys and values. deltas [N, H]: the products of `dMixed` and `mixed`. */
  void backward(long i, const float* projected, Input* keys, Input* values, const float* deltas, const float* logSums, const float* dMixed, long dPitch, float* dProjected, long toPitch,
                float* partials, char* memory) const {
    const long b = i / s_.heads, h = i % s_.heads, g = h / (s_.heads / s_.keyHeads);
    const Row& row = rows_[b];
    const Heads k = heads(keys, b, g), v = heads(values, b, g);
    const Room room(memory, *this);
    float* dKeys = partial(partials, b, h);
    float* dValues = dKeys + partSize(row);
    std::fill(dKeys, dValues + partSize(row), 0.0f);
    projected += h * s_.headSize, dMixed += h * s_.headSize, dProjected += h * s_.headSize;
    for (long s = 0; s < long(row.segments.size()); s++) {
      const Segment& own = row.segments[s];
      for (long first = 0; first < own.count; first += kQueries) {
        const long count = std::min(kQueries, own.count - first);
        // kTall queries see as far as their own last one: what the earlier ones of these queries do not see is 0.
        const View all = viewOf(row, s, first + filled(count, kTall));
        for (long t = first; t < first + count; t += kTall) {
          const View view = viewOf(row, s, t + kTall);
          float *scores = room.scores, *slopes = room.slopes;
          if constexpr (kPair == 1) scores = room.probabilities + (t - first) * most_, slopes = room.dScores + (t - first) * most_;
          copyTall(projected, s_.projected(), own, t, room.x);
          products(room.x, k, view, scores);
          copyTall(dMixed, dPitch, own, t, room.x);
          products(room.x, v, view, slopes);
          for (long r = 0; r < kTall; r++) {
            const long n = own.first + std::min(t + r, own.count - 1);
            float *pr = scores + r * most_, *dr = slopes + r * most_;
            hide(pr, view, t + r);
            const float logSum = logSums[n * s_.heads + h], delta = deltas[n * s_.heads + h];
#pragma omp simd
            for (long c = 0; c < view.width; c++) {
              pr[c] = exponential(pr[c] - logSum);
              dr[c] = pr[c] * (dr[c] - delta);
            }
          }
          keep(scores, view.width, all.width, room.probabilities + (t - first) / kPair * most_);
          keep(slopes, view.width, all.width, room.dScores + (t - first) / kPair * most_);
          weigh(rounded(slopes, view.width, room.weights), k, view, room.sums);
          for (long r = 0; r < kTall && t + r < own.count; r++)
            memcpy(dProjected + (own.first + t + r) * toPitch, room.sums + r * wide_, s_.headSize * sizeof(float));
        }
        gather(room.dScores, projected + (own.first + first) * s_.projected(), s_.projected(), count, row, all, room.vectors, dKeys);
        gather(room.probabilities, dMixed + (own.first + first) * dPitch, dPitch, count, row, all, room.vectors, dValues);
      }
    }
  }

 private:
  struct Block {
    long row, segment, first;
  };
  std::vector<Block> blocks_;
};
