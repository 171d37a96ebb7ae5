// The forward pass of a block.
#pragma once
#include "block.h"

template <class P>
class BlockForward : BlockBase<P> {
  typedef BlockBase<P> Base;
  using Base::attention_, Base::c_, Base::count_, Base::lowWidth_, Base::parts_, Base::pool_, Base::room, Base::rows_, Base::s_, Base::state_, Base::times;

 public:
  BlockForward(Pool& pool, Scratch& scratch, const BlockCall<P>& call, const BlockState& state, float* y) : Base(pool, scratch, call, state), y_(y) {
    normed_ = this->takeRows(s_.hidden);
    mixed_ = this->takeRows(s_.queries());
    inner_ = this->takeRows(s_.inner);
    lows_ = Lows<P>::take(scratch, this->multiplied_, lowWidth_);
  }

  void run() {
    const float *biases = c_.vectors + 2 * s_.hidden, *outputBias = biases + s_.projected();
    pool_.run([&](int thread) {
      const InUse<P> held;
      char* own = room(thread);
      int phase = 0;
      this->norm(phase, c_.x, c_.vectors, normed_);
      this->each(phase, rows_, [&](long n) { lows_.clear(n); });
      lows(phase, own, normed_, kQuery, 3, s_.hidden);
      project(phase, own, biases);
      turn(phase);
      this->packHeads(phase);
      pool_.share(phase, attention_.blocks(),
                  [&](long i) { attention_.forward(i, state_.projected, this->keys_, this->values_, state_.mixed, state_.logSums, own); });
      this->copy(phase, state_.mixed, s_.queries(), mixed_);
      lows(phase, own, mixed_, kOutput, 1, s_.queries());
      addProduct(phase, own, mixed_, 1, kOutput, s_.queries(), outputBias, c_.x, state_.middle);
      this->norm(phase, state_.middle, c_.vectors + s_.hidden, normed_);
      lows(phase, own, normed_, kGate, 2, s_.hidden);
      gate(phase, own);
      lows(phase, own, inner_, kDown, 1, s_.inner);
      addProduct(phase, own, inner_, 4, kDown, s_.inner, nullptr, state_.middle, y_);
      this->each(phase, count_, [&](long n) { memcpy(state_.lows + n * lowWidth_, lows_.exact.row(n), lowWidth_ * sizeof(float)); });
    });
  }

 private:
  AddUpdates<P> updates(int first, int count) const { return {lows_, parts_ + first, count}; }

  /** x Aᵀ of `count` linear layers that read x. */
  void lows(int& phase, char* own, const Operands<P>& x, int first, int count, long in) {
    const ByTurnedA<P> product{x, {parts_ + first, count, in}};
    const long ranks = product.a.ranks(), at = parts_[first].rank;
    if (ranks == 0) return;
    sumOfProducts(
        pool_, phase, own, rows_, ranks, {lows_.exact},
        [&](long row, long column, long columns, const float* values) {
          for (int r = 0; r < kRows; r++) lows_.write(row + r, at + column, columns, values + r * kPanel);
        },
        product);
  }

  /** q, k and v. */
  void project(int& phase, char* own, const float* biases) {
    sumOfProducts(
        pool_, phase, own, rows_, s_.projected(), {{state_.projected, s_.projected()}},
        [&](long row, long column, long columns, const float* values) {
          for (long r = 0; r < kRows && row + r < count_; r++)
            for (long j = 0; j < columns; j++) state_.projected[(row + r) * s_.projected() + column + j] = values[r * kPanel + j] + biases[column + j];
        },
        times(normed_, 0, s_.projected(), s_.hidden, true), updates(kQuery, 3));
  }

  /** Turns q and k by their positions. */
  void turn(int& phase) {
    this->each(phase, count_, [&](long n) {
      float* row = state_.projected + n * s_.projected();
      for (long head = 0; head < s_.heads + s_.keyHeads; head++) turnHead(row + head * s_.headSize, c_.rope + n * 2 * s_.headSize, s_.headSize);
    });
  }

  /** What a linear layer makes of x, its bias, and `before`. → to [N, d] */
  void addProduct(int& phase, char* own, const Operands<P>& x, int matrix, Linear linear, long in, const float* bias, const float* before, float* to) {
    sumOfProducts(
        pool_, phase, own, rows_, s_.hidden, {{before, s_.hidden}, {to, s_.hidden}},
        [&](long row, long column, long columns, const float* values) {
          for (long r = 0; r < kRows && row + r < count_; r++) {
            const long at = (row + r) * s_.hidden + column;
            for (long j = 0; j < columns; j++) to[at + j] = before[at + j] + values[r * kPanel + j] + (bias ? bias[column + j] : 0);
          }
        },
        times(x, matrix, s_.hidden, in, true), updates(linear, 1));
  }

  /** gate m, up m and act(gate m) · up m, some columns at a time: what one product made is in the caches for the other. */
  void gate(int& phase, char* own) {
    auto keep = [&](float* to) {
      return [this, to](long row, long column, long columns, const float* values) {
        for (long r = 0; r < kRows && row + r < count_; r++) memcpy(this->panelOf(to, row + r, column, columns), values + r * kPanel, columns * sizeof(float));
      };
    };
    auto activated = [&](long row, long column, long columns, const float* values) {
      keep(state_.up)(row, column, columns, values);
      for (long r = 0; r < kRows; r++) {
        alignas(64) float room[kPanel];
        float* to = inner_.place(row + r, column, room);
        if (row + r < count_) memcpy(to, this->panelOf(state_.gate, row + r, column, columns), columns * sizeof(float));
        else std::fill(to, to + columns, 0.0f);
        activate(c_.activation, to, values + r * kPanel, columns);
        inner_.finish(row + r, column, columns, to);
      }
    };
    sharePanels(pool_, phase, rows_, s_.inner, [&](long column, long count, long begin, long end) {
      panelOfProducts(own, column, count, begin, end, {}, keep(state_.gate), times(normed_, 2, s_.inner, s_.hidden, true), updates(kGate, 1));
      panelOfProducts(own, column, count, begin, end, {{inner_.values, inner_.stride}}, activated, times(normed_, 3, s_.inner, s_.hidden, true), updates(kUp, 1));
    });
  }

  float* y_;
  Operands<P> normed_, mixed_, inner_;
  Lows<P> lows_;
};
