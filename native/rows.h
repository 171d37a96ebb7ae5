// Packed rows: a row is a prompt and the answers to it, one after the other without padding.
#pragma once
#include <vector>

#include "panels.h"

/** A prompt or an answer: `count` tokens from token `first` of the batch on. */
struct Segment {
  long first, count;
  long panels, terms; // of the row's earlier segments: panels of tokens, and tokens filled up to what products read together
};

/** A prompt and its answers. */
struct Row {
  std::vector<Segment> segments;
  long first, count; // of all its tokens
  long panels = 0, terms = 0; // as a segment has them, of all
};

inline std::vector<Row> rowsOf(const int32_t* lengths, long rows, long segments) {
  std::vector<Row> all;
  long at = 0;
  for (long b = 0; b < rows; b++) {
    Row row{{}, at, 0};
    for (long s = 0; s < segments; s++) {
      const Segment segment{at, lengths[b * segments + s], row.panels, row.terms};
      row.segments.push_back(segment);
      row.panels += (segment.count + kPanel - 1) / kPanel;
      row.terms += filled(segment.count);
      at += segment.count;
    }
    row.count = at - row.first;
    all.push_back(row);
  }
  return all;
}
