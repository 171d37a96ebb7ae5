// DPO on whole rankings of several answers.
import { z } from "zod";
import { beta, movingProblems, movingReference } from "../fields/pairs";
import { ofPairs } from "./logged";
import { type ConfigOf, defineMethod } from "./method";
import { fromPairs } from "./shared";

const options = z.strictObject({
  beta: beta(0.1, "How strongly the policy is kept near its reference, as in DPO"),
  ...movingReference,
});

export const listwise = defineMethod({
  ...fromPairs,
  charts: ["accuracy", "rewards", "logProbs", "entropy"],
  name: "listwise",
  block: "listwise",
  options,
  label: "Listwise DPO",
  about: "Whole rankings of several answers, ties included (Plackett-Luce; Rafailov et al. 2023, appendix A.3).",
  reference: "reference",
  movesReference: ({ listwise }) => listwise.refModelSyncSteps !== null,
  problems: (run) => movingProblems(run, run.listwise),
  reads: ["rankings", "pairs"],
  dataLabel: "Training data",
  counted: ({ holds, rows, pairs }) =>
    holds === "rankings" ? { count: rows, words: "rankings" } : { count: pairs, words: "pairs" },
  mayHaveLogged: (names) => ofPairs(names) && !names.has("rewards/margins") && !names.has("nll_loss"),
});
export type ListwiseConfig = ConfigOf<typeof listwise>;
