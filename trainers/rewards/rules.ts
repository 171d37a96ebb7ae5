// Rule-based rewards between 0 and 1, and penalties between −1 and 0, of an answer's text and token ids.
import type { RewardSource } from "../../spec/fields/rewards";
import { jsonIn, schemaCheck } from "./json-schema";
import { languageRule } from "./language-rule";
import { isRight } from "./right-answer";
import { timedTest } from "./timed";

export type Rules = RewardSource["rules"];
export type RuleName = keyof Rules;

export interface AnswerText {
  text: string;
  ids: number[];
  /** The right answer, where the row has one. */
  truth?: string | undefined;
}

/** The rules that are set, with what each weighs. */
export function rulesOf(rules: Rules): { name: RuleName; weight: number; score: (answer: AnswerText) => number }[] {
  const { length, format, pattern, json, jsonSchema, answer, language, think, overlong, repetition } = rules;
  return [
    ...(length ? [{ name: "length" as const, weight: length.weight, score: lengthRule(length) }] : []),
    ...(format ? [{ name: "format" as const, weight: format.weight, score: formatRule(format.parts) }] : []),
    ...(pattern ? [{ name: "pattern" as const, weight: pattern.weight, score: patternRule(pattern.expression) }] : []),
    ...(json ? [{ name: "json" as const, weight: json.weight, score: jsonRule }] : []),
    ...(jsonSchema
      ? [{ name: "jsonSchema" as const, weight: jsonSchema.weight, score: schemaRule(jsonSchema.schema) }]
      : []),
    ...(answer ? [{ name: "answer" as const, weight: answer.weight, score: rightAnswer(answer) }] : []),
    ...(language ? [{ name: "language" as const, weight: language.weight, score: languageRule(language.code) }] : []),
    ...(think ? [{ name: "think" as const, weight: think.weight, score: thinkRule }] : []),
    ...(overlong ? [{ name: "overlong" as const, weight: overlong.weight, score: overlongRule(overlong) }] : []),
    ...(repetition
      ? [{ name: "repetition" as const, weight: repetition.weight, score: repetitionRule(repetition.ngram) }]
      : []),
  ];
}

/** 1 from `min` to `max` tokens; outside it falls with the distance, to 0 at no token and at twice the maximum. */
function lengthRule({ min, max }: NonNullable<Rules["length"]>) {
  return ({ ids: { length } }: AnswerText): number => {
    if (length < min) return length / min;
    return length > max ? Math.max(0, 2 - length / max) : 1;
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

const patternRule = (expression: string) => {
  const matches = timedTest(expression);
  return ({ text }: AnswerText): number => (matches(text) ? 1 : 0);
};

function jsonRule({ text }: AnswerText): number {
  try {
    JSON.parse(text);
    return 1;
  } catch {
    return 0;
  }
}

function schemaRule(schema: string | object) {
  const fits = schemaCheck(schema);
  return ({ text }: AnswerText): number => {
    const found = jsonIn(text);
    return found !== null && fits(found.value) ? 1 : 0;
  };
}

/** 1 where the completion answers as its row does, 0 where it abstains, else what a wrong answer scores. */
function rightAnswer({ column, match, wrong, abstained }: NonNullable<Rules["answer"]>) {
  const abstains = abstained === null ? () => false : timedTest(abstained);
  return ({ text, truth }: AnswerText): number => {
    if (truth === undefined)
      throw new Error(
        `the rule answer compares with column ${column} of the prompt's row, and these prompts have no rows`,
      );
    if (isRight(text, truth, match)) return 1;
    return abstains(text) ? 0 : wrong;
  };
}

/** TRL's think_format_reward: nothing before the reasoning, and no second one within or after it. */
function thinkRule({ text }: AnswerText): number {
  const [open, close] = ["<think>", "</think>"];
  return text.startsWith(open) && text.includes(close) && text.lastIndexOf(open) === 0 ? 1 : 0;
}

/** DAPO's soft overlong punishment (Yu et al. 2025, arXiv 2503.14476, equation 13). */
function overlongRule({ max, margin }: NonNullable<Rules["overlong"]>) {
  return ({ ids: { length } }: AnswerText): number => {
    if (length > max) return -1;
    return length > max - margin ? (max - margin - length) / margin : 0;
  };
}

/** Distinct runs of n tokens over all, minus 1 (Yeo et al. 2025, arXiv 2502.03373, appendix C.2). */
function repetitionRule(n: number) {
  return ({ ids }: AnswerText): number => {
    const runs = Array.from({ length: Math.max(0, ids.length - n + 1) }, (_, at) => ids.slice(at, at + n).join());
    return runs.length === 0 ? 0 : new Set(runs).size / runs.length - 1;
  };
}
