/** The head of a reward model in a file of weights, as Transformers and PEFT name it. Apart from the head itself: the web process reads files and has no TensorFlow. */
export const headName = "score.weight";
