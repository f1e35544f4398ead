import Fastify from "fastify";
import { expect, test } from "vitest";
import { z } from "zod";
import { openAccessReviewer } from "../access/access-reviewer.ts";
import { anyone, signedIn } from "../access/access-rule.ts";
import type { AuditTrail } from "../audit/audit-trail.ts";
import { installAccess } from "./access.ts";

const audit: AuditTrail = {
  append: () => Promise.reject(new Error("not expected here")),
  readPage: () => Promise.resolve({ items: [], total: 0 }),
  findBreak: () => Promise.resolve(undefined),
};

const sessions = { end: () => Promise.resolve() };

function closedApp() {
  const app = Fastify();
  const config = { namespace: "a", configNamespace: "b" };
  installAccess(app, { config, reviewer: openAccessReviewer(), audit, sessions });
  return app;
}

const response = { 200: z.object({}) };

test("does not register a route that says nothing about access", () => {
  expect(() => closedApp().get("/open", () => ({}))).toThrow("GET /open has no access rule.");
});

test("does not register a change that is not audited", () => {
  const options = { config: { access: signedIn("x") }, schema: { response } };
  expect(() => closedApp().post("/write", options, () => ({}))).toThrow("is not audited");
});

test("does not register a route that does not declare its answer", () => {
  const options = { config: { access: anyone("x") } };
  expect(() => closedApp().get("/loose", options, () => ({}))).toThrow("does not declare");
});
