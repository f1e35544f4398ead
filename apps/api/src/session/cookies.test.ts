import { expect, test } from "vitest";
import { sessionCookie, signInCookie } from "./cookies.ts";

test("ties the session cookie to the host and to https", () => {
  const cookie = sessionCookie({ publicUrl: new URL("https://drover.example.com") });
  expect(cookie.name).toBe("__Host-drover-session");
  expect(cookie.options).toEqual({ path: "/", httpOnly: true, secure: true, sameSite: "strict" });
});

test("drops prefix and Secure on plain http, which the configuration admits on loopback only", () => {
  const cookie = signInCookie({ publicUrl: new URL("http://localhost:3000") });
  expect(cookie.name).toBe("drover-sign-in");
  expect(cookie.options).toMatchObject({ secure: false, httpOnly: true, sameSite: "lax" });
});
