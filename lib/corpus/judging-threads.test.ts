import { expect, test } from "vitest";
import { corpusConfig } from "./corpus-schema";
import { judgingThreads } from "./judging-threads";

test("threads that are ended while they begin judge nothing more", async () => {
  const threads = judgingThreads(1, { config: corpusConfig.parse({}), tested: new Set() });
  const judged = threads.judge([{ id: "a", kind: "text", url: null, charset: null, bytes: Buffer.from("a") }]);
  const refused = expect(judged).rejects.toThrow("ended before it had begun");
  await threads.end();
  await refused;
});
