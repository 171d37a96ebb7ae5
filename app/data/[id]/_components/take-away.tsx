import Link from "next/link";
import type { ExportName } from "@/lib/datasets/snapshots/snapshot";

const forms: { rows: ExportName; name: string; about: string }[] = [
  { rows: "pairs", name: "TRL, OpenRLHF", about: "ranked pairs with strength, raters and how sure each label is" },
  { rows: "kto", name: "KTO", about: "good and bad answers one by one, ties and both-bad ones with them" },
  { rows: "llama-factory", name: "LLaMA-Factory", about: "ranked sharegpt rows" },
  { rows: "llama-factory-info", name: "dataset_info.json", about: "what LLaMA-Factory has to be told of them" },
  { rows: "parquet", name: "Parquet", about: "ranked pairs with their types, for datasets and TRL" },
  { rows: "card", name: "Dataset card", about: "how the pairs were judged, for those who get them" },
  { rows: "csv", name: "CSV", about: "ranked pairs as a table" },
  { rows: "rewrites", name: "Rewrites", about: "answers that annotators wrote themselves, for SFT" },
  {
    rows: "events",
    name: "Events",
    about: "every vote, undo, ruling, exclusion, return and change of settings, with who and when",
  },
  {
    rows: "items",
    name: "All pairs",
    about: "as they came, judged or not; who wrote them only where you have judged, what is right of gold pairs never",
  },
];

/** The queue as files for other programs, for people who have said who they are. */
export function TakeAway({ id, known }: { id: number; known: boolean }) {
  if (!known)
    return (
      <p className="text-soft">
        <Link href="/annotate" className="underline">
          Say who you are
        </Link>{" "}
        to take its pairs away.
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
