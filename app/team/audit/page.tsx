import type { Metadata, Route } from "next";
import { redirect } from "next/navigation";
import { allow } from "@/lib/access/allow";
import { auditLog } from "@/lib/access/audit";
import { currentUser } from "@/lib/access/current-user";
import type { AuditEntry } from "@/lib/db/tables/audit";
import { Button, buttonClass } from "../../ui/buttons";
import { Empty } from "../../ui/empty";
import { Link } from "../../ui/link";
import { Page, PageHeader } from "../../ui/screen";
import { Table } from "../../ui/table";
import { When } from "../../ui/when";

export const metadata: Metadata = { title: "Audit log" };

const atOnce = 100;

export default async function AuditPage({ searchParams }: PageProps<"/team/audit">) {
  await allow("administer");
  if (!(await currentUser())?.id) redirect("/team"); // on one's own machine nothing is noted
  const { q, before } = await searchParams;
  const words = typeof q === "string" ? q : "";
  const entries = auditLog(words, typeof before === "string" ? Number(before) : Number.MAX_SAFE_INTEGER, atOnce);
  const oldest = entries.at(-1);
  return (
    <Page>
      <PageHeader
        title="Audit log"
        about="Sign-ins, changes and exports, permitted or not: by whom, from where. It is appended to; only erasing a person and the retention under Settings change it. Scripts read it at /api/audit."
      >
        <form className="flex gap-2">
          <input
            type="search"
            name="q"
            defaultValue={words}
            aria-label="Search the audit log"
            placeholder="A name, an address, a path"
            className="rounded-md border bg-canvas px-3 py-1.5"
          />
          <Button type="submit">Search</Button>
        </form>
      </PageHeader>
      {oldest === undefined ? (
        <Empty title="Nothing found">Nothing of the kind was noted.</Empty>
      ) : (
        <>
          <section className="overflow-x-auto" tabIndex={0} aria-label="Audit log: table">
            <Entries entries={entries} now={Date.now()} />
          </section>
          {entries.length === atOnce && (
            <Link
              href={`/team/audit?q=${encodeURIComponent(words)}&before=${oldest.seq}` as Route}
              className={`mt-3 ${buttonClass()}`}
            >
              Earlier
            </Link>
          )}
        </>
      )}
    </Page>
  );
}

const Entries = ({ entries, now }: { entries: AuditEntry[]; now: number }) => (
  <Table
    rows={entries}
    keyOf={({ seq }) => seq}
    className="min-w-[52rem]"
    columns={[
      { name: "When", cell: ({ at }) => <When at={at} now={now} /> },
      { name: "Who", cell: ({ name }) => name ?? "not signed in" },
      { name: "From", cell: ({ address }) => address ?? "–" },
      {
        name: "What",
        cell: ({ method, path, detail }) => (
          <span>
            <code className="break-all font-mono text-xs">
              {method} {path}
            </code>
            {detail && <span className="ml-2 text-soft">{detail}</span>}
          </span>
        ),
      },
      { name: "Answer", numeric: true, cell: ({ status }) => (status < 400 ? "done" : `refused (${status})`) },
    ]}
  />
);
