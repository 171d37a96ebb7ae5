import { print } from "../../common/command-line";
import { queue } from "../../lib/commands/queue";
import { queuesOf } from "../datasets";
import { rememberedServer } from "../servers";

export const remoteQueue = queue.action(async () => {
  for (const one of await queuesOf(rememberedServer())) print(one);
});
