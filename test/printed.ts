// What a program prints within the test's own process.
import { afterEach, beforeEach, vi } from "vitest";

/** Takes the two streams of each test of the file, which begin empty. */
export function printed(): { out: string; problems: string } {
  const said = { out: "", problems: "" };
  beforeEach(() => {
    Object.assign(said, { out: "", problems: "" });
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      said.out += text;
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.problems += text;
      return true;
    });
  });
  afterEach(() => void vi.restoreAllMocks());
  return said;
}
