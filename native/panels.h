// Products of many rows, as training and scoring have them: sums of outer products. A panel holds some columns of the right-hand matrix,
// packed so that it is read front to back; a tile is kRows rows of the left-hand one by a panel. Packing is a hundredth of the work.
#pragma once
#include <algorithm>
#include <initializer_list>
#include <tuple>

#include "pool.h"
#include "precision.h"
#include "scratch.h"

constexpr long kPanel = kWide * kLanes;
/** One accumulator over thousands of terms would round at the size of the greatest of them: so many are added up, then these sums. */
constexpr long kTerms = 192;

/** The sums [kRows][kPanel] of a tile, of which Z vectors a row are used. */
typedef Vector Tile[kRows][kWide];

/** total[r][z] += Σ_k a[r · row + k · step] · right(k, z), for R rows and Z vectors. In words: of one number, or where P multiplies two at once, of two. */
template <class P, int R, int Z, int Tall, int Wide, class Right>
ALWAYS_INLINE void addProducts(Vector (&total)[Tall][Wide], long terms, const void* a, long row, long step, Right&& right) {
  const char* left = static_cast<const char*>(a);
  Vector sums[R][Z];
  for (auto& sum : sums)
    for (Vector& part : sum) part = zero();
  for (long k = 0; k < terms; k++) {
    Vector vectors[Z];
#pragma GCC unroll 8
    for (int z = 0; z < Z; z++) vectors[z] = right(k, z);
#pragma GCC unroll 16
    for (int r = 0; r < R; r++) {
      const char* word = left + (r * row + k * step) * 4;
      if constexpr (Z == 1) sums[r][0] = P::addWord(sums[r][0], word, vectors[0]);
      else {
        const Vector repeated = repeatWord(word);
#pragma GCC unroll 8
        for (int z = 0; z < Z; z++) sums[r][z] = P::addWords(sums[r][z], repeated, vectors[z]);
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; r++)
#pragma GCC unroll 8
    for (int z = 0; z < Z; z++) total[r][z] = total[r][z] + sums[r][z];
}

/** The same with vectors right(k, z) that stand at b[k · pitch + z · kLanes]. */
template <class P, int R, int Z>
ALWAYS_INLINE void addOuter(Tile& total, long terms, const void* a, long row, long step, const void* b, long pitch) {
  addProducts<P, R, Z>(total, terms, a, row, step, [&](long k, long z) __attribute__((always_inline)) { return loadWords(static_cast<const char*>(b) + (k * pitch + z * kLanes) * 4); });
}

/** Rows that products read: as they are, and rounded to the weights' precision, which may be the same array. */
template <class P>
struct Rows {
  Matrix exact;
  typename P::Input* rounded;

  static Rows take(Scratch& scratch, long rows, long size) {
    const long stride = filled(size);
    float* exact = scratch.take<float>(rows * stride);
    clear(exact, rows, size, stride);
    if constexpr (std::is_same<P, Float32>::value) return {{exact, stride}, exact};
    else return {{exact, stride}, takeRounded(scratch, rows, size, stride)};
  }
  static typename P::Input* takeRounded(Scratch& scratch, long rows, long size, long stride) {
    typename P::Input* rounded = scratch.take<typename P::Input>(rows * stride);
    clear(rounded, rows, size, stride);
    return rounded;
  }
  /** What fills up the rows is multiplied with zeros, but must be a number: another model may have left anything there. */
  template <class Number>
  static void clear(Number* values, long rows, long size, long stride) {
    if (size < stride)
      for (long n = 0; n < rows; n++) std::fill(values + n * stride + size, values + (n + 1) * stride, Number(0));
  }
  /** To be called when columns begin … end of a row have been written. */
  void finish(long row, long begin, long end) const {
    if constexpr (!std::is_same<P, Float32>::value) P::round(exact.row(row) + begin, end - begin, rounded + row * exact.stride + begin);
  }
};

/** A panel's numbers are those that products in precision P read: [in][kPanel], or where two of them are multiplied and added at once, [in / 2][kPanel][2]. */
template <class P>
struct Panel {
  typedef typename P::Input Element;
  static constexpr long kPair = P::kPair, kStep = kPair * kLanes;
  static constexpr long elements(long in) { return filled(in, kDepth<P>) * kPanel; }

  /** Column j is `in` numbers from rowOf(j) on, or 0 where that is null. They are in precision P, or in float32 and rounded. */
  template <class RowOf>
  static void packRows(long in, RowOf&& rowOf, Element* to) {
    typedef std::remove_cv_t<std::remove_pointer_t<decltype(rowOf(0))>> W;
    for (long j = 0; j < kPanel; j += kLanes)
      for (long k = 0; k < in; k += kStep) {
        Vector square[kLanes];
#pragma GCC unroll 16
        for (long i = 0; i < kLanes; i++) {
          const W* from = rowOf(j + i);
          square[i] = from ? some<W, kStep>(from + k, in - k, [](const W* at) { return P::words(at); }) : zero();
        }
        transpose(square);
        float* words = reinterpret_cast<float*>(to + k * kPanel) + j;
        const long terms = P::kTiles ? kLanes : std::min(kLanes, (in - k + kPair - 1) / kPair);
        for (long i = 0; i < terms; i++) store(words + i * kPanel, square[i]);
      }
  }
  /** Column j is row j of `w`, `count` of them. */
  template <class W>
  static void packRows(const W* w, long pitch, long in, long count, Element* to) {
    packRows(in, [&](long j) -> const W* { return j < count ? w + j * pitch : nullptr; }, to);
  }
  /** Column j is column j of `w`. */
  template <class W>
  static void packColumns(const W* w, long pitch, long in, long count, Element* to) {
    for (long k = 0; k < filled(in, kDepth<P>); k += kPair)
      for (long j = 0; j < kPanel; j += kLanes) {
        const W* from = w + k * pitch + j;
        Vector numbers[kPair];
        for (long i = 0; i < kPair; i++) numbers[i] = j < count && k + i < in ? some<W, kLanes>(from + i * pitch, count - j, [](const W* at) { return P::wide(at); }) : zero();
        store(reinterpret_cast<float*>(to + k * kPanel) + j, P::together(numbers));
      }
  }
  template <int Z>
  ALWAYS_INLINE void add(Tile& total, long in, const Element* a, long row, const Element* panel) {
    for (long k = 0; k < in; k += kPair * kTerms)
      addOuter<P, kRows, Z>(total, std::min(kTerms, (in - k + kPair - 1) / kPair), a + k, row / kPair, 1, panel + k * kPanel, kPanel);
  }
#ifdef HAS_TILES
  template <int R, int Z>
  ALWAYS_INLINE void add(SumTiles<R, Z>& total, long in, const Element* a, long row, const Element* panel) {
    total.add(filled(in, kDepth<P>) / kDepth<P>, a, row * 2, panel, kPanel * 4);
  }
#endif
  /** to [kHeight][Z vectors] = a panel's product, or that more. Rows of `a` and `to` are `row` and `pitch` numbers apart. */
  template <int Z, bool more = false>
  ALWAYS_INLINE void multiply(long in, const Element* a, long row, const Element* panel, float* to, long pitch) {
#ifdef HAS_TILES
    if constexpr (P::kTiles) {
      SumTiles<2, Z> total;
      if (more) total.load(to, pitch * 4);
      else total.clear();
      add(total, in, a, row, panel);
      return total.store(to, pitch * 4);
    } else
#endif
    {
      Tile total = {};
      if (more)
        for (int r = 0; r < kRows; r++)
          for (int z = 0; z < Z; z++) total[r][z] = load(to + r * pitch + z * kLanes);
      add<Z>(total, in, a, row, panel);
      for (int r = 0; r < kRows; r++)
        for (int z = 0; z < Z; z++) store(to + r * pitch + z * kLanes, total[r][z]);
    }
  }

 private:
  /** What `load` makes of `size` numbers, of which there are `count` or more; the missing ones are 0. */
  template <class W, long size, class Load>
  ALWAYS_INLINE Vector some(const W* from, long count, Load&& load) {
    if (count >= size) return load(from);
    W there[size] = {};
    memcpy(there, from, count * sizeof(W));
    return load(there);
  }
};

/** A product that a tile adds up: rows of `a` by W as it is, or turned; `in` terms each. */
template <class P, class W = typename P::Weight>
struct Product {
  typedef P Precision;
  const typename P::Input* a;
  long row;
  const W* w;
  long pitch, in;
  bool turned;

  long bytes() const { return Panel<P>::elements(in) * long(sizeof(typename Panel<P>::Element)); }
  void pack(long column, long count, void* room) const {
    auto* to = static_cast<typename Panel<P>::Element*>(room);
    if (turned) Panel<P>::packRows(w + column * pitch, pitch, in, count, to);
    else Panel<P>::packColumns(w + column, pitch, in, count, to);
  }
  template <int Z>
  inline __attribute__((always_inline)) void add(Tile& total, long first, const void* room) const {
    Panel<P>::template add<Z>(total, in, a + first * row, row, static_cast<const typename Panel<P>::Element*>(room));
  }
#ifdef HAS_TILES
  template <int R, int Z>
  inline __attribute__((always_inline)) void add(SumTiles<R, Z>& total, long first, const void* room) const {
    Panel<P>::add(total, in, a + first * row, row, static_cast<const typename Panel<P>::Element*>(room));
  }
#endif
};

/** values [kRows][kPanel], of which Z vectors: the sum of products for these rows, with their panels in `room`. */
template <int Z, class... Products>
ALWAYS_INLINE void fillTile(long first, const char* room, float* values, const Products&... products) {
  Tile total;
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 8
    for (int z = 0; z < Z; z++) total[r][z] = zero();
  long at = 0;
  ((products.template add<Z>(total, first, room + at), at += filled(products.bytes(), 64)), ...);
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 8
    for (int z = 0; z < Z; z++) store(values + r * kPanel + z * kLanes, total[r][z]);
}

#ifdef HAS_TILES
template <int R, int Z, class... Products>
ALWAYS_INLINE void fillTiles(long first, const char* room, float* values, const Products&... products) {
  SumTiles<R, Z> total;
  total.clear();
  long at = 0;
  ((products.add(total, first, room + at), at += filled(products.bytes(), 64)), ...);
  total.store(values, kPanel * 4);
}
#endif

/** The same of `rows` rows, kHeight at most. */
template <int Z, class P, class... Others>
ALWAYS_INLINE void fillRows(long first, long rows, const char* room, float* values, const P& product, const Others&... others) {
#ifdef HAS_TILES
  if constexpr (P::Precision::kTiles) return rows > kTileSide ? fillTiles<2, Z>(first, room, values, product, others...) : fillTiles<1, Z>(first, room, values, product, others...);
  else
#endif
    fillTile<Z>(first, room, values, product, others...);
}

/** A matrix of which `use` reads or writes the part that a tile covers. The processor would not see that coming: lines are a row apart. */
struct Touched {
  const char* values;
  long pitch, size; // bytes of a row and of a number

  template <class Number>
  Touched(const Number* values, long stride) : values(reinterpret_cast<const char*>(values)), pitch(stride * long(sizeof(Number))), size(sizeof(Number)) {}
  Touched(const Matrix& matrix) : Touched(matrix.values, matrix.stride) {}
  void fetch(long row, long column, long count) const {
    for (long r = 0; r < kRows; r++)
      for (const char *at = values + (row + r) * pitch + column * size, *end = at + count * size; at < end; at += 64) __builtin_prefetch(at, 1);
  }
};

/** Columns column … column + count of a sum of products, for tiles begin … end; `use(row, column, count, values)` is given each, values [kRows][kPanel].
 *  `room`: for the panels. What `use` touches is fetched while the sums are computed. */
template <class Use, class First, class... Others>
void panelOfProducts(char* room, long column, long count, long begin, long end, std::initializer_list<Touched> touched, Use&& use, const First& product, const Others&... others) {
  constexpr long height = kHeight<typename First::Precision>;
  long at = 0;
  auto pack = [&](const auto& one) { one.pack(column, count, room + at), at += filled(one.bytes(), 64); };
  pack(product), (pack(others), ...);
  alignas(64) float values[height * kPanel];
  for (long row = begin * kRows; row < end * kRows; row += height) {
    const long rows = std::min(height, end * kRows - row);
    for (const Touched& matrix : touched)
      for (long r = 0; r < rows; r += kRows) matrix.fetch(row + r, column, count);
    if (count > 2 * kLanes) fillRows<kWide>(row, rows, room, values, product, others...);
    else if (count > kLanes) fillRows<2>(row, rows, room, values, product, others...);
    else fillRows<1>(row, rows, room, values, product, others...);
    for (long r = 0; r < rows; r += kRows) use(row + r, column, count, values + r * kPanel);
  }
}

/** Shares panels of columns, and where there are few, parts of the tiles of rows: `work(column, count, begin, end)`. */
template <class Work>
void sharePanels(Pool& pool, int& phase, long rows, long columns, Work&& work) {
  const long panels = (columns + kPanel - 1) / kPanel, tiles = rows / kRows;
  const long parts = std::max<long>(1, std::min((4 * pool.size() + panels - 1) / panels, tiles / 16)), some = filled((tiles + parts - 1) / parts, 4);
  pool.share(phase, panels * parts, [&](long item) {
    const long column = item / parts * kPanel, begin = item % parts * some;
    if (begin < tiles) work(column, std::min(kPanel, columns - column), begin, std::min(tiles, begin + some));
  });
}

/** The sum of products over `rows` rows (whole tiles) and `columns` columns, as panelOfProducts makes it. `room` is the thread's own. */
template <class Use, class... Products>
void sumOfProducts(Pool& pool, int& phase, char* room, long rows, long columns, std::initializer_list<Touched> touched, Use&& use, const Products&... products) {
  sharePanels(pool, phase, rows, columns, [&](long column, long count, long begin, long end) { panelOfProducts(room, column, count, begin, end, touched, use, products...); });
}
