import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { signIn } from "../screens/console.ts";

const pages = [
  "/",
  "/clusters",
  "/clusters/new",
  "/repositories",
  "/repositories/new",
  "/plans",
  "/plans/new",
  "/audit",
];

for (const colorScheme of ["light", "dark"] as const)
  test(`every page can be read by everyone, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await signIn(page, "admin");
    // Asking who is signed in, before anybody is, is answered with 401.
    complaints.length = 0;
    for (const path of pages) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html ?? ""}`)).toEqual(
        [],
      );
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
