import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { permittedTo } from "@/lib/access/dataset-roles";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { newestVersion } from "@/lib/datasets/labelled/versions/versions";
import { hangsOnLabelled } from "@/lib/datasets/manage/hangs-on";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { bearsLabels, kindWords } from "@/spec/label-kinds";
import { orNotFound } from "../../../or-not-found";
import { buttonClass } from "../../../ui/buttons";
import { Link } from "../../../ui/link";
import { Page } from "../../../ui/screen";
import { DatasetTitle } from "../../_components/dataset-title";
import { TabList } from "../../_components/tab-list";

const tabs = [
  { path: "", label: "Overview" },
  { path: "/records", label: "Records" },
  { path: "/quality", label: "Quality" },
  { path: "/export", label: "Export" },
  { path: "/settings", label: "Settings" },
];

/** What stands over every tab of a dataset that came with its labels. */
export default async function LabelledLayout({ params, children }: LayoutProps<"/datasets/labelled/[id]">) {
  await allow("read", { labelled: params });
  const address = (await params).id;
  const set = orNotFound(() => liveLabelledOf(address));
  const { id, name, holds, archivedAt } = set;
  const { rows, number } = newestVersion(set);
  const user = await currentUser();
  return (
    <Page>
      <div className="contents" data-may={permittedTo(user, { kind: "labelled", id })}>
        <header className="mb-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <DatasetTitle
              dataset={{
                kind: "labelled",
                id,
                name,
                archived: archivedAt !== null,
                hangsOn: hangsOnLabelled({ id, rows }),
              }}
              known={(await currentAnnotator()) !== null}
            />
            <p className="numbers mt-1 text-soft">
              {rows.toLocaleString("en")} {kindWords[holds]},{" "}
              {bearsLabels(holds) ? "which came with their labels" : "as imported"}
              {number > 1 && `; version ${number}`}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            {holds === "prompts" && (
              <Link href={`/datasets?prompts=labelled:${id}#generate`} className={buttonClass("plain")}>
                Generate responses
              </Link>
            )}
            <Link href={`/runs/new?labelled=${id}`} className={buttonClass("primary")}>
              Train on this dataset
            </Link>
          </div>
        </header>
        <TabList base={`/datasets/labelled/${id}`} tabs={tabs} />
        {children}
      </div>
    </Page>
  );
}
