// How a base is held, on its way from a run to the command that asks it, and from a run file to the adapter's folder and back.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { commandArguments } from "../lib/jobs/spawn";
import { heldOptions } from "../lib/serving/warm-server";
import { generateConfig, problems, runConfig } from "../spec/config";
import { askedQuantisations, heldInFull, isHeldAlike } from "../spec/fields/model";
import { readBaseQuantisation, writeBaseQuantisation } from "../trainers/adapters/base-quantisation";
import { type HeldOptions, heldBase, takesHeldBase } from "../trainers/commands/held-base";

const asked = (options: string[]) =>
  heldBase(takesHeldBase(new Command()).parse(options, { from: "user" }).opts<HeldOptions>());

test.each([
  heldInFull,
  { quantisation: "nf4-double", unquantised: [] },
  { quantisation: "nf4", unquantised: ["down_proj", "layers\\.[0-9]{1,2}\\.mlp", ".*[,q]_proj"] },
])("the command that is asked has it as the run has: %o", (held) => {
  const [, ...options] = commandArguments(["serve"], heldOptions(held));
  expect(asked(options)).toEqual(held);
});

test("what is asked in 8 bits is so as a whole, and no run trains over it", () => {
  const inInt8 = (options: string[]) =>
    heldBase(
      takesHeldBase(new Command(), askedQuantisations)
        .parse(["--quantisation", "int8", ...options], { from: "user" })
        .opts<HeldOptions>(),
    );
  expect(inInt8([])).toEqual({ quantisation: "int8", unquantised: [] });
  expect(() => inInt8(["--unquantised", "down_proj"])).toThrow(/leave out --unquantised down_proj/);
  const model = { source: "tiny", quantisation: "int8" };
  expect(generateConfig.parse({ model, prompts: "p" }).model.quantisation).toBe("int8");
  const some = generateConfig.safeParse({ model: { ...model, unquantised: ["down_proj"] }, prompts: "p" });
  expect(problems(some.error!)).toEqual([expect.stringContaining("model.unquantised: int8 holds all linear layers")]);
  const run = runConfig.safeParse({ method: "sft", model, data: { train: "rows.jsonl" }, output: "out" });
  expect(problems(run.error!)).toEqual([expect.stringContaining("model.quantisation: ")]);
});

test("layers that are left out of no quantisation are refused", () => {
  expect(() => asked(["--unquantised", "down_proj"])).toThrow(
    /--unquantised down_proj leaves layers out of --quantisation, and there is none/,
  );
});

test("an output head, which is never quantised, is no layer that is left out: a run's adapter is found over its own base", () => {
  const { model } = runConfig.parse({
    ...{ method: "sft", data: { train: "rows.jsonl" }, output: "out" },
    model: { source: "tiny", quantisation: "nf4", unquantised: ["down_proj", "lm_head"] },
  });
  expect(model.unquantised).toEqual(["down_proj"]);
  const folder = mkdtempSync(join(tmpdir(), "workbench-held-"));
  writeBaseQuantisation(folder, model);
  expect(isHeldAlike(readBaseQuantisation(folder), model)).toBe(true);
});
