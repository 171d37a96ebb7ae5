// Whatever starts jobs on other machines, as three functions. All of them reach out of this process and may fail for a while.

export interface Job {
  /** Of letters, digits and dashes; no other job has it. */
  name: string;
  /** A shell script, executable. */
  script: string;
  /** The file that the script's output goes to; what the scheduler has to say may go there too. */
  log: string;
}

/** `waiting`: not begun, or begun and put back into the queue; `ended`: it will not run again. `words` are the scheduler's own. */
export interface JobState {
  state: "waiting" | "running" | "ended";
  words: string;
}

export interface Scheduler {
  /** The scheduler's id of the job. Throws Unreachable where the job was not refused: it may have been accepted. */
  submit(job: Job): Promise<string>;
  /** Of a job that the scheduler no longer knows: ended. */
  state(id: string): Promise<JobState>;
  /** Does nothing to a job that has ended. */
  cancel(id: string): Promise<void>;
}
