/**
 * How the JavaScript heaps of the server process grow: each of its threads has one. Left to itself, V8 makes room for
 * new objects without end in sight as jobs come, and collects old ones once there are some ten megabytes of them, on
 * every thread. What a job leaves there is little, for its arrays lie elsewhere: to collect earlier costs small jobs
 * nothing that could be measured.
 */
export const HEAP_FLAGS: readonly string[] = [
  // In MiB; V8 keeps two or three of these for new objects.
  "--max-semi-space-size=4",
  // How much more than what has survived a full collection there may be before the next, in percent, and how much of
  // that is left, in percent, when the next begins: by itself, at the latest.
  "--heap-growing-percent=20",
  "--incremental-marking-soft-trigger=96",
  "--incremental-marking-hard-trigger=94",
];
