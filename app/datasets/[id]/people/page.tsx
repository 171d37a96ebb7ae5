import type { Metadata } from "next";
import { Suspense } from "react";
import { allow } from "@/lib/access/allow";
import { isOpen } from "@/lib/access/dataset-roles";
import type { RaterDto } from "@/lib/annotation/agreement/agreement-schema";
import { presentOn } from "@/lib/annotation/judging/presence";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { queueStatistics } from "@/lib/annotation/queues/run-statistics";
import { isAlone } from "@/spec/queue-options";
import { orNotFound } from "../../../or-not-found";
import { buttonClass } from "../../../ui/buttons";
import { Card } from "../../../ui/cards";
import { Empty } from "../../../ui/empty";
import { Link } from "../../../ui/link";
import { AnnotatingNow } from "../_components/annotating-now";
import { AnnotatorTable } from "../_components/annotator-table";
import { JudgeTable } from "../_components/judge-table";
import { AssignedWork } from "./_components/assigned-work";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ params }: PageProps<"/datasets/[id]/people">) {
  await allow("read", { annotate: params });
  const address = (await params).id;
  const { id, mode } = orNotFound(() => queueOf(address));
  return (
    <div className="grid gap-4">
      <AnnotatingNow id={id} initial={presentOn(id, Date.now())} />
      <AssignedWork id={id} canGive={isOpen({ kind: "annotate", id }, "review")} />
      <Suspense fallback={<p className="text-soft">Computing agreement…</p>}>
        <People id={id} single={isAlone(mode)} />
      </Suspense>
    </div>
  );
}

/** Everybody who annotated here. Streamed in when it is ready: many votes are weighed by a program of their own. */
async function People({ id, single }: { id: number; single: boolean }) {
  const { raters, judges } = (await queueStatistics(id)).agreement;
  if (raters.length === 0 && judges.length === 0)
    return (
      <Empty
        title="Nobody has annotated this dataset"
        action={
          <Link href={`/annotate/${id}`} className={buttonClass("primary")}>
            Annotate
          </Link>
        }
      >
        Whoever does is listed here with pace, agreement and reliability.
      </Empty>
    );
  return (
    <div className="grid gap-4">
      {raters.length > 0 && <PeopleCard raters={raters} single={single} />}
      {judges.length > 0 && (
        <Card title={judges.length === 1 ? "1 judge" : `${judges.length} judges`}>
          <JudgeTable judges={judges} />
        </Card>
      )}
    </div>
  );
}

function PeopleCard({ raters, single }: { raters: RaterDto[]; single: boolean }) {
  return (
    <Card
      title={`${raters.length} ${raters.length === 1 ? "person" : "people"}`}
      action={
        <Link href="/team" className={`${buttonClass("quiet")} -mr-3.5`}>
          Over all datasets
        </Link>
      }
    >
      <AnnotatorTable raters={raters} single={single} />
    </Card>
  );
}
