// Personal and secret data in a text. Numbers are checked as their makers check them, so that a long number alone is no card.
import { BlockList, isIPv4 } from "node:net";
import { findPhoneNumbersInText } from "libphonenumber-js";

const mail = /\b[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+/gi;
/** What every telephone number has; looking for it is a hundred times as fast. */
const digits = /\d(?:[\s().+/-]*\d){6}/;
const card = /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])/g;
/** Keys whose makers gave them a shape of their own. */
const keys: [string, RegExp][] = [
  ["AWS key", /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/],
  ["GitHub token", /\bgh[pousr]_[A-Za-z\d]{36,}\b/],
  ["Slack token", /\bxox[abprs]-[\w-]{10,}/],
  ["API key", /\bsk-(?:[a-z]+-)*[A-Za-z\d_-]{20,}\b/],
  ["Google key", /\bAIza[\w-]{35}\b/],
  ["Hugging Face token", /\bhf_[A-Za-z\d]{30,}\b/],
  ["private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["signed token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
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
  /** As it stands in the text. */
  text: string;
  /** As it may be shown: what may be secret itself is cut short. */
  shown: string;
}

export function privateTexts(text: string): PrivateText[] {
  const as = (kind: string, found: string[], shown = (one: string) => one) =>
    found.map((one) => ({ kind, text: one, shown: shown(one) }));
  const mails = as("email address", text.match(mail) ?? []);
  const addresses = as(
    "IP address",
    (text.match(fourNumbers) ?? []).filter((found) => isIPv4(found) && !everybodys.check(found)),
  );
  const cards = as("card number", (text.match(card) ?? []).filter(isCard), hidden);
  const secrets = keys.flatMap(([name, shape]) => as(name, shape.exec(text)?.slice(0, 1) ?? [], hidden));
  return [...mails, ...addresses, ...cards, ...phones(text.replace(fourNumbers, " ")), ...secrets];
}

const phones = (text: string): PrivateText[] =>
  (digits.test(text) ? findPhoneNumbersInText(text, "US") : []).map(({ number, startsAt, endsAt }) => ({
    kind: "phone number",
    text: text.slice(startsAt, endsAt),
    shown: number.number,
  }));

/** What was found, each named with its kind. */
export const privateData = (text: string): string[] => [
  ...new Set(privateTexts(text).map(({ kind, shown }) => `${kind} ${shown}`)),
];

/** The text with the names of their kinds for what is private. */
export const masked = (text: string): string =>
  privateTexts(text)
    .sort((a, b) => b.text.length - a.text.length)
    .reduce((left, found) => left.replaceAll(found.text, `[${found.kind}]`), text);

const hidden = (secret: string) => `${secret.slice(0, 4)}…`;

/** Luhn's sum, ISO/IEC 7812-1. */
function isCard(text: string): boolean {
  const digits = [...text.replace(/\D/g, "")].map(Number).reverse();
  const sum = digits.reduce((total, digit, i) => total + (i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}
