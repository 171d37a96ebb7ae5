import { redirect } from "next/navigation";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { homeOf } from "@/lib/home/home";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { Providers } from "./_client/providers";
import { FirstSteps } from "./_components/first-steps";
import { Activities, Lists, Now } from "./_components/home";
import { Page, PageHeader } from "./ui/screen";

export default async function HomePage() {
  await allow("signed in");
  if ((await currentUser())?.role === "annotator") redirect("/annotate");
  const annotator = await currentAnnotator();
  const home = homeOf(annotator?.id ?? 0, Date.now());
  return (
    <Providers>
      <Page>
        <PageHeader title="Home" />
        <FirstSteps {...home.steps} />
        <Now home={home} />
        <Lists home={home} />
        <Activities activities={home.activities} />
      </Page>
    </Providers>
  );
}
