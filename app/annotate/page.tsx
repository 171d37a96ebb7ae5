import { ArrowRight } from "lucide-react";
import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { isOpen } from "@/lib/access/dataset-roles";
import type { QueueProgress } from "@/lib/annotation/judging/judging-schema";
import { queuesToAnnotate } from "@/lib/annotation/queues/list-queues";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { may } from "@/spec/roles";
import { buttonClass } from "../ui/buttons";
import { Progress } from "../ui/cards";
import { Empty } from "../ui/empty";
import { Link } from "../ui/link";
import { NameGate } from "../ui/name-gate";
import { Page, PageHeader } from "../ui/screen";
import { OwnWork } from "./_components/own-work";

export const metadata: Metadata = { title: "Annotate" };

const begin = ({ judged, total }: QueueProgress) => (judged === 0 ? "Start" : judged === total ? "Review" : "Continue");

export default async function AnnotatePage() {
  await allow("annotate");
  const [annotator, user] = [await currentAnnotator(), await currentUser()];
  if (!annotator) return <NameGate />;
  const queues = queuesToAnnotate(annotator.id);
  return (
    <Page>
      <PageHeader
        title="Annotate"
        about="Choose the better of two answers, one key per record. Every vote can be undone."
      />
      {queues.length === 0 && (
        <Empty
          title="Nothing to annotate yet"
          action={
            <Link href="/datasets/add" className={buttonClass("primary")}>
              Add data
            </Link>
          }
        >
          A dataset to annotate holds prompts with two or more answers each.
        </Empty>
      )}
      <ul className="grid gap-3">
        {queues.map(({ id, name, about, progress, work }) => (
          <li key={id} className="rounded-md border bg-surface p-4">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <div className="min-w-0">
                <h2 className="text-base">{name}</h2>
                <p className="max-w-[70ch] text-soft">{about}</p>
              </div>
              {isOpen({ kind: "annotate", id }, "read") && !may(user?.role ?? null, "read") && (
                <Link href={`/datasets/${id}`} aria-label={`Open: ${name}`} className={`${buttonClass()} ml-auto`}>
                  Open
                </Link>
              )}
              <Link
                href={`/annotate/${id}`}
                aria-label={`${begin(progress)}: ${name}`}
                className={buttonClass("primary")}
              >
                {begin(progress)} <ArrowRight size={15} aria-hidden />
              </Link>
            </div>
            <div className="mt-3 flex items-center gap-3">
              <div className="flex-1">
                <Progress value={progress.judged / Math.max(1, progress.total)} label={`${name}: share annotated`} />
              </div>
              <span className="numbers text-soft">
                {progress.judged} of {progress.total}
              </span>
            </div>
            {work && <OwnWork work={work} className="mt-2 rounded-md px-2 py-1 text-sm" />}
          </li>
        ))}
      </ul>
    </Page>
  );
}
