// The runner, with the toy engine in place of the trainers.
import { engines } from "../spec/engines";

engines.workbench = { command: ["node", "test/toy-engine.mjs"], methods: "all" };
await import("../lib/runner/main");
