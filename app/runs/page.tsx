import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { runTable } from "@/lib/runs/run-table";
import { RunList } from "./_components/run-list";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage() {
  await allow("read");
  return <RunList made={JSON.stringify(runTable())} now={Date.now()} />;
}
