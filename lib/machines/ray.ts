// Ray's Jobs API: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
import { z } from "zod";
import type { SettingsOf } from "../../spec/machines";
import { quoted } from "../../spec/shell";
import { askHttp } from "./ask-http";
import type { JobState, Scheduler } from "./scheduler";
import { Unreachable } from "./unreachable";

const submitted = z.object({ submission_id: z.string() });
const told = z.object({
  status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
  message: z.string().nullish(),
});

export const rayScheduler = ({ address, cpus, gpus }: SettingsOf<"ray">): Scheduler => {
  const jobs = `${address}/api/jobs/`;
  return {
    async submit({ name, script }) {
      const body = {
        entrypoint: quoted(script),
        submission_id: name,
        ...(cpus > 0 && { entrypoint_num_cpus: cpus }),
        ...(gpus > 0 && { entrypoint_num_gpus: gpus }),
      };
      return submitted.parse(await asked("POST", jobs, body)).submission_id;
    },
    async state(id) {
      const answer = await asked("GET", `${jobs}${id}`);
      return answer === null ? { state: "ended", words: "Ray no longer knows the job" } : stateIn(told.parse(answer));
    },
    async cancel(id) {
      await asked("POST", `${jobs}${id}/stop`);
    },
  };
};

const stateIn = ({ status, message }: z.output<typeof told>): JobState => ({
  state: status === "PENDING" ? "waiting" : status === "RUNNING" ? "running" : "ended",
  // the last lines of its log may follow, which the run's page shows anyway
  words: [status, message?.split(/\n|, last available logs/)[0]].filter(Boolean).join(": "),
});

/** Of a proxy before a head that does not answer. */
const outages = [502, 503, 504];

/** The answer's JSON; null where there is no such job. */
async function asked(method: "GET" | "POST", url: string, sent?: object): Promise<unknown> {
  const { status, body } = await askHttp(method, url, sent && JSON.stringify(sent));
  if (status === 404) return null;
  const Failure = outages.includes(status) ? Unreachable : Error;
  if (status >= 300) throw new Failure(`Ray at ${url} answered ${status}: ${body.slice(0, 1000)}`);
  return JSON.parse(body);
}
