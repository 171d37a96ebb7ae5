"use client";

import { usePathname } from "next/navigation";
import { intoView } from "../../../ui/into-view";
import { Link } from "../../../ui/link";

const tabs = [
  ["", "Overview"],
  ["/charts", "Charts"],
  ["/samples", "Samples"],
  ["/evaluations", "Evaluations"],
  ["/data", "Data"],
  ["/logs", "Logs"],
  ["/files", "Files"],
  ["/config", "Config"],
] as const;

/** The parts of a run's page, each with an address of its own. */
export function RunTabs({ id }: { id: string }) {
  const path = usePathname();
  return (
    <nav aria-label="Parts of the run" className="relative mb-4 flex gap-1 overflow-x-auto border-b">
      {tabs.map(([part, label]) => (
        <Link
          key={label}
          ref={path === `/runs/${id}${part}` ? intoView : undefined}
          href={`/runs/${id}${part}`}
          scroll={false}
          aria-current={path === `/runs/${id}${part}` ? "page" : undefined}
          className="whitespace-nowrap border-transparent border-b-2 px-3 py-2 text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
