// What schedulers answer, written down on the way: each answer once.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { askHttp } from "../../../lib/machines/ask-http";

/** A program's answer. */
export interface Said {
  program: string;
  args: string[];
  status: number;
  stdout: string;
  stderr: string;
}
/** A server's answer. */
export interface Answered {
  method: string;
  path: string;
  body: string;
  status: number;
  answer: string;
}

function writeOnce<T>(path: string, version: string, answers: T[], kind: (answer: T) => string): void {
  const once = new Map(answers.toReversed().map((answer) => [kind(answer), answer]));
  mkdirSync(dirname(path), { recursive: true });
  const made = "npm run clusters";
  writeFileSync(path, `${JSON.stringify({ made, version, answers: [...once.values()].reverse() }, null, 2)}\n`);
}

/** Scripts of these names go before the programs in PATH from then on. */
export function recordPrograms(names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-record-"));
  for (const name of names) {
    const real = execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    writeFileSync(join(folder, name), scriptOf(folder, name, real), { mode: 0o755 });
  }
  process.env.PATH = `${folder}${delimiter}${process.env.PATH}`;
  return {
    write(path: string, version: string) {
      const lines = readFileSync(join(folder, "said"), "utf8").trim().split("\n");
      const said = lines.map((line) => JSON.parse(line) as Said);
      writeOnce(path, version, said, ({ program, stdout, stderr }) =>
        [program, program === "squeue" ? stdout : "", stderr].join().replaceAll(/\d+/g, "N"),
      );
    },
  };
}

/** Node writes the line, whose texts may hold anything. */
const scriptOf = (folder: string, name: string, real: string) => `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const args = process.argv.slice(2);
const { status, stdout, stderr } = spawnSync(${JSON.stringify(real)}, args, { encoding: "utf8" });
const said = { program: ${JSON.stringify(name)}, args, status, stdout, stderr };
require("node:fs").appendFileSync(${JSON.stringify(join(folder, "said"))}, JSON.stringify(said) + "\\n");
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
`;

/** A server that passes on what it is asked. */
export async function recordServer(real: string) {
  const answers: Answered[] = [];
  const server = createServer(async (request, response) => {
    const { method, url: path = "/" } = request;
    const body = await text(request);
    const answer = await askHttp(method === "POST" ? "POST" : "GET", `${real}${path}`, body || undefined);
    answers.push({ method: method!, path, body, status: answer.status, answer: answer.body });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
    write: (path: string, version: string) =>
      writeOnce(path, version, answers, ({ method, path, status, answer }) => {
        const [state] = /"status": "\w+"/.exec(answer) ?? [""];
        const [message] = /"message": "[^"]*"/.exec(answer) ?? [""];
        return [method, path.endsWith("/stop"), status, state, message.replaceAll(/[0-9a-f]{6,}|\d+/g, "N")].join();
      }),
  };
}
