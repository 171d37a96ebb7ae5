// Attention among the tokens of packed rows, forward and backward. A row is a prompt and the answers to it, one after the other without
// padding: the prompt's tokens see themselves and those before, an answer's the whole prompt too. Scores are q kᵀ; 1/√D is in q and k already.
#pragma once
#include <cmath>
#include <vector>

#include "exponential.h"
#include "model.h"
#include "panels.h"

/** A prompt or an answer: `count` tokens from token `first` of the batch on. */
struct Segment {
  long first, count;
  long columns() const { return filled(count, kPanel); }
};

/** A prompt and its answers. */
struct Row {
  std::vector<Segment> segments;
  long first, count; // of all its tokens
  long columns = 0; // of all segments, each filled up to whole panels
};

inline std::vector<Row> rowsOf(const int32_t* lengths, long rows, long segments) {
  std::vector<Row> all;
  long at = 0;
  for (long b = 0; b < rows; b++) {
    Row row{{}, at, 0};
    for (long s = 0; s < segments; s++) {
      const Segment segment{at, lengths[b * segments + s]};
      row.segments.push_back(segment);
      row.columns += segment.columns();
      at += segment.count;
    }
    row.count = at - row.first;
    all.push_back(row);
  }
  return all;
}

/** Vectors [count, D] of one key head of one row: as rows, and as panels of each segment's, in which they are columns [D][kPanel]. */
struct Heads {
  float *rows, *panels;
};

class SegmentAttention {
 public:
  static constexpr long kQueries = 32; // whose probabilities are held at once

  SegmentAttention(const Shape& shape, const std::vector<Row>& rows) : s_(shape), rows_(rows), wide_(filled(shape.headSize, kLanes)) {
    for (const Row& row : rows) most_ = std::max(most_, row.columns);
    for (size_t b = 0; b < rows.size(); b++)
      for (size_t s = 0; s < rows[b].segments.size(); s++)
        for (long t = 0; t < rows[b].segments[s].count; t += kQueries) blocks_.push_back({long(b), long(s), t});
  }

  /** Numbers of one thread's working room. */
  long room() const { return kQueries * (2 * most_ + 3 * wide_); }
  /** Numbers of `Heads` for all rows and key heads. */
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
  /** Where the vectors of key head g of row b stand in memory of `headNumbers`. */
  Heads heads(float* memory, long b, long g) const {
    for (long i = 0; i < b; i++) memory += s_.keyHeads * perHead(rows_[i]);
    memory += g * perHead(rows_[b]);
    return {memory, memory + rows_[b].count * wide_};
  }
  /** Partial gradients of query head h of row b: of keys [count, wide], then of values. */
  float* partial(float* memory, long b, long h) const {
    for (long i = 0; i < b; i++) memory += s_.heads * 2 * rows_[i].count * wide_;
    return memory + h * 2 * rows_[b].count * wide_;
  }
  long wide() const { return wide_; }
  const std::vector<Row>& rows() const { return rows_; }

  /** Packs the vectors of key head g of row b, which stand `pitch` apart from `from` on. */
  void pack(const float* from, long pitch, long b, long g, float* memory) const {
    const Row& row = rows_[b];
    const Heads to = heads(memory, b, g);
    for (long n = 0; n < row.count; n++) {
      memcpy(to.rows + n * wide_, from + (row.first + n) * pitch, s_.headSize * sizeof(float));
      std::fill(to.rows + n * wide_ + s_.headSize, to.rows + (n + 1) * wide_, 0.0f);
    }
    float* panel = to.panels;
    for (const Segment& segment : row.segments)
      for (long t = 0; t < segment.count; t += kPanel, panel += s_.headSize * kPanel)
        Panel<Float32>::packRows(to.rows + (segment.first - row.first + t) * wide_, wide_, s_.headSize, std::min(kPanel, segment.count - t), panel);
  }

  long blocks() const { return blocks_.size() * s_.heads; }

  /** Work item i of the forward pass: mixed values [·, pitch of heads] and log Σ exp of the scores [N, H] of some queries of one head. */
  void forward(long i, const float* projected, float* keys, float* values, float* mixed, float* logSums, float* room) const {
    const Block& block = blocks_[i / s_.heads];
    const long h = i % s_.heads, g = h / (s_.heads / s_.keyHeads);
    const Row& row = rows_[block.row];
    const Segment& own = row.segments[block.segment];
    const Heads k = heads(keys, block.row, g), v = heads(values, block.row, g);
    float *scores = room, *q = room + kRows * most_, *out = q + kRows * wide_;
    for (long t = block.first; t < std::min(own.count, block.first + kQueries); t += kRows) {
      const View view = viewOf(row, block.segment, t + kRows);
      copyQueries(projected + h * s_.headSize, s_.projected(), own, t, q);
      products(q, k.panels, view, scores);
      float scale[kRows];
      for (long r = 0; r < kRows; r++) {
        float* p = scores + r * most_;
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
      weigh(scores, v.rows, view, out);
      for (long r = 0; r < kRows && t + r < own.count; r++) {
        float* to = mixed + (own.first + t + r) * s_.queries() + h * s_.headSize;
        for (long d = 0; d < s_.headSize; d++) to[d] = out[r * wide_ + d] * scale[r];
      }
    }
  }

  /** Work item i of the backward pass, a query head of a row: gradients of its queries, and its part of those of keys and values. */
  void backward(long i, const float* projected, float* keys, float* values, const float* mixed, const float* logSums, const float* dMixed, long dPitch, float* dProjected, long toPitch,
                float* partials, float* room) const {
    const long b = i / s_.heads, h = i % s_.heads, g = h / (s_.heads / s_.keyHeads);
    const Row& row = rows_[b];
    const Heads k = heads(keys, b, g), v = heads(values, b, g);
    float* dKeys = partial(partials, b, h);
    float* dValues = dKeys + row.count * wide_;
    std::fill(dKeys, dValues + row.count * wide_, 0.0f);
    float *p = room, *ds = p + kQueries * most_, *q = ds + kQueries * most_, *dOut = q + kQueries * wide_, *dq = dOut + kQueries * wide_;
    for (long s = 0; s < long(row.segments.size()); s++) {
      const Segment& own = row.segments[s];
      for (long first = 0; first < own.count; first += kQueries) {
        const long count = std::min(kQueries, own.count - first);
        for (long t = first; t < first + count; t += kRows) {
          const View view = viewOf(row, s, t + kRows);
          float *tile = p + (t - first) * most_, *dTile = ds + (t - first) * most_, *qTile = q + (t - first) * wide_, *dOutTile = dOut + (t - first) * wide_;
          copyQueries(projected + h * s_.headSize, s_.projected(), own, t, qTile);
          copyQueries(dMixed + h * s_.headSize, dPitch, own, t, dOutTile);
          products(qTile, k.panels, view, tile);
          products(dOutTile, v.panels, view, dTile);
          for (long r = 0; r < kRows; r++) {
            const long n = own.first + std::min(t + r, own.count - 1);
            float *pr = tile + r * most_, *dr = dTile + r * most_;
            hide(pr, view, t + r);
            const float logSum = logSums[n * s_.heads + h];
            float delta = 0;
#pragma omp simd reduction(+ : delta)
            for (long d = 0; d < s_.headSize; d++) delta += dOutTile[r * wide_ + d] * mixed[n * s_.queries() + h * s_.headSize + d];
#pragma omp simd
            for (long c = 0; c < view.width; c++) {
              pr[c] = exponential(pr[c] - logSum);
              dr[c] = pr[c] * (dr[c] - delta);
            }
          }
          weigh(dTile, k.rows, view, dq);
          for (long r = 0; r < kRows && t + r < own.count; r++)
            memcpy(dProjected + (own.first + t + r) * toPitch + h * s_.headSize, dq + r * wide_, s_.headSize * sizeof(float));
        }
        // A tile sees as far as its own last query: what the earlier ones of these queries do not see is 0.
        const View all = viewOf(row, s, first + count + kRows - 1 - (first + count + kRows - 1) % kRows);
        for (long t = first; t < first + count; t++) {
          const View seen = viewOf(row, s, first + (t - first) / kRows * kRows + kRows);
          std::fill(p + (t - first) * most_ + seen.width, p + (t - first) * most_ + all.width, 0.0f);
          std::fill(ds + (t - first) * most_ + seen.width, ds + (t - first) * most_ + all.width, 0.0f);
        }
        gather(ds, q, count, all, dKeys);
        gather(p, dOut, count, all, dValues);
      }
    }
  }

 private:
  struct Block {
    long row, segment, first;
  };
  /** What some queries see: the prompt's columns before theirs, where they are an answer's, and own tokens as far as the last of them. */
  struct View {
    long prompt, promptWidth, own, ownFirst, width; // columns seen, filled up, own columns, the first one's token in the row, columns in all
    long ownPanel; // number of the first own panel
  };

  long perHead(const Row& row) const { return row.count * wide_ + row.columns * s_.headSize; }

  static View viewOf(const Row& row, long segment, long end) {
    const Segment &own = row.segments[segment], &first = row.segments[0];
    View view{0, 0, std::min(end, own.count), own.first - row.first, 0, 0};
    if (segment > 0) view.prompt = first.count, view.promptWidth = first.columns();
    for (long s = 0; s < segment; s++) view.ownPanel += row.segments[s].columns() / kPanel;
    view.width = view.promptWidth + filled(view.own, kPanel);
    return view;
  }

  /** Vectors of kRows tokens from token t of a segment on; what lies beyond it repeats its last. → [kRows, wide] */
  void copyQueries(const float* from, long pitch, const Segment& own, long t, float* to) const {
    for (long r = 0; r < kRows; r++) {
      memcpy(to + r * wide_, from + (own.first + std::min(t + r, own.count - 1)) * pitch, s_.headSize * sizeof(float));
      std::fill(to + r * wide_ + s_.headSize, to + (r + 1) * wide_, 0.0f);
    }
  }

  /** x [kRows, wide] by all vectors in view. → [kRows, most] */
  void products(const float* x, const float* panels, const View& view, float* to) const {
    auto panel = [&](long number, long column) {
      Tile total = {};
      addOuter<kRows, kWide>(total, s_.headSize, x, wide_, 1, panels + number * s_.headSize * kPanel, kPanel);
      for (int r = 0; r < kRows; r++)
        for (int z = 0; z < kWide; z++) store(to + r * most_ + column + z * kLanes, total[r][z]);
    };
    for (long c = 0; c < view.promptWidth; c += kPanel) panel(c / kPanel, c);
    for (long c = 0; c < view.own; c += kPanel) panel(view.ownPanel + c / kPanel, view.promptWidth + c);
  }

  /** Hides what the query at token t of its segment does not see. */
  static void hide(float* scores, const View& view, long t) {
    std::fill(scores + view.prompt, scores + view.promptWidth, -INFINITY);
    std::fill(scores + view.promptWidth + std::min(view.own, t + 1), scores + view.width, -INFINITY);
  }

  /** Sums of the vectors in view by weights [kRows, most]. → [kRows, wide] */
  void weigh(const float* weights, const float* vectors, const View& view, float* to) const {
    overVectors(wide_, [&](auto z, long at) {
      constexpr int Z = decltype(z)::value;
      Tile total = {};
      for (long c = 0; c < view.prompt; c += kTerms) addOuter<kRows, Z>(total, std::min(kTerms, view.prompt - c), weights + c, most_, 1, vectors + c * wide_ + at, wide_);
      for (long c = 0; c < view.own; c += kTerms)
        addOuter<kRows, Z>(total, std::min(kTerms, view.own - c), weights + view.promptWidth + c, most_, 1, vectors + (view.ownFirst + c) * wide_ + at, wide_);
      for (int r = 0; r < kRows; r++)
        for (int i = 0; i < Z; i++) store(to + r * wide_ + at + i * kLanes, total[r][i]);
    });
  }

  /** Adds to each vector in view the sum of x [count, wide] by its column of weights [count, most]. */
  void gather(const float* weights, const float* x, long count, const View& view, float* vectors) const {
    auto some = [&](long column, long seen, float* to) {
      for (long c = 0; c < seen; c += kRows)
        overVectors(wide_, [&](auto z, long at) {
          constexpr int Z = decltype(z)::value;
          Tile total = {};
          addOuter<kRows, Z>(total, count, weights + column + c, 1, most_, x + at, wide_);
          for (long r = 0; r < kRows && c + r < seen; r++)
            for (int i = 0; i < Z; i++) {
              float* sum = to + (c + r) * wide_ + at + i * kLanes;
              store(sum, load(sum) + total[r][i]);
            }
        });
    };
    some(0, view.prompt, vectors);
    some(view.promptWidth, view.own, vectors + view.ownFirst * wide_);
  }

  template <class Use>
  static void overVectors(long wide, Use&& use) {
    long at = 0;
    for (; wide - at >= kPanel; at += kPanel) use(std::integral_constant<int, kWide>(), at);
    if (kWide > 2 && wide - at == 2 * kLanes) use(std::integral_constant<int, 2>(), at);
    else if (wide > at) use(std::integral_constant<int, 1>(), at);
  }

  const Shape& s_;
  const std::vector<Row>& rows_;
  std::vector<Block> blocks_;
  long wide_, most_ = 0;
};
