import { useQuery } from "@tanstack/react-query";
import { Copy, Download, GitFork, type LucideIcon, Pencil, Play } from "lucide-react";
import { usePathname } from "next/navigation";
import { runQuery } from "../_client/queries";
import { namedIn } from "./crumbs";

export interface HereAction {
  icon: LucideIcon;
  label: string;
  href: string;
}

/** What the palette offers for the dataset or the run whose page is open. */
export function useHereActions(): HereAction[] {
  const [section, id] = namedIn(usePathname()) ?? [];
  const isRun = section === "runs" && id !== undefined;
  const { data: run } = useQuery({ ...runQuery(id ?? ""), enabled: isRun });
  if (id === undefined) return [];
  if (!isRun) return datasetActions(section === "labelled", id);
  if (!run || run.origin !== null) return []; // of an imported run only its metrics are here
  const from = `/runs/new?from=${id}`;
  return [
    { icon: Copy, label: "Clone this run", href: from },
    ...(run.adapter
      ? [{ icon: GitFork, label: "Fork this run: train on from what it left", href: `${from}&step=last` }]
      : []),
  ];
}

const datasetActions = (isLabelled: boolean, id: string): HereAction[] => [
  ...(isLabelled ? [] : [{ icon: Pencil, label: "Annotate this dataset", href: `/annotate/${id}` }]),
  {
    icon: Play,
    label: "Train on this dataset",
    href: `/runs/new?${isLabelled ? "labelled" : "queue"}=${id}`,
  },
  {
    icon: Download,
    label: "Export this dataset",
    href: `/datasets/${isLabelled ? "labelled/" : ""}${id}/export`,
  },
];
