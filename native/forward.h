// The forward pass of a Llama over a cache of keys and values in pages, for new tokens of some rows: one when decoding, a whole prompt at first.
// Every thread runs all of it; the stages share their work among the threads and end with a barrier.
#pragma once
#include "attention.h"
#include "columns.h"
#include "model.h"

template <class P>
class Forward {
 public:
  Forward(Pool& pool, Scratch& scratch, const Call<P>& call)
      : pool_(pool), c_(call), s_(call.shape), count_(call.batch * call.tokens), blocks_((count_ + kLanes - 1) / kLanes), rows_(blocks_ * kLanes) {
    scratch.reset();
    all_ = {Columns::take(scratch, blocks_, s_.hidden), 1, count_};
    const long every = c_.all ? 1 : c_.tokens;
    last_ = every == 1 ? all_ : Stream{Columns::take(scratch, (call.batch + kLanes - 1) / kLanes, s_.hidden), every, call.batch};
    normed_ = Factor<P>::take(scratch, blocks_, s_.hidden);
    projected_ = Columns::take(scratch, blocks_, s_.projected());
    queries_ = scratch.take<float>((rows_ * s_.heads + kRows) * s_.filledHead());
    mixed_ = {scratch.take<float>(rows_ * s_.queries()), s_.queries()};
    mixedColumns_ = Factor<P>::take(scratch, blocks_, s_.queries());
    inner_ = Factor<P>::take(scratch, blocks_, s_.inner);
    long rank = 0;
    for (const LowRank& update : c_.adapter) rank = std::max(rank, update.rank);
    lows_ = Columns::take(scratch, blocks_, 3 * rank);
    widest_ = filled(*std::max_element(c_.column, c_.column + c_.batch) + c_.tokens);
    const long copied = copiedBytes(std::max({s_.hidden, s_.queries(), s_.inner, rank}));
    room_ = std::max<long>(kRows * (widest_ + s_.filledHead()) * sizeof(float), copied);
    rooms_ = scratch.take<char>(pool.size() * room_);
  }

  void run() {
    pool_.run([&](int thread) {
      const InUse<P> held;
      char* room = rooms_ + thread * room_;
      int phase = 0;
      embed(phase);
      for (long layer = 0; layer < s_.layers; layer++) {
        const float* vectors = c_.vectors + layer * s_.vectors();
        norm(phase, all_, vectors);
        project(phase, room, layer, vectors + 2 * s_.hidden);
        turn(phase, layer);
        const Stream& stream = layer + 1 < s_.layers ? all_ : last_; // of the last layer nothing else is read again
        mix(phase, layer, stream.every - 1, reinterpret_cast<float*>(room));
        if (stream.every > 1) keepLast(phase);
        pack(phase, stream);
        addProduct(phase, stream, room, layer, mixedColumns_, kOutput, 1, vectors + 2 * s_.hidden + s_.projected());
        norm(phase, stream, vectors + s_.hidden);
        gate(phase, stream, room, layer);
        addProduct(phase, stream, room, layer, inner_, kDown, 4, nullptr);
      }
      finish(phase);
    });
  }

 private:
  typedef typename P::Weight Weight;

  /** The residual stream of all tokens, or of the last of each `every`. */
  struct Stream {
    Columns x;
    long every, count;
    long blocks() const { return (count + kLanes - 1) / kLanes; }
    long token(long n) const { return n * every + every - 1; }
  };

  /** Rows row … row + count of one of a layer's matrices, of `in` columns, which make columns row … of the output. */
  Part<Weight> part(long layer, long which, long row, long count, long in, const Update& update) const {
    const long i = 5 * layer + which;
    return {c_.matrices[i] + row * heldSize<P>(in), count, row, update, c_.scales.empty() ? nullptr : c_.scales[i] + row * (heldSize<P>(in) / kGroup)};
  }

  void embed(int& phase) {
    pool_.share(phase, blocks_, [&](long block) {
      all_.x.fill(block, 0, s_.hidden, [&](long i) { return block * kLanes + i < count_ ? c_.embedding + long(c_.ids[block * kLanes + i]) * s_.hidden : nullptr; });
    });
  }

  void keepLast(int& phase) {
    pool_.share(phase, last_.blocks(), [&](long block) {
      for (long lane = 0; lane < kLanes; lane++) {
        const long n = block * kLanes + lane, token = last_.token(n);
        for (long k = 0; k < s_.hidden; k++) last_.x.at(block, k)[lane] = n < last_.count ? all_.x.at(token / kLanes, k)[token % kLanes] : 0;
      }
    });
  }

  /** RMSNorm of the rows of each block. */
  void norm(int& phase, const Stream& stream, const float* weight) {
    pool_.share(phase, stream.blocks(), [&](long block) {
      Vector sums[4] = {zero(), zero(), zero(), zero()};
      for (long k = 0; k < s_.hidden; k++) {
        const Vector x = load(stream.x.at(block, k));
        sums[k % 4] = multiplyAdd(sums[k % 4], x, x);
      }
      alignas(64) float inverse[kLanes];
      store(inverse, (sums[0] + sums[1]) + (sums[2] + sums[3]));
      for (float& lane : inverse) lane = 1 / std::sqrt(lane / s_.hidden + s_.epsilon);
      const Vector scale = load(inverse);
      for (long k = 0; k < s_.hidden; k++) store(normed_.exact.at(block, k), load(stream.x.at(block, k)) * scale * repeat(weight[k]));
      normed_.finish(block, 0, s_.hidden);
    });
  }

  /** What `count` linear layers that read x add to their products, x Aᵀ computed here. */
  std::vector<Update> updates(int& phase, char* room, long layer, long blocks, const Columns& x, int first, int count) {
    std::vector<Update> all(count);
    if (c_.adapter.empty()) return all;
    std::vector<Part<float>> parts;
    long ranks = 0;
    for (int i = 0; i < count; i++) {
      const LowRank& own = c_.adapter[layer * kLinears + first + i];
      if (own.rank == 0) continue;
      all[i] = {lows_, ranks, own.rank, own.b};
      parts.push_back({own.a, own.rank, ranks, {}});
      ranks += own.rank;
    }
    product<Float32>(pool_, phase, room, blocks, exactly(x), parts, [&](long block, long column, const float* values) { memcpy(lows_.at(block, column), values, kLanes * sizeof(float)); });
    return all;
  }

  /** q, k and v of the new tokens. */
  void project(int& phase, char* room, long layer, const float* biases) {
    const std::vector<Update> added = updates(phase, room, layer, blocks_, normed_.exact, kQuery, 3);
    const long bounds[] = {0, s_.queries(), s_.queries() + s_.keys(), s_.projected()};
    std::vector<Part<Weight>> parts;
    for (int i = 0; i < 3; i++) parts.push_back(part(layer, 0, bounds[i], bounds[i + 1] - bounds[i], s_.hidden, added[i]));
    product<P>(pool_, phase, room, blocks_, normed_, parts,
               [&](long block, long column, const float* values) { store(projected_.at(block, column), load(values) + repeat(biases[column])); });
  }

  /** Turns q and k by their positions, and writes k and v into the cache. */
  void turn(int& phase, long layer) {
    const long D = s_.headSize, all = s_.heads + 2 * s_.keyHeads;
    pool_.share(phase, blocks_ * all, [&](long item) {
      const long block = item / all, head = item % all, first = block * kLanes, last = std::min(count_, first + kLanes);
      float* to[kLanes] = {};
      for (long n = first; n < last; n++) to[n - first] = head < s_.heads ? query(n, head) : cached(layer, n, head - s_.heads);
      projected_.copyTo(block, head * D, head * D + D, [&](long i) { return to[i]; });
      for (long n = first; n < last; n++) {
        float* row = to[n - first];
        if (!row) continue;
        if (head < s_.heads + s_.keyHeads) turnHead(row, c_.rope + std::max<long>(0, column(n)) * 2 * D, D);
        std::fill(row + D, row + s_.filledHead(), 0.0f);
      }
    });
  }
  long column(long n) const { return c_.column[n / c_.tokens] + n % c_.tokens; }
  /** Where token n's keys stand in the cache, and after them its values; null for what only fills up. */
  float* cached(long layer, long n, long head) const {
    const long at = column(n), b = n / c_.tokens;
    if (at < 0) return nullptr;
    const long page = c_.pages[b * c_.listed + at / kPageTokens];
    return (head < s_.keyHeads ? c_.cache.keys : c_.cache.values) + page * pageSize() + place(layer, head % s_.keyHeads) + at % kPageTokens * s_.filledHead();
  }
  long pageSize() const { return s_.layers * s_.keyHeads * kPageTokens * s_.filledHead(); }
  /** Where a head's part of a page begins. */
  long place(long layer, long g) const { return (layer * s_.keyHeads + g) * kPageTokens * s_.filledHead(); }
  Seen seen(long layer, long b, long g) const {
    const long at = place(layer, g);
    return {c_.cache.keys + at, c_.cache.values + at, c_.pages + b * c_.listed, pageSize(), s_.filledHead()};
  }
  /** Query heads that share a key head stand together. */
  float* query(long n, long head) const {
    const long each = s_.heads / s_.keyHeads;
    return queries_ + ((head / each * rows_ + n) * each + head % each) * s_.filledHead();
  }

  /** Attention of the tokens from `from` on. */
  void mix(int& phase, long layer, long from, float* room) {
    const long some = c_.tokens - from == 1 ? 1 : 8, tiles = (c_.tokens - from + some - 1) / some;
    const long pairs = some * (s_.heads / s_.keyHeads);
    auto mixer = pairs == 1 ? &Forward::mixHead<1> : pairs == 2 ? &Forward::mixHead<2> : pairs == 3 ? &Forward::mixHead<3> : pairs == 4 ? &Forward::mixHead<4> : &Forward::mixHead<kRows>;
    const long items = c_.batch * s_.keyHeads * tiles;
    pool_.shareAhead(phase, items, [&](long item, long next) {
      auto seenBy = [&](long item) { return seen(layer, item / tiles / s_.keyHeads, item / tiles % s_.keyHeads); };
      const long b = item / tiles / s_.keyHeads, g = item / tiles % s_.keyHeads, t = from + item % tiles * some;
      const bool fetches = c_.tokens == 1 && next < items;
      const Seen ahead = seenBy(fetches ? next : item);
      (this->*mixer)(seenBy(item), fetches ? &ahead : nullptr, b, g, t, std::min(c_.tokens, t + some), room);
    });
  }
  /** Tokens t … end of row b and the query heads of key head g, R of those pairs at a time; the keys `ahead` are read next. */
  template <int R>
  void mixHead(const Seen& seen, const Seen* ahead, long b, long g, long t, long end, float* room) const {
    const long each = s_.heads / s_.keyHeads, pairs = (end - t) * each, stride = s_.filledHead();
    float *out = room, *scores = out + R * stride;
    for (long first = 0; first < pairs; first += R) {
      long ends[R]; // what follows the last pair sees what that sees, and is left
      for (int r = 0; r < R; r++) ends[r] = c_.column[b] + t + std::min(first + r, pairs - 1) / each + 1;
      attend<R>(query(b * c_.tokens + t, g * each) + first * stride, seen, ends, scores, widest_, ahead, out);
      for (long pair = first; pair < std::min(pairs, first + R); pair++)
        memcpy(mixed_.row(b * c_.tokens + t + pair / each) + (g * each + pair % each) * s_.headSize, out + (pair - first) * stride, s_.headSize * sizeof(float));
    }
  }

  /** What attention made, by columns. */
  void pack(int& phase, const Stream& stream) {
    constexpr long some = kGroup; // rounded together
    const long parts = (s_.queries() + some - 1) / some;
    pool_.share(phase, stream.blocks() * parts, [&](long item) {
      const long block = item / parts, begin = item % parts * some, end = std::min(s_.queries(), begin + some);
      mixedColumns_.exact.fill(block, begin, end, [&](long i) { return block * kLanes + i < stream.count ? mixed_.row(stream.token(block * kLanes + i)) : nullptr; });
      mixedColumns_.finish(block, begin, end);
    });
  }

  /** Adds what a linear layer makes of x, and its bias, to the residual stream. */
  void addProduct(int& phase, const Stream& stream, char* room, long layer, const Factor<P>& x, Linear linear, long which, const float* bias) {
    const std::vector<Part<Weight>> parts = {part(layer, which, 0, s_.hidden, x.exact.size, updates(phase, room, layer, stream.blocks(), x.exact, linear, 1)[0])};
    product<P>(pool_, phase, room, stream.blocks(), x, parts, [&](long block, long column, const float* values) {
      float* to = stream.x.at(block, column);
      const Vector sum = load(to) + load(values);
      store(to, bias ? sum + repeat(bias[column]) : sum);
    });
  }

  /** act(gate x) · up x */
  void gate(int& phase, const Stream& stream, char* room, long layer) {
    constexpr bool inGroups = std::is_same<P, Int8>::value;
    const std::vector<Update> added = updates(phase, room, layer, stream.blocks(), normed_.exact, kGate, 2);
    const Part<Weight> gates = part(layer, 2, 0, s_.inner, s_.hidden, added[0]), ups = part(layer, 3, 0, s_.inner, s_.hidden, added[1]);
    overTiles<P>(pool_, phase, stream.blocks(), {s_.inner}, [&](auto Z, const Place& place) {
      constexpr int size = kTileRows<P, Z> * Z * kLanes;
      alignas(64) float gate[size], up[size];
      tile<P, Z>(normed_, &gates, place, room, gate);
      tile<P, Z>(normed_, &ups, place, room, up);
      activate(c_.activation, gate, up, size);
      for (int z = 0; z < Z; z++) {
        for (long r = 0; r < place.count; r++) memcpy(inner_.exact.at(place.block + z, place.row + r), gate + (r * Z + z) * kLanes, kLanes * sizeof(float));
        if constexpr (!inGroups) inner_.finish(place.block + z, place.row, place.row + place.count);
      }
    });
    if (inGroups) { // which are not whole before all tiles are done
      constexpr long some = 4 * kGroup;
      const long items = (s_.inner + some - 1) / some;
      pool_.share(phase, stream.blocks() * items, [&](long item) {
        const long begin = item % items * some;
        inner_.finish(item / items, begin, std::min(s_.inner, begin + some));
      });
    }
  }

  /** The last norm. */
  void finish(int& phase) {
    pool_.share(phase, last_.count, [&](long n) {
      std::vector<float> row(s_.hidden);
      for (long k = 0; k < s_.hidden; k++) row[k] = last_.x.at(n / kLanes, k)[n % kLanes];
      normRow(row.data(), c_.norm, s_.hidden, s_.epsilon, c_.result + n * s_.hidden);
    });
  }

  Pool& pool_;
  const Call<P>& c_;
  const Shape& s_;
  const long count_, blocks_, rows_; // tokens, and filled up to whole blocks
  Stream all_, last_;
  Columns projected_, lows_;
  Factor<P> normed_, mixedColumns_, inner_;
  float* queries_; // [G, rows, H / G, D filled up]
  Matrix mixed_;
  long widest_, room_;
  char* rooms_;
};
