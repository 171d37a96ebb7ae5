// A browser's cookies, and no headers, where a test calls what reads those of a request: it stands for `next/headers` in all tests (vitest.config.ts).
const kept = new Map<string, { value: string }>();
const jar = {
  get: (name: string) => kept.get(name),
  set: (name: string, value: string) => kept.set(name, { value }),
  delete: (name: string) => kept.delete(name),
};

export const forgetCookies = () => kept.clear();
export const cookies = async () => jar;
export const headers = async () => new Headers();
