"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request, send } from "@/app/_client/checked-fetch";
import { type DatasetPeopleChange, datasetPeople } from "@/lib/access/dataset-people-schema";
import type { Role } from "@/spec/roles";
import { RoleChoice } from "../../team/_components/role-choice";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { Table } from "../../ui/table";
import { sayError } from "../../ui/toast";
import { apiOf, type CheckedDataset } from "./checked-dataset";

/** Whom the dataset is for: the roles that people were given on it, in the place of their own. For its owners. */
export function DatasetPeople({ dataset }: { dataset: CheckedDataset }) {
  const client = useQueryClient();
  const path = `${apiOf(dataset)}/roles`;
  const { data, error } = useQuery({ queryKey: ["roles", path], queryFn: () => request(path, datasetPeople) });
  const { mutate, isPending } = useMutation({
    mutationFn: (change: DatasetPeopleChange) => send("PATCH", path, change, datasetPeople),
    onSuccess: (now) => client.setQueryData(["roles", path], now),
    onError: (problem) => void sayError(problem.message),
  });
  const { restricted = false, people = [], others = [] } = data ?? {};
  return (
    <Card title="Who may do what here">
      {error && <Problem error={error} />}
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={restricted}
          disabled={!data || isPending}
          onChange={({ target }) => mutate({ restricted: target.checked })}
          className="accent-(--accent)"
        />
        Only for the people named here, and owners of the workbench: for everybody else it does not exist
      </label>
      {people.length > 0 && (
        <Table
          className="mt-3"
          rows={people}
          keyOf={({ userId }) => userId}
          columns={[
            { name: "Name", cell: ({ name }) => name },
            {
              name: "Role on this dataset",
              cell: ({ userId, name, role }) => (
                <RoleChoice label={`Role of ${name}`} role={role} onChoose={(role) => mutate({ userId, role })} />
              ),
            },
            {
              ...{ name: "Actions", silent: true },
              cell: ({ userId, name }) => (
                <Button
                  kind="quiet"
                  aria-label={`Remove the role of ${name}`}
                  onClick={() => mutate({ userId, role: null })}
                >
                  Remove
                </Button>
              ),
            },
          ]}
        />
      )}
      <AddPerson
        others={others.filter(({ role }) => role !== "owner")}
        busy={isPending}
        onAdd={(userId, role) => mutate({ userId, role })}
      />
    </Card>
  );
}

interface AddProps {
  others: { userId: string; name: string; role: Role }[];
  busy: boolean;
  onAdd: (userId: string, role: Role) => void;
}

function AddPerson({ others, busy, onAdd }: AddProps) {
  const [chosen, setChosen] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const userId = others.some((one) => one.userId === chosen) ? chosen : "";
  return (
    <form
      className="mt-3 flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (userId) onAdd(userId, role);
      }}
    >
      <select
        aria-label="Person"
        value={userId}
        onChange={({ target }) => setChosen(target.value)}
        className="rounded-md border bg-canvas px-2 py-1.5"
      >
        <option value="">Choose somebody…</option>
        {others.map((one) => (
          <option key={one.userId} value={one.userId}>
            {one.name} ({one.role} otherwise)
          </option>
        ))}
      </select>
      <RoleChoice label="Role to give" role={role} onChoose={setRole} />
      <Button type="submit" disabled={busy || userId === ""}>
        Give the role
      </Button>
    </form>
  );
}
