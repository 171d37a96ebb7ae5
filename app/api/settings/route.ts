import { body, handle } from "@/lib/http/handle";
import { describeModel } from "@/lib/models/describe-model";
import { chooseDefaultModel, defaultModel } from "@/lib/settings/default-model";
import { allowAtOnce, runsAtOnce } from "@/lib/settings/runs-at-once";
import { settingsChange } from "@/lib/settings/settings-schema";

const now = () => Response.json({ defaultModel: defaultModel(), runsAtOnce: runsAtOnce() });

export const GET = handle("read", now);

export const PATCH = handle("administer", async (request) => {
  const { defaultModel: chosen, runsAtOnce: count } = await body(request, settingsChange);
  if (chosen) await describeModel(chosen); // refuses what is no model, with the words of the launch form
  if (chosen !== undefined) await chooseDefaultModel(chosen);
  if (count !== undefined) await allowAtOnce(count);
  return now();
});
