import type { LiveStream } from "./live-stream.ts";

/** The open streams, so that a session's end and the process's end reach them. */
export type LiveStreams = {
  readonly add: (sessionId: string, stream: LiveStream) => () => void;
  readonly endOf: (sessionId: string) => void;
  readonly endAll: () => void;
  readonly count: () => number;
};

export function openLiveStreams(): LiveStreams {
  const open = new Map<LiveStream, string>();
  return {
    add: (sessionId, stream) => {
      open.set(stream, sessionId);
      return () => void open.delete(stream);
    },
    endOf: (sessionId) => {
      for (const [stream, owner] of open) if (owner === sessionId) stream.end("signed-out");
    },
    endAll: () => {
      for (const stream of open.keys()) stream.end("restarting");
    },
    count: () => open.size,
  };
}
