"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpointsQuery } from "@/app/_client/queries";
import { Card } from "@/app/ui/cards";
import { Empty } from "@/app/ui/empty";
import { say } from "@/app/ui/toast";
import type { EndpointDto } from "@/lib/endpoints/endpoint-schema";
import { EndpointForm } from "./endpoint-form";
import { EndpointTable } from "./endpoint-table";

/** Those that are named, and a form for another one or for the one that is changed. */
export function Endpoints({ endpoints: given }: { endpoints: EndpointDto[] }) {
  const queries = useQueryClient();
  const { data: endpoints } = useQuery({ ...endpointsQuery, initialData: given });
  const [changed, setChanged] = useState<EndpointDto | null>(null);
  const onListed = (listed: EndpointDto[], said: string) => {
    queries.setQueryData(endpointsQuery.queryKey, listed);
    setChanged(null);
    void say(said);
  };
  return (
    <div className="grid gap-4">
      {endpoints.length === 0 ? (
        <Empty title="No endpoint is named yet">
          Name a server below, for example a model that Ollama serves at http://127.0.0.1:11434/v1.
        </Empty>
      ) : (
        <Card title={endpoints.length === 1 ? "1 endpoint" : `${endpoints.length} endpoints`}>
          <EndpointTable endpoints={endpoints} onChange={setChanged} onListed={onListed} />
        </Card>
      )}
      <EndpointForm
        key={changed?.id ?? `new-${endpoints.length}`}
        endpoint={changed}
        onListed={onListed}
        onCancel={() => setChanged(null)}
      />
    </div>
  );
}
