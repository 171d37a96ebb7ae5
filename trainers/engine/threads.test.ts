import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { expect, test } from "vitest";

const program = `
  import { readdirSync, readFileSync } from "node:fs";
  import { labelScores } from "./trainers/engine/label-scores";
  import { tf } from "./trainers/engine/tensorflow";
  labelScores(tf.ones([8, 16]), { weight: tf.ones([32, 16]) }, tf.zeros([8], "int32")).logProbs.dataSync();
  const names = readdirSync("/proc/self/task").map((id) => readFileSync("/proc/self/task/" + id + "/comm", "utf8").trim());
  console.log(names.filter((name) => name === "workbench op").length);
`;

test("own ops have a thread for each processor, or as many as TensorFlow's switch allows", () => {
  const threads = (env: Record<string, string>) => {
    const words = ["--import", "tsx", "--input-type=module", "--eval", program];
    const said = execFileSync(process.execPath, words, { encoding: "utf8", env: { ...process.env, ...env } });
    return 1 + Number(said); // the caller is one of them
  };
  expect(threads({})).toBe(availableParallelism());
  expect(threads({ TF_NUM_INTRAOP_THREADS: "1" })).toBe(1);
});
