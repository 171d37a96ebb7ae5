// A workbench full of hostile texts: records, guidelines, and the names of datasets, people and runs.
import { enter } from "./annotators";
import { launch } from "./launched-run";
import { configOf } from "./tiny-methods";

/** Of datasets and people. */
const mostNames = 40;
/** The share of them that runs are called by too: each is checked by a program of its own before it is launched. */
const launched = 0.1;
const json = { "content-type": "application/json" };

export async function send(url: string, cookie: string, method: string, body: string): Promise<unknown> {
  const answer = await fetch(url, { method, headers: { cookie, ...json }, body });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** A dataset of the texts, and datasets, people and runs that are called by them. Returns the dataset's id. */
export async function give(url: string, cookie: string, texts: string[], formulas: string[]): Promise<number> {
  const formula = (i: number) => formulas[i % formulas.length]!;
  const rows = [
    ...texts.map((text, i) => ({ prompt: text, answers: [`${text} 1`, `${texts.at(i - 1)!} 2`] })),
    ...formulas.map((text, i) => ({ prompt: text, answers: [`${formula(i + 1)} 1`, `${formula(i + 2)} 2`] })),
  ];
  const load = (name: string, rows: object[]) =>
    send(
      `${url}/api/queues/import?format=jsonl&name=${encodeURIComponent(name)}`,
      cookie,
      "POST",
      rows.map((row) => JSON.stringify(row)).join("\n"),
    );
  const { queueId } = (await load(asName(texts[0]!), rows)) as { queueId: number };
  await send(
    `${url}/api/queues/${queueId}`,
    cookie,
    "PATCH",
    JSON.stringify({
      guidelines: texts.join("\n\n").slice(0, 19_000),
      aspects: [...new Set(texts.map((text) => asName(text).slice(0, 40).trim()))].slice(0, 8),
    }),
  );
  const names = [...texts.slice(0, mostNames), ...formulas.slice(0, 2)].map(asName);
  for (const name of new Set(names)) {
    await load(name, [
      { prompt: name, answers: [`${name} 1`, `${name} 2`], source: name, writers: [name, `${name} 2`] },
    ]);
    await enter(url, name.slice(0, 40).trim());
  }
  for (const name of names.slice(0, Math.ceil(names.length * launched))) await launch(url, name, configOf("dpo", 1));
  return queueId;
}

/** On one line, without what cannot be seen: names that have more are refused. */
const asName = (text: string): string =>
  text
    .replace(/[\s\u200b\u00ad]+/g, " ")
    .trim()
    .slice(0, 60)
    .trim();
