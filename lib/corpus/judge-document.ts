// One document through every step that needs to know no other document. The rules of web pages know English, and the bad words of 28 languages.
import { createHash } from "node:crypto";
import { languageOf } from "../../common/language";
import { signatureOf } from "../../common/min-hash";
import { c4BadWords } from "../../common/text-checks/bad-words";
import { sharedPiece } from "../../common/text-checks/contamination";
import { gopherQuality, gopherRepetition } from "../../common/text-checks/gopher";
import type { Broken } from "../../common/text-checks/pieces";
import { masked, privateTexts } from "../../common/text-checks/private-data";
import { urlRule } from "../../common/text-checks/url-lists";
import { c4Quality, fineWebQuality } from "../../common/text-checks/web-text";
import { plain, plainWords, wordsOf } from "../../common/words";
import type { CorpusConfig, Drop, PageRule } from "./corpus-schema";
import type { Outcome } from "./outcome";
import { documentText } from "./reading/document-text";
import type { RawDocument } from "./reading/raw-document";

const english = { gopherQuality, gopherRepetition, c4Quality, fineWebQuality };

/** `tested` are pieces of what is to stay unseen. */
export function documentJudge(config: CorpusConfig, tested: ReadonlySet<string>) {
  const ruleOfUrl = urlRule(config.urls);
  const spare = new Set(config.keep);

  return async (document: RawDocument): Promise<Outcome> => {
    const { id, url } = document;
    const spared: Drop[] = [];
    const none = { id, url, text: null, words: 0, language: null, spared, masked: {}, hash: null, signature: null };
    /** The first drop, unless the document is one that no rule drops. */
    const falls = (drop: Drop | null): drop is Drop => {
      if (drop && spare.has(id)) spared.push(drop);
      return drop !== null && !spare.has(id);
    };

    const banned = url === null ? null : asDrop("urls", ruleOfUrl(url), url);
    if (falls(banned)) return { ...none, drop: banned };
    const read = await readOrDrop(document);
    if (typeof read !== "string") return { ...none, drop: read };
    const language = languageOf(read);
    const text = { ...none, text: read, words: wordsOf(read).length, language: language?.language ?? null };
    for (const step of [foreign, rule, contamination]) {
      const drop = step(read, text.language);
      if (falls(drop)) return { ...text, drop };
    }
    return { ...text, drop: null, ...(config.mask && withoutPrivate(read)), ...compared(read) };
  };

  function foreign(_: string, language: string | null): Drop | null {
    if (config.languages.length === 0 || (language && config.languages.includes(language))) return null;
    return { step: "languages", rule: language ?? "unknown", detail: "" };
  }

  function rule(text: string, language: string | null): Drop | null {
    for (const name of config.rules) {
      const broken = brokenRule(name, text, language);
      if (broken) return { step: "rules", rule: broken.rule, detail: shown(broken.found) };
    }
    return null;
  }

  function contamination(text: string): Drop | null {
    const piece = tested.size === 0 ? null : sharedPiece(text, tested);
    return asDrop("contamination", piece && "shared_piece", piece ?? "");
  }
}

const asDrop = (step: Drop["step"], rule: string | null, detail: string): Drop | null =>
  rule === null ? null : { step, rule, detail };

async function readOrDrop(document: RawDocument): Promise<string | Drop> {
  try {
    const text = await documentText(document);
    return text === "" ? { step: "extraction", rule: "empty", detail: "" } : text;
  } catch (error) {
    return { step: "extraction", rule: "unreadable", detail: (error as Error).message };
  }
}

function brokenRule(name: PageRule, text: string, language: string | null): Broken | null {
  if (name !== "c4BadWords") return language === "en" ? english[name](text) : null;
  const rule = language === null ? null : c4BadWords(text, language);
  return rule === null ? null : { rule, found: null };
}

/** Four digits tell a number from its limit. */
const shown = (found: number | null) => (found === null ? "" : String(Number(found.toPrecision(4))));

function withoutPrivate(text: string): Pick<Outcome, "masked" | "text"> {
  const kinds: Record<string, number> = {};
  for (const { kind } of privateTexts(text)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return Object.keys(kinds).length === 0 ? { masked: kinds, text } : { masked: kinds, text: masked(text) };
}

/** What a document says, whoever is named in it. */
function compared(text: string): Pick<Outcome, "hash" | "signature"> {
  return {
    hash: createHash("sha256").update(plain(text)).digest("base64"),
    signature: Buffer.from(signatureOf(plainWords(text)).buffer).toString("base64"),
  };
}
