// What torch.distributed.run 2.15 says where one of two processes fails, as it said it.
import { expect, test } from "vitest";
import { reason } from "./reason";

const ending = (failures: string, rank: number, exit: string) =>
  `torch.distributed.elastic.multiprocessing.errors.ChildFailedError: 
=======================================================
setpriv FAILED
-------------------------------------------------------
Failures:
${failures}
-------------------------------------------------------
Root Cause (first observed failure):
[0]:
  time      : 2026-11-28_23:58:52
  host      : localhost
  rank      : ${rank} (local_rank: ${rank})
  exitcode  : ${exit}
  error_file: <N/A>
  traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html
=======================================================`.split("\n");
const sequel = `[1]:
  rank      : 0 (local_rank: 0)
  exitcode  : -15 (pid: 11220)  (SIGTERM)
  traceback : Signal 15 (SIGTERM) received by PID 11220`;
const missed = "[rank0]: RuntimeError: [pair.cc:545] Read error [127.0.0.1]:42406: Connection reset by peer";

test("a process that was killed is named, not the one that missed it", () => {
  expect(reason([missed, ...ending(sequel, 1, "-9 (pid: 11221)  (SIGKILL)")])).toBe("process 1 was ended by SIGKILL");
});

test("a process's exception is told, not that of the one that missed it", () => {
  const said = ["[rank1]: ValueError: a rate of 7", missed, ...ending(sequel, 1, "1 (pid: 11221)")];
  expect(reason(said)).toBe("process 1: ValueError: a rate of 7");
});

test("an exception from before the processes know each other has no number", () => {
  const said = ["ModuleNotFoundError: No module named 'deepspeed'", ...ending("", 0, "1 (pid: 11220)")];
  expect(reason(said)).toBe("ModuleNotFoundError: No module named 'deepspeed'");
});

test("of one process its exception, or its last words", () => {
  expect(reason(["  line 3", "KeyError: 'prompt'", "a warning"])).toBe("KeyError: 'prompt'");
  expect(reason(["Segmentation fault"])).toBe("Segmentation fault");
  expect(reason([])).toBeUndefined();
});
