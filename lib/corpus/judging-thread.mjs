// tsx prepares the main thread of a program only.
import { register } from "tsx/esm/api";

register();
await import("./judging-thread.ts");
