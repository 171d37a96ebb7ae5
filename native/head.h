// What the output head says of labels, in one pass over the vocabulary: softmax(h Wᵀ) is never whole. Beside log p(y) the rows
// W[y] − Σ_v p(v) W[v] are made, which are its gradient. Each slice of the vocabulary keeps sums relative to the greatest score that it
// has seen (Milakov & Gimelshein 2018, arXiv 1805.02867); the slices are put together at the end. In bfloat16 W, the states and the
// probabilities that weigh W are rounded; scores, sums and rows are not.
#pragma once
#include <cmath>

#include "exponential.h"
#include "panels.h"

struct HeadCall {
  long count, hidden, vocabulary;
  const float *states, *head; // [N, d], [V, d]
  const int32_t* labels; // [N]
  float *scores, *rows; // [N, 4]: log p(label), entropy, whether it is the likeliest, mean score; [N, d]
};

template <class P>
class Head {
 public:
  Head(Pool& pool, Scratch& scratch, const HeadCall& call)
      : pool_(pool), c_(call), rows_(filled(call.count, kHeight<P>)), wide_(filled(call.hidden, kPanel)), some_((filled(call.vocabulary, kChunk) / kChunk + pool.size() - 1) / pool.size() * kChunk) {
    scratch.reset();
    states_ = Rows<P>::take(scratch, rows_, c_.hidden);
    for (int i = 0; i < pool.size(); i++)
      slices_.push_back({scratch.take<Sums>(rows_), scratch.take<float>(rows_ * wide_), scratch.take<Element>(kChunk / kPanel * Panel<P>::elements(c_.hidden)),
                         scratch.take<Element>(wide_ / kPanel * Panel<P>::elements(kChunk))});
  }

  void run() {
    pool_.run([&](int) {
      const InUse<P> held;
      int phase = 0;
      pool_.share(phase, rows_, [&](long n) {
        if (n < c_.count) memcpy(states_.exact.row(n), c_.states + n * c_.hidden, c_.hidden * sizeof(float));
        else std::fill(states_.exact.row(n), states_.exact.row(n) + c_.hidden, 0.0f);
        states_.finish(n, 0, c_.hidden);
      });
      pool_.share(phase, slices_.size(), [&](long i) { slice(slices_[i], i * some_, std::min(c_.vocabulary, (i + 1) * some_)); });
      pool_.share(phase, c_.count, [&](long n) { finish(n); });
    });
  }

 private:
  typedef typename Panel<P>::Element Element;
  static constexpr long kChunk = 192; // tokens whose scores are held at once: whole panels

  /** Of one state and the tokens that were seen: relative to the greatest score `top`. */
  struct Sums {
    float top, exponentials, weighted, scores, label; // Σ e, Σ e · score, Σ score, the label's score or −∞
  };
  struct Slice {
    Sums* sums;
    float* expected; // [rows, wide]: Σ e · W[v]
    Element *turned, *straight; // panels of a chunk of W, for scores and for `expected`
  };

  void slice(const Slice& own, long begin, long end) const {
    for (long n = 0; n < rows_; n++) own.sums[n] = {-INFINITY, 0, 0, 0, -INFINITY};
    std::fill(own.expected, own.expected + rows_ * wide_, 0.0f);
    for (long token = begin; token < end; token += kChunk) {
      const long tokens = std::min(kChunk, end - token);
      const float* w = c_.head + token * c_.hidden;
      for (long j = 0; j < tokens; j += kPanel)
        Panel<P>::packRows(w + j * c_.hidden, c_.hidden, c_.hidden, std::min(kPanel, tokens - j), own.turned + j / kPanel * Panel<P>::elements(c_.hidden));
      for (long k = 0; k < c_.hidden; k += kPanel)
        Panel<P>::packColumns(w + k, c_.hidden, tokens, std::min(kPanel, c_.hidden - k), own.straight + k / kPanel * Panel<P>::elements(kChunk));
      for (long n = 0; n < rows_; n += kHeight<P>) several(own, n, token, tokens);
    }
  }

  /** kHeight states from `first` on. */
  void several(const Slice& own, long first, long token, long tokens) const {
    alignas(64) float scores[kHeight<P> * kChunk];
    const long stride = states_.exact.stride;
    for (long j = 0; j < tokens; j += kPanel)
      Panel<P>::template multiply<kWide>(c_.hidden, states_.rounded + first * stride, stride, own.turned + j / kPanel * Panel<P>::elements(c_.hidden), scores + j, kChunk);
    alignas(64) typename P::Input rounded[kHeight<P> * kChunk];
    for (int r = 0; r < kHeight<P>; r++) {
      weigh(own, first + r, token, tokens, scores + r * kChunk);
      std::fill(scores + r * kChunk + tokens, scores + (r + 1) * kChunk, 0.0f);
      P::round(scores + r * kChunk, kChunk, rounded + r * kChunk);
    }
    for (long k = 0; k < wide_; k += kPanel)
      Panel<P>::template multiply<kWide, true>(tokens, rounded, kChunk, own.straight + k / kPanel * Panel<P>::elements(kChunk), own.expected + first * wide_ + k, wide_);
  }

  /** Adds a chunk's scores to the sums of state n, and makes them e^(score − top). */
  void weigh(const Slice& own, long n, long token, long tokens, float* scores) const {
    Sums& sums = own.sums[n];
    float top = sums.top, all = 0, exponentials = 0, weighted = 0;
#pragma omp simd reduction(max : top)
    for (long j = 0; j < tokens; j++) top = top > scores[j] ? top : scores[j];
    if (top > sums.top) {
      const float scale = exponential(sums.top - top);
      sums.top = top, sums.exponentials *= scale, sums.weighted *= scale;
      float* expected = own.expected + n * wide_;
      for (long k = 0; k < wide_; k++) expected[k] *= scale;
    }
    if (n < c_.count) {
      const long label = c_.labels[n] - token;
      if (label >= 0 && label < tokens) sums.label = scores[label];
    }
#pragma omp simd reduction(+ : all, exponentials, weighted)
    for (long j = 0; j < tokens; j++) {
      const float score = scores[j], e = exponential(score - top);
      all += score;
      exponentials += e;
      weighted += e * score;
      scores[j] = e;
    }
    sums.scores += all, sums.exponentials += exponentials, sums.weighted += weighted;
  }

  /** Puts the slices' sums of state n together. */
  void finish(long n) const {
    Sums sums = {-INFINITY, 0, 0, 0, -INFINITY};
    for (const Slice& slice : slices_) sums.top = std::max(sums.top, slice.sums[n].top);
    const float* label = c_.head + long(c_.labels[n]) * c_.hidden;
    float* row = c_.rows + n * c_.hidden;
    std::fill(row, row + c_.hidden, 0.0f);
    for (const Slice& slice : slices_) {
      const Sums& part = slice.sums[n];
      const float scale = exponential(part.top - sums.top);
      sums.exponentials += part.exponentials * scale, sums.weighted += part.weighted * scale, sums.scores += part.scores;
      sums.label = std::max(sums.label, part.label);
      for (long k = 0; k < c_.hidden; k++) row[k] += slice.expected[n * wide_ + k] * scale;
    }
    for (long k = 0; k < c_.hidden; k++) row[k] = label[k] - row[k] / sums.exponentials;
    const float logSum = sums.top + std::log(sums.exponentials);
    float* scores = c_.scores + n * 4;
    scores[0] = sums.label - logSum;
    scores[1] = logSum - sums.weighted / sums.exponentials;
    scores[2] = sums.label == sums.top;
    scores[3] = sums.scores / c_.vocabulary;
  }

  Pool& pool_;
  const HeadCall& c_;
  const long rows_, wide_, some_; // states in whole tiles, columns in whole panels, tokens of a slice
  Rows<P> states_;
  std::vector<Slice> slices_;
};
