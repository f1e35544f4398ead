import type { Cluster } from "@drover/kube";
import type { ExtraRoute } from "../../apiserver/api-server-options.ts";
import type { OAuthServer } from "../oauth/oauth-server.ts";
import { projectRoutes } from "./project-routes.ts";
import { answering, Refused, sendObject } from "./status-answer.ts";
import { userRoutes } from "./user-routes.ts";

export type OpenshiftRoutesOptions = {
  /** The cluster as admin; called per request, because the API server starts before anyone can connect to it. */
  readonly cluster: () => Cluster;
  /** The OAuth server, once it runs; clusters without one serve no discovery document. */
  readonly oauth?: () => Pick<OAuthServer, "wellKnown"> | undefined;
};

/** The paths of OpenShift's API that are not stored objects, for the API server's `extraRoutes`. */
export function openshiftRoutes(options: OpenshiftRoutesOptions): ExtraRoute[] {
  const discovery: ExtraRoute = {
    prefix: "/.well-known/oauth-authorization-server",
    access: "anyone",
    handle: answering(async (request) => {
      const oauth = options.oauth?.();
      if (oauth === undefined) {
        throw new Refused(404, "NotFound", "This cluster has no OAuth server.");
      }
      sendObject(request, oauth.wellKnown());
    }),
  };
  return [discovery, ...userRoutes(options.cluster), ...projectRoutes(options.cluster)];
}
