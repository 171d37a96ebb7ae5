import { type APIRequestContext, expect, type Page } from "@playwright/test";

export interface SentFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const fileOf = (name: string, text: string): SentFile => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(text),
});

/** Chooses files on a page that listens: what is chosen before is not noticed. */
export async function chooseFiles(page: Page, ...files: SentFile[]): Promise<void> {
  const field = page.getByLabel(/^Files/);
  await expect(field).toBeEnabled();
  await field.setInputFiles(files);
}

const made = new Map<string, string>();

/** Two pairs that came with their labels, under a name; made once. Returns the address of its pages. */
export async function labelledDataset(request: APIRequestContext, name: string): Promise<string> {
  const known = made.get(name);
  if (known) return known;
  const rows = ["2+2?", "3+3?"].map((prompt) => JSON.stringify({ prompt, chosen: "right", rejected: "wrong" }));
  const answer = await request.post(`/api/labelled?name=${encodeURIComponent(name)}`, { data: rows.join("\n") });
  const path = `/datasets/labelled/${((await answer.json()) as { id: number }).id}`;
  made.set(name, path);
  return path;
}
