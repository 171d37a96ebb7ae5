// Benchmarks, studies and what makes pages of docs/: programs of their own, which read their arguments themselves.
import { Argument, Command } from "commander";
import { once } from "../common/command-line";

const studies = [
  "frontier",
  "over-optimisation",
  "behaviour",
  "ppo",
  "pruning",
  "packing",
  "sft-steps",
  "stages",
  "implicit-reward",
  "process-supervision",
  "tree-pairs",
  "adapters",
  "adapters-smollm2",
];

export const toolCommands: Record<string, Command[]> = {
  "tools/bench/bench.ts": [
    new Command("bench")
      .description("side by side with TRL and Transformers; hours")
      .argument("[workloads...]", "names, or how they begin; all where none is given")
      .option("--rounds <n>", "how often each is measured", once),
  ],
  "tools/bench/figures.ts": [
    new Command("figures").description("make the tables in docs/ from what bench, interop and the studies measured"),
  ],
  "tools/reference.ts": [
    new Command("reference").description("make the fields in docs/run-file.md from the schema of run files"),
  ],
  "tools/findings.ts": [
    new Command("findings").description(
      "make docs/findings.md and docs/interface-findings.md from the titles of the tests",
    ),
  ],
  "tools/bench/interop.ts": [
    new Command("interop").description("what PEFT, Transformers and llama.cpp make of an adapter trained here"),
  ],
  "tools/bench/templates.ts": [
    new Command("templates").description("chat templates of public models, rendered here and by Transformers"),
  ],
  "tools/bench/gguf.ts": [new Command("gguf").description("GGUF files of every family, read here and by llama.cpp")],
  "tools/bench/serving.ts": [
    new Command("serving").description("what continuous batching gains over a batch at a time; ten minutes"),
  ],
  "tools/bench/lm-eval.ts": [
    new Command("lm-eval").description("a run by lm-eval, on its merged folder and through workbench serve"),
  ],
  "tools/bench/trl-scripts.ts": [
    new Command("trl-scripts").description("runs beside the TRL scripts that are made of them, step by step"),
  ],
  "tools/bench/trl-processes.ts": [
    new Command("trl-processes").description(
      "runs by TRL in two processes, with and without DeepSpeed, beside the same in one",
    ),
  ],
  "tools/bench/openrlhf-commands.ts": [
    new Command("openrlhf-commands").description("runs exported for OpenRLHF, read and trained by it beside ours"),
  ],
  "tools/bench/sweeps.ts": [
    new Command("sweeps").description(
      "a sweep on the product: one run at a time and two, to the end and stopped early; ten minutes",
    ),
  ],
  "tools/bench/gpu/check.ts": [
    new Command("gpu-check")
      .description(
        "whether this machine's NVIDIA GPU computes what its processor does, and how fast; a quarter of an hour",
      )
      .option("--on-cpu", "tries the check itself where there is no GPU")
      .option("--rounds <n>", "how often each is measured", once),
  ],
  "tools/bench/clusters/clusters.ts": [
    new Command("clusters")
      .description("runs by a Slurm and a Ray on this machine, beside the same run here; a quarter of an hour")
      .addArgument(new Argument("[cluster]", "one of them alone").choices(["slurm", "ray"])),
  ],
  "tools/bench/loaders.ts": [
    new Command("loaders").description("what TRL, LLaMA-Factory and OpenRLHF make of an export"),
  ],
  "tools/bench/load.ts": [
    new Command("load")
      .description("what annotating a queue of 100,000 pairs costs, fifty people at work")
      .addArgument(
        new Argument(
          "[what]",
          "training: beside a training run too; costs: processor time and SQL statements alone; crowd: a thousand people; team: two hundred who sign in",
        ).choices(["training", "costs", "crowd", "team"]),
      ),
  ],
  "tools/bench/imports.ts": [
    new Command("imports")
      .description(
        "what importing, indexing and searching a million rows costs, and masking 100,000; half an hour, 6 GB of disk",
      )
      .addArgument(new Argument("[part]", "one of them alone").choices(["lines", "parquet", "search", "masking"])),
  ],
  "tools/bench/records.ts": [new Command("records").description("what the records browser costs at 100,000 records")],
  "tools/torture/torture.ts": [
    new Command("torture")
      .description("faults done to the real product, very often; a day at full size")
      .argument("[experiments...]", "names; all where none is given")
      .option("--scale <share>", "of the full size, as 0.01", once)
      .option("--seed <n>", "of what is done when", once),
  ],
  "tools/studies/study.ts": [
    new Command("study")
      .description("experiments behind docs/")
      .addArgument(new Argument("<study>", "which of them").choices(studies))
      .argument("[parts...]", "methods of the frontier, or models of packing, that are measured, where not all are"),
  ],
};
