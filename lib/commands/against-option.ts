import { Option } from "commander";

/** `--against`, for commands that look for contamination. */
export const againstOption = () =>
  new Option(
    "--against <what>",
    "a file or dataset (dataset:NAME, labelled:ID) to test a model with, which must not be among these; may be repeated",
  )
    .argParser((one: string, before: string[]) => [...before, one])
    .default([]);
