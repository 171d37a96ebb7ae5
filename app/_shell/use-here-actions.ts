import { useQuery } from "@tanstack/react-query";
import { Copy, Download, GitFork, type LucideIcon, Pencil, Play } from "lucide-react";
import { usePathname } from "next/navigation";
import type { Permission } from "@/spec/roles";
import { runQuery } from "../_client/queries";
import { mayHere } from "../ui/may";
import { namedIn } from "./crumbs";

export interface HereAction {
  needs: Permission;
  icon: LucideIcon;
  label: string;
  href: string;
}

/** What the palette offers for the dataset or the run whose page is open. */
export const useHereActions = (): HereAction[] => useAllActions().filter(({ needs }) => mayHere(needs));

function useAllActions(): HereAction[] {
  const [section, id] = namedIn(usePathname()) ?? [];
  const isRun = section === "runs" && id !== undefined;
  const { data: run } = useQuery({ ...runQuery(id ?? ""), enabled: isRun });
  if (id === undefined) return [];
  if (!isRun) return datasetActions(section === "labelled", id);
  if (!run || run.origin !== null) return []; // of an imported run only its metrics are here
  const from = `/runs/new?from=${id}`;
  return [
    { needs: "write", icon: Copy, label: "Clone this run", href: from },
    ...(run.adapter
      ? [
          {
            needs: "write" as const,
            icon: GitFork,
            label: "Fork this run: train on from what it left",
            href: `${from}&step=last`,
          },
        ]
      : []),
  ];
}

const datasetActions = (isLabelled: boolean, id: string): HereAction[] => [
  ...(isLabelled
    ? []
    : [{ needs: "annotate" as const, icon: Pencil, label: "Annotate this dataset", href: `/annotate/${id}` }]),
  {
    needs: "write",
    icon: Play,
    label: "Train on this dataset",
    href: `/runs/new?${isLabelled ? "labelled" : "queue"}=${id}`,
  },
  {
    needs: "read",
    icon: Download,
    label: "Export this dataset",
    href: `/datasets/${isLabelled ? "labelled/" : ""}${id}/export`,
  },
];
