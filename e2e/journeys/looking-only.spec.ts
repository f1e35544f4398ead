import { expect, test } from "@playwright/test";
import { goTo, signIn } from "../screens/console.ts";
import { tryKubectl } from "../world/kubectl.ts";

test("a person who may only look sees why, and is refused all the same", async ({ page }) => {
  await signIn(page, "dev");
  await goTo(page, "Clusters");
  const add = page.getByRole("button", { name: "Add cluster" });
  await expect(add).toHaveAttribute("aria-disabled", "true");
  await add.hover();
  await expect(page.getByRole("tooltip")).not.toBeEmpty();

  const session = await (await page.request.get("/api/session")).json();
  const answer = await page.request.post("/api/clusters", {
    headers: { "x-csrf-token": session.csrfToken, origin: new URL(page.url()).origin },
    data: { name: "forbidden", url: "https://127.0.0.1:6545", token: "x", insecure: true },
  });
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toMatchObject({ code: "FORBIDDEN" });

  const { stderr } = await tryKubectl("host", [
    "get",
    "migcluster",
    "forbidden",
    "-n",
    "openshift-migration",
  ]);
  expect(stderr).toContain("NotFound");
  const secrets = await tryKubectl("host", [
    "get",
    "secrets",
    "-n",
    "openshift-config",
    "-o",
    "name",
  ]);
  expect(secrets.stdout).not.toContain("forbidden");
});
