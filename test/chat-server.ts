// A server with OpenAI's API that answers as a test says, and remembers how it was asked.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Heard {
  path: string;
  headers: IncomingHttpHeaders;
  at: number;
  body: { messages: { role: string; content: string }[]; model: string; max_tokens: number } & Record<string, unknown>;
}

/** Text is an answer of 10 tokens to 100; "hang up" ends the connection; what else is sent as it is. */
export type Reply = string | { status: number; body: unknown; headers?: Record<string, string> };

export interface ChatServer {
  url: string;
  heard: Heard[];
  server: Server;
}

export const hangUp = "hang up";

export async function chatServer(reply: (heard: Heard, number: number) => Reply): Promise<ChatServer> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const one = { path: request.url!, headers: request.headers, at: Date.now(), body: body ? JSON.parse(body) : null };
    heard.push(one);
    const said = reply(one, heard.length - 1);
    if (said === hangUp) return request.socket.destroy();
    const { status, body: sent, headers } = typeof said === "string" ? { ...chosen(said), headers: {} } : said;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(sent));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, heard, server };
}

const chosen = (content: string) => ({
  status: 200,
  body: {
    ...{ id: "1", object: "chat.completion", created: 0, model: "scripted" },
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  },
});
