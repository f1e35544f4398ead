import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";

const oauth = { group: "oauth.openshift.io", version: "v1", namespaced: false } as const;
const user = { group: "user.openshift.io", version: "v1", namespaced: false } as const;

export const OAuthClient = defineKind({
  ...oauth,
  kind: "OAuthClient",
  plural: "oauthclients",
  fields: {
    secret: z.string().optional(),
    additionalSecrets: z.array(z.string()).optional(),
    redirectURIs: z.array(z.string()).optional(),
    respondWithChallenges: z.boolean().optional(),
    grantMethod: openString("auto", "prompt").optional(),
    scopeRestrictions: z
      .array(z.looseObject({ literals: z.array(z.string()).optional() }))
      .optional(),
    accessTokenMaxAgeSeconds: z.int().optional(),
    accessTokenInactivityTimeoutSeconds: z.int().optional(),
  },
});
export type OAuthClient = z.infer<typeof OAuthClient.schema>;

const tokenFields = {
  clientName: z.string().optional(),
  userName: z.string().optional(),
  userUID: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  redirectURI: z.string().optional(),
  authorizeToken: z.string().optional(),
  refreshToken: z.string().optional(),
  expiresIn: z.int().optional(),
  inactivityTimeoutSeconds: z.int().optional(),
};

export const OAuthAccessToken = defineKind({
  ...oauth,
  kind: "OAuthAccessToken",
  plural: "oauthaccesstokens",
  fields: tokenFields,
});
export type OAuthAccessToken = z.infer<typeof OAuthAccessToken.schema>;

export const UserOAuthAccessToken = defineKind({
  ...oauth,
  kind: "UserOAuthAccessToken",
  plural: "useroauthaccesstokens",
  fields: tokenFields,
});
export type UserOAuthAccessToken = z.infer<typeof UserOAuthAccessToken.schema>;

export const User = defineKind({
  ...user,
  kind: "User",
  plural: "users",
  fields: {
    fullName: z.string().optional(),
    identities: z.array(z.string()).nullish(),
    groups: z.array(z.string()).nullish(),
  },
});
export type User = z.infer<typeof User.schema>;

export const Group = defineKind({
  ...user,
  kind: "Group",
  plural: "groups",
  fields: { users: z.array(z.string()).nullish() },
});
export type Group = z.infer<typeof Group.schema>;
