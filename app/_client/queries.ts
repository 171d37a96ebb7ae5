// What the pages ask for: each key lives with its query, so a mutation invalidates by the same name.
import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { membersNow } from "../../lib/access/access-schema";
import { mentionsDto } from "../../lib/annotation/comments/comments-schema";
import { judgingState } from "../../lib/annotation/judges/judges-schema";
import { disputes } from "../../lib/annotation/judging/judging-schema";
import { queueDto } from "../../lib/annotation/queues/queue-schema";
import { endpointDto } from "../../lib/endpoints/endpoint-schema";
import { fillState } from "../../lib/generation/fill-schema";
import { stepPairsState } from "../../lib/generation/step-pairs-schema";
import { job } from "../../lib/jobs/job-schema";
import { knownModel } from "../../lib/models/models-schema";
import { placeName, places, recordPlace } from "../../lib/navigation/places-schema";
import { erasurePlan } from "../../lib/personal-data/erase-schema";
import { blindVotes, comparedRun, drawnLines, type ForwardAxis } from "../../lib/runs/compare/compare-schema";
import {
  curves,
  deletion,
  runDetail,
  runLog,
  runRow,
  runSamples,
  runSummary,
  trainingSet,
} from "../../lib/runs/run-schema";
import { machineDto } from "../../spec/machines";
import { modelFacts } from "../../spec/model-facts";
import { modelLook } from "../../spec/reports";
import type { RunStatus } from "../../spec/run-status";
import { request } from "./checked-fetch";

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: () => request("/api/team", membersNow),
});
export const erasurePlanQuery = (id: number) =>
  queryOptions({
    queryKey: ["erasure", id],
    queryFn: () => request(`/api/people/${id}/erasure`, erasurePlan),
    gcTime: 0, // as it is when somebody asks
  });
export const endpointsQuery = queryOptions({
  queryKey: ["endpoints"],
  queryFn: () => request("/api/endpoints", z.array(endpointDto)),
});
/** How other machines are reached, for those who administer. */
export const machinesQuery = queryOptions({
  queryKey: ["machines"],
  queryFn: () => request("/api/settings/machines", z.array(machineDto)),
});
/** Where a run may be trained beside this machine. */
export const machineNamesQuery = queryOptions({
  queryKey: ["machine-names"],
  queryFn: () => request("/api/machines", z.array(z.string())),
});
/** How far the judge of a dataset is. */
export const judgingQuery = (queueId: number) =>
  queryOptions({
    queryKey: ["judging", queueId],
    queryFn: () => request(`/api/queues/${queueId}/judge`, judgingState),
    refetchInterval: ({ state: { data } }) => (data?.running ? 1000 : false),
  });
export const queuesQuery = queryOptions({
  queryKey: ["queues"],
  queryFn: () => request("/api/queues", z.array(queueDto)),
});
export const disputesQuery = (queueId: number) =>
  queryOptions({
    queryKey: ["disputes", queueId],
    queryFn: () => request(`/api/queues/${queueId}/disputes`, disputes),
  });
const runSummaries = z.array(runSummary);
export const runsQuery = queryOptions({ queryKey: ["runs"], queryFn: () => request("/api/runs", runSummaries) });
export const runQuery = (id: string) =>
  queryOptions({ queryKey: ["runs", id], queryFn: () => request(`/api/runs/${id}`, runDetail) });
/** All runs as the lines of a table. */
export const runTableQuery = queryOptions({
  queryKey: ["runs", "table"],
  queryFn: () => request("/api/runs/table", z.array(runRow)),
});
export const deletionQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ["runs", "deletion", ids],
    queryFn: () => request(`/api/runs/deletion?ids=${ids.join(",")}`, deletion),
  });
/** Asked for anew when the run's status changes: its last lines come with its end. */
export const runLogQuery = (id: string, status: RunStatus) =>
  queryOptions({
    queryKey: ["runs", id, "log", status],
    queryFn: () => request(`/api/runs/${id}/log`, runLog),
    placeholderData: (before) => before,
  });
type Zoom = { from: number; to: number } | null;
export const fetchCurves = (id: string, zoom: Zoom = null, axis: ForwardAxis = "step") =>
  request(`/api/runs/${id}/curves?axis=${axis}${zoom ? `&from=${zoom.from}&to=${zoom.to}` : ""}`, curves);
export const curvesQuery = (id: string, zoom: Zoom = null, axis: ForwardAxis = "step") =>
  queryOptions({ queryKey: ["curves", id, zoom, axis], queryFn: () => fetchCurves(id, zoom, axis) });
export const samplesQuery = (id: string) =>
  queryOptions({
    queryKey: ["answers", id],
    queryFn: () => request(`/api/runs/${id}/answers`, runSamples),
  });
/** How far the continuations of a dataset's solutions are. */
export const stepPairsQuery = (queueId: number) =>
  queryOptions({
    queryKey: ["step-pairs", queueId],
    queryFn: () => request(`/api/queues/${queueId}/step-pairs`, stepPairsState),
    refetchInterval: ({ state: { data } }) => (data?.running ? 1000 : false),
  });
/** The pairs that are being written, or were last; looked at again while they are. */
export const fillQuery = queryOptions({
  queryKey: ["fill"],
  queryFn: () => request("/api/queues/fill", fillState.nullable()),
  refetchInterval: ({ state: { data } }) => (data?.running ? 1000 : false),
});
export const trainingSetsQuery = queryOptions({
  queryKey: ["training-sets"],
  queryFn: () => request("/api/training-sets", z.array(trainingSet)),
});
/** What the files of a base model say of it; they are read by a program of its own. */
export const modelFactsQuery = (source: string) =>
  queryOptions({
    queryKey: ["models", "facts", source],
    queryFn: () => request(`/api/models/facts?source=${encodeURIComponent(source)}`, modelFacts),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
/** Every model; asked for anew with the runs, which leave them behind. */
export const modelsQuery = queryOptions({
  queryKey: ["runs", "models"],
  queryFn: () => request("/api/models", z.array(knownModel)),
});
/** A model by name or path, as far as its config tells; an error says what is wrong with it. */
export const modelQuery = (source: string) =>
  queryOptions({
    queryKey: ["models", source],
    queryFn: () => request(`/api/models?source=${encodeURIComponent(source)}`, modelLook),
    retry: false,
  });
export const comparedQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ["compare", ids],
    queryFn: () => request(`/api/compare?runs=${ids.join(",")}`, z.array(comparedRun)),
    enabled: ids.length > 0,
  });
/** `search` describes the lines as `linesInput` reads them. */
export const linesQuery = (search: string) =>
  queryOptions({
    queryKey: ["lines", search],
    queryFn: () => request(`/api/compare/lines?${search}`, drawnLines),
  });
/** Names of what there is, for the command palette. */
export const placesQuery = queryOptions({ queryKey: ["places"], queryFn: () => request("/api/places", places) });
/** The dataset of a record by its number. */
export const recordPlaceQuery = (number: string) =>
  queryOptions({
    queryKey: ["places", "record", number],
    queryFn: () => request(`/api/places/records/${number}`, recordPlace),
    retry: false,
    enabled: number !== "",
  });
/** The name of one dataset or run, for the breadcrumb. */
export const placeNameQuery = (section: string, id: string) =>
  queryOptions({
    queryKey: ["places", section, id],
    queryFn: () => request(`/api/places/${section}/${id}`, placeName),
    retry: false,
  });
const jobs = z.array(job);
const isAtWork = ({ status }: z.infer<typeof job>) => status === "running" || status === "queued";
/** Asked for in the background too: an end is to be said in a tab that is not looked at. */
export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: () => request("/api/jobs", jobs),
  refetchInterval: ({ state: { data } }) => (data?.some(isAtWork) ? 2000 : 10_000),
  refetchIntervalInBackground: true,
});
/** Comments that name whoever is signed in. */
export const mentionsQuery = queryOptions({
  queryKey: ["mentions"],
  queryFn: () => request("/api/mentions", mentionsDto),
  refetchInterval: 60_000,
});

/** Of two runs, in this order. */
export const blindVotesQuery = (first: string, second: string) =>
  queryOptions({
    queryKey: ["blind-votes", first, second],
    queryFn: () => request(`/api/compare/blind?runs=${first},${second}`, blindVotes.nullable()),
    refetchOnMount: "always", // whoever comes back from voting sees their votes
  });
