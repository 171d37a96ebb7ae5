import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { listEndpoints } from "@/lib/endpoints/endpoints";
import { Page, PageHeader } from "../../ui/screen";
import { Endpoints } from "./_components/endpoints";

export const metadata: Metadata = { title: "Endpoints" };

export default async function EndpointsPage() {
  await allow("write");
  return (
    <Page>
      <PageHeader
        title="Endpoints"
        about="Servers with OpenAI's API: vLLM, llama-server, Ollama, a hosted one, or another workbench. They judge records beside people and write responses."
      />
      <Endpoints endpoints={listEndpoints()} />
    </Page>
  );
}
