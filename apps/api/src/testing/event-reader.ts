import { request } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";

export type ReadEvent = { readonly event: string; readonly data: unknown; readonly id?: string };

/** Reads a server-sent event stream over a real socket. */
export type EventReader = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly events: readonly ReadEvent[];
  readonly isClosed: () => boolean;
  /** Stops reading without closing, as a tab on a stalled network does. */
  readonly pause: () => void;
  readonly close: () => void;
};

function parse(block: string): ReadEvent {
  const fields = new Map(
    block.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const id = fields.get("id");
  return {
    event: fields.get("event") ?? "message",
    data: JSON.parse(fields.get("data") ?? "null"),
    ...(id === undefined ? {} : { id }),
  };
}

export function readEventStream(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const call: ClientRequest = request(url, { headers });
    call.once("error", reject);
    call.once("response", (response) => {
      const events: ReadEvent[] = [];
      let text = "";
      let closed = false;
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        const blocks = (text + chunk).split("\n\n");
        text = blocks.pop() ?? "";
        events.push(...blocks.filter((block) => block !== "").map(parse));
      });
      response.on("close", () => (closed = true));
      response.on("error", () => (closed = true));
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        isClosed: () => closed,
        pause: () => void response.pause(),
        close: () => void response.destroy(),
      });
    });
    call.end();
  });
}
