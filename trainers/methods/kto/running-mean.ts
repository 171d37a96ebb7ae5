// BCO's reference point: the mean log π/π_ref of all answers learnt from so far, each as it was when its step came, as TRL keeps it.

export function runningMean() {
  /** Saved with the run. */
  const state = { mean: 0, count: 0 };
  let before = { step: -1, ...state };

  return {
    state,
    /** A step that is asked for again counts once: it begins from what stood before it. */
    begin(step: number): void {
      const { mean, count } = before;
      if (before.step === step) Object.assign(state, { mean, count });
      else before = { step, ...state };
    },
    /** The mean with `values`. */
    add(values: number[]): number {
      const total = values.reduce((sum, value) => sum + value, state.mean * state.count);
      state.count += values.length;
      state.mean = total / state.count;
      return state.mean;
    },
  };
}
