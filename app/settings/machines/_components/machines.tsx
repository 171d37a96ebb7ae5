"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { machinesQuery } from "@/app/_client/queries";
import { Card } from "@/app/ui/cards";
import { Empty } from "@/app/ui/empty";
import { say } from "@/app/ui/toast";
import type { MachineDto } from "@/spec/machines";
import { MachineForm } from "./machine-form";
import { MachineTable } from "./machine-table";

/** Those that are set up, and a form for another one or for the one that is changed. */
export function Machines({ machines: given }: { machines: MachineDto[] }) {
  const queries = useQueryClient();
  const { data: machines } = useQuery({ ...machinesQuery, initialData: given });
  const [changed, setChanged] = useState<MachineDto | null>(null);
  const onListed = (listed: MachineDto[], said: string) => {
    queries.setQueryData(machinesQuery.queryKey, listed);
    setChanged(null);
    void say(said);
  };
  return (
    <div className="grid gap-4">
      {machines.length === 0 ? (
        <Empty title="Every run is trained on this machine">
          Set up a cluster below. The form of a new run then asks where it is to be trained.
        </Empty>
      ) : (
        <Card title={machines.length === 1 ? "1 machine" : `${machines.length} machines`}>
          <MachineTable machines={machines} onChange={setChanged} onListed={onListed} />
        </Card>
      )}
      <MachineForm
        key={changed?.id ?? `new-${machines.length}`}
        machine={changed}
        onListed={onListed}
        onCancel={() => setChanged(null)}
      />
    </div>
  );
}
