// Roles on single datasets: whom each dataset answers, whatever is asked of it, and that what is for named people alone is not there for others.
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { asServer, denyByDefault } from "../lib/access/asked";
import { auditLog } from "../lib/access/audit";
import { peopleOn } from "../lib/annotation/comments/people";
import { loadLabelled } from "../lib/datasets/labelled/labelled-sets";
import { appDb } from "../lib/db/client";
import { users } from "../lib/db/tables/accounts";
import { items } from "../lib/db/tables/items";
import { runs } from "../lib/db/tables/runs";
import { snapshots } from "../lib/db/tables/training-sets";
import { may, type Permission, type Role, roles } from "../spec/roles";
import { routesAsked } from "../tools/access";
import { seedQueue, seedRun, statementsRun } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

const workbenchRoles: Record<string, Role> = {
  ...{ olga: "owner", vera: "viewer", anna: "annotator", rex: "researcher", nora: "researcher" },
};
const people = new Map<string, { cookie: string; id: string }>();
let [open, named, labelled] = [0, 0, 0];
const cookieOf = (name: string) => people.get(name)!.cookie;

beforeAll(async () => {
  freshTeam();
  for (const [name, role] of Object.entries(workbenchRoles)) {
    const cookie = await joined(name, role);
    people.set(name, { cookie, id: appDb().select().from(users).where(eq(users.username, name)).get()!.id });
  }
  open = seedQueue(3, 0, "open to all");
  named = seedQueue(3, 0, "for named people");
  ({ id: labelled } = await loadLabelled("labelled for named people", "data/samples/film-reviews.jsonl.gz", 0));
  denyByDefault();
});

interface Call {
  who: string;
  method?: string;
  address: string;
  params?: Record<string, string>;
  value?: object;
}

async function call({ who, method = "GET", address, params = {}, value }: Call): Promise<Response> {
  const route = (await handlersOf(address))[method]!;
  const path = address.replace(/\[(\w+)\]/g, (_, name: string) => params[name] ?? "1");
  const request = asked(method, path, { cookie: cookieOf(who), "content-type": "application/json" });
  return route(value ? new Request(request, { body: JSON.stringify(value) }) : request, {
    params: Promise.resolve(params),
  });
}

const give = (dataset: number, value: object, who = "olga", address = "/api/queues/[id]/roles") =>
  call({ who, method: "PATCH", address, params: { id: String(dataset) }, value });
const idOf = (name: string) => people.get(name)!.id;

/** Routes about a dataset, of either kind. */
const routesOf = (section: RegExp) =>
  routesAsked().filter(({ address }) => section.test(address) && address.includes("[id]"));
const annotated = /^\/api\/(queues|datasets)\//;

/** As whom somebody is answered: 404 nobody, 403 too little, else something that is neither. */
const expected = (role: Role | null, permission: Permission) =>
  role === null ? 404 : may(role, permission) ? "answered" : 403;

async function answeredAs(who: string, section: RegExp, id: number): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const { method, address, permission } of routesOf(section)) {
    if (method === "DELETE" && address.endsWith("[id]")) continue; // it would be gone
    const params = { id: String(id), record: "1", row: "1", view: "1" };
    const answer = await call({ who, method, address, params, ...(method !== "GET" && { value: { no: 1 } }) });
    const { error = "" } = (await answer.json().catch(() => ({}))) as { error?: string };
    const said = /There is no (labelled )?dataset \d+\.$/.test(error) ? 404 : answer.status === 403 ? 403 : "answered";
    wrong.push([`${method} ${address}`, permission, said]);
  }
  return wrong;
}
const wanted = (section: RegExp, role: Role | null) =>
  routesOf(section)
    .filter(({ method, address }) => !(method === "DELETE" && address.endsWith("[id]")))
    .map(({ method, address, permission }) => [`${method} ${address}`, permission, expected(role, permission)]);

test("an owner gives roles; others do not, and none is given to an owner", async () => {
  expect((await give(named, { userId: idOf("anna"), role: "reviewer" }, "rex")).status).toBe(403);
  expect((await give(named, { userId: idOf("olga"), role: "viewer" })).status).toBe(409);
  expect((await give(named, { userId: "nobody", role: "viewer" })).status).toBe(404);
  expect((await give(999, { userId: idOf("anna"), role: "viewer" })).status).toBe(404);
  const answer = await give(named, { userId: idOf("anna"), role: "reviewer" });
  expect(await answer.json()).toMatchObject({ restricted: false, people: [{ name: "anna", role: "reviewer" }] });
  const [entry] = asServer(() => auditLog("roles", 1e9, 1));
  expect(entry).toMatchObject({ name: "olga", method: "PATCH", path: `/api/queues/${named}/roles`, status: 200 });
  expect(entry!.detail).toBe(`userId ${idOf("anna")}, role reviewer`);
  await give(named, { userId: idOf("anna"), role: null });
});

test.each(roles.map((role, i) => [role, ["vera", "anna", "rex"][i % 3]!] as const))(
  "as %s on a dataset %s is answered as that, and elsewhere as in the workbench",
  async (role, who) => {
    await give(named, { userId: idOf(who), role });
    expect(await answeredAs(who, annotated, named)).toEqual(wanted(annotated, role));
    expect(await answeredAs(who, annotated, open)).toEqual(wanted(annotated, workbenchRoles[who]!));
    await give(named, { userId: idOf(who), role: null });
  },
);

test("of named people alone, a dataset is there for them and for owners of the workbench, and in no list of others", async () => {
  await give(named, { restricted: true });
  await give(labelled, { restricted: true }, "olga", "/api/labelled/[id]/roles");
  await give(named, { userId: idOf("nora"), role: "researcher" });
  await give(labelled, { userId: idOf("nora"), role: "viewer" }, "olga", "/api/labelled/[id]/roles");
  for (const who of ["rex", "vera", "anna"]) {
    expect(await answeredAs(who, annotated, named), who).toEqual(wanted(annotated, null));
    expect(await answeredAs(who, /^\/api\/labelled\//, labelled), who).toEqual(wanted(/^\/api\/labelled\//, null));
  }
  expect(await answeredAs("nora", /^\/api\/labelled\//, labelled)).toEqual(wanted(/^\/api\/labelled\//, "viewer"));
  const lists = routesAsked().filter(({ method, address }) => method === "GET" && !address.includes("["));
  const naming = async (who: string) => {
    const texts = await Promise.all(
      lists.map(async ({ address }) => [address, await (await call({ who, address })).text()] as const),
    );
    return texts.flatMap(([address, text]) => (text.includes('named people"') ? [address] : []));
  };
  for (const who of ["rex", "vera", "anna"]) expect([who, await naming(who)]).toEqual([who, []]);
  for (const who of ["nora", "olga"])
    expect(await naming(who)).toEqual(expect.arrayContaining(["/api/queues", "/api/places", "/api/training-sets"]));
});

test("a comment can name those who may see or annotate its dataset, and tells nobody else", async () => {
  const names = async (id: number) =>
    (await call({ who: "nora", address: "/api/queues/[id]/people", params: { id: String(id) } })).json();
  expect(await names(open)).toEqual(["anna", "nora", "olga", "rex", "vera"]);
  expect(await names(named)).toEqual(["nora", "olga"]);
  const read = ["people", "roles", "restricted"]; // once, however many there are
  expect(asServer(() => statementsRun(() => void peopleOn(named)))).toBe(read.length);
  const [record] = asServer(() => appDb().select().from(items).where(eq(items.queueId, named)).all());
  const value = { record: record!.id, text: "@rex @olga" };
  const params = { id: String(named) };
  const comment = (who: string) => call({ who, method: "POST", address: "/api/queues/[id]/comments", params, value });
  expect([(await comment("rex")).status, (await comment("nora")).status]).toEqual([404, 201]);
  const mentions = async (who: string) => (await call({ who, address: "/api/mentions" })).json();
  expect([await mentions("rex"), await mentions("olga")]).toEqual([[], [expect.objectContaining({ said: null })]]);
});

test("what is for named people alone is neither voted on, undone nor trained on by others", async () => {
  const [record] = asServer(() => appDb().select().from(items).where(eq(items.queueId, named)).all());
  const vote = () => ({ key: crypto.randomUUID(), itemId: record!.id, choice: { kind: "tie" }, activeMs: 1 });
  const judge = (who: string) => call({ who, method: "POST", address: "/api/judgements", value: vote() });
  expect((await judge("rex")).status).toBe(404);
  expect((await judge("nora")).status).toBe(200);
  const undo = { key: crypto.randomUUID(), queueId: named };
  expect((await call({ who: "rex", method: "POST", address: "/api/judgements/undo", value: undo })).status).toBe(404);
  const places = async (who: string) =>
    (await call({ who, address: "/api/places/records/[id]", params: { id: String(record!.id) } })).status;
  expect([await places("rex"), await places("nora")]).toEqual([404, 200]);
});

test("a run that learnt from what is for named people alone is there for them, and nobody else trains on it", async () => {
  const source = `labelled:${labelled}`;
  const of = { queueId: named, sha256: "0", rows: 1, createdAt: 0 };
  const { id: frozen } = asServer(() => appDb().insert(snapshots).values(of).returning().get());
  asServer(() => {
    seedRun("theirs");
    const { config } = appDb().select().from(runs).where(eq(runs.id, "theirs")).get()!;
    config.data.train = source;
    appDb().update(runs).set({ config }).where(eq(runs.id, "theirs")).run();
    seedRun("everybodys");
  });
  const gets = routesAsked().filter(({ method, address }) => method === "GET" && /^\/api\/runs\/\[id\]/.test(address));
  expect(gets.length).toBeGreaterThan(6);
  const shown: string[] = [];
  for (const { address } of gets)
    if ((await call({ who: "rex", address, params: { id: "theirs" } })).status !== 404) shown.push(address);
  expect(shown).toEqual([]);
  const seen = async (who: string) =>
    (await (await call({ who, address: "/api/runs/table" })).json()) as { id: string }[];
  expect((await seen("rex")).map(({ id }) => id)).toEqual(["everybodys"]);
  expect((await seen("nora")).map(({ id }) => id).sort()).toEqual(["everybodys", "theirs"]);
  const config = { method: "dpo", model: { source: "tiny" }, data: {} };
  const launch = (who: string, data: object, more: object = {}) =>
    call({
      who,
      method: "POST",
      address: "/api/runs",
      value: { name: "new", data, config: { ...config, data: more } },
    });
  const film = { kind: "sample", id: "film-reviews" };
  for (const answer of [
    await launch("rex", { kind: "labelled", id: labelled }),
    await launch("rex", { kind: "queue", id: named }),
    await launch("rex", film, { eval: source }),
    ...(await Promise.all(
      [
        "dataset:labelled for named people",
        "dataset:labelled for named people@1",
        "dataset:for named people",
        `dataset:for named people@${frozen}`,
        `snapshot:${frozen}`,
      ].map((name) => launch("rex", film, { eval: name })),
    )),
  ])
    expect([answer.ok, await answer.text()]).toEqual([
      false,
      expect.stringMatching(/There is no (labelled )?dataset \d+/),
    ]);
  const checks = { who: "rex", method: "POST", address: "/api/queues/[id]/checks", params: { id: String(open) } };
  for (const against of [source, `dataset:for named people@${frozen}`, "dataset:labelled for named people@1"])
    expect((await call({ ...checks, value: { against: [against] } })).status).toBe(404);
});

test("who sees the workbench alone annotates where they are annotators", async () => {
  await give(open, { userId: idOf("vera"), role: "annotator" });
  const tasks = (id: number) => call({ who: "vera", address: "/api/queues/[id]/tasks", params: { id: String(id) } });
  expect((await tasks(open)).status).toBe(200);
  const [record] = asServer(() => appDb().select().from(items).where(eq(items.queueId, open)).all());
  const value = { key: crypto.randomUUID(), itemId: record!.id, choice: { kind: "tie" }, activeMs: 1 };
  expect(await (await call({ who: "vera", method: "POST", address: "/api/judgements", value })).json()).toEqual({
    saved: true,
  });
  const records = { who: "vera", address: "/api/datasets/[id]/records", params: { id: String(open) } };
  expect((await call(records)).status).toBe(403); // a lower role takes its place
  await give(open, { userId: idOf("vera"), role: null });
  expect((await call(records)).status).toBe(200);
  expect((await tasks(open)).status).toBe(403);
});

test("a copy is for whom the original is for", async () => {
  const copy = async (address: string, id: number) =>
    (
      (await (await call({ who: "olga", method: "POST", address, params: { id: String(id) } })).json()) as {
        id: number;
      }
    ).id;
  const id = await copy("/api/queues/[id]/duplicate", named);
  const roles = await (
    await call({ who: "olga", address: "/api/queues/[id]/roles", params: { id: String(id) } })
  ).json();
  expect(roles).toMatchObject({ restricted: true, people: [{ name: "nora", role: "researcher" }] });
});
