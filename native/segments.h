// Attention among the tokens of packed rows: what its forward and backward pass share. A prompt's tokens see themselves and those before, an
// answer's the whole prompt too. Scores are q kᵀ; 1/√D is in q and k already.
#pragma once
#include <cmath>

#include "exponential.h"
#include "model.h"
#include "rows.h"

/** In precision P products read rounded numbers; scores, softmax, sums and gradients are in float32. */
template <class P>
class Segments {
 protected:
  typedef typename P::Input Input;
  static constexpr long kTall = kHeight<P>; // queries whose scores are computed at once
  static constexpr long kFilled = std::max(kLanes, kDepth<P>); // columns of a segment are filled up to this

 public:
  static constexpr long kQueries = 32; // whose probabilities are held at once

  Segments(const Shape& shape, const std::vector<Row>& rows)
      : s_(shape), rows_(rows), wide_(filled(shape.headSize)), headPanels_((shape.headSize + kPanel - 1) / kPanel), perPanel_(Panel<P>::elements(shape.headSize)) {
    for (const Row& row : rows)
      for (const Segment& segment : row.segments) most_ = std::max(most_, columns(row.segments[0]) + columns(segment));
  }

  /** Bytes of one thread's working room. */
  long room() const { return Room(nullptr, *this).bytes; }
  /** Numbers of the packed keys or values of all rows. */
  long headNumbers() const {
    long sum = 0;
    for (const Row& row : rows_) sum += s_.keyHeads * perHead(row);
    return sum;
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

 protected:
  static constexpr long kPair = P::kPair;
  /** Keys or values of one key head of one row, packed for products with them as columns [D], and as rows [count]: kPanel numbers of each at a time. */
  struct Heads {
    Input *columns, *rows;
  };
  /** What some queries see: the prompt, where they are an answer's, and own tokens as far as the last of them. */
  struct View {
    const Segment *prompt, *own; // the first may be null
    long promptWidth, seen, width; // columns of the prompt, own tokens seen, columns in all: each filled up
  };
  /** A thread's own arrays. */
  struct Room {
    Input *x, *weights, *vectors; // [kTall, wide], [kTall, most], kQueries vectors as `Gradients` reads them
    float *scores, *slopes, *sums; // [kTall, most] twice, [kTall, wide]
    float *probabilities, *dScores; // words [kQueries / kPair, most]: of two queries each where P multiplies two at once
    long bytes = 0;

    Room(char* memory, const Segments& a) {
      auto take = [&](auto*& array, long count) {
        array = reinterpret_cast<std::remove_reference_t<decltype(array)>>(memory + bytes);
        bytes += filled(count * long(sizeof *array), 64);
      };
      take(x, kTall * a.wide_), take(weights, kTall * a.most_), take(scores, kTall * a.most_), take(slopes, kTall * a.most_), take(sums, kTall * a.wide_);
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

  static long columns(const Segment& segment) { return filled(segment.count, kFilled); }
  static View viewOf(const Row& row, long segment, long end) {
    const Segment &own = row.segments[segment], *prompt = segment > 0 ? &row.segments[0] : nullptr;
    const long promptWidth = prompt ? columns(*prompt) : 0, seen = std::min(end, own.count);
    return {prompt, &own, promptWidth, seen, promptWidth + filled(seen, kFilled)};
  }

  /** `count` vectors as rows of panels. */
  void packHead(const float* from, long pitch, long count, Input* to) const {
    for (long d = 0; d < s_.headSize; d += kPanel, to += Panel<P>::elements(count)) Panel<P>::packColumns(from + d, pitch, count, std::min(kPanel, s_.headSize - d), to);
  }

  /** Vectors of kTall tokens from token t of a segment on; what lies beyond it repeats its last. → [kTall, wide] */
  void copyTall(const float* from, long pitch, const Segment& own, long t, Input* to) const {
    for (long r = 0; r < kTall; r++, to += wide_) {
      const float* vector = from + (own.first + std::min(t + r, own.count - 1)) * pitch;
      P::round(vector, s_.headSize, to);
      std::fill(to + s_.headSize, to + wide_, Input(0));
    }
  }

  /** x [kTall, wide] by all vectors in view. → [kTall, most] */
  void products(const Input* x, const Heads& heads, const View& view, float* to) const {
    auto some = [&](const Segment& segment, long seen, long column) {
      const Input* panel = heads.columns + segment.panels * perPanel_;
      for (long c = 0; c < seen; c += kPanel, panel += perPanel_)
        forVectors(seen - c, [&](auto vectors) { Panel<P>::template multiply<decltype(vectors)::value>(s_.headSize, x, wide_, panel, to + column + c, most_); });
      const long written = filled(seen, kLanes), rest = filled(seen, kFilled) - written;
      if (rest > 0)
        for (long r = 0; r < kTall; r++) std::fill(to + r * most_ + column + written, to + r * most_ + column + written + rest, 0.0f);
    };
    if (view.prompt) some(*view.prompt, view.prompt->count, 0);
    some(*view.own, view.seen, view.promptWidth);
  }

  /** Hides what the query at token t of its segment does not see. */
  static void hide(float* scores, const View& view, long t) {
    if (view.prompt) std::fill(scores + view.prompt->count, scores + view.promptWidth, -INFINITY);
    std::fill(scores + view.promptWidth + std::min(view.seen, t + 1), scores + view.width, -INFINITY);
  }

  /** Rows [kTall, most] in precision P, of which `width` columns count. */
  const Input* rounded(const float* rows, long width, Input* room) const {
    if constexpr (std::is_same<P, Float32>::value) return rows;
    else for (long r = 0; r < kTall; r++) P::round(rows + r * most_, width, room + r * most_);
    return room;
  }

  /** Sums of the vectors in view by weights [kTall, most]. → [kTall, wide] */
  void weigh(const Input* weights, const Heads& heads, const View& view, float* to) const {
    overPanels([&](auto vectors, long number) {
      auto some = [&](auto more, const Segment& segment, long seen, const Input* weights) {
        const Input* panel = heads.rows + headPanels_ * segment.terms * kPanel + number * Panel<P>::elements(segment.count);
        Panel<P>::template multiply<decltype(vectors)::value, decltype(more)::value>(seen, weights, most_, panel, to + number * kPanel, wide_);
      };
      if (!view.prompt) return some(std::false_type(), *view.own, view.seen, weights);
      some(std::false_type(), *view.prompt, view.prompt->count, weights);
      some(std::true_type(), *view.own, view.seen, weights + view.promptWidth);
    });
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
  const long wide_, headPanels_, perPanel_; // a vector's numbers, filled up; panels of them; numbers of a panel of tokens
  long most_ = 0;
};
