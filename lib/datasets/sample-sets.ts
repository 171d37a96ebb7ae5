// Training sets that come with the workbench.
export const sampleSets = [
  {
    id: "film-reviews",
    name: "Film reviews",
    path: "data/samples/film-reviews.jsonl.gz",
    rows: 3838,
    about: "Synthetic pairs written by tiny and ranked by a known gold reward, 5 % of them flipped",
  },
];
