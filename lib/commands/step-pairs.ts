import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { print, Refusal, say } from "../../common/command-line";
import type { MadePairs } from "../generation/step-pairs-schema";

export const stepPairs = new Command("step-pairs")
  .description(
    "go on after the right steps of a queue's wrong solutions, and make a dataset of Step-DPO's pairs of them",
  )
  .argument("<steps.json>", "model, adapter, how to sample and what counts as right, see docs/methods.md")
  .argument("<queue>", "its name or its number: annotated by the first wrong step")
  .argument("<dataset>", "the name of the labelled dataset that is made")
  .action(async (file: string, queue: string, name: string) => {
    const [
      { continuedSteps },
      { trainersLines },
      { summaryOf },
      { wrongSolutions },
      { isLabelledName },
      { addMadePairs },
      { readStepPairsConfig },
      { dataFile, withVersion },
    ] = await Promise.all([
      import("../../spec/reports"),
      import("./trainers"),
      import("../annotation/queues/queue-summaries"),
      import("../datasets/snapshots/wrong-solutions"),
      import("../datasets/labelled/labelled-sets"),
      import("./made-pairs"),
      import("../../common/config-file"),
      import("../datasets/data-files"),
    ]);
    if (isLabelledName(name))
      throw new Refusal(`there is a labelled dataset ${name} already; give this one another name`);
    const of = { kind: "annotate", id: summaryOf(queue).id } as const;
    const solutions = wrongSolutions(of.id);
    if (solutions.length === 0)
      throw new Refusal(`${queue} has no solution with a wrong step yet; annotate some first`);
    const folder = mkdtempSync(join(tmpdir(), "workbench-steps-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const { answers, ...config } = readStepPairsConfig(file);
    const withFile = join(folder, "steps.json");
    writeFileSync(withFile, JSON.stringify({ ...config, answers: answers && dataFile(await withVersion(answers)) }));
    const asked = join(folder, "solutions.jsonl");
    writeFileSync(asked, solutions.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const pairs: object[] = [];
    let left = 0;
    for await (const line of trainersLines(["continue-steps", withFile, asked])) {
      const batch = continuedSteps.parse(line);
      pairs.push(...batch.pairs);
      left += batch.left.length;
      for (const { id, why } of batch.left) say(`record ${id}: ${why}`);
      say(`${batch.done} of ${batch.total} solutions, ${pairs.length} pairs`);
    }
    if (pairs.length === 0) throw new Refusal("no continuation is right: sample more, or lower the threshold");
    const id = await addMadePairs(name, pairs, of);
    print({ dataset: name, id, pairs: pairs.length, left } satisfies MadePairs);
  });
