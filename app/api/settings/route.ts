import { keepForDays, retentionDays } from "@/lib/access/retention";
import { handle } from "@/lib/http/handle";
import { describeModel } from "@/lib/models/describe-model";
import { chooseDefaultModel, defaultModel } from "@/lib/settings/default-model";
import { allowAtOnce, runsAtOnce } from "@/lib/settings/runs-at-once";
import { settingsChange, settingsNow } from "@/lib/settings/settings-schema";

const now = () =>
  Response.json({ defaultModel: defaultModel(), runsAtOnce: runsAtOnce(), retentionDays: retentionDays() });

/** Settings of the whole workbench. */
export const GET = handle("read", { answer: settingsNow }, now);

/** Changes them. */
export const PATCH = handle(
  "administer",
  { body: settingsChange, answer: settingsNow },
  async ({ body: { defaultModel: chosen, runsAtOnce: count, retentionDays: days } }) => {
    if (chosen) await describeModel(chosen); // refuses what is no model, with the words of the launch form
    if (chosen !== undefined) await chooseDefaultModel(chosen);
    if (count !== undefined) await allowAtOnce(count);
    if (days !== undefined) await keepForDays(days);
    return now();
  },
);
