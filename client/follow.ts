// A run on a server, from its first step to its end.
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { Refusal, say } from "../common/command-line";
import { operations } from "../lib/api/operations";
import { type Point, point, type RunDetail, runDetail } from "../lib/runs/run-schema";
import { ask, bytesFrom } from "./ask";
import { eventsIn } from "./events";
import type { Server } from "./servers";

type Row = Pick<Point, "step" | "values">;

const ends = ["finished", "failed", "stopped"];
const retryMs = 2000;

/** Tells each logged row once, in order of steps; a connection that breaks is opened again where it ended. Returns the run as it ended. */
export async function follow(server: Server, id: string, tell: (row: Row) => void): Promise<RunDetail> {
  const params = { id };
  let [seq, step] = [0, -1];
  /** What the events have left out. */
  const catchUp = async () => {
    const rows = await ask(server, operations.points, { params });
    for (const one of rows.filter((row) => row.step > step)) tell(one);
    step = rows.at(-1)?.step ?? step;
  };
  for (; ; await wait(retryMs)) {
    try {
      const events = await bytesFrom(server, operations.events, { params, query: { after: seq } });
      for await (const { event, id: cursor, data } of eventsIn(events)) {
        if (event === "points")
          for (const one of z.array(point).parse(data)) {
            tell({ step: one.step, values: one.values });
            step = one.step;
          }
        if (event === "missed") await catchUp();
        seq = cursor ?? seq;
        const run = event === "run" ? runDetail.parse(data) : null;
        if (run === null || !ends.includes(run.status)) continue;
        await catchUp();
        return run;
      }
    } catch (error) {
      if (error instanceof Refusal || error instanceof z.ZodError) throw error;
      say(`${error instanceof Error ? error.message : error}; trying again`);
    }
  }
}
