// Personal and secret data in a text. Numbers are checked as their makers check them, so that a long number alone is no card.
import { findPhoneNumbersInText } from "libphonenumber-js";

const mail = /[\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+/gi;
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

/** What was found, each named with its kind; what may be secret itself is cut short. */
export function privateData(text: string): string[] {
  const mails = (text.match(mail) ?? []).map((found) => `email address ${found}`);
  const cards = (text.match(card) ?? []).filter(isCard).map((found) => `card number ${hidden(found)}`);
  const phones = (digits.test(text) ? findPhoneNumbersInText(text, "US") : []).map(
    ({ number }) => `phone number ${number.number}`,
  );
  const secrets = keys.flatMap(([name, shape]) => {
    const found = shape.exec(text)?.[0];
    return found ? [`${name} ${hidden(found)}`] : [];
  });
  return [...new Set([...mails, ...cards, ...phones, ...secrets])];
}

const hidden = (secret: string) => `${secret.slice(0, 4)}…`;

/** Luhn's sum, ISO/IEC 7812-1. */
function isCard(text: string): boolean {
  const digits = [...text.replace(/\D/g, "")].map(Number).reverse();
  const sum = digits.reduce((total, digit, i) => total + (i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}
