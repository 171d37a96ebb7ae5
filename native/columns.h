// x Wᵀ as sampling has it: x held by columns, kLanes rows side by side, so that a vector is number k of kLanes rows and is multiplied by one
// number of W, which is read row by row as TensorFlow holds it. W is not packed, comes from memory once for all rows, and what one product
// makes stands as the next one reads it. Each number's sum has the same order for any number of rows.
#pragma once
#include <vector>

#include "eight-bit.h"

/** A tile is kTall rows of W by one block of rows of x, or kRows by two or three; with P's tiles kTall by one or two. */
template <class P>
constexpr int kTall = P::kTiles ? kHeight<P> : 2 * kRows;
template <class P>
constexpr int kMostBlocks = P::kTiles ? 2 : 3;
template <class P, int Z>
constexpr int kTileRows = P::kTiles || Z == 1 ? kTall<P> : kRows;

/** Rows of W as tiles read them. */
template <class P>
struct TileRows {
  const typename P::Input* values;
  long pitch;

  /** `count` rows from w on, `in` numbers each: as they stand there, or copied to `room` where they are in another precision, end within a pair, or do not fill the tile. */
  template <class W>
  static TileRows of(const W* w, long in, long count, long all, typename P::Input* room) {
    if constexpr (std::is_same<W, typename P::Input>::value)
      if (count == all && in % kDepth<P> == 0) return {w, in};
    const long pitch = filled(in, kDepth<P>);
    if (count < all || in < pitch) memset(room, 0, all * pitch * sizeof *room);
    for (long r = 0; r < count; r++) P::convert(w + r * in, in, room + r * pitch);
    return {room, pitch};
  }
};

/** sums[r][z] += Σ_k W[r][k] · x[block + z][k], of `words` words; `next` are bytes that the next tile reads, or null, so many a word. */
template <class P, int R, int Z>
ALWAYS_INLINE void addTile(Vector (&sums)[R][Z], long words, const TileRows<P>& w, const typename P::Input* x, long pitch, const char* next = nullptr, long bytes = 0) {
  for (long k = 0; k < words; k += kTerms) {
    const long terms = std::min(kTerms, words - k);
    const char* columns[Z];
#pragma GCC unroll 4
    for (int z = 0; z < Z; z++) columns[z] = reinterpret_cast<const char*>(x + z * pitch) + k * kLanes * 4;
    if (next)
      addProducts<P, R, Z>(sums, terms, w.values + k * P::kPair, w.pitch / P::kPair, 1, [&](long j, long z) __attribute__((always_inline)) {
        if (z == 0) _mm_prefetch(next + (k + j) * bytes, _MM_HINT_T1);
        return loadWords(columns[z] + j * kLanes * 4);
      });
    else
      addProducts<P, R, Z>(sums, terms, w.values + k * P::kPair, w.pitch / P::kPair, 1, [&](long j, long z) __attribute__((always_inline)) { return loadWords(columns[z] + j * kLanes * 4); });
  }
}

/** low Bᵀ, which is added to a product: low = x Aᵀ by columns, of which `first` is this one's, and B [out, rank]. A rank of 0 is none. */
struct Update {
  Columns low;
  long first = 0, rank = 0;
  const float* b = nullptr;
};

/** Rows of a matrix W [count, in], which make columns first … of the output. */
template <class W>
struct Part {
  const W* w;
  long count, first;
  Update update;
  const float* scales = nullptr; // of the rows' groups, in 8 bits
};

/** Bytes of the room to which a thread copies a tile's rows of `in` numbers. */
inline long copiedBytes(long in) { return 2 * kTileSide * filled(in) * long(sizeof(float)); }

/** Where a tile is: rows row … row + count of a part, blocks block … of x. Where W comes from memory, the tile after it is at row nextRow of
 *  part nextPart, or nowhere if that is −1. */
struct Place {
  long part, row, count, block, nextPart, nextRow;
};

/** Adds an update to the sums of `count` rows from row `row` on. */
template <int R, int Z>
ALWAYS_INLINE void addUpdate(Vector (&sums)[R][Z], const Update& update, long row, long count, long block, char* room) {
  if (update.rank == 0) return;
  const auto b = TileRows<Float32>::of(update.b + row * update.rank, update.rank, count, R, reinterpret_cast<float*>(room));
  addTile<Float32, R, Z>(sums, update.rank, b, update.low.at(block, update.first), update.low.size * kLanes);
}

/** The sums of a tile. → values [R][Z][kLanes] */
template <class P, int Z, class W>
ALWAYS_INLINE void tile(const Factor<P>& x, const Part<W>* parts, const Place& place, char* room, float* values) {
  constexpr int R = kTileRows<P, Z>;
  typedef typename P::Input Number;
  const long in = heldSize<P>(x.exact.size);
  const Part<W>& part = parts[place.part];
  const auto w = TileRows<P>::of(part.w + place.row * in, in, place.count, R, reinterpret_cast<Number*>(room));
  const char* next = place.nextPart < 0 ? nullptr : reinterpret_cast<const char*>(parts[place.nextPart].w + place.nextRow * in);
#ifdef HAS_TILES
  if constexpr (P::kTiles) {
    SumTiles<R / kTileSide, Z> sums;
    sums.clear();
    sums.add(x.words / kTileSide, w.values, w.pitch * 2, x.block(place.block), 64, x.words * 64, next);
    sums.store(values, Z * 64);
    for (long r = 0; part.update.rank && r < place.count; r += kRows) {
      Vector some[kRows][Z];
      float* to = values + r * Z * kLanes;
      for (int i = 0; i < kRows * Z; i++) some[i / Z][i % Z] = load(to + i * kLanes);
      addUpdate(some, part.update, place.row + r, std::min<long>(kRows, place.count - r), place.block, room);
      for (int i = 0; i < kRows * Z; i++) store(to + i * kLanes, some[i / Z][i % Z]);
    }
    return;
  }
#endif
  Vector sums[R][Z];
#pragma GCC unroll 16
  for (int r = 0; r < R; r++)
#pragma GCC unroll 4
    for (int z = 0; z < Z; z++) sums[r][z] = zero();
  if constexpr (std::is_same<P, Int8>::value) {
    addGroups<R, Z>(sums, x, place.block, w.values, w.pitch, part.scales + place.row * x.groups, place.count, next);
  } else addTile<P, R, Z>(sums, x.words, w, x.block(place.block), x.words * P::kPair * kLanes, next, R * P::kPair * long(sizeof(W)));
  addUpdate(sums, part.update, place.row, place.count, place.block, room);
#pragma GCC unroll 16
  for (int r = 0; r < R; r++)
#pragma GCC unroll 4
    for (int z = 0; z < Z; z++) store(values + (r * Z + z) * kLanes, sums[r][z]);
}

/** Calls `work(Z, place)` for every tile of matrices of counts[part] rows by `blocks` blocks, shared among the threads. Z is a constant. */
template <class P, class Work>
void overTiles(Pool& pool, int& phase, long blocks, const std::vector<long>& counts, Work&& work) {
  long tall = 0, groups = 0;
  for (long count : counts) tall += (count + kTall<P> - 1) / kTall<P>;
  const long some = (tall >= 12 * pool.size() ? 3 : 1) * kTall<P>; // rows of W that stay in the caches while blocks pass
  for (long count : counts) groups += (count + some - 1) / some;
  const long sets = (blocks + kMostBlocks<P> - 1) / kMostBlocks<P>, chunks = std::max<long>(1, std::min(sets, 4 * pool.size() / std::max<long>(1, groups)));
  const long each = (sets + chunks - 1) / chunks * kMostBlocks<P>;
  auto partOf = [&](long& group) {
    long part = 0;
    for (long own; group >= (own = (counts[part] + some - 1) / some); part++) group -= own;
    return part;
  };
  pool.shareAhead(phase, groups * chunks, [&](long item, long next) {
    long group = item / chunks, nextGroup = next / chunks, nextPart = -1;
    const bool another = next < groups * chunks && nextGroup != group;
    const long part = partOf(group);
    if (another) nextPart = partOf(nextGroup);
    const long begin = group * some, end = std::min(counts[part], begin + some), first = item % chunks * each, last = std::min(blocks, first + each);
    auto rows = [&](auto Z, long block) {
      constexpr int R = kTileRows<P, Z>;
      for (long row = begin; row < end; row += R) {
        Place place{part, row, std::min<long>(R, end - row), block, -1, 0};
        if (block == first && row + R < end) place.nextPart = part, place.nextRow = row + R;
        else if (block == first) place.nextPart = nextPart, place.nextRow = nextGroup * some;
        work(Z, place);
      }
    };
    for (long block = first; block < last; block += kMostBlocks<P>) {
      if (kMostBlocks<P> >= 3 && last - block >= 3) rows(std::integral_constant<int, std::min(3, kMostBlocks<P>)>(), block);
      else if (last - block >= 2) rows(std::integral_constant<int, 2>(), block);
      else rows(std::integral_constant<int, 1>(), block);
    }
  });
}

/** The products of x with some matrices; `use(block, column, values)` is given each column of each block, values [kLanes]. */
template <class P, class W, class Use>
void product(Pool& pool, int& phase, char* room, long blocks, const Factor<P>& x, const std::vector<Part<W>>& parts, Use&& use) {
  std::vector<long> counts;
  for (const Part<W>& part : parts) counts.push_back(part.count);
  overTiles<P>(pool, phase, blocks, counts, [&](auto Z, const Place& place) {
    alignas(64) float values[kTileRows<P, Z> * Z * kLanes];
    tile<P, Z>(x, parts.data(), place, room, values);
    for (long r = 0; r < place.count; r++)
      for (int z = 0; z < Z; z++) use(place.block + z, parts[place.part].first + place.row + r, values + (r * Z + z) * kLanes);
  });
}
