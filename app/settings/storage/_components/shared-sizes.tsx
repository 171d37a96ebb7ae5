import { cacheFolder } from "@/common/env";
import { sharedSizes } from "@/lib/storage/shared";
import { sharedKinds } from "@/lib/storage/storage-schema";
import { Sizes } from "./sizes";

/** What lies outside the data folder. Measuring takes seconds where benchmarks have run. */
export async function SharedSizes() {
  return (
    <>
      <p className="mb-2 text-soft">
        In {cacheFolder()}, which all clones on this machine use. Nothing here deletes it; what is deleted by hand is
        built or downloaded again when it is needed.
      </p>
      <Sizes label="Shared by all clones" kinds={sharedKinds} sizes={await sharedSizes(Date.now())} />
    </>
  );
}
