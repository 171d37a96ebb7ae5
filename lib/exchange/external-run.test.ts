// A run of TRL 1.16.0 as it leaves itself (data/golden/make-elsewhere.py), read here; and our event files, read back.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allMethods } from "../../spec/methods/all";
import type { MetricName } from "../../spec/metrics/catalogue";
import { freshDatabase } from "../../test/database";
import { turnsDuring } from "../../test/turns";
import { rowsOf } from "../history/metric-rows";
import { readElsewhere } from "./external-run";
import { eventsOf, importRun } from "./import-run";
import { candidates } from "./recognise-method";
import { decodeEvents, encodeEvents } from "./tensorboard";

const folder = "data/golden/elsewhere";
const read = (file: string) => readFileSync(`${folder}/${file}`);
/** What TensorBoard 2.20.0 itself read from the event file: [step, value] by tag. */
const seen = JSON.parse(read("scalars.json").toString()) as Record<string, [number, number][]>;

test("an event file holds what TensorBoard reads from it", () => {
  const found: Record<string, [number, number][]> = {};
  for (const { step, values } of decodeEvents(read("events.out.tfevents.trl")))
    for (const [tag, value] of Object.entries(values)) found[tag] = [...(found[tag] ?? []), [step, value]];
  expect(found).toEqual(seen);
});

test("trainer_state.json and the event file of one run give the same rows", async () => {
  const state = await readElsewhere("trainer_state.json", read("trainer_state.json"));
  const events = await readElsewhere("events.out.tfevents.trl", read("events.out.tfevents.trl"));
  expect([state.method, events.method]).toEqual(["dpo", "dpo"]);
  expect(state.config).toMatchObject({ maxSteps: 12, batchSize: 2 });
  expect(state.rows.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(state.rows[3]).toHaveProperty("eval_rewards/margins");
  for (const [i, row] of state.rows.entries())
    for (const [name, value] of Object.entries(row)) expect(events.rows[i]![name as "loss"]).toBeCloseTo(value, 5); // an event file has float32
  expect(state.left).toEqual(
    expect.arrayContaining(["eval_runtime", "train_runtime", "eval_samples_per_second", "epoch"]),
  );
});

test("what is written is read again, to float32, and damage is noticed", () => {
  const steps = [0, 1, 2 ** 40].map((step) => ({
    step,
    wallTime: 1e9 + step / 7,
    values: { loss: Math.PI * step, "a/b": -1 },
  }));
  const bytes = Buffer.concat([...encodeEvents(steps, 1e9)]);
  const again = decodeEvents(bytes);
  expect(again.map(({ step, wallTime }) => [step, wallTime])).toEqual(
    steps.map(({ step, wallTime }) => [step, wallTime]),
  );
  expect(again[1]!.values).toEqual({ loss: Math.fround(Math.PI), "a/b": -1 });
  expect(decodeEvents(bytes.subarray(0, -5))).toHaveLength(2); // its writer was killed
  const damaged = Buffer.from(bytes);
  damaged[60]! ^= 1;
  expect(() => decodeEvents(damaged)).toThrow("checksum");
});

test("imported runs keep their rows, and leave again", async () => {
  freshDatabase();
  const { id, left } = await importRun("TRL", "trainer_state.json", read("trainer_state.json"), 1);
  const { rows } = await readElsewhere("trainer_state.json", read("trainer_state.json"));
  expect([...rowsOf(id)]).toEqual(rows);
  expect(left).toContain("epoch");
  const written = decodeEvents(Buffer.concat([...eventsOf(id)]));
  expect(written.map(({ step }) => step)).toEqual(rows.map(({ step }) => step));
  expect(written[0]!.values.loss).toBe(Math.fround(rows[0]!.loss!));
});

/** data/golden/make-elsewhere-online.py made these with TRL 1.16.0. */
const online = (name: string) => read(`${name}_trainer_state.json`);
const logged = (name: string) =>
  (JSON.parse(online(name).toString()) as { log_history: Record<string, number>[] }).log_history[0]!;

test.each([
  ["grpo", "grpo"],
  ["grpo-no-kl", "grpo"],
  ["rloo", "rloo"],
] as const)(
  "B6: what TRL logs of a run of %s comes in under our names, with its units, and nothing known is dropped",
  async (name, method) => {
    const { method: said, rows, left } = await readElsewhere("trainer_state.json", online(name), method);
    expect(said).toBe(method);
    const theirs = logged(name);
    const wanted: [MetricName, string][] = [
      ["objective/scores", "reward"],
      ["reward_std", "reward_std"],
      ["frac_reward_zero_std", "frac_reward_zero_std"],
      ["completions/mean_length", "completions/mean_length"],
      ["completions/clipped_ratio", "completions/clipped_ratio"],
      ["policy/entropy_avg", "entropy"],
      ["policy/clipfrac_avg", "clip_ratio/region_mean"],
      ["objective/kl_per_token", "kl"],
      ["loss", "loss"],
      ["grad_norm", "grad_norm"],
      ["num_tokens", "num_tokens"],
    ];
    for (const [ours, given] of wanted) expect(rows[0]![ours], given).toBe(theirs[given]);
    expect(rows[0]!.loss).toBeDefined();
    expect(rows[0]!.kl).toBeUndefined(); // that is KTO's reference point
    expect(left.filter((given) => wanted.some(([, one]) => one === given))).toEqual([]);
    expect(left).toContain("rewards/short/std"); // a reward function's own name
  },
);

test("B6: a run of GRPO or RLOO is never taken for KTO or SFT: who brings it in is asked", async () => {
  for (const name of ["grpo", "grpo-no-kl", "rloo"])
    await expect(readElsewhere("trainer_state.json", online(name))).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining("could be a run of GRPO, RLOO"),
      problems: [
        { path: "method", message: "grpo" },
        { path: "method", message: "rloo" },
      ],
    });
});

test.each([
  ["reward reward_std kl sampling/sampling_logp_difference/mean", ["grpo"]],
  ["reward reward_std kl cispo_clip_ratio", ["grpo"]],
  ["kl rewards/chosen rewards/rejected rewards/margins", ["kto"]],
  ["rewards/chosen rewards/accuracies rewards/margins", ["dpo"]],
  ["rewards/chosen rewards/accuracies rewards/margins nll_loss", ["cpo", "simpo", "dpo"]],
  ["log_odds_ratio log_odds_chosen nll_loss rewards/chosen rewards/margins", ["orpo"]],
  ["objective/kl objective/rlhf_reward loss/value_avg", ["ppo"]],
  ["objective/kl objective/scores rewards/margins", ["iterative-dpo"]],
  ["objective/kl objective/score_deviation loss/policy_avg", ["grpo", "rloo"]], // our own, as TensorBoard has them
  ["objective/scores objective/win_rate_range", ["sppo"]],
  ["objective/kl objective/scores rewards/probabilities", ["nash-md"]],
  ["loss/kl loss/score rewards/probabilities rewards/accuracies rewards/margins rewards/chosen", ["nash-md"]], // TRL 1.12's
  ["objective/scores objective/kept", ["raft"]], // our own
  ["mean_reward accuracy margin", ["reward"]],
  ["mean_token_accuracy entropy num_tokens", ["sft"]],
  ["loss grad_norm learning_rate", allMethods.map(({ name }) => name)],
])("B6: metrics are recognised, or may be several methods': %s", (names, wanted) => {
  expect(candidates(new Set(names.split(" "))).toSorted()).toEqual([...wanted].sort());
});

test("files that are no such thing are refused in words", async () => {
  const refused = (file: string, text: string) => expect(readElsewhere(file, Buffer.from(text))).rejects;
  await refused("state.json", "{").toThrow("not JSON");
  await refused("state.json", "{}").toThrow("log_history");
  await refused("state.json", '{"log_history":[{"step":1},{"loss":1}]}').toThrow("Entry 2");
  await refused("state.json", '{"log_history":[{"step":1,"fun":2}]}').toThrow("only fun");
  await refused("events", "x".repeat(100)).toThrow("not a TensorBoard event file");
});

test("F6: while a run of thousands of steps is imported, other requests have their turn after every 20 ms of work", async () => {
  freshDatabase();
  const steps = 3000;
  const log_history = Array.from({ length: steps }, (_, step) => ({ step, loss: 1 / (step + 1) }));
  const others = await turnsDuring(async () => {
    await importRun("Long", "trainer_state.json", Buffer.from(JSON.stringify({ log_history })), 1, "sft");
  });
  expect(others).toBeGreaterThan(steps);
});
