"use client";

import { useQuery } from "@tanstack/react-query";
import { request } from "@/app/_client/checked-fetch";
import { type PresentPerson, presentPeople } from "@/lib/annotation/judging/presence-schema";
import { When } from "../../../ui/when";

const everyMs = 10_000;

/** Who is annotating the dataset, as it is now. */
export function AnnotatingNow({ id, initial }: { id: number; initial: PresentPerson[] }) {
  const { data: people } = useQuery({
    queryKey: ["present", id],
    queryFn: () => request(`/api/queues/${id}/present`, presentPeople),
    initialData: initial,
    refetchInterval: everyMs,
  });
  return (
    <section aria-label="Annotating now" className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 text-xs">
      <h2 className="text-soft">Annotating now</h2>
      {people.length === 0 && <p className="text-soft">nobody</p>}
      <ul className="contents">
        {people.map(({ annotatorId, name, at }) => (
          <li key={annotatorId} className="flex items-center gap-1.5">
            <span aria-hidden className="size-1.5 rounded-full bg-good" />
            {name}
            <span className="text-soft">
              <When at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
