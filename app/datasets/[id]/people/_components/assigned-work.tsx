"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { request, send } from "@/app/_client/checked-fetch";
import { dayWords, neededWords } from "@/app/_work/words";
import {
  assignedWork,
  type AssignedWork as Work,
  type WorkInput,
  type WorkProgress,
} from "@/lib/annotation/work/work-schema";
import { Button } from "../../../../ui/buttons";
import { Card, Problem } from "../../../../ui/cards";
import { type Column, Table } from "../../../../ui/table";
import { say, sayError } from "../../../../ui/toast";
import { GiveWork } from "./give-work";

type Person = Work["people"][number];

const states: Record<WorkProgress["state"], string> = { open: "", soon: "due soon", late: "late", done: "done" };

const columns: Column<Person>[] = [
  { name: "Name", cell: ({ name }) => name },
  { name: "Assigned", numeric: true, cell: ({ assigned }) => assigned.toLocaleString("en") },
  { name: "Done", numeric: true, cell: ({ done }) => done.toLocaleString("en") },
  { name: "Left", numeric: true, cell: ({ left }) => left.toLocaleString("en") },
  {
    name: "Due",
    cell: ({ due, state }) => (
      <>
        {due === null ? "–" : dayWords(due)}
        {states[state] && (
          <span className={`ml-2 ${state === "done" ? "text-good" : "text-warn"}`}>{states[state]}</span>
        )}
      </>
    ),
  },
  { name: "Done today", numeric: true, cell: ({ today }) => today.toLocaleString("en") },
  {
    name: "Pace needed",
    cell: ({ needed, state }) => (needed === null || state === "late" ? "–" : neededWords(needed)),
  },
];

/** Who was given which part of the dataset, and how far they are; reviewers give more, change it and take it back. */
export function AssignedWork({ id, canGive }: { id: number; canGive: boolean }) {
  const client = useQueryClient();
  const router = useRouter();
  const path = `/api/queues/${id}/work`;
  const { data, error } = useQuery({ queryKey: ["work", id], queryFn: () => request(path, assignedWork) });
  const [changing, setChanging] = useState<Person | null>(null);
  const shown = (now: Work) => {
    client.setQueryData(["work", id], now);
    setChanging(null);
    router.refresh();
  };
  const onError = (problem: Error) => void sayError(problem.message);
  const give = useMutation({
    mutationFn: (input: WorkInput) => send("POST", path, input, assignedWork),
    onSuccess: (now, { annotatorId }) => {
      shown(now);
      const given = now.people.find((one) => one.annotatorId === annotatorId);
      if (given) void say(`${given.name} has ${given.assigned.toLocaleString("en")} records.`);
    },
    onError,
  });
  const withdraw = useMutation({
    mutationFn: (annotatorId: number) => request(`${path}/${annotatorId}`, assignedWork, { method: "DELETE" }),
    onSuccess: shown,
    onError,
  });
  const actions: Column<Person> = {
    ...{ name: "Actions", silent: true },
    cell: (person) => (
      <span className="flex gap-1">
        <Button kind="quiet" aria-label={`Change what ${person.name} has`} onClick={() => setChanging(person)}>
          Change
        </Button>
        <Button
          kind="quiet"
          aria-label={`Withdraw what ${person.name} has`}
          onClick={() => withdraw.mutate(person.annotatorId)}
        >
          Withdraw
        </Button>
      </span>
    ),
  };
  if (!data) return <Card title="Assigned work">{error ? <Problem error={error} /> : <p>Loading…</p>}</Card>;
  if (data.people.length === 0 && !canGive) return null;
  return (
    <Card title="Assigned work">
      {data.people.length > 0 && (
        <div className="relative overflow-x-auto">
          <Table
            className="min-w-[44rem]"
            rows={data.people}
            keyOf={({ annotatorId }) => annotatorId}
            columns={canGive ? [...columns, actions] : columns}
          />
        </div>
      )}
      {canGive && (
        <GiveWork
          key={changing?.annotatorId ?? `none ${data.people.length}`}
          people={changing ? [changing] : data.others}
          changing={changing}
          busy={give.isPending}
          onGive={(input) => give.mutate(input)}
          onLeave={() => setChanging(null)}
        />
      )}
    </Card>
  );
}
