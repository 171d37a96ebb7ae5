// tfjs-node 4.22 still calls two `util` functions that Node 23 removed. Loaded before it, everywhere.
const util = require("node:util");
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
// TensorFlow greets every process on standard error; its warnings and errors still show.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "1";
