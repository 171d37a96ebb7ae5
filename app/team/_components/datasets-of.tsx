import { useState } from "react";
import type { Member } from "@/lib/annotation/agreement/team";
import { Link } from "../../ui/link";

/** So many are named before somebody asks for all. */
const atFirst = 2;

/** Where somebody annotated, and how much. */
export function DatasetsOf({ name, datasets }: Pick<Member, "name" | "datasets">) {
  const [all, setAll] = useState(false);
  if (datasets.length === 0) return <span className="text-soft">–</span>;
  const more = datasets.length - atFirst;
  return (
    <ul aria-label={`Datasets of ${name}`} className="grid gap-0.5">
      {datasets.slice(0, all ? undefined : atFirst).map(({ id, name: dataset, annotated }) => (
        <li key={id}>
          <Link href={`/datasets/${id}`} className="hover:underline">
            {dataset}
          </Link>{" "}
          <span className="text-soft">{annotated.toLocaleString("en")}</span>
        </li>
      ))}
      {more > 0 && (
        <li>
          <button
            type="button"
            aria-expanded={all}
            onClick={() => setAll(!all)}
            className="text-accent hover:underline"
          >
            {all ? "Fewer" : `${more} more`}
          </button>
        </li>
      )}
    </ul>
  );
}
