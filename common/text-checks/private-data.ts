// Personal and secret data in a text. Numbers are checked as their makers check them, so that a long number alone is no card.
import { BlockList, isIPv4 } from "node:net";
import { findPhoneNumbersInText } from "libphonenumber-js";

const mail = /\b[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+/gi;
/** What every telephone number has; looking for it is a hundred times as fast. */
const digits = /\d(?:[\s().+/-]*\d){6}/;
const card = /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])/g;
/** Keys whose makers gave them a shape of their own. */
const keys: [string, RegExp][] = [
  ["AWS key", /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g],
  ["GitHub token", /\b(?:gh[pousr]_[A-Za-z\d]{36,}|github_pat_\w{50,})\b/g],
  ["Slack token", /\bxox[abprs]-[\w-]{10,}/g],
  ["API key", /\bsk-(?:[a-z]+-)*[A-Za-z\d_-]{20,}/g],
  ["Google key", /\bAIza[\w-]{35}(?![\w-])/g],
  ["Hugging Face token", /\bhf_[A-Za-z\d]{30,}\b/g],
  // to its end, or to that of the text where it has none
  ["private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g],
  ["signed token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g],
];

/** Addresses that belong to nobody in particular: of one's own network, of examples, and those that no machine has (IANA's registry). */
const everybodys = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["240.0.0.0", 4],
] as const)
  everybodys.addSubnet(network, bits);
const fourNumbers = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)/g;

export interface PrivateText {
  kind: string;
  /** Where it begins in the text, and what stands there. */
  at: number;
  text: string;
  /** As it may be shown: what may be secret itself is cut short. */
  shown: string;
}

const asItIs = (found: string) => found;
const hidden = (secret: string) => `${secret.slice(0, 4)}…`;

/** In the order in which they begin; where two overlap, both. */
export function privateTexts(text: string): PrivateText[] {
  const all: All = (kind, shape, shown) =>
    Array.from(text.matchAll(shape), ({ 0: found, index }) => ({ kind, at: index, text: found, shown: shown(found) }));
  const found = [
    ...(text.includes("@") ? all("email address", mail, asItIs) : []), // the shape alone takes long to find nothing
    ...(/\d/.test(text) ? numbers(text, all) : []),
    ...keys.flatMap(([kind, shape]) => all(kind, shape, hidden)),
  ];
  return found.sort((a, b) => a.at - b.at || b.text.length - a.text.length);
}

type All = (kind: string, shape: RegExp, shown: (found: string) => string) => PrivateText[];

const numbers = (text: string, all: All): PrivateText[] => [
  ...all("IP address", fourNumbers, asItIs).filter((one) => isIPv4(one.text) && !everybodys.check(one.text)),
  ...all("card number", card, hidden).filter((one) => isCard(one.text)),
  ...phones(text.replace(fourNumbers, ({ length }) => " ".repeat(length))),
];

const phones = (text: string): PrivateText[] =>
  (digits.test(text) ? findPhoneNumbersInText(text, "US") : []).map(({ number, startsAt, endsAt }) => ({
    kind: "phone number",
    at: startsAt,
    text: text.slice(startsAt, endsAt),
    shown: number.number,
  }));

/** What was found, each named with its kind. */
export const privateData = (text: string): string[] => [
  ...new Set(privateTexts(text).map(({ kind, shown }) => `${kind} ${shown}`)),
];

/** The text with the names of their kinds for what is private; what overlaps goes as one. */
export function masked(text: string): string {
  let [rest, end] = ["", 0];
  for (const { kind, at, text: found } of privateTexts(text)) {
    if (at >= end) rest += `${text.slice(end, at)}[${kind}]`;
    end = Math.max(end, at + found.length);
  }
  return rest + text.slice(end);
}

/** Luhn's sum, ISO/IEC 7812-1. */
function isCard(text: string): boolean {
  const digits = [...text.replace(/\D/g, "")].map(Number).reverse();
  const sum = digits.reduce((total, digit, i) => total + (i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}
