// A server that speaks as the Hugging Face Hub does about models: revisions, lists of files, files in parts, uploads. What goes wrong is set by tests.
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hubUploads, type Repositories } from "./hub-uploads";

export interface HubServer {
  url: string;
  /** Files are sent this many bytes at most, then the connection breaks; null: whole. */
  breaksAfter: number | null;
  /** Sent instead of what was listed. */
  replaced: Map<string, Buffer>;
  /** How many bytes of files were sent. */
  sent: number;
  close(): void;
}

const commit = "0123456789abcdef0123456789abcdef01234567";
const isLarge = (path: string) => path.endsWith(".safetensors");
const oidOf = (content: Buffer) => createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** `repositories`: files by their path, by the id. One whose name ends in -gated is open to the token "hf_good" alone. */
export async function hubServer(repositories: Repositories): Promise<HubServer> {
  const hub: HubServer = { url: "", breaksAfter: null, replaced: new Map(), sent: 0, close: () => void server.close() };
  const uploads = hubUploads(repositories, () => hub.url);
  const server: Server = createServer(async (request, response) => {
    if (await uploads(request, response)) return;
    const json = (status: number, value: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    const { pathname } = new URL(request.url!, "http://hub");
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(pathname);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    const [id, revision] = api ? [api[1]!, api[3]!] : [file?.[1] ?? "", file?.[2] ?? ""];
    const files = repositories[id];
    if (!files || !["main", commit].includes(revision)) return json(404, { error: "Repository or revision not found" });
    if (id.endsWith("-gated") && request.headers.authorization !== "Bearer hf_good")
      return json(401, { error: "Access to this model is restricted" });
    if (api?.[2] === "revision") return json(200, { _id: "1", id, sha: commit, lastModified: "2026-01-01" });
    if (api) {
      const list = Object.entries(files).map(([path, content]) => ({
        ...{ type: "file", path, size: content.length, oid: oidOf(content) },
        ...(isLarge(path) && { lfs: { oid: sha256(content), size: content.length, pointerSize: 130 } }),
      }));
      return json(200, list);
    }
    const path = file![3]!;
    const content = hub.replaced.get(path) ?? files[path];
    if (!content) return response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    const [, from = "0", to = String(content.length - 1)] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const part = content.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, {
      ...{ etag: `"${oidOf(content)}"`, "content-length": part.length, "accept-ranges": "bytes" },
      "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`,
    });
    const whole = hub.breaksAfter === null || part.length <= Math.max(1, hub.breaksAfter); // a byte asks how long a file is
    const given = whole ? part : part.subarray(0, hub.breaksAfter!);
    hub.sent += given.length;
    if (whole) response.end(given);
    else {
      response.flushHeaders();
      response.socket!.end(given); // closed before its end
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return hub;
}
