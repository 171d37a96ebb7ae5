"use client";

import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { request } from "@/app/_client/checked-fetch";
import { Button } from "@/app/ui/buttons";
import { Table } from "@/app/ui/table";
import { sayError } from "@/app/ui/toast";
import { type MachineDto, type MachineSettings, machineDto } from "@/spec/machines";
import { kindLabels } from "./machine-fields";

interface Props {
  machines: MachineDto[];
  onChange: (machine: MachineDto) => void;
  onListed: (machines: MachineDto[], said: string) => void;
}

export function MachineTable({ machines, onChange, onListed }: Props) {
  const remove = useMutation({
    mutationFn: ({ id }: MachineDto) =>
      request(`/api/settings/machines/${id}`, z.array(machineDto), { method: "DELETE" }),
    onSuccess: (listed, { name }) => onListed(listed, `${name} is removed.`),
    onError: (error) => void sayError(error.message),
  });
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label="Machines: table">
      <Table
        rows={machines}
        keyOf={({ id }) => id}
        className="min-w-[40rem]"
        columns={[
          { name: "Name", cell: ({ name }) => name },
          { name: "Jobs by", cell: ({ settings }) => kindLabels[settings.kind] },
          {
            name: "Reached by",
            cell: ({ settings }) => <code className="font-mono text-xs">{reachedBy(settings)}</code>,
          },
          {
            name: "Runs",
            unit: "of at most",
            numeric: true,
            cell: ({ runs, runsAtOnce }) => `${runs} of ${runsAtOnce}`,
          },
          {
            ...{ name: "Actions", silent: true },
            cell: (machine) => (
              <span className="flex justify-end gap-1">
                <Button kind="quiet" aria-label={`Change ${machine.name}`} onClick={() => onChange(machine)}>
                  Change
                </Button>
                <Button
                  kind="quiet"
                  aria-label={`Remove ${machine.name}`}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(machine)}
                >
                  Remove
                </Button>
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

function reachedBy(settings: MachineSettings): string {
  if (settings.kind === "slurm") return ["sbatch", ...settings.sbatch.split("\n")].join(" ").trim();
  return settings.kind === "ray" ? settings.address : settings.submit;
}
