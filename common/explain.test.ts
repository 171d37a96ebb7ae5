import { expect, test } from "vitest";
import { explain } from "./explain";

test.each([
  [
    Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }),
    /disk is full .* free some space/,
  ],
  [new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: x"), /run npm start again/],
  [new Error("OOM when allocating tensor with shape[8,9]\nmore"), /halve the batch .*shape\[8,9\]\)/],
  [
    new AggregateError([new Error("connect ECONNREFUSED ::1:9"), new Error("connect ECONNREFUSED 127.0.0.1:9")]),
    /::1:9, connect .*0\.0\.1:9$/,
  ],
  [new Error("anything else"), /^anything else$/],
])("%s", (error, words) => expect(explain(error)).toMatch(words));
