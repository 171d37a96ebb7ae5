// Who answers the model turn by turn while it is sampled: a function of one's own, or a server.
import { z } from "zod";
import { advanced, essential } from "../field-meta";
import { httpAddress, isHttp } from "../http-address";
import { functionFile, functionLimits, holding } from "./own-function";
import { isGiven, type RewardParts } from "./rewards";

const oneOf = "give a file or an address, and not both";

export const environment = z
  .strictObject({
    file: functionFile.nullable().default(null).describe("file").meta(holding("step(conversations, …)")),
    address: z
      .string()
      .refine(isHttp, `not an ${httpAddress}`)
      .nullable()
      .default(null)
      .describe("address")
      .meta(advanced("Of a server that is posted the same as JSON, such as http://127.0.0.1:5000/step")),
    maxTurns: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe("max turns")
      .meta(advanced("Turns of the model in an episode, at most")),
    ...functionLimits("conversations"),
  })
  .refine(({ file, address }) => (file === null) !== (address === null), { path: ["file"], message: oneOf })
  .nullable()
  .default(null)
  .describe("Environment")
  .meta(
    essential(
      "Replies to each turn of the model as a tool, a user or a game would, and rewards it; the loss takes in the model's own tokens alone",
    ),
  );
export type Environment = NonNullable<z.output<typeof environment>>;

/** Whether anything scores an answer of a method that samples. */
export const isScored = ({ reward, environment }: { reward: RewardParts; environment: Environment | null }): boolean =>
  environment !== null || isGiven(reward);
export const unscored = {
  path: ["reward", "model"],
  message: "give a reward model, an oracle reward, an address, a function, a rule or an environment",
};
