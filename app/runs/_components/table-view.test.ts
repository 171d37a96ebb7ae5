import { expect, test } from "vitest";
import type { RunRow } from "@/lib/runs/run-schema";
import { filtered, groupsOf, searchOf, viewOf } from "./table-view";

const row = (name: string, own: Partial<RunRow> = {}): RunRow => ({
  ...{
    id: name,
    name,
    method: "dpo",
    model: "tiny",
    machine: null,
    status: "finished",
    stopping: false,
    step: 1,
    totalSteps: 1,
  },
  ...{
    remainingMs: null,
    startedBy: null,
    createdAt: 0,
    startedAt: 0,
    finishedAt: 1,
    alertCount: 0,
    waitsFor: [],
    origin: null,
  },
  ...{
    tags: [],
    remark: "",
    archived: false,
    place: null,
    notBefore: null,
    priority: "normal",
    held: false,
    data: "Film reviews",
    sweep: null,
    key: null,
    kl: null,
  },
  ...own,
});
const rows = [
  row("first", { tags: ["keep"], remark: "too long" }),
  row("second", { method: "ppo", alertCount: 1, startedBy: "Ann" }),
  row("third", { archived: true }),
];
const names = (search: string) => filtered(rows, viewOf(new URLSearchParams(search))).map(({ name }) => name);

test("U39: runs are searched in every word that people gave them, and filtered; archived ones are out of sight until asked for", () => {
  expect(names("")).toEqual(["first", "second"]);
  expect(names("q=PPO")).toEqual(["second"]);
  expect(names("q=ann")).toEqual(["second"]);
  expect(names("by=Ann")).toEqual(["second"]);
  expect(names("q=long keep")).toEqual(["first"]);
  expect(names("q=long keeper")).toEqual([]);
  expect(names("status=archived")).toEqual(["third"]);
  expect(names("status=alerts&method=ppo")).toEqual(["second"]);
  expect(names("tag=keep&data=Film reviews")).toEqual(["first"]);
});

test("the view is in the address, and comes back from it; what is no view is ignored", () => {
  const search = "?q=a+b&status=failed&method=ppo&model=tiny&data=d&tag=t&group=sweep&sort=kl-up&hide=kl%2Cremark";
  expect(searchOf(viewOf(new URLSearchParams(search)))).toBe(search);
  expect(searchOf(viewOf(new URLSearchParams("status=odd&group=odd&hide=odd")))).toBe("?");
});

test("groups keep the order of their rows", () => {
  const groups = groupsOf(rows, "method", (one) => one);
  expect(groups.map(({ title, rows }) => [title, rows.length])).toEqual([
    ["DPO", 2],
    ["PPO", 1],
  ]);
  expect(groupsOf(rows, "tag", (one) => one).map(({ title }) => title)).toEqual(["keep", "No tag"]);
});
