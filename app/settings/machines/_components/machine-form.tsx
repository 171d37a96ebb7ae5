"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { send } from "@/app/_client/checked-fetch";
import { Card } from "@/app/ui/cards";
import { Setting, Typed, Written } from "@/app/ui/setting";
import { useHydrated } from "@/app/ui/use-hydrated";
import { type MachineDto, type MachineInput, type MachineSettings, machineDto, machineInput } from "@/spec/machines";
import { FormEnd } from "../../_components/form-end";
import { fieldsOf, inputOf, kindLabels, textsOf } from "./machine-fields";

interface Props {
  /** Null for another one. */
  machine: MachineDto | null;
  onListed: (machines: MachineDto[], said: string) => void;
  onCancel: () => void;
}

const kinds = Object.entries(kindLabels).map(([value, label]) => ({ value, label }));

export function MachineForm({ machine, onListed, onCancel }: Props) {
  const hydrated = useHydrated();
  const [kind, setKind] = useState<MachineSettings["kind"]>(machine?.settings.kind ?? "slurm");
  const [texts, setTexts] = useState(textsOf(machine));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: (input: MachineInput) =>
      machine === null
        ? send("POST", "/api/settings/machines", input, z.array(machineDto))
        : send("PATCH", `/api/settings/machines/${machine.id}`, input, z.array(machineDto)),
    onSuccess: (listed, { name }) =>
      onListed(listed, machine === null ? `${name} is set up: the form of a new run offers it.` : "Saved."),
  });
  const submit = () => {
    const { data, error } = machineInput.safeParse(inputOf(kind, texts));
    setProblems(Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [String(path.at(-1)), message])));
    if (data) save.mutate(data);
  };
  const change = (name: string) => (value: string) => {
    setTexts({ ...texts, [name]: value });
    save.reset();
  };
  return (
    <Card title={machine === null ? "Set up a machine" : `Change ${machine.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset disabled={!hydrated} className="grid min-w-0 grid-cols-1 gap-4 sm:grid-cols-2">
          <Setting
            label="Jobs by"
            about="What starts jobs there."
            value={kind}
            options={kinds}
            onChange={(value) => setKind(value as MachineSettings["kind"])}
          />
          {fieldsOf(kind).map(({ name, lines, wide = false, label, about }) => {
            const shown = { label, about, value: texts[name] ?? "", problem: problems[name], onChange: change(name) };
            return lines ? <Written key={name} {...shown} wide /> : <Typed key={name} {...shown} wide={wide} />;
          })}
        </fieldset>
        <FormEnd
          label={machine === null ? "Add machine" : "Save"}
          disabled={!hydrated || save.isPending}
          error={save.error}
          onCancel={machine === null ? null : onCancel}
        />
      </form>
    </Card>
  );
}
