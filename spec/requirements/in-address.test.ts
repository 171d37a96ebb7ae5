import { expect, test } from "vitest";
import { runConfig } from "../config";
import { onGpusAddress, onGpusAddresses, planInAddress } from "./in-address";

const run = (more: object) =>
  runConfig.parse({ method: "dpo", data: { train: "p.jsonl" }, output: "o", batchSize: 6, ...more });

test.each([
  [
    { model: { source: "/a folder/of mine" }, adapter: { rank: 32 }, recompute: "disk" },
    { rank: 32, experts: "no", quantised: "no", rows: 6, tokens: 300, recompute: "block" },
  ],
  [
    { model: { source: "tiny", quantisation: "nf4" } },
    { rank: 16, experts: "no", quantised: "yes", rows: 6, tokens: 300, recompute: "none" },
  ],
  [
    { model: { source: "mixture" }, adapter: { targets: ["q_proj", "experts.down_proj"] } },
    { rank: 16, experts: "yes", quantised: "no", rows: 6, tokens: 300, recompute: "none" },
  ],
  [
    { model: { source: "hub:a/b" }, adapter: null, recompute: "attention" },
    { rank: "none", experts: "no", quantised: "no", rows: 6, tokens: 300, recompute: "attention" },
  ],
])("a run's plan goes through the address of its model's page: %j", (more, plan) => {
  const config = run(more);
  const address = onGpusAddress(config, 300);
  const url = new URL(address, "http://localhost");
  expect(decodeURIComponent(url.pathname.split("/").at(-1)!)).toBe(config.model.source);
  expect(planInAddress(url.searchParams)).toEqual(plan);
  expect(`too much; or GPUs (${address})`.split(onGpusAddresses)[1]).toBe(address);
});

test("an address without a plan, or with half of one, asks for none", () => {
  for (const query of ["", "rank=16", "rank=0&quantised=no&rows=1&tokens=1&recompute=none"])
    expect(planInAddress(new URLSearchParams(query))).toBeNull();
});
