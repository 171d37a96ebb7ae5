// Pages that lists of addresses leave out, by datatrove's rules and under its names for them. A word is compared as it stands in the address,
// one that may be a part of others without case and signs.
import { parse } from "tldts";

export interface UrlLists {
  /** Registered domains, and hosts. */
  domains: string[];
  urls: string[];
  words: string[];
  /** Two of them leave a page out. */
  softWords: string[];
  subwords: string[];
}

const leastSoftWords = 2;
const plainOf = (text: string) => text.replace(/[^a-zA-Z0-9]+/g, "").toLowerCase();

/** The first rule that an address breaks; null where it breaks none. */
export function urlRule(lists: UrlLists): (url: string) => string | null {
  const [domains, urls] = [new Set(lists.domains), new Set(lists.urls)];
  const words = new Set(lists.words.map(plainOf));
  const softWords = new Set(lists.softWords.map(plainOf));
  const subwords = lists.subwords.map(plainOf);
  return (url) => {
    const { domain, hostname } = parse(url);
    if (domain && domains.has(domain)) return "domain";
    if (hostname && domains.has(hostname)) return "subdomain";
    if (urls.has(url)) return "url";
    const own = [...new Set(url.split(/[^a-zA-Z0-9]+/))];
    if (own.some((word) => words.has(word))) return "hard_blacklisted";
    if (own.filter((word) => softWords.has(word)).length >= leastSoftWords) return "soft_blacklisted";
    const plain = plainOf(url);
    return subwords.some((word) => plain.includes(word)) ? "blacklisted_subword" : null;
  };
}
