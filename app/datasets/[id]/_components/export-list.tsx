import Link from "next/link";
import type { ExportName } from "@/lib/datasets/snapshots/snapshot";

const forms: { rows: ExportName; name: string; about: string }[] = [
  {
    rows: "pairs",
    name: "TRL, OpenRLHF",
    about: "preference pairs with strength, number of annotators and label probability",
  },
  { rows: "kto", name: "KTO", about: "single answers labelled good or bad, including ties and both-bad records" },
  { rows: "llama-factory", name: "LLaMA-Factory", about: "preference pairs as ShareGPT rows" },
  { rows: "llama-factory-info", name: "dataset_info.json", about: "the dataset entry that LLaMA-Factory needs" },
  { rows: "parquet", name: "Parquet", about: "preference pairs with column types, for datasets and TRL" },
  { rows: "card", name: "Dataset card", about: "how the records were annotated" },
  { rows: "csv", name: "CSV", about: "preference pairs as a table" },
  { rows: "rewrites", name: "Rewrites", about: "answers that annotators wrote themselves, for SFT" },
  {
    rows: "events",
    name: "Events",
    about: "every vote, undo, decision, exclusion, return and change of settings, with annotator and time",
  },
  {
    rows: "items",
    name: "All records",
    about: "annotated or not; the models' names only where you have voted, the answers of gold records never",
  },
];

/** The dataset in the formats of other programs; only for people who have chosen a name. */
export function ExportList({ id, known }: { id: number; known: boolean }) {
  if (!known)
    return (
      <p className="text-soft">
        <Link href="/annotate" className="underline">
          Choose a name
        </Link>{" "}
        to export this dataset.
      </p>
    );
  return (
    <ul className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
      {forms.map(({ rows, name, about }) => (
        <li key={rows}>
          <a href={`/api/queues/${id}/export?rows=${rows}`} download className="font-medium underline">
            {name}
          </a>
          <span className="block text-soft text-xs">{about}</span>
        </li>
      ))}
    </ul>
  );
}
