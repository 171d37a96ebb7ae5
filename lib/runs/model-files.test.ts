import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import type { Run } from "../db/tables/runs";
import { requirePolicy } from "./model-files";

test.each([
  ["sft", { type: "prompt" }, /An adapter of type prompt is no part of the model's weights; download it as it is/],
  ["sft", { type: "prefix" }, /An adapter of type prefix is no part of the model's weights/],
  ["sft", { type: "bottleneck" }, /An adapter of type bottleneck is no part of the model's weights/],
  ["reward", {}, /A reward model does not generate text/],
])("%s with %o is not worked into its base", (method, adapter, message) => {
  const of = (options: object) =>
    ({
      config: runConfig.parse({
        method,
        adapter: options,
        model: { source: "tiny" },
        data: { train: "rows.jsonl" },
        output: "out",
      }),
    }) as Run;
  expect(() => requirePolicy(of(adapter))).toThrow(message);
  if (method === "sft") expect(() => requirePolicy(of({}))).not.toThrow();
});
