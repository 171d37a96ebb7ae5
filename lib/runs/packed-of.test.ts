import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFolder } from "../../common/env";
import type { Packed } from "../../spec/packed";
import type { ModelLook } from "../../spec/reports";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";
import { packedOf } from "./packed-of";

const packed: Packed = {
  ...{ by: "gptq", bits: 4, group: 64, rows: { calibrated: 128, measured: 32 }, bytes: { before: 4, after: 1 } },
  ...{ perplexity: { before: 2, after: 3 }, kl: { mean: 0.1, se: 0.01 }, sameTop: 0.9 },
};
const look: ModelLook = {
  ...{ form: "folder", family: "llama", parameters: 1, layers: 1, context: null, template: true, scores: false },
  packed,
};

test("packed folders of a run are those on the list that were made of its last step and are still there", () => {
  freshDatabase();
  const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
  const madeOf = runFolder("run");
  const entry = (values: Partial<typeof models.$inferInsert>) => ({
    ...{ source: folder(), addedAt: 1, look, madeOf, removedAt: null, name: null },
    ...values,
  });
  const own = entry({});
  const { packed: _, ...merged } = look;
  const others = [
    entry({ look: merged }),
    entry({ madeOf: join(madeOf, "checkpoints", "step-000004-a1") }),
    entry({ removedAt: 2 }),
    entry({ source: join(folder(), "gone") }),
  ];
  appDb()
    .insert(models)
    .values([own, ...others])
    .run();
  expect(packedOf(madeOf)).toEqual([own.source]);
});
