// A trained model in use: blind chat beside its base model, and downloads.
import { expect } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { finishedRun } from "./pages/runs";
import { test } from "./pages/test";

test("U56: chat with a run beside its base model, blind; the vote is saved in a dataset and reveals which is which", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(400_000); // two runs, where there are none yet
  await enterAs(page, "Chatter");
  await page.goto(`/runs/${await finishedRun(page.request, "Chatted with")}`);
  await page.getByRole("main").getByRole("link", { name: "Chat", exact: true }).click();
  await page.getByLabel("Message").fill("Review The Last Summer in a few sentences.");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "A is better" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("article").getByText("Chatted with")).toHaveCount(0); // blind: the breadcrumb alone names the run
  const [a, b] = await Promise.all(
    ["A", "B"].map((side) =>
      page
        .getByRole("article", { name: `Answer ${side}` })
        .locator("div[dir=auto]")
        .textContent(),
    ),
  );
  await page.keyboard.press("2"); // U56: B is better, as the box is empty
  await expect(page.getByText(/^Saved to Chats with Chatted with/)).toBeVisible();
  const winner = (await page.getByRole("article", { name: "Answer B" }).getByRole("heading").textContent())!;
  const queues = (await (await page.request.get("/api/queues")).json()) as { id: number; name: string }[];
  const queue = queues.find(({ name }) => name === "Chats with Chatted with")!;
  const [pair] = (await (await page.request.get(`/api/queues/${queue.id}/export`)).text()).trim().split("\n");
  const { chosen, rejected, ...rest } = JSON.parse(pair!) as Record<"chosen" | "rejected", { content: string }[]>;
  const plain = (text: string | null | undefined) => text!.replace(/\s+/g, " ").trim(); // as Markdown shows it
  expect([chosen[0]!.content, rejected[0]!.content].map(plain)).toEqual([b, a].map(plain));
  expect(JSON.stringify(rest)).toContain("few sentences");
  expect(winner).toMatch(/tiny|Chatted with/);
  await page.getByRole("button", { name: "Continue with this answer" }).first().click();
  const turns = page.getByRole("list", { name: "Conversation" }).getByRole("listitem");
  await expect(turns).toHaveCount(2);

  // U56: it is there after a reload, and goes on with this run alone, told by a system prompt.
  await page.reload();
  await expect(turns).toHaveCount(2);
  await page.getByText("System prompt", { exact: true }).first().click();
  await page.getByRole("textbox", { name: "System prompt" }).fill("You are brief.");
  await page.getByLabel("Answers").selectOption("this run alone");
  await page.getByLabel("Message").fill("And The Quiet Harbour?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: "Answer" })).toContainText("Chatted with");
  await page.getByRole("button", { name: "Continue with this answer" }).click({ timeout: 60_000 });
  await expect(turns).toHaveCount(4);

  // A new conversation puts this one aside; it is opened again from the list, with the run and its names beside each other.
  await page.getByRole("button", { name: "New conversation" }).click();
  await expect(turns).toHaveCount(0);
  await page.getByLabel("Answers").selectOption("this run and its base");
  await page.getByLabel("Blind").uncheck();
  await page.getByLabel("Message").fill("And The Old House?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: "Answer B" }).getByRole("heading")).toContainText("tiny", {
    timeout: 60_000,
  });
  const again = page.getByRole("button", { name: "Regenerate" });
  await expect(again).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "A is better" })).toHaveCount(0); // nothing is blind
  await again.click();
  await expect(again).toHaveCount(0);
  await expect(again).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: /^Review The Last Summer/ }).click();
  await expect(turns).toHaveCount(4);
  await expect(page.getByRole("button", { name: /^And The Old House/ })).toBeVisible();

  // U56: or beside another run of the same base, blind again.
  await finishedRun(page.request, "For axe");
  await page.reload();
  await page.getByLabel("Answers").selectOption("this run and For axe");
  await page.getByLabel("Message").fill("And The Long Road?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "A is better" })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("1");
  await expect(page.getByText(/^Saved to Chats with Chatted with/)).toBeVisible();
  const heads = await page.getByRole("article").getByRole("heading").allTextContents();
  expect(heads.map((head) => /For axe|Chatted with/.exec(head)?.[0]).sort()).toEqual(["Chatted with", "For axe"]);
});

test("Stop keeps what a run has said so far; before that, and of two answers, the question goes back into the box", async ({
  page,
}) => {
  test.setTimeout(400_000); // a run, where there is none yet
  await enterAs(page, "Halts");
  await page.goto(`/chat?a=${await finishedRun(page.request, "Chatted with")}`);
  const turns = page.getByRole("list", { name: "Conversation" }).getByRole("listitem");
  const ask = async (question: string) => {
    await page.getByLabel("Message").fill(question);
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Message")).toHaveValue("");
  };
  await page.route("**/chat", (route) => (route.request().method() === "POST" ? undefined : route.continue())); // no answer
  await ask("Is it good?");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByLabel("Message")).toHaveValue("Is it good?");
  await expect(turns).toHaveCount(0);

  await page.getByLabel("Answers").selectOption("this run alone");
  await page.unroute("**/chat");
  const begun = [{ exchange: "0" }, { side: 0, text: "It is", tokens: 2, done: false, ended: false }];
  const body = begun.map((line) => `${JSON.stringify(line)}\n`).join("");
  await page.route("**/chat", (route) =>
    route.request().method() === "POST" ? route.fulfill({ body }) : route.continue(),
  );
  await ask("Is it good?");
  await expect(page.getByRole("article", { name: "Answer" })).toContainText("It is");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("article", { name: "Answer" })).toContainText("It is");
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toHaveCount(0);
  await ask("Why?");
  await expect(turns).toHaveText(["You: Is it good?", "Answer: It is", "You: Why?"]);
});

test("a model is downloaded in every format", { tag: "@long" }, async ({ page }) => {
  const id = await finishedRun(page.request, "Chatted with");
  const downloaded = async (form: string) => {
    const response = await page.request.get(`/api/runs/${id}/export?form=${form}`);
    expect(response.ok(), form).toBe(true);
    return response.body();
  };
  const [whole, narrow] = [await downloaded("merged"), await downloaded("merged&dtype=bfloat16")];
  for (const part of ["model.safetensors", "README.md", "# Chatted with"])
    expect(whole.includes(part), part).toBe(true);
  expect(narrow.length).toBeLessThan(0.7 * whole.length); // two bytes a weight after four
  const [half, quarter] = [await downloaded("gguf"), await downloaded("gguf&type=Q4_0")];
  const mixture = await downloaded("gguf&type=Q4_K_M");
  for (const file of [half, quarter, mixture]) expect(file.subarray(0, 4).toString()).toBe("GGUF");
  const jobs = (await (await page.request.get("/api/jobs")).json()) as { said: string }[];
  const narrowRows =
    /matrices in Q4_K_M; 29 have rows too narrow for its blocks and are in Q8_0, Q5_0, as llama.cpp has them/;
  expect(jobs.some(({ said }) => narrowRows.test(said))).toBe(true);
  expect(quarter.length).toBeLessThan(half.length / 2); // 4.5 bits a weight after 16
});

test("a base and a run answer by OpenAI's API, at once and as a stream", { tag: "@long" }, async ({ page }) => {
  const run = await finishedRun(page.request, "Asked by a script");
  const { data } = (await (await page.request.get("/api/v1/models")).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(["base:tiny", `run:${run}`]));
  const asked = { messages: [{ role: "user", content: "Review a film." }], max_tokens: 16, temperature: 0 };
  const post = (more: object) => page.request.post("/api/v1/chat/completions", { data: { ...asked, ...more } });
  const said = async (model: string) => {
    const answer = await post({ model, logprobs: true });
    const { choices } = (await answer.json()) as {
      choices: { message: { content: string }; logprobs: { content: { logprob: number }[] } }[];
    };
    const [{ message, logprobs }] = choices as [(typeof choices)[0]];
    return { text: message.content, likely: logprobs.content.map(({ logprob }) => logprob) };
  };
  const [base, tuned] = await Promise.all([said("base:tiny"), said(`run:${run}`)]);
  expect(tuned.likely).not.toEqual(base.likely); // after two steps the likeliest words may still be the same
  const streamed = await post({ model: `run:${run}`, stream: true });
  expect(streamed.headers()["content-type"]).toBe("text/event-stream");
  const events = (await streamed.text()).trim().split("\n\n");
  expect(events.at(-1)).toBe("data: [DONE]");
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice("data: ".length)));
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? "").join("")).toBe(tuned.text);
});
