// The products that linear layers with low-rank updates add to those with their frozen matrices.
#pragma once
#include "model.h"
#include "turned-lows.h"

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
