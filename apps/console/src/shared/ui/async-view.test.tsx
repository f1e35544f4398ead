import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ProblemError } from "../api/client.ts";
import { AsyncView } from "./async-view.tsx";

afterEach(cleanup);

function View({ answer }: { readonly answer: () => Promise<string> }) {
  const query = useQuery({ queryKey: ["thing"], queryFn: answer, retry: false });
  return (
    <AsyncView query={query} title="Migration plans" loading={<p>Loading plans</p>}>
      {(text) => <p>{text}</p>}
    </AsyncView>
  );
}

const show = (answer: () => Promise<string>) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <View answer={answer} />
    </QueryClientProvider>,
  );

const problem = (status: number, code: "FORBIDDEN" | "CLUSTER_UNREACHABLE", detail: string) =>
  new ProblemError({ type: "about:blank", title: "", status, detail, code, requestId: "req-1" });

test("shows the loading face until the answer is there", async () => {
  show(() => Promise.resolve("two plans"));
  expect(screen.getByText("Loading plans")).toBeDefined();
  expect(await screen.findByText("two plans")).toBeDefined();
});

test("says that it may not be seen, with the reason", async () => {
  show(() => Promise.reject(problem(403, "FORBIDDEN", "dev may not list migplans.")));
  expect(await screen.findByText("You may not see migration plans")).toBeDefined();
  expect(screen.getByText("dev may not list migplans.")).toBeDefined();
});

test("says what could not be loaded, with a way to try again and the request's id", async () => {
  show(() => Promise.reject(problem(503, "CLUSTER_UNREACHABLE", "Cluster host does not answer.")));
  expect(await screen.findByText("Migration plans could not be loaded")).toBeDefined();
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
  expect(screen.getByText("req-1")).toBeDefined();
});
