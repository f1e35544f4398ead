import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import type { UserInfo } from "../apiserver/auth/user-info.ts";
import { readJson } from "../openshift/routes/status-answer.ts";

export type TokenReviewer = {
  /** What the kube-apiserver is told to ask; it holds a secret, for whoever can ask can try tokens. */
  readonly url: string;
  close(): Promise<void>;
};

const Review = z.looseObject({ spec: z.looseObject({ token: z.string() }) });

/** Answers a kube-apiserver's TokenReviews: whose token it is, as the lab's OAuth server knows. */
export async function startTokenReviewer(
  authenticate: (token: string) => Promise<UserInfo | undefined>,
): Promise<TokenReviewer> {
  const path = `/${randomBytes(24).toString("base64url")}`;
  const server = createServer((incoming, response) => {
    answer(incoming, response, { path, authenticate }).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  given: {
    readonly path: string;
    readonly authenticate: (token: string) => Promise<UserInfo | undefined>;
  },
): Promise<void> {
  // The client adds its query parameters: `?timeout=30s`.
  if (incoming.url?.split("?")[0] !== given.path) return void response.writeHead(404).end();
  const review = Review.safeParse(await readJson({ incoming }));
  if (!review.success) return void response.writeHead(400).end();
  const user = await given.authenticate(review.data.spec.token);
  const status =
    user === undefined
      ? { authenticated: false }
      : {
          authenticated: true,
          user: { username: user.username, uid: user.uid, groups: user.groups, extra: user.extra },
        };
  response.setHeader("content-type", "application/json");
  const head = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview" };
  response.end(JSON.stringify({ ...head, status }));
}
