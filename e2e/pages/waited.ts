import { expect, type Page } from "@playwright/test";
import type { Waited } from "../../tools/bench/scale-figures";

/** The median and the longest of times in milliseconds. */
export function waited(times: number[]): Waited {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, longest: sorted.at(-1)! };
}

/** In the page: notes when what `look` names in the address's fragment was painted first. */
export function stampPaint(): void {
  const look = decodeURIComponent(window.location.hash.slice(1));
  const wait = () => {
    if (look === "" || !document.querySelector(look)) return void requestAnimationFrame(wait);
    setTimeout(() => document.documentElement.setAttribute("data-painted", String(performance.now()))); // after this frame
  };
  requestAnimationFrame(wait);
}

/** Visits after the first, which compiles; each from another page of the same server. */
export async function visited(page: Page, rounds: number, url: string, look: string): Promise<Waited> {
  const times: number[] = [];
  for (let visit = 0; visit <= rounds; visit++) {
    await page.goto(new URL("/api/health", url).href); // from about:blank Chromium would start another process first
    await page.goto(`${url}#${encodeURIComponent(look)}`);
    const painted = page.locator("html[data-painted]");
    await expect(painted).toBeAttached();
    if (visit > 0) times.push(Number(await painted.getAttribute("data-painted")));
  }
  return waited(times);
}
