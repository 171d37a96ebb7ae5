// What zod finds wrong with a value, in a sentence that goes after the field's label: "Batch size must be at least 1".
import type { z } from "zod";

const kinds: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "yes or no",
  array: "a list",
  object: "a set of fields",
};

/** Undefined where zod's own words, or those of the schema, are the better ones. */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  if (issue.code === "invalid_type") {
    const wanted = kinds[issue.expected] ?? issue.expected;
    if (input === undefined || input === "" || input === null) return `must be ${wanted}; it is not set`;
    return `must be ${wanted}${typeof input === "string" ? `, not "${input}"${decimalHint(input)}` : ""}`;
  }
  if (issue.code === "too_small" && isNumeric(issue.origin))
    return `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
  if (issue.code === "too_big" && isNumeric(issue.origin))
    return `must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
  if (issue.code === "too_small" && issue.origin === "string") return "must not be empty";
  if (issue.code === "invalid_value")
    return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
  return undefined;
}

const isNumeric = (origin: string) => ["number", "int", "bigint"].includes(origin);

const decimalHint = (text: string) => (/^-?\d+,\d+$/.test(text) ? `; write ${text.replace(",", ".")}` : "");
