/** What TensorFlow, npm and node-pre-gyp write to standard error on every start and cannot be told to leave out. */
const noise = /^(WARNING: All log messages before absl|[IW]\d{4} |.*node-pre-gyp|npm warn)/;

/** @param {string} line */
export const isNoise = (line) => noise.test(line);
