import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { runsOnLabelled } from "@/lib/access/hidden-runs";
import { provenanceOf } from "@/lib/datasets/add/provenance";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import type { RowStatistics } from "@/lib/datasets/labelled/row-statistics";
import { newestStatistics } from "@/lib/datasets/labelled/versions/version-statistics";
import { listVersions, newestVersion } from "@/lib/datasets/labelled/versions/versions";
import { bearsLabels, kindWords, type LabelKind } from "@/spec/label-kinds";
import { orNotFound } from "../../../or-not-found";
import { Card } from "../../../ui/cards";
import { ProvenanceCard } from "../../_components/provenance-card";
import { RunList } from "../../_components/run-list";
import { VersionList } from "../../_components/version-list";
import { Indexing } from "./_components/indexing";
import { OlderStatistics } from "./_components/older-statistics";

export const metadata: Metadata = { title: "Dataset" };

export default async function LabelledPage({ params }: PageProps<"/datasets/labelled/[id]">) {
  await allow("read", { labelled: params });
  const address = (await params).id;
  const set = orNotFound(() => liveLabelledOf(address));
  const { id, holds, sha256 } = set;
  const { number: newest, rows, pairs } = newestVersion(set);
  const versions = listVersions(id);
  const provenance = provenanceOf(sha256);
  const counted = await newestStatistics(set);
  return (
    <div className="grid gap-4">
      <Card title="Rows">
        <dl className="numbers flex flex-wrap gap-x-8 gap-y-3">
          <Fact name={kindWords[holds]} value={rows} />
          {pairs > 0 && <Fact name="pairs that methods compare" value={pairs} />}
        </dl>
      </Card>
      <Card title={!counted || counted.version === newest ? "Statistics" : `Statistics of version ${counted.version}`}>
        <div className="min-h-24">
          {counted ? <Statistics holds={holds} {...counted.statistics} /> : <Indexing id={id} />}
          {counted && counted.version !== newest && <OlderStatistics id={id} newest={newest} />}
        </div>
      </Card>
      {versions.length > 0 && <VersionList dataset={{ kind: "labelled", id }} versions={versions} rows={set.rows} />}
      {provenance ? (
        <ProvenanceCard imports={[provenance]} />
      ) : (
        <Card title="Provenance">
          <p className="break-all text-soft">
            Where it came from was not kept. Its rows have the SHA-256{" "}
            <code className="font-mono text-xs">{sha256}</code>.
          </p>
        </Card>
      )}
      <RunList runs={runsOnLabelled(id)} />
    </div>
  );
}

const Fact = ({ name, value }: { name: string; value: number | string }) => (
  <div>
    <dt className="text-soft text-xs">{name}</dt>
    <dd className="text-lg">{typeof value === "number" ? value.toLocaleString("en") : value}</dd>
  </div>
);

function Statistics({ holds, rows, prompts, answers, repeated, labels }: RowStatistics & { holds: LabelKind }) {
  const lengths = ({ least, median, most }: RowStatistics["prompts"]) =>
    `${median.toLocaleString("en")} (${least.toLocaleString("en")} to ${most.toLocaleString("en")})`;
  return (
    <dl className="numbers flex flex-wrap gap-x-8 gap-y-3">
      {holds !== "text" && <Fact name="Characters of a prompt: median (least to most)" value={lengths(prompts)} />}
      {holds !== "prompts" && (
        <Fact name={`Characters of ${longest[holds] ?? "the longest response"}`} value={lengths(answers)} />
      )}
      {holds !== "text" && (
        <Fact name={`Rows whose prompt stands above already, of ${rows.toLocaleString("en")}`} value={repeated} />
      )}
      {bearsLabels(holds) &&
        labels.map(({ label, count }) => (
          <Fact key={label} name={`${holds === "stepwise" ? "Steps" : "Answers"} that are “${label}”`} value={count} />
        ))}
    </dl>
  );
}

/** What the statistics call the longest text beside the prompt. */
const longest: Partial<Record<LabelKind, string>> = {
  text: "a text: median (least to most)",
  stepwise: "the longest step",
};
