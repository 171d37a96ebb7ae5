import { body, handle } from "@/lib/http/handle";
import { describeModel } from "@/lib/models/describe-model";
import { chooseDefaultModel, defaultModel } from "@/lib/settings/default-model";
import { settingsChange } from "@/lib/settings/settings-schema";

const now = () => Response.json({ defaultModel: defaultModel() });

export const GET = handle("read", now);

export const PATCH = handle("administer", async (request) => {
  const chosen = (await body(request, settingsChange)).defaultModel;
  if (chosen !== null) await describeModel(chosen); // refuses what is no model, with the words of the launch form
  await chooseDefaultModel(chosen);
  return now();
});
