import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { numberedSections } from "@/lib/markdown/sections";
import { Page, PageHeader } from "../ui/screen";
import { Derivation } from "./_components/derivation";

export const metadata: Metadata = { title: "From RLHF to DPO" };

export default async function DerivationPage() {
  await allow("read");
  return (
    <Page>
      <PageHeader
        title="From RLHF's objective to DPO's loss"
        about="Four steps, and what is lost on the way, for one prompt with five answers. Move β and the rewards: every plot is computed here. Equations are numbered as in Rafailov et al. 2023 (arXiv 2305.18290)."
      />
      <Derivation sections={numberedSections("derivation.md")} />
    </Page>
  );
}
