// A Llama's block over packed rows, as training and scoring compute it: x + o(attention(norm x)), then + down(act(gate m) · up m) with m = norm of that.
// Here is what its forward and backward pass share; the plain form is `block` in trainers/models/llama/transformer.ts.
#pragma once
#include "segment-attention.h"
#include "turned-lows.h"

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

/** Linear layers that read the same rows or write columns of the same: their outputs, and where their ranks stand among the layer's. */
struct LinearPart {
  LowRank update;
  long begin, end, rank; // columns of the output; first of the ranks
};

/** Rows of what products read, in precision P, each filled up with zeros to `stride`. */
template <class P>
struct Operands {
  typename P::Input* values;
  long stride;

  typename P::Input* row(long n) const { return values + n * stride; }
  /** Where to write numbers of row n from `begin` on: there, or in `room` if `finish` is to round them. */
  float* place(long n, long begin, float* room) const {
    if constexpr (std::is_same<P, Float32>::value) return row(n) + begin;
    else return room;
  }
  void finish(long n, long begin, long count, const float* made) const {
    if constexpr (!std::is_same<P, Float32>::value) P::round(made, count, row(n) + begin);
  }
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

/** Adds low Bᵀ of linear layers whose outputs stand side by side: low [·, ranks]. */
template <class P>
struct AddUpdates {
  typedef P Precision;
  const Lows<P>& low;
  const LinearPart* parts;
  int count;
  struct Header {
    long first, terms; // ranks
  };

  long ranks() const {
    long sum = 0;
    for (int i = 0; i < count; i++) sum += parts[i].update.rank;
    return sum;
  }
  long bytes() const {
    if constexpr (P::kTiles) return 64 + 4 * filled(kSplit * ranks()) * kPanel; // the panel, and its columns before they are packed
    else return 64 + ranks() * kPanel * long(sizeof(float));
  }
  void pack(long column, long columns, void* room) const {
    Header* header = static_cast<Header*>(room);
    *header = {0, 0};
    for (int i = 0; i < count; i++) {
      const LinearPart& part = parts[i];
      if (!touches(part, column, columns)) continue;
      if (header->terms == 0) header->first = part.rank;
      header->terms += part.update.rank;
    }
    if constexpr (P::kTiles) packSplit(column, columns, *header, static_cast<char*>(room) + 64);
    else packWhole(column, columns, reinterpret_cast<float*>(static_cast<char*>(room) + 64));
  }
  template <int Z>
  inline __attribute__((always_inline)) void add(Tile& total, long first, const void* room) const {
    const Header& header = *static_cast<const Header*>(room);
    if (header.terms == 0) return;
    const float* panel = reinterpret_cast<const float*>(static_cast<const char*>(room) + 64);
    addOuter<Float32, kRows, Z>(total, header.terms, low.exact.row(first) + header.first, low.exact.stride, 1, panel, kPanel);
  }
#ifdef HAS_TILES
  template <int R, int Z>
  inline __attribute__((always_inline)) void add(SumTiles<R, Z>& total, long first, const void* room) const {
    const Header& header = *static_cast<const Header*>(room);
    Panel<P>::add(total, kSplit * header.terms, low.terms + first * low.stride + kSplit * header.first, low.stride, reinterpret_cast<const uint16_t*>(static_cast<const char*>(room) + 64));
  }
#endif

 private:
  static bool touches(const LinearPart& part, long column, long columns) { return part.update.rank > 0 && part.begin < column + columns && part.end > column; }
  void packWhole(long column, long columns, float* panel) const {
    for (int i = 0; i < count; i++) {
      const LinearPart& part = parts[i];
      if (!touches(part, column, columns)) continue;
      for (long k = 0; k < part.update.rank; k++)
        for (long j = 0; j < kPanel; j++, panel++) {
          const long out = column + j;
          *panel = j < columns && out >= part.begin && out < part.end ? part.update.b[(out - part.begin) * part.update.rank + k] : 0;
        }
    }
  }
  void packSplit(long column, long columns, const Header& header, char* room) const {
#ifdef HAS_TILES
    const long in = kSplit * header.terms, pitch = filled(in);
    uint16_t *panel = reinterpret_cast<uint16_t*>(room), *rows = panel + pitch * kPanel;
    for (long j = 0; j < columns; j++) {
      long at = j * pitch;
      for (int i = 0; i < count; i++) {
        const LinearPart& part = parts[i];
        if (!touches(part, column, columns)) continue;
        const long rank = part.update.rank, out = column + j;
        if (out >= part.begin && out < part.end) split<2>(part.update.b + (out - part.begin) * rank, rank, rows + at);
        else std::fill(rows + at, rows + at + kSplit * rank, uint16_t(0));
        at += kSplit * rank;
      }
    }
    Panel<P>::packRows(rows, pitch, in, columns, panel);
#endif
  }
};

/** The A of some linear layers, one below the other. */
struct StackedA {
  const LinearPart* parts;
  int count;
  long in;

  long ranks() const {
    long sum = 0;
    for (int i = 0; i < count; i++) sum += parts[i].update.rank;
    return sum;
  }
  const float* row(long rank) const {
    int i = 0;
    for (; rank >= parts[i].update.rank; i++) rank -= parts[i].update.rank;
    return parts[i].update.a + rank * in;
  }
};

/** x Aᵀ: [·, in] → [·, ranks]. */
template <class P>
struct ByTurnedA {
  typedef P Precision;
  const Operands<P>& x;
  StackedA a;

  long bytes() const { return Panel<P>::elements(a.in) * long(sizeof(typename P::Input)); }
  void pack(long column, long columns, void* room) const {
    Panel<P>::packRows(a.in, [&](long j) { return j < columns ? a.row(column + j) : nullptr; }, static_cast<typename P::Input*>(room));
  }
  template <int Z>
  inline __attribute__((always_inline)) void add(Tile& total, long first, const void* room) const {
    Panel<P>::template add<Z>(total, a.in, x.row(first), x.stride, static_cast<const typename P::Input*>(room));
  }
#ifdef HAS_TILES
  template <int R, int Z>
  inline __attribute__((always_inline)) void add(SumTiles<R, Z>& total, long first, const void* room) const {
    Panel<P>::add(total, a.in, x.row(first), x.stride, static_cast<const typename P::Input*>(room));
  }
#endif
};

/** low A: [·, ranks] → [·, in], in float32. */
template <class P>
struct ByA {
  typedef P Precision;
  const Lows<P>& low;
  long first; // rank
  StackedA a;

  long bytes() const {
    if constexpr (P::kTiles) return 4 * filled(kSplit * a.ranks()) * kPanel; // the panel, and its rows before they are packed
    else return a.ranks() * kPanel * long(sizeof(float));
  }
  void pack(long column, long columns, void* room) const {
    const long ranks = a.ranks();
    if constexpr (P::kTiles) {
#ifdef HAS_TILES
      uint16_t *panel = static_cast<uint16_t*>(room), *rows = panel + filled(kSplit * ranks) * kPanel;
      for (long k = 0; k < ranks; k++) splitRow(a.row(k) + column, columns, rows + kSplit * k * kPanel);
      Panel<P>::packColumns(rows, kPanel, kSplit * ranks, columns, panel);
#endif
    } else {
      float* panel = static_cast<float*>(room);
      for (long k = 0; k < ranks; k++, panel += kPanel) Panel<Float32>::packColumns(a.row(k) + column, 0, 1, columns, panel);
    }
  }
  template <int Z>
  inline __attribute__((always_inline)) void add(Tile& total, long row, const void* room) const {
    const long terms = a.ranks();
    const float* panel = static_cast<const float*>(room);
    for (long k = 0; k < terms; k += kTerms)
      addOuter<Float32, kRows, Z>(total, std::min(kTerms, terms - k), low.exact.row(row) + first + k, low.exact.stride, 1, panel + k * kPanel, kPanel);
  }
#ifdef HAS_TILES
  template <int R, int Z>
  inline __attribute__((always_inline)) void add(SumTiles<R, Z>& total, long row, const void* room) const {
    Panel<P>::add(total, kSplit * a.ranks(), low.terms + row * low.stride + kSplit * first, low.stride, static_cast<const uint16_t*>(room));
  }

 private:
  /** The three rows of a right factor's terms. */
  static void splitRow(const float* from, long count, uint16_t* to) {
    float rest[kPanel];
    P::round(from, count, to);
    for (long j = 0; j < count; j++) rest[j] = from[j] - fromBfloat16(to[j]);
    memcpy(to + kPanel, to, count * sizeof(uint16_t));
    P::round(rest, count, to + 2 * kPanel);
  }
#endif
};
