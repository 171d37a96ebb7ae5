import { expect, test } from "vitest";
import { privateData } from "../../../common/text-checks/private-data";
import { type CheckedPair, checkPairs } from "./check-pairs";

let made = 0;
const pair = (row: Partial<CheckedPair>): CheckedPair => {
  const id = ++made;
  return { id, prompt: `What about ${id}?`, first: `Yes, ${id}.`, second: `No, not ${id}.`, balance: 0, ...row };
};
const found = (rows: CheckedPair[]) => checkPairs(rows).map(({ check, itemId, other }) => [check, itemId, other]);

test("clean pairs have nothing to complain about", () => {
  expect(found(Array.from({ length: 200 }, () => pair({})))).toEqual([]);
});

test("a pair that comes again, in other letters or the other order; and whether it is judged the other way", () => {
  const first = pair({ prompt: "Who?", first: "He did.", second: "She did.", balance: 2 });
  const same = pair({ prompt: "who? ", first: "he  did.", second: "she did.", balance: 1 });
  const turned = pair({ prompt: "Who?", first: "She did.", second: "He did.", balance: 3 });
  const unjudged = pair({ prompt: "Who?", first: "She did.", second: "He did." });
  expect(found([first, same, turned, unjudged])).toEqual([
    ["repeated", same.id, first.id],
    ["repeated", turned.id, first.id],
    ["contradicted", turned.id, first.id],
    ["repeated", unjudged.id, first.id],
  ]);
});

const story =
  "a long tale of a ship that left the harbour in the morning and came back at night with nothing but salt and fog in its nets ";
const other =
  "nobody asked what had become of the captain, for all of them had heard him sing below deck in the night, and none would have dared to say so before his wife, who stood at the quay with a lamp and counted the men as they came ashore";
test("near doubles of pairs and of prompts, by their pieces of five words", () => {
  const one = pair({ prompt: `Go on: ${story}once`, first: other, second: `${other} the end` });
  const two = pair({ prompt: `Go on: ${story}twice`, first: other, second: `${other} the very end` });
  expect(found([one, two])).toEqual([
    ["alike", two.id, one.id],
    ["leaking", two.id, one.id],
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
])("near prompts and lopsided answers in %s, which puts no spaces between words", (_, text, end) => {
  const one = pair({ prompt: text, second: text });
  const two = pair({ prompt: `${text}${end}` });
  const all = found([one, two]);
  expect(all).toContainEqual(["leaking", two.id, one.id]);
  expect(all).toContainEqual(["length", one.id, null]);
});

test("answers that are one, and one several times as long as the other", () => {
  const one = pair({ first: "The same.", second: "the same. " });
  const two = pair({ first: "Short.", second: "word ".repeat(60) });
  expect(found([one, two])).toEqual([
    ["identical", one.id, null],
    ["length", two.id, null],
  ]);
});

const english =
  "The harbour was empty in the morning, and nobody knew where the old fisherman had gone with his boat and all of his nets.";
const german =
  "Der Hafen war am Morgen leer, und niemand wusste, wohin der alte Fischer mit seinem Boot und allen seinen Netzen gefahren war.";
const french =
  "Le port était vide ce matin-là, et personne ne savait où le vieux pêcheur était parti avec son bateau et tous ses filets.";
test("an answer in another language than its prompt, or than its neighbour", () => {
  const asked = pair({ prompt: english, first: german, second: english });
  const beside = pair({ first: french, second: english });
  const fine = pair({ prompt: german, first: german, second: german.replace("leer", "voll") });
  const all = checkPairs([asked, beside, fine]).filter(({ check }) => check === "language");
  expect(all.map(({ itemId, detail }) => [itemId, detail])).toEqual([
    [asked.id, "German beside English"],
    [beside.id, "English beside French"],
  ]);
});

test.each([
  ["write to jo.doe+x@mail.example.org today", "email address jo.doe+x@mail.example.org"],
  ["pay with 4111 1111 1111 1111 please", "card number 4111…"],
  ["call +44 20 7946 0958 now", "phone number +442079460958"],
  ["call (212) 555-2368", "phone number +12125552368"],
  ["the server at 93.184.216.34 answers", "IP address 93.184.216.34"],
  ["AKIAIOSFODNN7EXAMPLE is the id", "AWS key AKIA…"],
  [`token ghp_${"a1B2".repeat(9)} leaked`, "GitHub token ghp_…"],
  [`sk-proj-${"x9Y8".repeat(8)}`, "API key sk-p…"],
  [`hf_${"aB3d".repeat(9)}`, "Hugging Face token hf_a…"],
  ["-----BEGIN RSA PRIVATE KEY-----", "private key ----…"],
])("finds what is private in %s", (text, what) => expect(privateData(text)).toEqual([what]));

test.each([
  "4111 1111 1111 1112 is no card by Luhn's sum",
  "π is 3.14159265358979323846",
  "In 1969 and 1972, 12 people walked there; 384,400 km is far.",
  "0000 0000 0000 0000",
  "127.0.0.1, 192.168.0.12 and 10.0.0.1 are everybody's, and 1.2.3.4.5 is a version",
  "use @Override, or a@b",
  "the class sk-button is blue",
])("finds nothing private in %s", (text) => expect(privateData(text)).toEqual([]));
