import { expect, type Page } from "@playwright/test";

export type Run = "Stage" | "Cutover" | "Roll back";

const confirm: Readonly<Record<Run, string>> = {
  Stage: "Stage",
  Cutover: "Cut over",
  "Roll back": "Roll back",
};

/** Starts a run of a plan from its page and stays on the run's page. Returns the run's name. */
export async function startRun(page: Page, plan: string, run: Run): Promise<string> {
  await page.goto(`/plans/${plan}`);
  await page.getByRole("button", { name: `Actions for ${plan}` }).click();
  await page.getByRole("menuitem", { name: run, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: confirm[run], exact: true }).click();
  await page.waitForURL(/\/migrations\//);
  return page.url().split("/").at(-1) ?? "";
}

export type Ending = "Succeeded" | "Succeeded with warnings";

/** Waits until the run on the page has ended, and that it ended so. */
export async function expectEnding(page: Page, ending: Ending): Promise<void> {
  const ended = page.getByText(/^(Succeeded|Succeeded with warnings|Failed|Canceled)$/).first();
  await expect(ended).toBeVisible({ timeout: 180_000 });
  await expect(ended).toHaveText(ending);
}

/** Starts a run and waits until it has succeeded. Returns its name. */
export async function runToSuccess(page: Page, plan: string, run: Run): Promise<string> {
  const name = await startRun(page, plan, run);
  await expectEnding(page, "Succeeded");
  return name;
}

/** Deletes a plan from its page and waits until it is gone. */
export async function deletePlan(page: Page, plan: string): Promise<void> {
  await page.goto(`/plans/${plan}`);
  await page.getByRole("button", { name: `Actions for ${plan}` }).click();
  await page.getByRole("menuitem", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Migration plans" })).toBeVisible();
  await expect(page.getByRole("link", { name: plan, exact: true })).toHaveCount(0);
}
