// Who scores a dataset's records, as the page and the server speak of it.
import { z } from "zod";
import { httpAddress, isHttp } from "../../spec/http-address";
import { keyVariable } from "../endpoints/endpoint-schema";

/** A reward server, which is asked by OpenRLHF's protocol. */
export const rewardServer = z.strictObject({
  /** Without a query: what stands there is often a key, and the address is kept with the scores. */
  address: z
    .string()
    .trim()
    .max(500)
    .refine(isHttp, { error: `Enter an ${httpAddress}.`, abort: true })
    .refine((text) => new URL(text).search === "", "Leave out what follows the ?: a key is taken from a variable."),
  /** Whose chat template the server is shown the records in. */
  model: z.string().trim().min(1, "Name the model whose chat template the server reads."),
  keyVariable: keyVariable.default(null),
});
export type RewardServerInput = z.output<typeof rewardServer>;

export const scoringInput = z
  .strictObject({ run: z.string().min(1).optional(), server: rewardServer.optional() })
  .refine(({ run, server }) => (run === undefined) !== (server === undefined), "name a run or a server");
export type ScoringInput = z.output<typeof scoringInput>;
