// A batch that fails while the documents after it are being read.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { scratch } from "../../test/program";
import type { Batch } from "./batches";
import { corpusConfig } from "./corpus-schema";
import { makeCorpus } from "./make-corpus";

const judge = vi.hoisted(() => vi.fn());
vi.mock("./judging-threads", () => ({ judgingThreads: () => ({ judge, end: async () => undefined }) }));
vi.mock("./batches", () => ({
  async *batches(): AsyncGenerator<Batch> {
    for (const number of [0, 1]) {
      const document = { id: `${number}`, kind: "text", url: null, charset: null, bytes: new Uint8Array() } as const;
      yield { number, documents: [document], read: 0 };
      await sleep(10);
    }
  },
}));

test("the work ends with the reason", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "a.txt"), "");
  judge.mockRejectedValueOnce(new Error("no space is left"));
  judge.mockResolvedValueOnce([{ id: "1" }]);
  const asked = {
    folders: [folder],
    out: join(folder, "out"),
    config: corpusConfig.parse({}),
    tested: new Set<string>(),
    score: judge,
  };
  await expect(makeCorpus(asked)).rejects.toThrow("no space is left");
});
