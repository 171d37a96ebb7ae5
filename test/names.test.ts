import { expect, test } from "vitest";
import { importQuery } from "../lib/datasets/imports/import-schema";
import { fillInput } from "../lib/generation/fill-schema";
import { enterInput } from "../lib/people/people-schema";
import { launchInput } from "../lib/runs/run-schema";

const fill = { first: "base:tiny", second: null, prompts: "everyday", count: 1, temperature: 1, longest: 8 };
const launch = { data: { kind: "sample", id: "film-reviews" }, config: { method: "dpo" } };
const schemas = {
  queue: (queue: string) => fillInput.safeParse({ ...fill, queue }),
  "imported queue": (name: string) => importQuery.safeParse({ name }),
  run: (name: string) => launchInput.safeParse({ ...launch, name }),
  annotator: (name: string) => enterInput.safeParse({ name }),
};

test.each(Object.entries(schemas))(
  "F16: the name of a(n) %s is one line that can be shown, or refused in words",
  (_, parse) => {
    for (const fine of ["Ada", "--help", "Żółć 👩‍🔬", "a".repeat(40)]) expect(parse(fine).success, fine).toBe(true);
    for (const odd of ["a\0b", "a\nb", "\u001b[31m", "half \ud83d"])
      expect(parse(odd).error?.issues[0]?.message, JSON.stringify(odd)).toMatch(/cannot be shown/);
    expect(parse("a".repeat(81)).error?.issues[0]?.message).toMatch(/At most \d+ letters/);
  },
);
