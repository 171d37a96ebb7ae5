import { once as happens } from "node:events";
import type { AddressInfo } from "node:net";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { print, say } from "../../common/command-line";
import { port } from "./port";

export const serveReward = new Command("serve-reward")
  .description("the reward of a run that samples at an address on this machine, by OpenRLHF's remote protocol")
  .argument("<run.json>", "the run file, see docs/run-file.md: of PPO, GRPO, RLOO or REINFORCE++")
  .option("--port <number>", "the port (5017); 0 takes a free one", port)
  .action(async (file: string, { port = 5017 }: { port?: number }) => {
    const { readRunConfig } = await import("../../common/config-file");
    const { isSampled } = await import("../../spec/methods/sampling-of");
    const { FieldError } = await import("../../spec/field-error");
    const { completionScorer } = await import("../rewards/score-completions");
    const { rewardServer } = await import("../rewards/reward-server");
    const { readModel } = await import("../models/load");
    const config = readRunConfig(file);
    if (!isSampled(config))
      throw new FieldError(
        "method",
        `${config.method} scores no completions; ppo, grpo, rloo and reinforce-plus-plus do`,
      );
    const { tokenizer } = await readModel(config.model.source);
    const server = rewardServer(await completionScorer(config, dirname(resolve(file))), tokenizer);
    server.listen(port, "127.0.0.1");
    await happens(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/get_reward`;
    say(`scoring completions at ${url}`);
    print({ url });
  });
