// What the checks say of rows to annotate and of labelled ones alike.
import { expect, test } from "vitest";
import { checkedRows } from "./check-rows";
import { rowAdvice } from "./row-advice";

interface Row {
  prompt: string;
  answers?: string[];
  chosen?: string;
  rejected?: string;
}
let made = 0;
const pair = (row: Partial<{ prompt: string; first: string; second: string }>): Row => {
  const id = ++made;
  return {
    prompt: row.prompt ?? `What about ${id}?`,
    answers: [row.first ?? `Yes, ${id}.`, row.second ?? `No, not ${id}.`],
  };
};

/** Findings as check and record, counted from 1, with what is said of it. */
async function told(rows: object[], webRules = false): Promise<string[]> {
  const advice = rowAdvice("record");
  const entries = (async function* () {
    for (const [i, value] of rows.entries()) yield { line: i + 1, of: "", value };
  })();
  const found: string[] = [];
  for await (const { row, line, findings } of checkedRows(entries, new Set(), { calls: "record", webRules }))
    for (const { check, detail } of [...findings, ...(row ? advice(row, line) : [])])
      found.push(`${line} ${check}: ${detail}`);
  return found;
}

test("clean rows have nothing to complain about", async () => {
  expect(await told(Array.from({ length: 200 }, () => pair({})))).toEqual([]);
});

test("a pair that comes again, in other letters or the other order; and whether it is judged the other way", async () => {
  const rows = [
    { prompt: "Who?", chosen: "He did.", rejected: "She did." },
    { prompt: "who? ", chosen: "he  did.", rejected: "she did." },
    { prompt: "Who?", chosen: "She did.", rejected: "He did." },
    { prompt: "Who?", answers: ["She did.", "He did."] }, // nobody has judged it
  ];
  expect(await told(rows)).toEqual([
    "2 repeated: the same as record 1",
    "3 contradicted: the same as record 1, with another label",
    "4 repeated: the same as record 1",
  ]);
});

const story =
  "a long tale of a ship that left the harbour in the morning and came back at night with nothing but salt and fog in its nets ";
const other =
  "nobody asked what had become of the captain, for all of them had heard him sing below deck in the night, and none would have dared to say so before his wife, who stood at the quay with a lamp and counted the men as they came ashore";
test("near doubles of pairs and of prompts, by their pieces of five words", async () => {
  const one = pair({ prompt: `Go on: ${story}once`, first: other, second: `${other} the end` });
  const two = pair({ prompt: `Go on: ${story}twice`, first: other, second: `${other} the very end` });
  expect(await told([one, two])).toEqual([
    "2 alike: 80 % or more in common with record 1",
    "2 leaking: almost the prompt of record 1",
  ]);
});

test.each([
  [
    "Chinese",
    "很久以前，有一艘船在早晨离开了港口，晚上回来的时候，渔网里除了盐和雾什么也没有。没有人问船长去了哪里，因为大家都听见他夜里在甲板下面唱歌。他的妻子提着灯站在码头上，数着一个一个走上岸来的人，却没有人敢告诉她。",
    "完",
  ],
  [
    "Japanese",
    "むかしむかし、朝に港を出た船が夜になって帰ってきましたが、網の中には塩と霧のほかに何もありませんでした。船長がどこへ行ったのか、だれもたずねませんでした。みんなが夜中に甲板の下で歌う声を聞いていたからです。妻は灯りを手に岸壁に立って、岸に上がってくる人を数えていました。",
    "終",
  ],
  [
    "Thai",
    "นานมาแล้วมีเรือลำหนึ่งออกจากท่าในตอนเช้าและกลับมาในตอนกลางคืนโดยไม่มีอะไรในอวนนอกจากเกลือกับหมอก ไม่มีใครถามว่ากัปตันไปไหนเพราะทุกคนได้ยินเขาร้องเพลงอยู่ใต้ดาดฟ้าในเวลากลางคืน ภรรยาของเขายืนถือตะเกียงอยู่ที่ท่าเรือและนับคนที่เดินขึ้นฝั่งทีละคน",
    "จบ",
  ],
])("near prompts and lopsided answers in %s, which puts no spaces between words", async (_, text, end) => {
  const one = pair({ prompt: text, second: text });
  const two = pair({ prompt: `${text}${end}` });
  const all = await told([one, two]);
  expect(all).toContain("2 leaking: almost the prompt of record 1");
  expect(all).toContainEqual(expect.stringMatching(/^1 lopsided: /));
});

test("answers that are one, and one several times as long as the other", async () => {
  const one = pair({ first: "The same.", second: "the same. " });
  const two = pair({ first: "Short.", second: "word ".repeat(60) });
  expect(await told([one, two])).toEqual([
    "1 identical: ignoring case and whitespace",
    "2 lopsided: 1 words against 60",
  ]);
});

const english =
  "The harbour was empty in the morning, and nobody knew where the old fisherman had gone with his boat and all of his nets.";
const german =
  "Der Hafen war am Morgen leer, und niemand wusste, wohin der alte Fischer mit seinem Boot und allen seinen Netzen gefahren war.";
const french =
  "Le port était vide ce matin-là, et personne ne savait où le vieux pêcheur était parti avec son bateau et tous ses filets.";
test("an answer in another language than its prompt, or than its neighbour", async () => {
  const asked = pair({ prompt: english, first: german, second: english });
  const beside = pair({ first: french, second: english });
  const fine = pair({ prompt: german, first: german, second: german.replace("leer", "voll") });
  const all = (await told([asked, beside, fine])).filter((one) => one.includes("language"));
  expect(all).toEqual(["1 language: German beside English", "2 language: English beside French"]);
});

test("answers of 50 words and more are held to the rules of web pages where that is asked for", async () => {
  const line = "Buy this fine thing now and be glad of it.";
  const rows = [pair({ first: Array.from({ length: 12 }, () => line).join("\n"), second: `${english} ${german}` })];
  expect((await told(rows)).filter((one) => /gopher|c4|fineWeb/.test(one))).toEqual([]);
  expect((await told(rows, true)).filter((one) => one.includes("gopherRepetition"))).toHaveLength(1);
});
