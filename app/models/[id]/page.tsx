import type { Metadata } from "next";
import { headers } from "next/headers";
import { teamUrl } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { evaluationTableOfBase } from "@/lib/evaluations/table";
import { evaluationsOf } from "@/lib/runs/evaluations";
import { sizeWords } from "@/lib/storage/storage-schema";
import { Page, PageHeader } from "../../ui/screen";
import { stageAbout, stageWords } from "../stage-words";
import { ApiCard } from "./_components/api-card";
import { Evaluations } from "./_components/evaluations";
import { FamilyTree } from "./_components/family-tree";
import { ModelFactsCards } from "./_components/model-facts";
import { ModelUses } from "./_components/model-uses";
import { TaskResults } from "./_components/task-results";
import { modelOf } from "./model-of";

export async function generateMetadata({ params }: PageProps<"/models/[id]">): Promise<Metadata> {
  await allow("read");
  const { model } = await modelOf((await params).id);
  return { title: model.name };
}

/** A model: what it is, where it comes from and what came of it, and what can be done with it. */
export default async function ModelPage({ params }: PageProps<"/models/[id]">) {
  await allow("read");
  const { model, line, base } = await modelOf((await params).id);
  const { id, name, kind, about, stage, bytes } = model;
  const team = teamUrl();
  const size = bytes === null ? "its files are not there" : `${sizeWords(bytes)} on disk`;
  return (
    <Page>
      <PageHeader title={name} about={[about, size].filter(Boolean).join(" · ")}>
        {stage && (
          <span title={stageAbout[stage]} className="rounded-full border px-2.5 py-0.5 text-sm text-soft">
            {stageWords[stage]}
          </span>
        )}
        {bytes !== null && <ModelUses model={model} />}
      </PageHeader>
      <div className="grid gap-4 lg:grid-cols-2">
        <FamilyTree line={line} shown={id} />
        {kind === "base" ? (
          <TaskResults table={evaluationTableOfBase(id)} />
        ) : (
          <Evaluations measured={evaluationsOf(id)} />
        )}
        {bytes !== null && kind !== "reward" && !model.scores && (
          <ApiCard
            name={`${kind === "base" ? "base" : "run"}:${id}`}
            server={team?.origin ?? `http://${(await headers()).get("host")}`}
            isTeam={team !== null}
          />
        )}
        {base.bytes !== null && <ModelFactsCards source={base.id} ofBase={kind === "base" ? null : base.name} />}
      </div>
    </Page>
  );
}
