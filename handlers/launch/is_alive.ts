import process from "node:process";

/** Whether a process exists, be it another user's. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 is never delivered: it only asks whether it could be.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
