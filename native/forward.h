// The forward pass of a Llama over a cache of keys and values, for new tokens of some rows: one when decoding, a whole prompt at first.
// Every thread runs all of it; the stages share their work among the threads and end with a barrier.
#pragma once
#include "attention.h"
#include "model.h"

template <class P>
class Forward {
 public:
  Forward(Pool& pool, Scratch& scratch, const Call<P>& call)
      : pool_(pool), c_(call), s_(call.shape), count_(call.batch * call.tokens), rows_(filled(count_, kRows)) {
    scratch.reset();
    residual_ = {scratch.take<float>(rows_ * s_.hidden), s_.hidden};
    normed_ = Rows<P>::take(scratch, rows_, s_.hidden);
    projected_ = {scratch.take<float>(rows_ * s_.projected()), s_.projected()};
    mixed_ = Rows<P>::take(scratch, rows_, s_.queries());
    inner_ = Rows<P>::take(scratch, rows_, s_.inner);
    long rank = 0;
    for (const LowRank& update : c_.adapter) rank = std::max(rank, update.rank);
    for (Matrix& low : low_) {
      low = {scratch.take<float>(rows_ * filled(rank)), filled(rank)};
      std::fill(low.values, low.row(rows_), 0.0f);
    }
    widest_ = filled(c_.column + c_.tokens);
    room_ = kRows * (widest_ + 2 * s_.filledHead());
    rooms_ = scratch.take<float>(pool.size() * room_);
  }

  void run() {
    pool_.run([&](int thread) {
      int phase = 0;
      embed(phase);
      for (long layer = 0; layer < s_.layers; layer++) {
        const float* vectors = c_.vectors + layer * s_.vectors();
        norm(phase, vectors);
        project(phase, layer, vectors + 2 * s_.hidden);
        turn(phase, layer);
        mix(phase, layer, rooms_ + thread * room_);
        addProduct(phase, layer, mixed_, kOutput, s_.queries(), c_.matrices[5 * layer + 1], vectors + 2 * s_.hidden + s_.projected());
        norm(phase, vectors + s_.hidden);
        gate(phase, layer);
        addProduct(phase, layer, inner_, kDown, s_.inner, c_.matrices[5 * layer + 4], nullptr);
      }
      finish(phase);
    });
  }

 private:
  /** Work on each of `count` rows, some at a time. */
  template <class Row>
  void each(int& phase, long count, Row&& row) {
    constexpr long few = 4;
    pool_.share(phase, (count + few - 1) / few, [&](long item) {
      for (long n = item * few; n < std::min(count, item * few + few); n++) row(n);
    });
  }

  void embed(int& phase) {
    each(phase, rows_, [&](long n) {
      if (n < count_) memcpy(residual_.row(n), c_.embedding + long(c_.ids[n]) * s_.hidden, s_.hidden * sizeof(float));
      else memset(residual_.row(n), 0, s_.hidden * sizeof(float));
    });
  }

  void norm(int& phase, const float* weight) {
    each(phase, rows_, [&](long n) {
      normRow(residual_.row(n), weight, s_.hidden, s_.epsilon, normed_.exact.row(n));
      normed_.finish(n, 0, s_.hidden);
    });
  }

  /** What `linear` of a layer adds to its product, its x Aᵀ computed here into low_[slot]. */
  Update update(int& phase, long layer, Linear linear, const Rows<P>& x, long in, int slot) {
    if (c_.adapter.empty()) return {};
    const LowRank& own = c_.adapter[layer * kLinears + linear];
    if (own.rank == 0) return {};
    const Matrix low = low_[slot];
    const Factors<Float32> factors{x.exact.values, x.exact.stride, in, own.a};
    product<Float32>(pool_, phase, rows_, factors, {{0, own.rank, {}}}, [&](long n, long r, float value) { low.row(n)[r] = value; });
    return {low, own.rank, own.b};
  }

  /** q, k and v of the new tokens. */
  void project(int& phase, long layer, const float* biases) {
    const long q = s_.queries(), k = q + s_.keys(), v = k + s_.keys();
    const std::vector<Part> parts = {
        {0, q, update(phase, layer, kQuery, normed_, s_.hidden, 0)},
        {q, k, update(phase, layer, kKey, normed_, s_.hidden, 1)},
        {k, v, update(phase, layer, kValue, normed_, s_.hidden, 2)},
    };
    product<P>(pool_, phase, rows_, normed_.times(c_.matrices[5 * layer], s_.hidden), parts,
               [&](long n, long column, float value) { projected_.row(n)[column] = value + biases[column]; });
  }

  /** Turns q and k by their positions, and writes k and v into the cache. */
  void turn(int& phase, long layer) {
    each(phase, count_, [&](long n) {
      const long b = n / c_.tokens, column = c_.column + n % c_.tokens;
      const float* table = c_.rope + std::max<long>(0, column - c_.padding[b]) * 2 * s_.headSize;
      float* row = projected_.row(n);
      for (long head = 0; head < s_.heads + s_.keyHeads; head++) turnHead(row + head * s_.headSize, table, s_.headSize);
      for (long g = 0; g < s_.keyHeads; g++) {
        copyHead(row + (s_.heads + g) * s_.headSize, c_.keys + cached(layer, b, g, column));
        copyHead(row + (s_.heads + s_.keyHeads + g) * s_.headSize, c_.values + cached(layer, b, g, column));
      }
    });
  }
  void copyHead(const float* from, float* to) const {
    memcpy(to, from, s_.headSize * sizeof(float));
    memset(to + s_.headSize, 0, (s_.filledHead() - s_.headSize) * sizeof(float));
  }
  long cached(long layer, long b, long g, long column) const {
    return (((layer * c_.cacheRows + c_.firstRow + b) * s_.keyHeads + g) * c_.columns + column) * s_.filledHead();
  }

  void mix(int& phase, long layer, float* room) {
    const long some = c_.tokens == 1 ? 1 : 8, tiles = (c_.tokens + some - 1) / some;
    const bool few = some * (s_.heads / s_.keyHeads) <= 4;
    pool_.share(phase, c_.batch * s_.keyHeads * tiles, [&](long item) {
      const long b = item / tiles / s_.keyHeads, g = item / tiles % s_.keyHeads, t = item % tiles * some;
      if (few) mixHead<4>(layer, b, g, t, std::min(c_.tokens, t + some), room);
      else mixHead<kRows>(layer, b, g, t, std::min(c_.tokens, t + some), room);
    });
  }
  /** Tokens t … end of row b and the query heads of key head g, R of those pairs at a time. */
  template <int R>
  void mixHead(long layer, long b, long g, long t, long end, float* room) const {
    const long each = s_.heads / s_.keyHeads, pairs = (end - t) * each, stride = s_.filledHead();
    const Seen seen = {c_.keys + cached(layer, b, g, 0), c_.values + cached(layer, b, g, 0), stride, c_.padding[b]};
    float *q = room, *out = q + R * stride, *scores = out + R * stride;
    for (long first = 0; first < pairs; first += R) {
      long ends[R];
      auto of = [&](int r) { return std::min(first + r, pairs - 1); }; // what fills up repeats the last
      auto head = [&](int r) { return (g * each + of(r) % each) * s_.headSize; };
      auto row = [&](int r) { return b * c_.tokens + t + of(r) / each; };
      for (int r = 0; r < R; r++) {
        copyHead(projected_.row(row(r)) + head(r), q + r * stride);
        ends[r] = c_.column + t + of(r) / each + 1;
      }
      attend<R>(q, seen, ends, ends[R - 1], scores, widest_, out);
      for (int r = 0; r < R && first + r < pairs; r++) {
        memcpy(mixed_.exact.row(row(r)) + head(r), out + r * stride, s_.headSize * sizeof(float));
        mixed_.finish(row(r), head(r), head(r) + s_.headSize);
      }
    }
  }

  /** Adds what a linear layer makes of x, and its bias, to the residual stream. */
  void addProduct(int& phase, long layer, const Rows<P>& x, Linear linear, long in, const typename P::Weight* w, const float* bias) {
    const std::vector<Part> parts = {{0, s_.hidden, update(phase, layer, linear, x, in, 0)}};
    product<P>(pool_, phase, rows_, x.times(w, in), parts,
               [&](long n, long column, float value) { residual_.row(n)[column] += bias ? value + bias[column] : value; });
  }

  /** act(gate x) · up x */
  void gate(int& phase, long layer) {
    const Update forGate = update(phase, layer, kGate, normed_, s_.hidden, 0), forUp = update(phase, layer, kUp, normed_, s_.hidden, 1);
    const Factors<P> gates = normed_.times(c_.matrices[5 * layer + 2], s_.hidden), ups = normed_.times(c_.matrices[5 * layer + 3], s_.hidden);
    overGroups(pool_, phase, rows_, {{0, s_.inner, {}}}, [&](const Part&, long row, bool ahead, long begin, long end) {
      for (long column = begin; column < end; column += kColumns) {
        alignas(64) float gate[kTile], up[kTile];
        tile<P>(gates, row, ahead, column, s_.inner, forGate, 0, gate);
        tile<P>(ups, row, ahead, column, s_.inner, forUp, 0, up);
        activate(c_.activation, gate, up, kTile);
        for (int z = 0; z < kColumns && column + z < end; z++)
          for (int r = 0; r < kRows; r++) inner_.exact.row(row + r)[column + z] = gate[z * kRows + r];
      }
      for (int r = 0; r < kRows; r++) inner_.finish(row + r, begin, end);
    });
  }

  void finish(int& phase) {
    const long every = c_.all ? 1 : c_.tokens; // the last of so many
    each(phase, count_ / every, [&](long n) { normRow(residual_.row(n * every + every - 1), c_.norm, s_.hidden, s_.epsilon, c_.result + n * s_.hidden); });
  }

  Pool& pool_;
  const Call<P>& c_;
  const Shape& s_;
  const long count_, rows_; // tokens, and filled up to whole blocks
  Matrix residual_, projected_, low_[3];
  Rows<P> normed_, mixed_, inner_;
  long widest_, room_;
  float* rooms_;
};
