// The part of a Hugging Face Hub for tests that takes models: repositories are made, large files come by themselves under their hash, the rest
// within the commit.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

export interface Repositories {
  [id: string]: Record<string, Buffer>;
}

interface Commit {
  key: "header" | "file" | "lfsFile";
  value: { path: string; content: string; oid: string };
}

/** The one token that may write, and the only owner that it may write for. */
export const writer = { token: "hf_writes", owner: "us" };
const committed = "89abcdef0123456789abcdef0123456789abcdef";
const isLarge = (path: string) => path.endsWith(".safetensors");

export function hubUploads(repositories: Repositories, url: () => string) {
  const large = new Map<string, Buffer>();
  /** False where the request is none of an upload. */
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const json = (status: number, value: object) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      return true;
    };
    const { pathname } = new URL(request.url!, "http://hub");
    const content = await buffer(request);
    if (request.method === "PUT" && pathname.startsWith("/large/")) {
      const oid = pathname.slice("/large/".length);
      if (createHash("sha256").update(content).digest("hex") !== oid) return json(400, { error: "another hash" });
      large.set(oid, content);
      return json(200, {});
    }
    if (request.method !== "POST") return false;
    const body = () => JSON.parse(content.toString()) as Record<string, unknown>;
    const id =
      pathname === "/api/repos/create"
        ? `${body().organization}/${body().name}`
        : /^\/(?:api\/models\/)?([^/]+\/[^/]+?)(?:\.git)?\/(?:preupload|commit|info)\//.exec(pathname)?.[1];
    if (!id) return false;
    if (request.headers.authorization !== `Bearer ${writer.token}`) return json(401, { error: "Invalid token" });
    if (!id.startsWith(`${writer.owner}/`)) return json(403, { error: "You don't have the rights to write here" });
    if (pathname === "/api/repos/create") {
      if (repositories[id]) return json(409, { error: "You already created this model repo" });
      repositories[id] = {};
      return json(200, { url: `${url()}/${id}`, id: "1" });
    }
    if (pathname.endsWith("/preupload/main")) {
      const { files } = body() as { files: { path: string }[] };
      return json(200, {
        files: files.map(({ path }) => ({ path, uploadMode: isLarge(path) ? "lfs" : "regular" })),
      });
    }
    if (pathname.endsWith("/info/lfs/objects/batch")) {
      const { objects } = body() as { objects: { oid: string; size: number }[] };
      const upload = (oid: string) => (large.has(oid) ? {} : { upload: { href: `${url()}/large/${oid}` } });
      return json(200, {
        transfer: "basic",
        objects: objects.map((object) => ({ ...object, actions: upload(object.oid) })),
      });
    }
    for (const line of content.toString().split("\n")) {
      const { key, value } = JSON.parse(line) as Commit;
      if (key === "file") repositories[id]![value.path] = Buffer.from(value.content, "base64");
      if (key === "lfsFile") repositories[id]![value.path] = large.get(value.oid)!;
    }
    return json(200, { commitOid: committed, commitUrl: `${url()}/${id}/commit/${committed}`, hookOutput: "" });
  };
}
