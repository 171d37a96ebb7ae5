"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useId, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { judgingQuery } from "@/app/_client/queries";
import { judgingState } from "@/lib/annotation/judges/judges-schema";
import type { EndpointDto } from "@/lib/endpoints/endpoint-schema";
import { Button, buttonClass } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { Link } from "../../../../ui/link";
import { useHydrated } from "../../../../ui/use-hydrated";

/** Has a model judge the records beside the people. */
export function JudgeRecords({ queueId, endpoints }: { queueId: number; endpoints: EndpointDto[] }) {
  const id = useId();
  const hydrated = useHydrated();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(endpoints[0]?.id);
  const { data: state } = useQuery(judgingQuery(queueId));
  const running = state?.running ?? false;
  const start = useMutation({
    mutationFn: () => send("POST", `/api/queues/${queueId}/judge`, { endpoint: chosen }, judgingState),
    onSuccess: (begun) => client.setQueryData(judgingQuery(queueId).queryKey, begun),
  });
  const error = start.error?.message ?? state?.error;
  return (
    <>
      <p className="max-w-[75ch] text-soft">
        A model compares the responses of each record in both orders, by the guidelines and rating criteria above. Its
        votes and reasons stand apart from people's, and never over them.
      </p>
      {endpoints.length === 0 ? (
        <Link href="/settings/endpoints" className={`${buttonClass()} mt-3`}>
          Name an endpoint first
        </Link>
      ) : (
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <label htmlFor={id} className="font-medium">
            Endpoint
          </label>
          <select
            id={id}
            value={chosen}
            disabled={!hydrated || running}
            onChange={(event) => setChosen(Number(event.target.value))}
            className="rounded-md border bg-canvas px-3 py-2"
          >
            {endpoints.map((endpoint) => (
              <option key={endpoint.id} value={endpoint.id}>
                {endpoint.name} ({endpoint.model})
              </option>
            ))}
          </select>
          <Button disabled={!hydrated || running || start.isPending} onClick={() => start.mutate()}>
            Judge records
          </Button>
          <span role="status" className="numbers text-soft">
            {state?.said}
          </span>
          {state !== undefined && !running && state.said !== "" && (
            <Link href={`/datasets/${queueId}/people` as Route} className={buttonClass("quiet")}>
              Agreement and cost
            </Link>
          )}
        </div>
      )}
      {error && (
        <div className="mt-2">
          <Problem error={error} />
        </div>
      )}
    </>
  );
}
