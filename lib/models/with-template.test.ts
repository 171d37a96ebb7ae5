import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { dataFolder } from "../../common/env";
import { chatTemplates } from "../../spec/chat-templates";
import { freshDatabase, seedQueue } from "../../test/database";
import { backgroundJobs } from "../jobs/background";
import { listModels } from "./list-models";
import { startWriting } from "./start-adding";
import { rowsInTemplate } from "./with-template";

beforeAll(() => void freshDatabase());

const finished = (id: string) =>
  vi.waitFor(
    () => {
      const job = backgroundJobs().find((one) => one.id === id)!;
      expect(job.endedAt).not.toBeNull();
      return job;
    },
    { timeout: 110_000, interval: 50 },
  );

test("a model that is written with another template stands under the one that it was made of; its name is taken", {
  tags: "long",
}, async () => {
  expect(await finished(await startWriting("tiny", "Tiny, zephyr", chatTemplates.zephyr))).toMatchObject({
    status: "finished",
  });
  const folder = join(dataFolder(), "models", "tiny-zephyr");
  expect(readFileSync(join(folder, "chat_template.jinja"), "utf8")).toBe(chatTemplates.zephyr);
  const models = await listModels();
  expect(models[models.findIndex(({ id }) => id === "tiny") + 1]).toMatchObject({
    ...{ id: folder, name: "Tiny, zephyr", kind: "base", parent: "tiny", depth: 1, base: "tiny" },
    about: expect.stringContaining("says “"), // it was tried
  });
  expect(() => startWriting("tiny", "tiny zephyr", chatTemplates.zephyr)).toThrow(/tiny-zephyr is there already/);
});

test("of a model whose template cannot be learned from nothing stays, and the reason is told", async () => {
  const job = await finished(await startWriting("tiny", "silent", "{{ messages[0].content }}"));
  expect(job).toMatchObject({ status: "failed", error: expect.stringContaining("does not show what the assistant") });
  expect(existsSync(join(dataFolder(), "models", "silent"))).toBe(false);
  expect((await listModels()).map(({ name }) => name)).not.toContain("silent");
});

test("rows of a dataset are rendered; a dataset with none says so", async () => {
  const look = (data: Parameters<typeof rowsInTemplate>[0]["data"]) =>
    rowsInTemplate({ source: "tiny", template: chatTemplates.alpaca, data }, 1, AbortSignal.timeout(60_000));
  const { problem, rows } = await look({ kind: "sample", id: "film-reviews" });
  expect(problem).toBeNull();
  expect(rows).toHaveLength(5);
  const text = rows[0]!.sequences[0]!.tokens.map((token) => token.text).join("");
  expect(text).toMatch(/^### Instruction:\n[^\n]+\n\n### Response:\n[\s\S]*<\|im_end\|>\n\n$/);
  await expect(look({ kind: "queue", id: seedQueue(2) })).rejects.toThrow("This dataset");
});
