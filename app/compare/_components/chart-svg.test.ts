import { scaleSqrt } from "d3-scale";
import { expect, test, vi } from "vitest";
import type { DrawnLine } from "@/lib/runs/compare/compare-schema";
import { chartSvg, type SvgChart } from "./chart-svg";
import { klTicks, valueScale } from "./ticks";

vi.mock("../../ui/plot", () => ({ color: (name: string) => name })); // which reads the page's styles

const line: DrawnLine = { x: [0, 50, 100], y: [1, 3, 2], smooth: null, low: null, high: null, min: null, max: null };
const chart = (changes: Partial<SvgChart>, drawn: Partial<DrawnLine> = {}): string =>
  chartSvg({
    title: "Loss",
    unit: "nats",
    axis: "Step",
    log: false,
    zoom: null,
    lines: [{ name: "run <1> & co", number: 0, line: { ...line, ...drawn } }],
    ...changes,
  });
const paths = (svg: string) => [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, d]) => d);
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);

// the plot is 680 by 340 at (64, 36): its x from step 0 to 100, its y from 1 at the floor, 376, to 3 at the top
test("a curve goes through its points, over round numbers on both axes, with its name in the legend", () => {
  const svg = chart({});
  expect(paths(svg)).toEqual(["M64,376L404,36L744,206"]);
  expect(texts(svg)).toEqual([
    "Loss ",
    "1.0",
    "1.5",
    "2.0",
    "2.5",
    "3.0",
    "0",
    "20",
    "40",
    "60",
    "80",
    "100",
    "Step",
    "run &lt;1> &amp; co",
  ]);
});

test("an interval is one closed band; zoomed in, what lies outside is left out", () => {
  const svg = chart({ zoom: { from: 0, to: 50 } }, { low: [1, 2, 0], high: [2, 3, 9] });
  expect(paths(svg)).toEqual(["M64,206L744,36L744,206L64,376Z", "M64,376L744,36"]);
});

test("on a logarithmic scale values that have none are left out", () => {
  const svg = chart({ log: true }, { y: [0, 1, 100] });
  expect(paths(svg)).toEqual(["M404,376L744,36"]);
});

test("a single value has a scale as well", () => {
  expect(valueScale([2, 2], [0, 1]).domain()).toEqual([2, 2.4]);
  expect(valueScale([7], [0, 1], true).domain()).toEqual([1, 10]);
});

// of 10, 5, 2, 1 … nats, at 109.5, 77.5, 49.0, 34.6 … pixels, those that are 34 or more from the last one chosen: 0.1 stands at 11.0
test("ticks of KL keep their distance, the largest first", () => {
  expect(klTicks(scaleSqrt([0, 12], [0, 120]))).toEqual([0.1, 2, 10]);
});
