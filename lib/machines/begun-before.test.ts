import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attemptInput } from "../../spec/events";
import { takeUp } from "./begun-before";

const started = (step: number) => ({
  event: "started",
  step,
  totalSteps: 9,
  trainRows: 1,
  heldOutRows: 0,
  parameters: 1,
});
const metrics = (step: number, loss: number | string) => ({ event: "metrics", step, values: { loss } });
const checkpoint = (step: number) => ({
  event: "checkpoint",
  step,
  folder: `step-${step}`,
  manifestHash: `hash-${step}`,
});
const lines = (values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");

function begun(events: string): {
  folder: string;
  input: () => ReturnType<typeof attemptInput.parse>;
  read: (name: string) => string;
} {
  const folder = mkdtempSync(join(tmpdir(), "workbench-begun-"));
  const before = [{ step: 2, folder: "step-2-a1", manifestHash: "h" }];
  writeFileSync(
    join(folder, "attempt-2.json"),
    JSON.stringify({ checkpoints: before, allowChanged: false, history: "history.ndjson" }),
  );
  writeFileSync(
    join(folder, "history.ndjson"),
    lines([
      { step: 1, loss: 9 },
      { step: 2, loss: 8 },
      { step: 3, loss: 7.5 },
    ]),
  );
  writeFileSync(join(folder, "events-2.ndjson"), events);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { folder, read, input: () => attemptInput.parse(JSON.parse(read("attempt-2.json"))) };
}

test("what an attempt saved and reported before its job began anew is added to what earlier attempts left, however often", () => {
  const reported = lines([started(2), metrics(3, 7), metrics(4, "NaN"), checkpoint(4), metrics(5, 5)]);
  const { folder, input, read } = begun(`${reported}{"event":"metr`);
  for (let time = 0; time < 2; time++) {
    takeUp(folder, 2);
    expect(input().checkpoints.map((one) => one.folder)).toEqual(["step-4", "step-2-a1"]);
    expect(read(input().history!)).toBe(
      lines([
        { step: 1, loss: 9 },
        { step: 2, loss: 8 },
        { step: 3, loss: 7 },
        { step: 4, loss: "NaN" },
        { step: 5, loss: 5 },
      ]),
    );
    expect(read("events-2.ndjson")).toBe(reported); // the line that a kill cut off is gone
  }
});

test("a line that is no event, as of an engine that also prints there, is passed over, as the runner does", () => {
  const { folder, input } = begun(
    `${lines([started(2)])}loading weights\n${lines([checkpoint(4), { event: "unheard" }])}`,
  );
  takeUp(folder, 2);
  expect(input().checkpoints.map((one) => one.folder)).toEqual(["step-4", "step-2-a1"]);
});

test("a job that begins for the first time finds its attempt as the runner wrote it", () => {
  const { folder, input } = begun("");
  takeUp(folder, 2);
  expect(input().checkpoints.map((one) => one.folder)).toEqual(["step-2-a1"]);
});
