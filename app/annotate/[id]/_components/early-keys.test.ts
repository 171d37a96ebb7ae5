import { runInNewContext } from "node:vm";
import { afterEach, expect, it, vi } from "vitest";
import { areKeysKept, keepEarlyKeys, pressEarlyKeys } from "./early-keys";

afterEach(() => vi.unstubAllGlobals());

class Key extends Event {
  readonly key: string;
  readonly ctrlKey: boolean;
  constructor(type: string, { key = "", ctrlKey = false }: { key?: string; ctrlKey?: boolean }) {
    super(type);
    this.key = key;
    this.ctrlKey = ctrlKey;
  }
}

/** A page whose script has not come yet: the window, its body and its listeners are one event target. */
function pageBeforeItsScript() {
  const body = Object.assign(new EventTarget(), { closest: () => null });
  const window = Object.assign(body, { earlyKeys: undefined });
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", { body });
  vi.stubGlobal("KeyboardEvent", Key);
  runInNewContext(keepEarlyKeys, {
    window,
    addEventListener: body.addEventListener.bind(body),
    removeEventListener: body.removeEventListener.bind(body),
  });
  const heard: string[] = [];
  return {
    heard,
    press: (key: string, ctrlKey = false) => body.dispatchEvent(new Key("keydown", { key, ctrlKey })),
    listen: () => body.addEventListener("keydown", (event) => heard.push((event as Key).key)),
  };
}

it("a key pressed before the script listens reaches listeners that are attached after it is given again, in the same commit", async () => {
  const page = pageBeforeItsScript();
  page.press("s");
  pressEarlyKeys(4);
  page.listen(); // a parent's effect, which runs after its child's
  await Promise.resolve();
  expect(page.heard).toEqual(["s"]);
  expect(areKeysKept()).toBe(false);
});

it("gives as many keys as were asked for, in their order, and no shortcut of the browser", async () => {
  const page = pageBeforeItsScript();
  for (const key of ["b", "a", "c"]) page.press(key);
  page.press("r", true);
  pressEarlyKeys(2);
  page.listen();
  await Promise.resolve();
  expect(page.heard).toEqual(["b", "a"]);
});
