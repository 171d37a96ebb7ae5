// What a request names as its evaluation set, in the run's row.
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../test/database";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { createFreezer } from "../datasets/snapshots/freezer";
import { plan } from "./launch";

beforeAll(() => void freshDatabase());

const data = { kind: "sample" as const, id: "film-reviews" };
const planned = (name: string) => {
  const config = { method: "dpo", model: { source: "tiny" }, data: { eval: name } };
  return plan({ name: "Eval", data, config }, 0)[0]!;
};

test("an evaluation set that is named is frozen at the launch, so that a later attempt reads the same rows", () => {
  const queue = seedQueue(2, 1, "watched");
  const vote = () => {
    const [task] = takeTasks(1, queue, 1, 0);
    judge(1, { key: crypto.randomUUID(), itemId: task!.id, choice: { kind: "left", strength: 1 }, activeMs: 1 }, 0);
  };
  vote();
  const { config } = planned("dataset:watched");
  const { id } = createFreezer(0)(queue, "pairs")!;
  vote();
  expect(config.data.eval).toBe(`snapshot:${id}`);
  expect(planned("dataset:watched").config.data.eval).not.toBe(config.data.eval);
  expect(planned(`dataset:watched@${id}`).config.data.eval).toBe(config.data.eval);
});

test("one that is not there is refused at its field", () => {
  const problems = [{ path: "data.eval", message: "There is no dataset nobody's." }];
  expect(() => planned("dataset:nobody's")).toThrow(expect.objectContaining({ status: 400, problems }));
});
