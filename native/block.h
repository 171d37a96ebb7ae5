// A Llama's block over packed rows, as training and scoring compute it: x + o(attention(norm x)), then + down(act(gate m) · up m) with m = norm of that.
// Here is what its forward and backward pass share; the plain form is `block` in trainers/models/llama/transformer.ts.
#pragma once
#include "low-rank.h"
#include "segment-attention.h"

/** A block, and the tokens that it is given. */
template <class P>
struct BlockCall {
  Shape shape;
  Activation activation;
  long tokens;
  std::vector<Row> rows;
  const float* x; // [N, d]
  const float* rope; // [N, 2, D]: cosines and sines
  const float* vectors; // as Call::vectors, of one layer
  LowRank updates[kLinears];
  const typename P::Weight* matrices[5]; // q k v, o, gate, up, down
};

/** What the backward pass reads again. */
struct BlockState {
  float* projected; // [N, (H + 2 G) D]: q and k, turned, and v
  float* logSums; // [N, H]
  float* mixed; // [N, H D]
  float* middle; // [N, d]
  float *gate, *up; // [N, f], a panel of columns after the other: see panelOf
  float* lows; // [N, lowWidth]: x Aᵀ of every linear layer
};

template <class P>
class BlockBase {
 protected:
  BlockBase(Pool& pool, Scratch& scratch, const BlockCall<P>& call, const BlockState& state)
      : pool_(pool), scratch_(scratch), c_(call), s_(call.shape), state_(state), count_(call.tokens), rows_(filled(count_, kRows)), multiplied_(filled(count_, kHeight<P>)), attention_(call.shape, call.rows) {
    const long q = s_.queries(), k = q + s_.keys(), v = k + s_.keys();
    const long columns[kLinears][2] = {{0, q}, {q, k}, {k, v}, {0, s_.hidden}, {0, s_.inner}, {0, s_.inner}, {0, s_.hidden}};
    long rank = 0;
    for (int i = 0; i < kLinears; i++) {
      parts_[i] = {call.updates[i], columns[i][0], columns[i][1], rank};
      rank += call.updates[i].rank;
    }
    scratch.reset();
    lowWidth_ = widthOfLows(rank);
    const long panels = 2 * Panel<Float32>::elements(std::max({s_.inner, s_.projected(), TurnedLows<P>::kTokens})) * sizeof(float) + 2 * (rank + 1) * kPanel * sizeof(float) + 1024;
    roomBytes_ = filled(std::max<long>(panels, attention_.room()), 64);
    rooms_ = scratch.take<char>(pool.size() * roomBytes_);
    keys_ = scratch.take<typename P::Input>(attention_.headNumbers());
    values_ = scratch.take<typename P::Input>(attention_.headNumbers());
  }

 public:
  /** Columns of `lows`: a tile of kRows ranks may begin at the last one. */
  static long widthOfLows(long ranks) { return ranks == 0 ? 0 : filled(ranks, 16) + 16; }

 protected:
  template <class Use>
  void each(int& phase, long count, Use&& use) {
    constexpr long few = 8;
    pool_.share(phase, (count + few - 1) / few, [&](long item) {
      for (long n = item * few; n < std::min(count, item * few + few); n++) use(n);
    });
  }

  /** One row more than are multiplied, for panels that end beyond the last. */
  Operands<P> takeRows(long size) {
    const long stride = filled(size);
    return {Rows<P>::takeRounded(scratch_, multiplied_ + 1, size, stride), stride};
  }

  /** RMSNorm of all rows. */
  void norm(int& phase, const float* x, const float* weight, const Operands<P>& to) {
    each(phase, rows_, [&](long n) {
      const float* row = x + n * s_.hidden;
      const float inverse = n < count_ ? inverseRms(row, s_.hidden, s_.epsilon) : 0;
      for (long k = 0; k < s_.hidden; k += kPanel) {
        const long count = std::min(kPanel, s_.hidden - k);
        alignas(64) float room[kPanel];
        float* some = to.place(n, k, room);
        if (n >= count_) std::fill(some, some + count, 0.0f);
        else
#pragma omp simd
          for (long i = 0; i < count; i++) some[i] = row[k + i] * inverse * weight[k + i];
        to.finish(n, k, count, some);
      }
    });
  }
  /** Copies an array [N, size] to rows. */
  void copy(int& phase, const float* from, long size, const Operands<P>& to) {
    each(phase, rows_, [&](long n) {
      if (n < count_) P::round(from + n * size, size, to.row(n));
      else std::fill(to.row(n), to.row(n) + size, 0);
    });
  }

  /** Packs the keys and values of all rows. */
  void packHeads(int& phase) {
    pool_.share(phase, long(c_.rows.size()) * s_.keyHeads * 2, [&](long item) {
      const long which = item % 2, g = item / 2 % s_.keyHeads, b = item / 2 / s_.keyHeads;
      const float* from = state_.projected + s_.queries() + which * s_.keys() + g * s_.headSize;
      attention_.pack(from, s_.projected(), b, g, which ? values_ : keys_);
    });
  }

  /** x by a matrix W [out, in], or by Wᵀ. */
  Product<P> times(const Operands<P>& x, int matrix, long out, long in, bool turned) const {
    return {x.values, x.stride, c_.matrices[matrix], in, turned ? in : out, turned};
  }
  /** Where row n of the panel of columns from `column` on stands in `gate` or `up`: passes go down a panel, and find its rows side by side. */
  float* panelOf(float* values, long n, long column, long columns) const { return values + column * count_ + n * columns; }
  char* room(int thread) const { return rooms_ + thread * roomBytes_; }

  Pool& pool_;
  Scratch& scratch_;
  const BlockCall<P>& c_;
  const Shape& s_;
  const BlockState& state_;
  const long count_, rows_, multiplied_; // tokens, filled up to whole tiles, and to what is multiplied at once
  SegmentAttention<P> attention_;
  LinearPart parts_[kLinears];
  long lowWidth_, roomBytes_;
  char* rooms_;
  typename P::Input *keys_, *values_;
};
