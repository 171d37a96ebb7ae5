// Says that a runner is alive, so that the page can tell "waiting its turn" from "nobody is here to run it".
import { retryOnBusy } from "../db/busy";
import { beatEveryMs, runnerBeat } from "../runs/runner-alive";
import { dropSetting, keepSetting } from "../settings/setting";
import { orSay } from "./retry";

export function beginHeartbeat(owner: string): () => void {
  const write = () => retryOnBusy(() => keepSetting(runnerBeat, JSON.stringify({ owner, at: Date.now() })));
  orSay(write);
  const timer = setInterval(() => orSay(write), beatEveryMs);
  return () => {
    clearInterval(timer);
    orSay(() => dropSetting(runnerBeat));
  };
}
