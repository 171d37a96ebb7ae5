// An erasure looks for a name in a list of columns and folders; a new one fails here until somebody has said what it does with it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../test/database";
import { appDb, type Db, metricsDb } from "../db/client";
import { writtenTexts } from "./written-texts";

beforeAll(() => void freshDatabase());

/** By table. What is written here of a column: why nobody looks for a name there. */
const others: Record<string, Record<string, string>> = {
  "set by the erasure, or gone with the account": {
    annotators: "name",
    audit_entries: "user_id name address",
    credentials: "access_token account_id id id_token password provider_id refresh_token scope user_id",
    dataset_roles: "kind role user_id",
    invitations: "created_by email hash role user_id",
    passkeys: "aaguid credential_id device_type id public_key transports user_id",
    second_steps: "backup_codes id secret user_id",
    sessions: "id ip_address token user_agent user_id",
    tokens: "hash scopes user_id",
    used_codes: "code user_id",
    users: "display_username email id image language name role username",
    verifications: "id identifier value",
  },
  "numbers, hashes, days and what comes from menus": {
    __drizzle_migrations: "hash",
    annotators: "kind",
    assigned_work: "due records",
    audit_entries: "method path",
    blocks: "metric run_id",
    checkpoints: "folder manifest_hash run_id",
    fences: "run_id",
    histograms: "counts name run_id",
    item_scores: "scorer",
    items: "hash ranking",
    judge_votes: "first_shown second_shown",
    judgements: "key kind reason shown_left verdict",
    labelled_sets: "holds sha256",
    labelled_versions: "action sha256",
    leases: "job owner run_id",
    points: "run_id values",
    queues: "filled_by mode run strategy",
    rate_limits: "id key",
    record_changes: "action",
    rulings: "verdict",
    rungs: "run_id",
    runs: "after id method parent_run priority requested status sweep",
    snapshots: "sha256",
    summaries: "metric run_id",
    sweeps: "halving id",
  },
  "records, and what models made of them": {
    answers: "answer prompt run_id",
    earlier_texts: "first prompt second",
    endpoint_answers: "answer request",
    items: "first gold prompt second writers",
    labelled_changes: "record",
    rollouts: "rollouts run_id",
  },
  "what machines, models and endpoints are called, and what programs say": {
    alerts: "measured rule run_id",
    checks: "detail name run_id",
    endpoints: "base_url key_variable model name",
    evaluations: "asked dtype harness quantisation result run_id settings source unquantised",
    judges: "model",
    log_lines: "run_id text",
    machines: "name settings",
    models: "look made_of name source",
    runs: "config error note origin",
    settings: "name value",
  },
};

const columnsOf = ({ $client }: Db): string[] =>
  $client
    .prepare(
      `SELECT t.name || '.' || c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND c.type = 'TEXT'`,
    )
    .pluck()
    .all() as string[];

test("of every column of both databases that holds text it is known whether an erasure looks for a name there", () => {
  const known = Object.values(others).flatMap((tables) =>
    Object.entries(tables).flatMap(([table, columns]) => columns.split(" ").map((column) => `${table}.${column}`)),
  );
  const searched = writtenTexts.map(({ table, column }) => `${table}.${column}`);
  expect(new Set([...columnsOf(appDb()), ...columnsOf(metricsDb())])).toEqual(new Set([...known, ...searched]));
  expect(known.filter((column) => searched.includes(column))).toEqual([]);
});

/** Of the data folder. */
const folders: Record<string, string> = {
  backups: "listed to whoever erases",
  corpora: "say nobody: erase.ts takes it from older ones; names and texts of corpora stay",
  indexes: "of records; what checks quote of votes is withdrawn with the votes' words (replace-names.ts)",
  logs: "name nobody but with LOG_LEVEL=debug (docs/team.md)",
  models: "files of models",
  provenance: "by number: erase.ts makes it so in older ones",
  "reference-scores": "numbers",
  runs: "name nobody",
  snapshots: "counted to whoever erases (frozen-with.ts)",
  trash: "removed",
  uploads: "records on their way into a dataset",
};

test("of every folder that something writes below the data folder it is known what an erasure does with it", () => {
  const sources = ["common", "lib", "trainers", "app"].flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
      .map((path) => readFileSync(join(top, path), "utf8")),
  );
  const named = sources.flatMap((text) =>
    [...text.matchAll(/join\(dataFolder\(\), "([a-z-]+)"/g)].map(([, name]) => name),
  );
  expect([...new Set(named)].filter((name) => name !== "secret").sort()).toEqual(Object.keys(folders).sort());
});
