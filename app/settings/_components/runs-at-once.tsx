"use client";

import { NumberSetting } from "./number-setting";

/** How many runs train on this machine at a time. */
export const RunsAtOnce = ({ chosen, cores }: { chosen: number; cores: number }) => (
  <div className="mt-4 border-t pt-4">
    <NumberSetting
      setting="runsAtOnce"
      chosen={chosen}
      label="Runs at once"
      about={`They share the ${cores} cores evenly, and start only while the memory that they were estimated to need fits. For many small runs, of a sweep say; a single run is fastest with 1.`}
      saved={(runs) => (runs === 1 ? "One run trains at a time." : `Up to ${runs} runs train at a time.`)}
    />
  </div>
);
