// A run of TRL 1.16.0 as it leaves itself (data/golden/make-elsewhere.py), read here; and our event files, read back.
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { rowsOf } from "../history/rows";
import { freshDatabase } from "../test-database";
import { readElsewhere } from "./elsewhere";
import { eventsOf, importRun } from "./store";
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

test("files that are no such thing are refused in words", async () => {
  const refused = (file: string, text: string) => expect(readElsewhere(file, Buffer.from(text))).rejects;
  await refused("state.json", "{").toThrow("no JSON");
  await refused("state.json", "{}").toThrow("log_history");
  await refused("state.json", '{"log_history":[{"step":1},{"loss":1}]}').toThrow("Entry 2");
  await refused("state.json", '{"log_history":[{"step":1,"fun":2}]}').toThrow("only fun");
  await refused("events", "x".repeat(100)).toThrow("no event file");
});

test("F6: while a run of thousands of steps is imported, other requests have their turn after every 20 ms of work", async () => {
  freshDatabase();
  let clock = 0;
  const now = vi.spyOn(performance, "now").mockImplementation(() => {
    clock += 30;
    return clock;
  });
  let [others, done] = [0, false];
  const other = () => {
    others++;
    if (!done) setImmediate(other);
  };
  setImmediate(other);
  const steps = 3000;
  const log_history = Array.from({ length: steps }, (_, step) => ({ step, loss: 1 / (step + 1) }));
  await importRun("Long", "trainer_state.json", Buffer.from(JSON.stringify({ log_history })), 1);
  done = true;
  now.mockRestore();
  expect(others).toBeGreaterThan(steps);
});
