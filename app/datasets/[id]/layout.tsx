import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { permittedTo } from "@/lib/access/dataset-roles";
import { tallyOf } from "@/lib/annotation/judging/tally";
import { getQueue } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { hangsOnQueue } from "@/lib/datasets/manage/hangs-on";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../or-not-found";
import { buttonClass } from "../../ui/buttons";
import { Link } from "../../ui/link";
import { Page } from "../../ui/screen";
import { DatasetTitle } from "../_components/dataset-title";
import { TabList } from "../_components/tab-list";

const tabsOf = (disputes: number) => [
  { path: "", label: "Overview" },
  { path: "/records", label: "Records" },
  { path: "/quality", label: "Quality" },
  { path: "/adjudication", label: "Adjudication", count: disputes },
  { path: "/people", label: "People" },
  { path: "/export", label: "Export" },
  { path: "/settings", label: "Settings" },
];

/** What stands over every tab of a dataset: its name, what can be done with it, and the tabs. */
export default async function DatasetLayout({ params, children }: LayoutProps<"/datasets/[id]">) {
  await allow("read", { annotate: params });
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const [annotator, user] = [await currentAnnotator(), await currentUser()];
  const { name, about, archived, decided } = getQueue(id, annotator?.id ?? 0);
  return (
    <Page>
      <div className="contents" data-may={permittedTo(user, { kind: "annotate", id })}>
        <header className="mb-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <DatasetTitle
              dataset={{ kind: "annotate", id, name, archived, hangsOn: hangsOnQueue(id) }}
              known={annotator !== null}
            />
            {about && <p className="mt-1 max-w-[75ch] text-soft">{about}</p>}
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <Link href={`/annotate/${id}`} className={buttonClass("primary")}>
              Annotate
            </Link>
            {decided > 0 && (
              <Link href={`/runs/new?queue=${id}`} className={buttonClass()}>
                Train on this dataset
              </Link>
            )}
          </div>
        </header>
        <TabList base={`/datasets/${id}`} tabs={tabsOf(tallyOf(id).disputes.open)} />
        {children}
      </div>
    </Page>
  );
}
