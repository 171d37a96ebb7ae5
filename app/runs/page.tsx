import type { Metadata } from "next";
import { runTable } from "@/lib/runs/run-table";
import { RunList } from "./_components/run-list";

export const metadata: Metadata = { title: "Runs" };

export default function RunsPage() {
  return <RunList made={JSON.stringify(runTable())} now={Date.now()} />;
}
