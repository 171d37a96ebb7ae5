import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Sentence } from "./sentence";

test("the address of a plan for GPUs is a link, and every other word stays as it is", () => {
  const address = "/models/tiny?rank=16&quantised=no#gpus";
  const html = (text: string) => renderToStaticMarkup(createElement(Sentence, { text }));
  expect(html(`too much; or GPUs (${address})`)).toMatch(
    /^too much; or GPUs \(<a class="underline" href="\/models\/tiny\?rank=16&amp;quantised=no#gpus">what they would need<\/a>\)$/,
  );
  expect(html("there is nothing at /models/tiny")).toBe("there is nothing at /models/tiny");
});
