// A browser's cookies, and no headers, for tests of what reads them: `vi.mock("next/headers", () => import("@/test/cookies"))`.
const kept = new Map<string, { value: string }>();
const jar = {
  get: (name: string) => kept.get(name),
  set: (name: string, value: string) => kept.set(name, { value }),
  delete: (name: string) => kept.delete(name),
};

export const cookies = async () => jar;
export const headers = async () => new Headers();
