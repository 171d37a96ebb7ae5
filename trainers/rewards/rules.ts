// Rule-based rewards between 0 and 1, computed from an answer's text.
import { createContext, Script } from "node:vm";
import type { RewardSource } from "../../spec/fields/rewards";

export type RuleName = "length" | "format" | "pattern" | "json";
export type Rules = RewardSource["rules"];

export interface AnswerText {
  text: string;
  tokens: number;
}

/** The rules that are set, with what each weighs. */
export function rulesOf(rules: Rules): { name: RuleName; weight: number; score: (answer: AnswerText) => number }[] {
  const { length, format, pattern, json } = rules;
  return [
    ...(length ? [{ name: "length" as const, weight: length.weight, score: lengthRule(length) }] : []),
    ...(format ? [{ name: "format" as const, weight: format.weight, score: formatRule(format.parts) }] : []),
    ...(pattern ? [{ name: "pattern" as const, weight: pattern.weight, score: patternRule(pattern.expression) }] : []),
    ...(json ? [{ name: "json" as const, weight: json.weight, score: jsonRule }] : []),
  ];
}

/** 1 from `min` to `max` tokens; outside it falls with the distance, to 0 at no token and at twice the maximum. */
function lengthRule({ min, max }: NonNullable<Rules["length"]>) {
  return ({ tokens }: AnswerText): number => {
    if (tokens < min) return tokens / min;
    return tokens > max ? Math.max(0, 2 - tokens / max) : 1;
  };
}

/** The share of the parts that the text has, each after the one before it. */
function formatRule(parts: string[]) {
  return ({ text }: AnswerText): number => {
    let [from, found] = [0, 0];
    for (const part of parts) {
      const at = text.indexOf(part, from);
      if (at < 0) continue;
      [from, found] = [at + part.length, found + 1];
    }
    return found / parts.length;
  };
}

/** Characters of an answer that a pattern sees, and how long it may look: some expressions take forever on the wrong text. */
const longestText = 65_536;
const patternMs = 1000;

function patternRule(expression: string) {
  const context = createContext({ wanted: new RegExp(expression, "u"), text: "" });
  const look = new Script("wanted.test(text)");
  return ({ text }: AnswerText): number => {
    context.text = text.slice(0, longestText);
    try {
      return look.runInContext(context, { timeout: patternMs }) ? 1 : 0;
    } catch (cause) {
      throw new Error(
        `the pattern ${expression} took more than ${patternMs / 1000} s on an answer of ${text.length} characters; repeats within repeats, such as (a+)+, go back and forth: write it without`,
        { cause },
      );
    }
  };
}

function jsonRule({ text }: AnswerText): number {
  try {
    JSON.parse(text);
    return 1;
  } catch {
    return 0;
  }
}
