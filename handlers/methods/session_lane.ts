import { z } from "zod";
import { OutboardError } from "../../workers/errors.ts";
import { defineMethod } from "./method.ts";

export const sessionLane = defineMethod({
  params: z.strictObject({ nonce: z.string().max(100) }),
  handle(session, { nonce }) {
    const { core: { lane }, local } = session;
    if (lane === undefined || !local || session.lane !== undefined) {
      const reason = lane === undefined
        ? "this server has none"
        : local
        ? "this session has it already"
        : "it is for clients on this machine";
      throw new OutboardError(
        "LANE_FAILED",
        `Cannot open the lane: ${reason}; send arrays in binary frames`,
      );
    }
    session.lane = lane.open(nonce);
    const { slots, slotBytes } = session.lane;
    return { result: { slots, slotBytes } };
  },
});
