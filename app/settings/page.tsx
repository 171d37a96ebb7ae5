import { availableParallelism } from "node:os";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { teamUrl, webhook } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { retentionDays } from "@/lib/access/retention";
import { listEndpoints } from "@/lib/endpoints/endpoints";
import { healthAt } from "@/lib/health/health";
import { listMachines } from "@/lib/machines/machines";
import { hostOf } from "@/lib/runner/webhook";
import { defaultModel } from "@/lib/settings/default-model";
import { runsAtOnce } from "@/lib/settings/runs-at-once";
import { sizeWords } from "@/lib/storage/storage-schema";
import { buttonClass } from "../ui/buttons";
import { Card } from "../ui/cards";
import { Link } from "../ui/link";
import { Page, PageHeader } from "../ui/screen";
import { Browser } from "./_components/browser";
import { DefaultModel } from "./_components/default-model";
import { machineFacts } from "./_components/machine-facts";
import { Retention } from "./_components/retention";
import { RunsAtOnce } from "./_components/runs-at-once";
import { Snippet } from "./_components/snippet";
import { Webhook } from "./_components/webhook";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  await allow("administer");
  const host = (await headers()).get("host") ?? "127.0.0.1:3000";
  const url = webhook();
  const health = healthAt(Date.now());
  const count = listEndpoints().length;
  const machines = listMachines().length;
  return (
    <Page>
      <PageHeader
        title="Settings"
        about="Of the whole workbench and of this browser. What concerns one dataset or one run is set there."
      />
      <div className="grid gap-4 lg:grid-cols-2">
        <Card title="Default model">
          <DefaultModel chosen={defaultModel()} />
        </Card>
        <Card title="Notifications">
          <Browser />
          <Webhook host={url === undefined ? null : hostOf(url)} />
        </Card>
        <Card title="This machine">
          <dl className="numbers grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
            {machineFacts(health).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-soft">{name}</dt>
                <dd className="[overflow-wrap:anywhere]">{value}</dd>
              </div>
            ))}
          </dl>
          <RunsAtOnce chosen={runsAtOnce()} cores={availableParallelism()} />
        </Card>
        <Card
          title="Storage"
          action={
            <Link href="/settings/storage" className={buttonClass()}>
              See and clean up
            </Link>
          }
        >
          <p className="numbers text-soft">
            {sizeWords(health.disk.free)} of {sizeWords(health.disk.size)} are free on the disk of the data folder; the
            databases take {sizeWords(health.databases.app + health.databases.metrics)}.
          </p>
        </Card>
        <Card
          title="Endpoints"
          action={
            <Link href="/settings/endpoints" className={buttonClass()}>
              Name and test
            </Link>
          }
        >
          <p className="text-soft">
            {count === 0 ? "No server" : count === 1 ? "One server" : `${count} servers`} with OpenAI's API may be asked
            to judge records and to write responses.
          </p>
        </Card>
        <Card
          title="Machines"
          action={
            <Link href="/settings/machines" className={buttonClass()}>
              Set up
            </Link>
          }
        >
          <p className="text-soft">
            Runs are trained on this machine
            {machines === 0 ? " alone" : machines === 1 ? " and on another one" : ` and on ${machines} others`}.
          </p>
        </Card>
        {teamUrl() !== null && (
          <Card title="Retention">
            <Retention chosen={retentionDays()} />
          </Card>
        )}
        <Card title="API" className="lg:col-span-2">
          <Snippet host={host} />
        </Card>
      </div>
    </Page>
  );
}
