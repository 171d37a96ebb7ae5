// What vitest does first: the project's own ops as their sources are now, for `npx vitest run FILE` comes without the set-up of `npm test`.
import { nativeOps } from "./setup/native-ops.mjs";

export default async () => {
  await nativeOps((text) => process.stderr.write(`${text}\n`));
};
