// People or an endpoint who judge pairs, asked by files: whoever runs the workbench puts the request's pairs before them and writes down what they think.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../common/whole-file";
import {
  type AskedPair,
  type JudgementAnswer,
  type JudgementRequest,
  judgementAnswer,
  judgementFiles,
} from "../../spec/judging";

export interface Panel {
  /** "people", or the endpoint that is waited for. */
  who: string;
  /** `round` counts from 1. */
  ask(round: number, pairs: AskedPair[]): void;
  /** What they think so far; null before anybody has taken the request up. */
  heard(round: number): JudgementAnswer | null;
}

/** Files in `folder`; `waiting` hears of each request. */
export function panelIn(
  folder: string,
  { queue, endpoint }: Pick<JudgementRequest, "queue" | "endpoint">,
  waiting: (asked: { round: number; request: string; answer: string }) => void,
): Panel {
  return {
    who: endpoint === null ? "people" : `endpoint ${endpoint}`,
    ask(round, pairs) {
      const { request, answer } = judgementFiles(round);
      rmSync(join(folder, answer), { force: true }); // of an earlier attempt: people keep their opinions, and tell them again
      writeWhole(join(folder, request), JSON.stringify({ queue, endpoint, pairs } satisfies JudgementRequest));
      waiting({ round, request, answer });
    },
    heard(round) {
      const path = join(folder, judgementFiles(round).answer);
      return existsSync(path) ? judgementAnswer.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
    },
  };
}
