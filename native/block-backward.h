// The backward pass of a block: gradients of its input and of the low-rank updates. The frozen matrices have none.
#pragma once
#include "block.h"

/** act(x) and its slope, for `count` numbers. */
inline void activationAndSlope(Activation activation, const float* x, float* value, float* slope, long count) {
  switch (activation) {
    case kSilu:
#pragma omp simd
      for (long i = 0; i < count; i++) {
        const float s = 1 / (1 + exponential(-x[i]));
        value[i] = x[i] * s;
        slope[i] = s * (1 + x[i] * (1 - s));
      }
      break;
    case kRelu:
      for (long i = 0; i < count; i++) value[i] = x[i] < 0 ? 0 : x[i], slope[i] = x[i] > 0 ? 1 : 0;
      break;
    case kGelu:
      for (long i = 0; i < count; i++) {
        const float cumulative = 0.5f * (1 + std::erf(x[i] * float(M_SQRT1_2)));
        value[i] = x[i] * cumulative;
        slope[i] = cumulative + x[i] * 0.3989422804f * std::exp(-0.5f * x[i] * x[i]);
      }
      break;
    case kGeluTanh: // (1 + tanh u) / 2 = 1 / (1 + e^−2u) = s, whose slope is 2 s (1 − s) u'
#pragma omp simd
      for (long i = 0; i < count; i++) {
        const float square = x[i] * x[i], u = 0.7978845608f * x[i] * (1 + 0.044715f * square);
        const float s = 1 / (1 + exponential(-2 * u));
        value[i] = x[i] * s;
        slope[i] = s + x[i] * 2 * s * (1 - s) * 0.7978845608f * (1 + 3 * 0.044715f * square);
      }
      break;
  }
}

template <class P>
class BlockBackward : BlockBase<P> {
  typedef BlockBase<P> Base;
  using Base::attention_, Base::c_, Base::count_, Base::each, Base::lowWidth_, Base::parts_, Base::pool_, Base::room, Base::rows_, Base::s_, Base::state_, Base::times;

 public:
  /** dy [N, d] → dx [N, d], and the gradients of the updates in their order: A and B of each. */
  BlockBackward(Pool& pool, Scratch& scratch, const BlockCall<P>& call, const BlockState& state, const float* dy, float* dx, float* updates)
      : Base(pool, scratch, call, state), dy_(dy), dx_(dx) {
    dOutput_ = Rows<P>::take(scratch, this->multiplied_ + 1, s_.hidden);
    normed_ = this->takeRows(s_.hidden);
    inner_ = this->takeRows(s_.inner);
    dGate_ = this->takeRows(s_.inner);
    dUp_ = this->takeRows(s_.inner);
    mixed_ = this->takeRows(s_.queries());
    dProjected_ = Rows<P>::take(scratch, this->multiplied_ + 1, s_.projected());
    dMixed_ = {scratch.take<float>((rows_ + 1) * s_.queries()), s_.queries()};
    dLows_ = Lows<P>::take(scratch, this->multiplied_, lowWidth_);
    turnedLows_ = TurnedLows<P>::take(scratch, count_, lowWidth_);
    turnedGradients_ = TurnedLows<P>::take(scratch, count_, lowWidth_);
    dNormed_ = {scratch.take<float>((rows_ + 1) * s_.hidden), s_.hidden};
    deltas_ = scratch.take<float>(rows_ * s_.heads);
    partials_ = scratch.take<float>(attention_.partialNumbers());
    const long in[] = {s_.hidden, s_.hidden, s_.hidden, s_.queries(), s_.hidden, s_.hidden, s_.inner};
    for (int i = 0; i < kLinears; i++) {
      in_[i] = in[i];
      dA_[i] = updates;
      dB_[i] = dA_[i] + parts_[i].update.rank * in[i];
      updates = dB_[i] + parts_[i].update.rank * (parts_[i].end - parts_[i].begin);
    }
  }

  void run() {
    pool_.run([&](int thread) {
      const InUse<P> held;
      char* own = room(thread);
      int phase = 0;
      mlp(phase, own);
      attention(phase, own);
    });
  }

 private:
  void mlp(int& phase, char* own) {
    each(phase, rows_, [&](long n) {
      if (n < count_) memcpy(dOutput_.exact.row(n), dy_ + n * s_.hidden, s_.hidden * sizeof(float));
      else std::fill(dOutput_.exact.row(n), dOutput_.exact.row(n) + s_.hidden, 0.0f);
      dOutput_.finish(n, 0, s_.hidden);
      dLows_.clear(n);
    });
    const Operands<P> dOutput = operands(dOutput_);
    dLows(phase, own, {{kDown, dOutput}});
    dInner(phase, own, dOutput);
    this->norm(phase, state_.middle, c_.vectors + s_.hidden, normed_);
    dLows(phase, own, {{kGate, dGate_}, {kUp, dUp_}});
    turnLows(phase, state_.lows, turnedLows_);
    dUpdates(phase, own, {{kDown, dOutput, inner_}, {kGate, dGate_, normed_}, {kUp, dUp_, normed_}});
    sumOfProducts(
        pool_, phase, own, rows_, s_.hidden, {dNormed_}, to(dNormed_), times(dGate_, 2, s_.inner, s_.hidden, false), times(dUp_, 3, s_.inner, s_.hidden, false), byA(kGate, 2));
    each(phase, rows_, [&](long n) { // the gradient of `middle` takes the place of that of the output
      if (n >= count_) return;
      normGradient(state_.middle + n * s_.hidden, c_.vectors + s_.hidden, dNormed_.row(n), dOutput_.exact.row(n), dOutput_.exact.row(n));
      dOutput_.finish(n, 0, s_.hidden);
    });
  }

  void attention(int& phase, char* own) {
    const Operands<P> dMiddle = operands(dOutput_), dProjected = operands(dProjected_);
    this->copy(phase, state_.mixed, s_.queries(), mixed_);
    dLows(phase, own, {{kOutput, dMiddle}});
    sumOfProducts(pool_, phase, own, rows_, s_.queries(), {dMixed_}, to(dMixed_), times(dMiddle, 1, s_.hidden, s_.queries(), false), byA(kOutput, 1));
    this->packHeads(phase);
    deltas(phase);
    pool_.share(phase, long(c_.rows.size()) * s_.heads, [&](long i) {
      attention_.backward(i, state_.projected, this->keys_, this->values_, deltas_, state_.logSums, dMixed_.values, dMixed_.stride, dProjected_.exact.values, dProjected_.exact.stride,
                          partials_, own);
    });
    turnBack(phase);
    this->norm(phase, c_.x, c_.vectors, normed_);
    dLows(phase, own, {{kQuery, dProjected}, {kKey, dProjected}, {kValue, dProjected}});
    dUpdates(phase, own, {{kOutput, dMiddle, mixed_}, {kQuery, dProjected, normed_}, {kKey, dProjected, normed_}, {kValue, dProjected, normed_}});
    sumOfProducts(pool_, phase, own, rows_, s_.hidden, {dNormed_}, to(dNormed_), times(dProjected, 0, s_.projected(), s_.hidden, false), byA(kQuery, 3));
    each(phase, count_, [&](long n) { normGradient(c_.x + n * s_.hidden, c_.vectors, dNormed_.row(n), dOutput_.exact.row(n), dx_ + n * s_.hidden); });
  }

  static Operands<P> operands(const Rows<P>& rows) { return {rows.rounded, rows.exact.stride}; }

  /** The product of each head's mixed values and their gradient. */
  void deltas(int& phase) {
    each(phase, count_, [&](long n) {
      for (long h = 0; h < s_.heads; h++) {
        const float *mixed = state_.mixed + n * s_.queries() + h * s_.headSize, *d = dMixed_.row(n) + h * s_.headSize;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (long i = 0; i < s_.headSize; i++) sum += d[i] * mixed[i];
        deltas_[n * s_.heads + h] = sum;
      }
    });
  }

  /** The gradients of gate and up from that of their product, and the product itself. */
  void dInner(int& phase, char* own, const Operands<P>& dOutput) {
    sumOfProducts(
        pool_, phase, own, rows_, s_.inner,
        {{inner_.values, inner_.stride}, {dGate_.values, dGate_.stride}, {dUp_.values, dUp_.stride}},
        [&](long row, long column, long columns, const float* values) {
          for (int r = 0; r < kRows; r++) {
            alignas(64) float room[3][kPanel];
            const Operands<P>* all[] = {&inner_, &dGate_, &dUp_};
            float* made[3];
            for (int i = 0; i < 3; i++) made[i] = all[i]->place(row + r, column, room[i]);
            auto [product, dGate, dUp] = made;
            if (row + r < count_) {
              const float *up = this->panelOf(state_.up, row + r, column, columns), *d = values + r * kPanel;
              alignas(64) float value[kPanel], slope[kPanel];
              activationAndSlope(c_.activation, this->panelOf(state_.gate, row + r, column, columns), value, slope, columns);
#pragma omp simd
              for (long j = 0; j < columns; j++) {
                product[j] = value[j] * up[j];
                dGate[j] = d[j] * up[j] * slope[j];
                dUp[j] = d[j] * value[j];
              }
            } else
              for (float* some : made) std::fill(some, some + columns, 0.0f);
            for (int i = 0; i < 3; i++) all[i]->finish(row + r, column, columns, made[i]);
          }
        },
        times(dOutput, 4, s_.hidden, s_.inner, false), byA(kDown, 1));
  }

  /** Tiles become rows of a matrix. */
  auto to(const Matrix& matrix) const {
    return [matrix](long row, long column, long columns, const float* values) {
      for (int r = 0; r < kRows; r++) memcpy(matrix.row(row + r) + column, values + r * kPanel, columns * sizeof(float));
    };
  }

  /** A linear layer, the gradient of what it makes, and, for that of its update, what it reads. */
  struct Learned {
    Linear linear;
    Operands<P> dy, x;
  };

  /** dy B of linear layers: the gradients of their x Aᵀ. */
  void dLows(int& phase, char* own, std::initializer_list<Learned> layers) {
    const long tiles = rows_ / kRows, parts = std::max<long>(1, std::min<long>(4 * pool_.size(), tiles / 16)), some = filled((tiles + parts - 1) / parts, 4);
    pool_.share(phase, long(layers.size()) * parts, [&](long item) {
      const Learned& layer = layers.begin()[item / parts];
      const LinearPart& part = parts_[layer.linear];
      const Product<P, float> product{layer.dy.values + part.begin, layer.dy.stride, part.update.b, part.update.rank, part.end - part.begin, false};
      auto keep = [&](long row, long column, long columns, const float* values) {
        for (int r = 0; r < kRows; r++) dLows_.write(row + r, part.rank + column, columns, values + r * kPanel);
      };
      const long begin = item % parts * some, end = std::min(tiles, begin + some);
      for (long column = 0; column < part.update.rank; column += kPanel)
        panelOfProducts(own, column, std::min(kPanel, part.update.rank - column), begin, end, {}, keep, product);
    });
  }
  ByA<P> byA(Linear first, int count) const { return {dLows_, parts_[first].rank, {parts_ + first, count, in_[first]}}; }

  /** Gradients of A = (dy B)ᵀ x and of B = dyᵀ (x Aᵀ). */
  void dUpdates(int& phase, char* own, std::initializer_list<Learned> layers) {
    turnLows(phase, dLows_.exact.values, turnedGradients_);
    auto panels = [](long columns) { return (columns + kPanel - 1) / kPanel; };
    long items = 0;
    for (const Learned& layer : layers) items += panels(in_[layer.linear]) + panels(outOf(layer.linear));
    pool_.share(phase, items, [&](long item) {
      for (const Learned& layer : layers) {
        const Linear linear = layer.linear;
        const LinearPart& part = parts_[linear];
        const long rank = part.update.rank, in = in_[linear], out = outOf(linear);
        if (item < panels(in))
          return outer(own, rank, in, item * kPanel, dLows_.exact.values, turnedGradients_, part.rank, layer.x, 0,
                       [&](long k, long column, long columns, const float* values) { memcpy(dA_[linear] + k * in + column, values, columns * sizeof(float)); });
        item -= panels(in);
        if (item < panels(out))
          return outer(own, rank, out, item * kPanel, state_.lows, turnedLows_, part.rank, layer.dy, part.begin, [&](long k, long column, long columns, const float* values) {
            for (long j = 0; j < columns; j++) dB_[linear][(column + j) * rank + k] = values[j];
          });
        item -= panels(out);
      }
    });
  }
  long outOf(Linear linear) const { return parts_[linear].end - parts_[linear].begin; }

  /** Prepares `outer`'s left side: columns of x Aᵀ or of their gradients. */
  void turnLows(int& phase, const float* from, const TurnedLows<P>& to) {
    if constexpr (P::kTiles) pool_.share(phase, lowWidth_ / kLanes, [&](long item) { to.turn(from, lowWidth_, count_, item * kLanes); });
  }

  /** Σ_n left[n][k] · right[n][begin + column …] for `ranks` columns k of the left side [N, lowWidth] and a panel of the right; `use(k, column, columns, values)`. */
  template <class Use>
  void outer(char* own, long ranks, long wide, long column, const float* left, const TurnedLows<P>& turned, long rank, const Operands<P>& right, long begin, Use&& use) {
    const long columns = std::min(kPanel, wide - column);
    if constexpr (P::kTiles)
      return turned.multiply(rank, ranks, count_, right.row(0) + begin + column, right.stride, columns, own, [&](long k, const float* values) { use(k, column, columns, values); });
    left += rank;
    for (long first = 0; first < ranks; first += kRows) {
      Tile total = {};
      for (long n = 0; n < count_; n += kTerms)
        addProducts<Float32, kRows, kWide>(total, std::min(kTerms, count_ - n), left + first + n * lowWidth_, 1, lowWidth_,
                                           [&](long k, long z) __attribute__((always_inline)) { return P::wide(right.row(n + k) + begin + column + z * kLanes); });
      alignas(64) float values[kPanel];
      for (long r = 0; r < kRows && first + r < ranks; r++) {
        for (int z = 0; z < kWide; z++) store(values + z * kLanes, total[r][z]);
        use(first + r, column, columns, values);
      }
    }
  }

  /** dx = before + ∂RMSNorm(x)/∂x · dy. */
  void normGradient(const float* x, const float* weight, const float* dy, const float* before, float* dx) const {
    const float scale = inverseRms(x, s_.hidden, s_.epsilon);
    float dot = 0;
#pragma omp simd reduction(+ : dot)
    for (long k = 0; k < s_.hidden; k++) dot += dy[k] * weight[k] * x[k];
    const float mean = dot * scale * scale / s_.hidden;
#pragma omp simd
    for (long k = 0; k < s_.hidden; k++) dx[k] = before[k] + (dy[k] * weight[k] - x[k] * mean) * scale;
  }

  /** Sums the query heads' parts of the gradients of keys and values, and turns q's and k's back. */
  void turnBack(int& phase) {
    const Matrix& to = dProjected_.exact;
    pool_.share(phase, attention_.collections(), [&](long i) { attention_.collect(i, partials_, to.values + s_.queries(), to.stride); });
    each(phase, rows_, [&](long n) {
      if (n >= count_) std::fill(to.row(n), to.row(n) + s_.projected(), 0.0f);
      else {
        const float *cos = c_.rope + n * 2 * s_.headSize, *sin = cos + s_.headSize;
        const long half = s_.headSize / 2;
        for (long head = 0; head < s_.heads + s_.keyHeads; head++) {
          float* x = to.row(n) + head * s_.headSize;
#pragma omp simd
          for (long i = 0; i < half; i++) {
            const float first = x[i], second = x[i + half];
            x[i] = first * cos[i] + second * sin[i + half];
            x[i + half] = second * cos[i + half] - first * sin[i];
          }
        }
      }
      dProjected_.finish(n, 0, s_.projected());
    });
  }

  const float* dy_;
  float *dx_, *dA_[kLinears], *dB_[kLinears], *deltas_, *partials_;
  long in_[kLinears];
  Rows<P> dOutput_, dProjected_;
  Operands<P> normed_, inner_, dGate_, dUp_, mixed_;
  Lows<P> dLows_;
  TurnedLows<P> turnedLows_, turnedGradients_;
  Matrix dMixed_, dNormed_;
};
