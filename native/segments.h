// Attention among the tokens of packed rows, forward and backward: a prompt's tokens see themselves and those before, an answer's the whole
// prompt too. Scores are q kᵀ; 1/√D is in q and k already.
#pragma once
#include <cmath>

#include "exponential.h"
#include "model.h"
#include "rows.h"

/** In precision P products read rounded numbers; scores, softmax, sums and gradients are in float32. */
template <class P>
class SegmentAttention {
  typedef typename P::Input Input;

 public:
  static constexpr long kQueries = 32; // whose probabilities are held at once

  SegmentAttention(const Shape& shape, const std::vector<Row>& rows)
      : s_(shape), rows_(rows), wide_(filled(shape.headSize)), headPanels_((shape.headSize + kPanel - 1) / kPanel), perPanel_(Panel<P>::elements(shape.headSize)) {
    for (const Row& row : rows)
      for (const Segment& segment : row.segments) most_ = std::max(most_, row.segments[0].columns() + segment.columns());
    for (size_t b = 0; b < rows.size(); b++)
      for (size_t s = 0; s < rows[b].segments.size(); s++)
        for (long t = 0; t < rows[b].segments[s].count; t += kQueries) blocks_.push_back({long(b), long(s), t});
  }

  /** Bytes of one thread's working room. */
  long room() const { return Room(nullptr, *this).bytes; }
  /** Numbers of the packed keys or values of all rows. */
  long headNumbers() const {
    long sum = 0;
    for (const Row& row : rows_) sum += s_.keyHeads * perHead(row);
    return sum;
  }
  /** Of the partial gradients of keys and values, of every query head by itself. */
  long partialNumbers() const {
    long sum = 0;
    for (const Row& row : rows_) sum += s_.heads * 2 * row.count * wide_;
    return sum;
  }
  /** Partial gradients of query head h of row b: of keys [count, wide], then of values. */
  float* partial(float* memory, long b, long h) const {
    for (long i = 0; i < b; i++) memory += s_.heads * 2 * rows_[i].count * wide_;
    return memory + h * 2 * rows_[b].count * wide_;
  }
  long wide() const { return wide_; }

  /** Packs the vectors of key head g of row b, which stand `pitch` apart from `from` on. */
  void pack(const float* from, long pitch, long b, long g, Input* memory) const {
    const Heads to = heads(memory, b, g);
    for (const Segment& segment : rows_[b].segments) {
      const float* vectors = from + segment.first * pitch;
      for (long t = 0; t < segment.count; t += kPanel)
        Panel<P>::packRows(vectors + t * pitch, pitch, s_.headSize, std::min(kPanel, segment.count - t), to.columns + (segment.panels + t / kPanel) * perPanel_);
      packHead(vectors, pitch, segment.count, to.rows + headPanels_ * segment.terms * kPanel);
    }
  }

  long blocks() const { return blocks_.size() * s_.heads; }
  /** Work item i of the forward pass: mixed values [·, pitch of heads] and log Σ exp of the scores [N, H] of some queries of one head. */
  void forward(long i, const float* projected, Input* keys, Input* values, float* mixed, float* logSums, char* memory) const {
    const Block& block = blocks_[i / s_.heads];
    const long h = i % s_.heads, g = h / (s_.heads / s_.keyHeads);
    const Row& row = rows_[block.row];
    const Segment& own = row.segments[block.segment];
    const Heads k = heads(keys, block.row, g), v = heads(values, block.row, g);
    const Room room(memory, *this);
    for (long t = block.first; t < std::min(own.count, block.first + kQueries); t += kRows) {
      const View view = viewOf(row, block.segment, t + kRows);
      copyTile(projected + h * s_.headSize, s_.projected(), own, t, room.x);
      products(room.x, k, view, room.scores);
      float scale[kRows];
      for (long r = 0; r < kRows; r++) {
        float* p = room.scores + r * most_;
        hide(p, view, t + r);
        float top = -INFINITY, sum = 0;
#pragma omp simd reduction(max : top)
        for (long c = 0; c < view.width; c++) top = top > p[c] ? top : p[c];
#pragma omp simd reduction(+ : sum)
        for (long c = 0; c < view.width; c++) {
          p[c] = exponential(p[c] - top);
          sum += p[c];
        }
        scale[r] = 1 / sum;
        if (t + r < own.count) logSums[(own.first + t + r) * s_.heads + h] = top + std::log(sum);
      }
      weigh(rounded(room.scores, view.width, room.weights), v, view, room.sums);
      for (long r = 0; r < kRows && t + r < own.count; r++) {
        float* to = mixed + (own.first + t + r) * s_.queries() + h * s_.headSize;
        for (long d = 0; d < s_.headSize; d++) to[d] = room.sums[r * wide_ + d] * scale[r];
      }
    }
  }

  /** Work item i of the backward pass, a query head of a row: gradients of its queries, and its part of those of keys and values. deltas [N, H]: the products of `dMixed` and `mixed`. */
  void backward(long i, const float* projected, Input* keys, Input* values, const float* deltas, const float* logSums, const float* dMixed, long dPitch, float* dProjected, long toPitch,
                float* partials, char* memory) const {
    const long b = i / s_.heads, h = i % s_.heads, g = h / (s_.heads / s_.keyHeads);
    const Row& row = rows_[b];
    const Heads k = heads(keys, b, g), v = heads(values, b, g);
    const Room room(memory, *this);
    float* dKeys = partial(partials, b, h);
    float* dValues = dKeys + row.count * wide_;
    std::fill(dKeys, dValues + row.count * wide_, 0.0f);
    projected += h * s_.headSize, dMixed += h * s_.headSize, dProjected += h * s_.headSize;
    for (long s = 0; s < long(row.segments.size()); s++) {
      const Segment& own = row.segments[s];
      for (long first = 0; first < own.count; first += kQueries) {
        const long count = std::min(kQueries, own.count - first);
        // A tile sees as far as its own last query: what the earlier ones of these queries do not see is 0.
        const View all = viewOf(row, s, first + filled(count, kRows));
        for (long t = first; t < first + count; t += kRows) {
          const View view = viewOf(row, s, t + kRows);
          float *scores = room.scores, *slopes = room.slopes;
          if constexpr (kPair == 1) scores = room.probabilities + (t - first) * most_, slopes = room.dScores + (t - first) * most_;
          copyTile(projected, s_.projected(), own, t, room.x);
          products(room.x, k, view, scores);
          copyTile(dMixed, dPitch, own, t, room.x);
          products(room.x, v, view, slopes);
          for (long r = 0; r < kRows; r++) {
            const long n = own.first + std::min(t + r, own.count - 1);
            float *pr = scores + r * most_, *dr = slopes + r * most_;
            hide(pr, view, t + r);
            const float logSum = logSums[n * s_.heads + h], delta = deltas[n * s_.heads + h];
#pragma omp simd
            for (long c = 0; c < view.width; c++) {
              pr[c] = exponential(pr[c] - logSum);
              dr[c] = pr[c] * (dr[c] - delta);
            }
          }
          keep(scores, view.width, all.width, room.probabilities + (t - first) / kPair * most_);
          keep(slopes, view.width, all.width, room.dScores + (t - first) / kPair * most_);
          weigh(rounded(slopes, view.width, room.weights), k, view, room.sums);
          for (long r = 0; r < kRows && t + r < own.count; r++)
            memcpy(dProjected + (own.first + t + r) * toPitch, room.sums + r * wide_, s_.headSize * sizeof(float));
        }
        packHead(projected + (own.first + first) * s_.projected(), s_.projected(), count, room.vectors);
        gather(room.dScores, room.vectors, count, all, dKeys);
        packHead(dMixed + (own.first + first) * dPitch, dPitch, count, room.vectors);
        gather(room.probabilities, room.vectors, count, all, dValues);
      }
    }
  }

 private:
  static constexpr long kPair = P::kPair;
  struct Block {
    long row, segment, first;
  };
  /** Keys or values of one key head of one row, packed for products with them as columns [D], and as rows [count]: kPanel numbers of each at a time. */
  struct Heads {
    Input *columns, *rows;
  };
  /** What some queries see: the prompt, where they are an answer's, and own tokens as far as the last of them. */
  struct View {
    const Segment *prompt, *own; // the first may be null
    long promptWidth, seen, width; // columns of the prompt, own tokens seen, columns in all: each filled up to vectors
    long first; // token of the row
  };
  /** A thread's own arrays. */
  struct Room {
    Input *x, *weights, *vectors; // [kRows, wide], [kRows, most], panels of kQueries vectors
    float *scores, *slopes, *sums; // [kRows, most] twice, [kRows, wide]
    float *probabilities, *dScores; // words [kQueries / kPair, most]: of two queries each where P multiplies two at once
    long bytes = 0;

    Room(char* memory, const SegmentAttention& a) {
      auto take = [&](auto*& array, long count) {
        array = reinterpret_cast<std::remove_reference_t<decltype(array)>>(memory + bytes);
        bytes += filled(count * long(sizeof *array), 64);
      };
      take(x, kRows * a.wide_), take(weights, kRows * a.most_), take(scores, kRows * a.most_), take(slopes, kRows * a.most_), take(sums, kRows * a.wide_);
      take(probabilities, kQueries / kPair * a.most_), take(dScores, kQueries / kPair * a.most_), take(vectors, a.headPanels_ * Panel<P>::elements(kQueries));
    }
  };

  long perHead(const Row& row) const { return row.panels * perPanel_ + headPanels_ * row.terms * kPanel; }
  /** Where key head g of row b stands in memory of `headNumbers`. */
  Heads heads(Input* memory, long b, long g) const {
    for (long i = 0; i < b; i++) memory += s_.keyHeads * perHead(rows_[i]);
    memory += g * perHead(rows_[b]);
    return {memory, memory + rows_[b].panels * perPanel_};
  }

  static View viewOf(const Row& row, long segment, long end) {
    const Segment &own = row.segments[segment], *prompt = segment > 0 ? &row.segments[0] : nullptr;
    const long promptWidth = prompt ? prompt->columns() : 0, seen = std::min(end, own.count);
    return {prompt, &own, promptWidth, seen, promptWidth + filled(seen, kLanes), own.first - row.first};
  }

  /** `count` vectors as rows of panels. */
  void packHead(const float* from, long pitch, long count, Input* to) const {
    for (long d = 0; d < s_.headSize; d += kPanel, to += Panel<P>::elements(count)) Panel<P>::packColumns(from + d, pitch, count, std::min(kPanel, s_.headSize - d), to);
  }

  /** Vectors of kRows tokens from token t of a segment on; what lies beyond it repeats its last. → [kRows, wide] */
  void copyTile(const float* from, long pitch, const Segment& own, long t, Input* to) const {
    for (long r = 0; r < kRows; r++, to += wide_) {
      const float* vector = from + (own.first + std::min(t + r, own.count - 1)) * pitch;
      P::round(vector, s_.headSize, to);
      std::fill(to + s_.headSize, to + wide_, Input(0));
    }
  }

  /** x [kRows, wide] by all vectors in view. → [kRows, most] */
  void products(const Input* x, const Heads& heads, const View& view, float* to) const {
    auto some = [&](const Segment& segment, long seen, long column) {
      const Input* panel = heads.columns + segment.panels * perPanel_;
      for (long c = 0; c < seen; c += kPanel, panel += perPanel_)
        forVectors(seen - c, [&](auto vectors) {
          constexpr int Z = decltype(vectors)::value;
          Tile total = {};
          Panel<P>::template add<Z>(total, s_.headSize, x, wide_, panel);
          for (int r = 0; r < kRows; r++)
            for (int z = 0; z < Z; z++) store(to + r * most_ + column + c + z * kLanes, total[r][z]);
        });
    };
    if (view.prompt) some(*view.prompt, view.prompt->count, 0);
    some(*view.own, view.seen, view.promptWidth);
  }

  /** Hides what the query at token t of its segment does not see. */
  static void hide(float* scores, const View& view, long t) {
    if (view.prompt) std::fill(scores + view.prompt->count, scores + view.promptWidth, -INFINITY);
    std::fill(scores + view.promptWidth + std::min(view.seen, t + 1), scores + view.width, -INFINITY);
  }

  /** Rows [kRows, most] in precision P, of which `width` columns count. */
  const Input* rounded(const float* rows, long width, Input* room) const {
    if constexpr (std::is_same<P, Float32>::value) return rows;
    else for (long r = 0; r < kRows; r++) P::round(rows + r * most_, width, room + r * most_);
    return room;
  }

  /** Rows [kRows, most] as `gather` reads them; beyond `width` is 0. Where P multiplies one number at once, they are there already. */
  void keep(const float* rows, long width, long all, float* to) const {
    for (long r = 0; r < kRows; r += kPair, to += most_) {
      for (long c = 0; kPair > 1 && c < width; c += kLanes) {
        Vector numbers[kPair];
        for (long i = 0; i < kPair; i++) numbers[i] = P::wide(rows + (r + i) * most_ + c);
        store(to + c, P::together(numbers));
      }
      std::fill(to + width, to + all, 0.0f);
    }
  }

  /** Sums of the vectors in view by weights [kRows, most]. → [kRows, wide] */
  void weigh(const Input* weights, const Heads& heads, const View& view, float* to) const {
    overPanels([&](auto z, long number) {
      constexpr int Z = decltype(z)::value;
      Tile total = {};
      auto some = [&](const Segment& segment, long seen, const Input* weights) {
        const Input* panels = heads.rows + headPanels_ * segment.terms * kPanel;
        Panel<P>::template add<Z>(total, seen, weights, most_, panels + number * Panel<P>::elements(segment.count));
      };
      if (view.prompt) some(*view.prompt, view.prompt->count, weights);
      some(*view.own, view.seen, weights + view.promptWidth);
      for (int r = 0; r < kRows; r++)
        for (int i = 0; i < Z; i++) store(to + r * wide_ + number * kPanel + i * kLanes, total[r][i]);
    });
  }

  /** Adds to each vector in view the sum of `count` packed ones by its column of weights [count, most], which are words as `keep` makes them. */
  void gather(const float* weights, const Input* packed, long count, const View& view, float* vectors) const {
    auto some = [&](long column, long seen, float* to) {
      for (long c = 0; c < seen; c += kRows)
        overPanels([&](auto z, long number) {
          constexpr int Z = decltype(z)::value;
          Tile total = {};
          addOuter<P, kRows, Z>(total, (count + kPair - 1) / kPair, weights + column + c, 1, most_, packed + number * Panel<P>::elements(count), kPanel);
          for (long r = 0; r < kRows && c + r < seen; r++)
            for (int i = 0; i < Z; i++) {
              float* sum = to + (c + r) * wide_ + number * kPanel + i * kLanes;
              store(sum, load(sum) + total[r][i]);
            }
        });
    };
    if (view.prompt) some(0, view.prompt->count, vectors);
    some(view.promptWidth, view.seen, vectors + view.first * wide_);
  }

  /** Calls `use(vectors, number)` for the panels of a head's dimensions. */
  template <class Use>
  void overPanels(Use&& use) const {
    for (long number = 0; number < headPanels_; number++) forVectors(s_.headSize - number * kPanel, [&](auto vectors) { use(vectors, number); });
  }
  /** Calls `use` with the number of vectors that hold `count` columns of a panel. */
  template <class Use>
  static void forVectors(long count, Use&& use) {
    if (count > 2 * kLanes) use(std::integral_constant<int, kWide>());
    else if (count > kLanes) use(std::integral_constant<int, 2>());
    else use(std::integral_constant<int, 1>());
  }

  const Shape& s_;
  const std::vector<Row>& rows_;
  std::vector<Block> blocks_;
  const long wide_, headPanels_, perPanel_; // a vector's numbers, filled up; panels of them; numbers of a panel of tokens
  long most_ = 0;
};
