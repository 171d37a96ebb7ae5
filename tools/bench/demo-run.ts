// The demo run on a server, with so many steps that it does not end while something is measured beside it.
import { setTimeout as wait } from "node:timers/promises";
import { demoPreset } from "../../lib/runs/presets";

/** Whose runs they are, and where. */
export interface Asker {
  url: string;
  cookie: string;
}

/** Once it takes steps. Returns its id. */
export async function startTraining({ url, cookie }: Asker): Promise<string> {
  const { name, data, config } = demoPreset;
  const headers = { cookie, "content-type": "application/json" };
  const body = JSON.stringify({ name, data, config: { ...config, maxSteps: 100_000 } });
  const response = await fetch(`${url}/api/runs`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(`no run was started: ${response.status} ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  while ((await stepOf({ url, cookie }, id)) < 2) await wait(1000);
  return id;
}

export async function stepOf({ url, cookie }: Asker, id: string): Promise<number> {
  const answer = await fetch(`${url}/api/runs/${id}`, { headers: { cookie } });
  const { step, error } = (await answer.json()) as { step: number; error: string | null };
  if (error) throw new Error(`the run failed: ${error}`);
  return step;
}

/** Once it has stopped. */
export async function stopTraining({ url, cookie }: Asker, id: string): Promise<void> {
  const headers = { cookie, "content-type": "application/json" };
  await fetch(`${url}/api/runs/${id}`, { method: "PATCH", headers, body: JSON.stringify({ action: "stop" }) });
  for (;;) {
    const answer = await fetch(`${url}/api/runs/${id}`, { headers });
    if (!["running", "queued"].includes(((await answer.json()) as { status: string }).status)) return;
    await wait(500);
  }
}
