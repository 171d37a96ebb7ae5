// Gradients of keys and values: a query head's part of each is the sum of its query vectors (or of the gradients of what it mixed) by a column of
// weights. Tiles make such parts by dimensions, [D, tokens], for then the weights stand as their right factor wants them; vectors by tokens.
#pragma once
#include "segments.h"

template <class P>
class SegmentGradients : public Segments<P> {
 protected:
  typedef Segments<P> Base;
  typedef typename P::Input Input;
  typedef typename Base::View View;
  using Base::kPair, Base::kQueries, Base::kTall, Base::most_, Base::rows_, Base::s_, Base::wide_;

 public:
  using Base::Base;

  /** Numbers of the parts of all query heads. */
  long partialNumbers() const {
    long sum = 0;
    for (const Row& row : rows_) sum += s_.heads * 2 * partSize(row);
    return sum;
  }

  long collections() const { return rows_.size() * s_.keyHeads * 2; }
  /** Work item i: the sum of the query heads' parts of the gradients of a row's keys or values of one key head, to rows `pitch` apart of all tokens' keys and values. */
  void collect(long i, const float* partials, float* to, long pitch) const {
    const long which = i % 2, g = i / 2 % s_.keyHeads, b = i / 2 / s_.keyHeads, heads = s_.heads / s_.keyHeads;
    const Row& row = rows_[b];
    const float* first = partial(const_cast<float*>(partials), b, g * heads) + which * partSize(row);
    const long apart = 2 * partSize(row);
    to += which * s_.keys() + g * s_.headSize;
    if constexpr (P::kTiles) {
      for (const Segment& segment : row.segments)
        for (long t = 0; t < segment.count; t += kLanes)
          for (long d = 0; d < s_.headSize; d += kLanes) {
            Vector square[kLanes];
            for (long j = 0; j < kLanes; j++) {
              const float* at = first + (d + j) * partPitch(row) + segment.panels * kPanel + t;
              square[j] = load(at);
              for (long h = 1; h < heads; h++) square[j] = square[j] + load(at + h * apart);
            }
            transpose(square);
            const long count = std::min(kLanes, s_.headSize - d);
            for (long j = 0; j < std::min(kLanes, segment.count - t); j++) memcpy(to + (segment.first + t + j) * pitch + d, &square[j], count * sizeof(float));
          }
    } else
      for (long t = 0; t < row.count; t++) {
        float* sum = to + (row.first + t) * pitch;
        const float* part = first + t * wide_;
        memcpy(sum, part, s_.headSize * sizeof(float));
        for (long h = 1; h < heads; h++)
          for (long d = 0; d < s_.headSize; d++) sum[d] += part[h * apart + d];
      }
  }

 protected:
  static long partPitch(const Row& row) { return row.panels * kPanel; }
  long partSize(const Row& row) const { return wide_ * (P::kTiles ? partPitch(row) : row.count); }
  /** Parts of query head h of row b: of keys, then of values. */
  float* partial(float* memory, long b, long h) const {
    for (long i = 0; i < b; i++) memory += s_.heads * 2 * partSize(rows_[i]);
    return memory + h * 2 * partSize(rows_[b]);
  }

  /** Rows [kTall, most] as `gather` reads them; beyond `width` is 0. Where P multiplies one number at once, they are there already. */
  void keep(const float* rows, long width, long all, float* to) const {
    for (long r = 0; r < kTall; r += kPair, to += most_) {
      for (long c = 0; kPair > 1 && c < width; c += kLanes) {
        Vector numbers[kPair];
        for (long i = 0; i < kPair; i++) numbers[i] = P::wide(rows + (r + i) * most_ + c);
        store(to + c, P::together(numbers));
      }
      std::fill(to + width, to + all, 0.0f);
    }
  }

  /** Adds to the parts of all vectors in view the sums of `count` vectors, `pitch` apart, by columns of weights [count, most], which are words as `keep` makes them. */
  void gather(const float* weights, const float* from, long pitch, long count, const Row& row, const View& view, Input* room, float* part) const {
    if constexpr (P::kTiles) {
#ifdef HAS_TILES
      turn(from, pitch, count, room);
      if (view.prompt) gatherByDimensions(weights, room, row, *view.prompt, view.prompt->count, part);
      gatherByDimensions(weights + view.promptWidth, room, row, *view.own, view.seen, part);
#endif
    } else {
      this->packHead(from, pitch, count, room);
      if (view.prompt) gatherByTokens(weights, room, count, view.prompt->count, part);
      gatherByTokens(weights + view.promptWidth, room, count, view.seen, part + (view.own->first - row.first) * wide_);
    }
  }

 private:
  void gatherByTokens(const float* weights, const Input* packed, long count, long seen, float* to) const {
    for (long c = 0; c < seen; c += kRows)
      this->overPanels([&](auto z, long number) {
        constexpr int Z = decltype(z)::value;
        Tile total = {};
        addOuter<P, kRows, Z>(total, (count + kPair - 1) / kPair, weights + c, 1, most_, packed + number * Panel<P>::elements(count), kPanel);
        for (long r = 0; r < kRows && c + r < seen; r++)
          for (int i = 0; i < Z; i++) {
            float* sum = to + (c + r) * wide_ + number * kPanel + i * kLanes;
            store(sum, load(sum) + total[r][i]);
          }
      });
  }

#ifdef HAS_TILES
  /** Vectors as columns, rounded; where there are fewer than kQueries, with zeros after them. → [wide, kQueries] */
  void turn(const float* from, long pitch, long count, Input* to) const {
    static_assert(kQueries == 2 * kLanes);
    for (long d = 0; d < s_.headSize; d += kLanes, to += kLanes * kQueries) {
      const __mmask16 there = s_.headSize - d >= kLanes ? 0xffff : __mmask16((1 << (s_.headSize - d)) - 1);
      Vector squares[2][kLanes];
      for (auto& square : squares) {
        const long first = &square == squares ? 0 : kLanes;
        for (long i = 0; i < kLanes; i++) square[i] = first + i < count ? _mm512_maskz_loadu_ps(there, from + (first + i) * pitch + d) : zero();
        transpose(square);
      }
      for (long i = 0; i < kLanes; i++) store(reinterpret_cast<float*>(to + i * kQueries), (Vector)_mm512_cvtne2ps_pbh(squares[1][i], squares[0][i]));
    }
  }

  void gatherByDimensions(const float* weights, const Input* turned, const Row& row, const Segment& segment, long seen, float* part) const {
    const long pitch = partPitch(row) * 4;
    for (long c = 0; c < seen; c += kPanel)
      Base::forVectors(seen - c, [&](auto vectors) {
        for (long d = 0; d < wide_; d += kTall) {
          float* to = part + d * partPitch(row) + segment.panels * kPanel + c;
          SumTiles<2, decltype(vectors)::value> total;
          total.load(to, pitch);
          total.add(1, turned + d * kQueries, kQueries * 2, weights + c, most_ * 4);
          total.store(to, pitch);
        }
      });
  }
#endif
};
