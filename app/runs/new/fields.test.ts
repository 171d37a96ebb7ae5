import { expect, test } from "vitest";
import { presets } from "@/lib/runs/presets";
import { type Method, runConfig } from "@/trainers/config";
import { fieldsOf, toConfig, toValues } from "./fields";

const checked = (config: object) =>
  runConfig.safeParse({ ...config, data: { ...(config as { data?: object }).data, train: "x" }, output: "y" });

test.each(["dpo", "sft"] as const)(
  "every field of %s has a label, a help line and a place, and the untouched form is a valid run",
  (method) => {
    const fields = fieldsOf(method);
    for (const field of fields)
      expect([field.label, field.help], field.path).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
    expect(fields.map(({ path }) => path)).toContain("optimizer.learningRate");
    expect(fields.some(({ path }) => path.startsWith("dpo."))).toBe(method === "dpo");
    const untouched = Object.fromEntries(
      fields.map(({ path, initial }) => [path, path === "model.source" ? "tiny" : (initial ?? "")]),
    );
    expect(checked(toConfig(method, fields, untouched)).success).toBe(true);
  },
);

test.each(presets)("preset $id passes through the form unchanged", ({ config }) => {
  const fields = fieldsOf(config.method as Method);
  const given = toValues(config);
  const values = Object.fromEntries(fields.map(({ path, initial }) => [path, given[path] ?? initial ?? ""]));
  expect(checked(toConfig(config.method as Method, fields, values)).data).toEqual(checked(config).data);
});
