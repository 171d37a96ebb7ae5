import { expect, type Page } from "@playwright/test";

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
