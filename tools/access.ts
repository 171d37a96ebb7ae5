// `npm run access`: docs/access.md, the table of every route and page with the roles that it answers, made from what each of them asks for.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { may, type Permission, permissions, roleAbout, roles } from "../spec/roles";

const root = join(import.meta.dirname, "..");
export const page = join(root, "docs", "access.md");

const filesOf = (name: string): string[] =>
  readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(`/${name}`) || file === name)
    .sort();

const addressOf = (file: string): string => join("/", dirname(file)).replace(/\/\(\w+\)/g, "");
const isPermission = (word: string): word is Permission => (permissions as readonly string[]).includes(word);

interface Asked {
  method: string;
  address: string;
  permission: Permission;
}

function permissionIn(word: string | undefined, file: string): Permission {
  if (word !== undefined && isPermission(word)) return word;
  throw new Error(`app/${file} does not say which permission it asks for`);
}

/** Each method of each route. Throws where one is served without saying whom it answers. */
export const routesAsked = (): Asked[] =>
  filesOf("route.ts").flatMap((file) => {
    const source = readFileSync(join(root, "app", file), "utf8");
    const methods = [
      ...source.matchAll(/^export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/gm),
    ];
    return methods.map(({ 0: begins, 1: method, index }) => {
      const [, word] = /^ = handle(?:<[^(]*>)?\(\s*"([\w ]+)",/.exec(source.slice(index + begins.length)) ?? [];
      return { method: method!, address: addressOf(file), permission: permissionIn(word, file) };
    });
  });

/** What a file exports as functions, each with its first statement. */
export const functionsOf = (source: string): { name: string; first: string }[] =>
  [
    ...source.matchAll(/^export (?:default )?(?:async )?function (\w+)\([\s\S]*?\)(?:: [\w<>[\] |]+)? \{\n {2}(.*)/gm),
  ].map(([, name, first]) => ({ name: name!, first: first! }));

/** Which kind of dataset a page is about. */
const datasetIn = (address: string): string | undefined =>
  /^\/datasets\/labelled\/\[id\]/.test(address)
    ? "labelled"
    : /^\/(datasets|annotate)\/\[id\]/.test(address)
      ? "annotate"
      : undefined;

/** Each page, by the first thing that it does. */
export const pagesAsked = (): Asked[] =>
  filesOf("page.tsx").map((file) => {
    const source = readFileSync(join(root, "app", file), "utf8");
    const body = source.slice(source.indexOf("export default"));
    const [, word, dataset] =
      /^await allow\("([\w ]+)"(?:, \{ (\w+): params \})?\);/.exec(functionsOf(body)[0]?.first ?? "") ?? [];
    if (dataset !== datasetIn(addressOf(file)))
      throw new Error(`app/${file} does not ask for its permission on its dataset`);
    return { method: "GET", address: addressOf(file), permission: permissionIn(word, file) };
  });

const rowOf = ({ method, address, permission }: Asked): string => {
  const cells = [null, ...roles].map((role) => (may(role, permission) ? "✓" : role === null ? "401" : "403"));
  return `| \`${method} ${address}\` | ${permission} | ${cells.join(" | ")} |`;
};

const table = (asked: Asked[]): string =>
  [
    `| | asks for | nobody | ${roles.join(" | ")} |`,
    `| --- | --- | ${["nobody", ...roles].map(() => ":-:").join(" | ")} |`,
    ...asked.map(rowOf),
  ].join("\n");

export const written = (): string => `# Who may do what

Made by \`npm run access\` from what each route and page asks for. Where the workbench serves a team (docs/team.md), everything asks for a
permission before it reads anything; what does not say which is not built (types), not tested (\`test/access.test.ts\`) and given no database. On one's own machine everybody is an owner.

${roles.map((role) => `- **${role}**: ${roleAbout[role]}.`).join("\n")}

Whoever has not signed in is refused with 401, and sent to sign in by pages; whose role does not suffice with 403. A foreign host or origin is refused with 400 before that.
What is about a dataset asks for the role that somebody has on it, which may be another than in the workbench; where that is none, it answers 404. What asks to annotate
without naming a dataset answers whoever annotates any, each their own.

## Pages
${table(pagesAsked())}

## Routes
${table(routesAsked())}
`;

if (process.argv[1] === import.meta.filename) writeFileSync(page, written());
